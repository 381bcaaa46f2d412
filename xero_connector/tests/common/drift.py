from xero_simulator.person import act

from .push import XeroPushCommon


class DriftCase(XeroPushCommon):
    """What a person changes in Xero, and what another one answers here."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def setUp(self):
        super().setUp()
        # people think for longer than tests
        self.xero.switches.set(dict.fromkeys(("minute_limit", "day_limit", "app_minute_limit"), None))

    def _rita(self, verb, *args, **named):
        """What a person does on Xero's own screens."""
        return act(self.xero, self.organisation, verb, "Rita Mills", *args, **named)

    def _read(self):
        """What was changed in Xero is read."""
        self.connection.action_read_now()
        self._run()
        self.env.invalidate_all()

    def _drifts(self, *records):
        """The rows of these, the newest of each."""
        found = self.env["xero.drift"]
        for record in records:
            found |= found.search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id desc", limit=1)
        return found

    def _changed(self, record, **fields):
        """The row of a record that was changed so in Xero, and read."""
        self._rita("edit", record.xero_id, fields)
        self._read()
        return self._drifts(record)

    def _ask(self, drifts, answer):
        """What the button shows: the dialog, or the notice why there is none."""
        action = getattr(drifts, f"action_{answer}")()
        if action.get("res_model") != "xero.drift.answer":
            return action["params"]["message"]
        return self.env["xero.drift.answer"].browse(action["res_id"])

    def _answer(self, drifts, answer):
        """Press the button and the dialog's; returns what it says."""
        dialog = self._ask(drifts, answer)
        self.assertNotIsInstance(dialog, str, dialog)
        said = dialog.action_apply()["params"]["message"]
        self._run()
        self.env.invalidate_all()
        return said

    def _line(self, document, number=0):
        """A line of what Xero holds, as it would be edited there."""
        row = self.organisation.invoices.get(document.xero_id) or self.organisation.credit_notes.get(document.xero_id)
        line = row["Lines"][number]
        return {
            name: line[name] for name in ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType") if name in line
        }
