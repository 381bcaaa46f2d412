from .money_in import MoneyInCase


class MadeCase(MoneyInCase):
    """A connection whose organisation's people write documents that come in posted, with contacts that are known here or not."""

    def _prepare(self):
        super()._prepare()
        self._take_in("posted")
        self.connection.records_allocations = "both"
        self._run()

    def _read(self):
        """Credit notes and contacts are read every hour."""
        self._pass(minutes=61)
        self._run()

    def _take_in(self, mode, since="2026-10-01"):
        self.connection.write({**dict.fromkeys(("takes_invoice", "takes_bill", "takes_credit_note"), mode), "takes_since": since})

    def _contact(self, name="Basket Case", **fields):
        """A contact that a person has made in Xero; that of the name, if there is one."""
        known = next((row["ContactID"] for row in self.organisation.contacts if row["Name"] == name), None)
        return known or self._rita("write_contact", name=name, fields=fields)["ContactID"]

    def _subscribe(self, code):
        """Both sides use the currency."""
        self.env["res.currency"].with_context(active_test=False).search([("name", "=", code)]).active = True
        self.organisation.currencies.put({"Code": code, "Description": code})

    def _write(self, what="invoice", contact=None, amount=100, date="2026-10-05", **how):
        """A document that a person writes in Xero; returns its id there."""
        accounts = {"line_account": "429"} if what == "bill" or how.get("side") == "purchase" else {}
        how = {**accounts, **how}
        made = self._rita(f"write_{what}", contact=contact or self._contact(), amount=amount, date=date, **how)
        return made.get("InvoiceID") or made["CreditNoteID"]

    def _row(self, xero_id):
        return self.env["xero.made"].search([("xero_id", "=", xero_id)])

    def _made(self, xero_id):
        """The document here."""
        row = self._row(xero_id)
        self.assertEqual(row.state, "taken", row.message)
        binding = self.env["xero.binding"].sudo().search([("xero_id", "=", xero_id)])
        self.assertEqual((binding.origin, binding.state, binding.res_id), ("xero", "synced", row.move_id.id), binding.message)
        return row.move_id

    def _theirs(self, xero_id):
        """What Xero holds."""
        table = self.organisation.invoices if self.organisation.invoices.get(xero_id) else self.organisation.credit_notes
        return table.get(xero_id)

    def _assert_as_in_xero(self, move, xero_id):
        theirs = self._theirs(xero_id)
        has = [f"{move[name]:.2f}" for name in ("amount_total", "amount_tax", "amount_residual")]
        self.assertEqual(has, [f"{theirs[name]:.2f}" for name in ("Total", "TotalTax", "AmountDue")])
