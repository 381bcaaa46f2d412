from odoo.tests import tagged

from ..common.bank import BankCase


@tagged("post_install", "-at_install")
class TestBankLinesHeld(BankCase):
    """What has no place here says why and waits; nothing comes in before somebody has chosen it, or twice."""

    source = ""

    def _spent(self, amount=110, verb="spend_money", **values):
        return super()._spent(amount, verb, **{"line_account": "429", "tax_type": "INPUT", "line_amount_types": "Inclusive", **values})

    def _held(self):
        """The one row, which is held, and nothing is booked."""
        self.assertFalse(self._lines())
        row = self._rows()
        self.assertEqual(row.mapped("state"), ["held"], row.mapped("message"))
        return row

    def test_not_before_it_is_chosen(self):
        self._spent(date="2026-10-05")
        self._spent(date="2026-09-05")
        self._hour()
        for source in (False, "odoo", "none"):
            self._lines_from(source)
            self._hour()
            self.assertFalse(self._lines(), source)
        self._lines_from("xero")
        self._run()
        self.assertEqual([str(line.date) for line in self._lines()], ["2026-10-05"])
        self._assert_quiet()

    def test_said_before_it_is_saved(self):
        self.mapping.bank_lines = "odoo"
        form = self.mapping.new({"bank_lines": "xero"}, origin=self.mapping)
        warning = form._onchange_bank_lines()["warning"]
        self.assertIn("becomes bank lines here", warning["message"])
        self.assertIn(self.mapping.label, warning["message"])
        self.mapping.write({"bank_lines": "xero", "bank_lines_since": False})
        self.assertTrue(self.mapping.bank_lines_since)

    def test_account_that_stands_for_nothing(self):
        self._lines_from("xero")
        self._spent(line_account="404")
        self._hour()
        row = self._held()
        self.assertIn("404", row.message)
        [line] = self.connection.account_mapping_ids.filtered(lambda each: each.xero_account_id.code == "429")[:1]
        account = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "404")])
        line.sudo().write({"xero_account_id": account.id, "confirmed": True})
        row.action_look_again()
        self._run()
        self.assertEqual((row.state, len(self._lines())), ("booked", 1), row.message)
        self._assert_quiet()
        self._assert_ledgers()

    def test_tax_that_stands_for_nothing(self):
        self._lines_from("xero")
        self.connection.tax_mapping_ids.sudo().filtered(lambda each: each.xero_tax_rate_id.tax_type == "INPUT").unlink()
        self._spent()
        self._hour()
        self.assertIn("INPUT", self._held().message)

    def test_archived_account(self):
        self._lines_from("xero")
        used = self.connection.account_mapping_ids.filtered(lambda each: each.xero_account_id.code == "429").account_id
        used.active = False
        self._spent()
        self._hour()
        self._held()

    def test_closed_period(self):
        self._lines_from("xero")
        self.env.company.sudo().fiscalyear_lock_date = "2026-10-31"
        self._spent()
        self._hour()
        row = self._held()
        self.assertEqual(row.cause, "locked")
        self.env.company.sudo().fiscalyear_lock_date = False
        row.action_look_again()
        self._run()
        self.assertEqual(row.state, "booked")
        self._assert_ledgers()

    def test_closed_after_it_came_in(self):
        self._lines_from("xero")
        made = self._spent()
        self._hour()
        self.env.company.sudo().fiscalyear_lock_date = "2026-10-31"
        self._rita("remove_and_redo", item=made["BankTransactionID"])
        self._hour()
        self.assertEqual((self._rows().cause, len(self._lines())), ("gone_locked", 1))

    def test_journal_in_another_currency(self):
        self._lines_from("xero")
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        self._spent()
        self.bank.currency_id = dollars
        self._hour()
        self.assertEqual(self._held().cause, "other_currency")

    def test_a_line_that_is_here_already(self):
        """Somebody has typed it in before: the two become one, and it is booked as in Xero."""
        self._lines_from("xero")
        line = self._statement_line(-110, date="2026-10-03")
        self._spent()
        self._hour()
        row = self._rows()
        self.assertEqual((row.state, row.alike_id, len(self._lines())), ("proposed", line.id, 1))
        row.action_same()
        self._run()
        self.assertEqual((row.state, line.is_reconciled, len(self._booked(line))), ("booked", True, 2))
        self._assert_quiet()
        self._assert_ledgers()

    def test_a_line_that_is_another_one(self):
        self._lines_from("xero")
        self._statement_line(-110, date="2026-10-03")
        self._spent()
        self._hour()
        self._rows().action_another()
        self._run()
        self.assertEqual((self._rows().state, len(self._lines())), ("booked", 2))

    def test_payment_of_ours_beside_it(self):
        """Xero has booked a payment of ours once more: that is said, and no third one made."""
        self._pay(self.invoice, date="2026-10-04")
        self._run()
        self._lines_from("xero")
        partner = self._binding(self.partner).xero_id
        self._spent(110, "receive_money", contact=partner, line_account="200", tax_type="OUTPUT")
        self._hour()
        self.assertEqual((self._rows().state, len(self._lines())), ("twice", 0))
        self._rows().action_another()
        self._hour()
        self._run()
        self.assertEqual((self._rows().state, len(self._lines())), ("booked", 1))

    def test_read_whole_and_restored(self):
        """A second reading of everything, and a copy without its pairs' rows, makes nothing twice."""
        self._lines_from("xero")
        self._spent()
        self._hour()
        self._rows().sudo().unlink()
        self.connection._read_whole({"BankTransactions"})
        self._run()
        self._run()
        self.assertEqual(len(self._lines()), 1)
        self._assert_quiet()
