from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from xero_simulator.person import act

from .push import XeroPushCommon


class ReadingCase(XeroPushCommon):
    """A connection that reads by itself, after the first reading; a clock that both sides go by; and what the kinds were told."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.connection.reads = "auto"
        self._run()

    def setUp(self):
        super().setUp()
        self._skipped = timedelta()
        now = fields.Datetime.now
        self.startPatcher(patch.object(fields.Datetime, "now", lambda *_args: now() + self._skipped))

    def _pass(self, **time):
        """Time passes, here and in Xero."""
        step = timedelta(**time)
        self._skipped += step
        self.xero.clock.advance(step.total_seconds())

    def _cursor(self, name="Invoices"):
        return self.env["xero.cursor"].sudo().search([("connection_id", "=", self.connection.id), ("name", "=", name)])

    def _calls_of(self, action, text="GET"):
        before = self._calls(text)
        action()
        return self._calls(text) - before

    def _told(self, kind="invoice"):
        """What the kind's hook was told: ``[(ids, baseline)]``, filled as it happens."""
        told = []
        handler = type(self.env["xero.handler"]._of(kind))
        original = handler._take

        def take(this, connection, client, remotes, baseline):
            told.append(([remote.xero_id for remote in remotes], baseline))
            return original(this, connection, client, remotes, baseline)

        self.startPatcher(patch.object(handler, "_take", take))
        return told

    def _rita(self, verb, **arguments):
        """What a person does in Xero's own screens."""
        return act(self.xero, self.organisation, verb, "Rita Mills", **arguments)

    def _edit(self, document, table="invoices", **changes):
        """What a person does in Xero: the row, and its stamp."""
        rows = getattr(self.organisation, table)
        row = rows.get(document.xero_id)
        rows.put({**row, **changes, "UpdatedDateUTC": self.xero.now()})

    def _other_invoices(self, count, stamp=None):
        """Invoices that somebody has made in Xero, all like one of ours."""
        rows = self.organisation.invoices
        pattern = next(iter(rows))
        for number in range(count):
            xero_id = f"00000000-0000-4000-8000-{number:012}"
            rows.put(
                {**pattern, rows.id_field: xero_id, "Number": f"THEIRS-{number}", "Url": "", "UpdatedDateUTC": stamp or self.xero.now()}
            )
