from odoo.tests import tagged

from ..common.made import MadeCase


@tagged("post_install", "-at_install")
class TestMadeJournals(MadeCase):
    """Manual journals that an accountant posts in Xero: drafts here, to the cent; confirmed, nothing of them is sent."""

    def _prepare(self):
        super()._prepare()
        self.connection.write({"takes_journal": "draft"})
        self._run()

    def _post(self, narration="Year end", status="POSTED", date="2026-10-31", types="NoTax", tax_type="BASEXCLUDED"):
        lines = [
            {"LineAmount": "120.55", "AccountCode": "429", "Description": "costs", "TaxType": tax_type},
            {"LineAmount": "-120.55", "AccountCode": "200", "TaxType": "BASEXCLUDED"},
        ]
        if types != "NoTax":
            lines = [
                {"LineAmount": "110", "AccountCode": "429", "Description": "costs", "TaxType": "INPUT"},
                {"LineAmount": "-110", "AccountCode": "429", "TaxType": "INPUT"},
            ]
        made = self._rita("post_journal", narration=narration, lines=lines, date=date, status=status, LineAmountTypes=types)
        return made["ManualJournalID"]

    def test_comes_in_and_is_confirmed(self):
        before = self._changes()
        xero_id = self._post()
        self._read()
        row = self._row(xero_id)
        self.assertEqual((row.state, row.number, row.amount), ("draft", "Year end", 120.55), row.message)
        entry = row.move_id
        self.assertEqual((entry.state, entry.ref, str(entry.date)), ("draft", "Year end", "2026-10-31"))
        self.assertEqual(sorted(entry.line_ids.mapped("balance")), [-120.55, 120.55])
        entry.action_post()
        self._run()
        self.assertEqual((row.state, entry.xero_state, entry.xero_id), ("taken", "synced", xero_id))
        self._pass(days=2)
        self._run()
        self.assertEqual((self._changes(), self.env["xero.made"].search_count([("kind", "=", "journal")])), (before, 1))

    def test_with_tax(self):
        """Xero's tax stands on the tax's account."""
        for types in ("Exclusive", "Inclusive"):
            row = self._row_of(self._post(narration=types, types=types))
            self.assertEqual((row.state, sum(row.move_id.line_ids.mapped("balance"))), ("draft", 0), row.message)
            tax_account = self.purchase_tax.invoice_repartition_line_ids.account_id
            taxed = row.move_id.line_ids.filtered(lambda line, tax_account=tax_account: line.account_id in tax_account)
            self.assertEqual(sorted(taxed.mapped("balance")), [-11, 11] if types == "Exclusive" else [-10, 10])

    def _row_of(self, xero_id):
        self._read()
        return self._row(xero_id)

    def test_not_in_the_books_yet_or_too_old(self):
        self.assertFalse(self._row_of(self._post(status="DRAFT")))
        self.assertFalse(self._row_of(self._post(date="2026-09-30")))

    def test_our_own_are_not_taken(self):
        journal = self.company_data["default_journal_misc"]
        self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": "each"})
        lines = [
            (0, 0, {"account_id": self.company_data[f"default_account_{name}"].id, "balance": amount})
            for name, amount in (("expense", 30), ("revenue", -30))
        ]
        entry = self.env["account.move"].create({"journal_id": journal.id, "date": "2026-10-07", "line_ids": lines})
        entry.action_post()
        self._run()
        self.assertEqual(entry.xero_state, "synced", entry.xero_message)
        self._read()
        self.assertFalse(self.env["xero.made"].search([("kind", "=", "journal")]))

    def test_held(self):
        self.env.company.fiscalyear_lock_date = "2026-10-31"
        row = self._row_of(self._post())
        self.assertEqual((row.state, row.cause), ("held", "locked"))
        self.env.company.fiscalyear_lock_date = False
        self._read()
        self.assertEqual(row.state, "draft")

    def test_changed_and_voided_in_xero(self):
        """A draft follows; of what is confirmed it is told, and nothing is changed here."""
        xero_id = self._post()
        row = self._row_of(xero_id)
        self._rita("edit", item=xero_id, fields={"Narration": "Year end, again"})
        self._read()
        self.assertEqual((row.state, row.move_id.ref), ("draft", "Year end, again"))
        row.move_id.action_post()
        self._run()
        self._rita("void", item=xero_id)
        self._read()
        self.assertEqual((row.state, row.cause, row.move_id.state), ("held", "changed", "posted"))
        self.assertEqual(row.move_id.xero_state, "accepted", "the two do not say the same")
        row.action_leave_out()
        self._read()
        self.assertEqual(row.state, "ignored")

    def test_changed_here_later(self):
        row = self._row_of(self._post())
        row.move_id.action_post()
        self._run()
        before = self._changes()
        row.move_id.ref = "otherwise"
        self._run()
        self.assertEqual((row.move_id.xero_state, self._changes()), ("blocked", before), row.move_id.xero_message)

    def test_the_draft_is_deleted(self):
        row = self._row_of(self._post())
        row.move_id.unlink()
        self._read()
        self.assertEqual(row.state, "ignored")
