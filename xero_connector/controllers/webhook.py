import logging

from psycopg2 import OperationalError
from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import http
from odoo.http import request

from ..xero_core.http import webhooks

_logger = logging.getLogger(__name__)

ATTEMPTS = 5  # where others write the same rows; then Odoo does it again, which waits for seconds


class XeroWebhookController(http.Controller):
    """Where Xero rings. The path says which connection is meant: several databases may be behind one address."""

    @http.route(
        "/xero/webhook/<string:path>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=webhooks.BODY_LIMIT,
    )
    def ring(self, path, **_params):
        """200: heard, or nothing for us; 401: not signed by Xero; 503: we cannot keep it now, Xero rings again. No word, no cookie."""
        try:
            status = self._heard(path)
        except OperationalError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, Xero shall ring again, and be told nothing of us
            _logger.exception("xero: a webhook could not be kept")
            request.env.cr.rollback()
            status = 503
        return request.make_response("", status=status)

    def _heard(self, path):
        """What it is answered with. Who had to wait for others, which have kept theirs by then, tries again at once."""
        signature, body = request.httprequest.headers.get(webhooks.SIGNATURE, ""), request.httprequest.get_data()
        for _attempt in range(ATTEMPTS - 1):
            try:
                return request.env["xero.connection"]._heard(path, body, signature)
            except (DeadlockDetected, SerializationFailure):
                request.env.cr.rollback()
                request.env.transaction.reset()
        return request.env["xero.connection"]._heard(path, body, signature)
