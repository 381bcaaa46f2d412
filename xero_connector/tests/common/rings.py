import base64
import hashlib
import hmac
import json

from .reading import ReadingCase

KEY = "the key of the app"


def signed(body, key=KEY):
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


class WebhookCase(ReadingCase):
    def _prepare(self):
        super()._prepare()
        self.invoice = self._invoice(100)
        self._run()
        self.connection.webhook_key = KEY

    def _event(self, record_id, category="INVOICE", **more):
        return {
            "resourceUrl": "",
            "resourceId": record_id,
            "tenantId": self.connection.tenant_id,
            "tenantType": "ORGANISATION",
            "eventCategory": category,
            "eventType": "UPDATE",
            "eventDateUtc": "2026-10-01T10:15:39.902",
            **more,
        }

    def _body(self, *events):
        return json.dumps({"events": list(events), "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "x"}).encode()

    def _ring(self, *events, key=KEY, path=None):
        """Xero rings; returns the status of the answer."""
        body = self._body(*events)
        self.env.flush_all()
        return (
            self.env["xero.connection"]
            .with_user(self.env.ref("base.public_user"))
            ._heard(path or self.connection.external_key, body, signed(body, key))
        )

    def _events(self, **values):
        own = [("connection_id", "=", self.connection.id), ("category", "!=", "-")]
        return self.env["xero.event"].sudo().search([*own, *((name, "=", value) for name, value in values.items())])
