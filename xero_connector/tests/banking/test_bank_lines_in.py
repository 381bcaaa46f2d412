from odoo.tests import tagged

from ...handlers.banking.settle_lines import Part
from ..common.bank import BankCase


@tagged("post_install", "-at_install")
class TestBankLinesIn(BankCase):
    """What is spent and received in Xero becomes a bank line here, to the cent, once; and nothing of it goes back."""

    def test_spent_with_tax(self):
        before = self._changes()
        self._spent(line_account="429", tax_type="INPUT", reference="Stationery", line_amount_types="Inclusive")
        self._hour()
        [line] = self._lines()
        self.assertEqual(
            (line.amount, str(line.date), line.payment_ref, line.partner_id), (-110.0, "2026-10-05", "Stationery", self.partner)
        )
        expense = self.company_data["default_account_expense"]
        repartition = self.purchase_tax.invoice_repartition_line_ids.filtered(lambda each: each.repartition_type == "tax")
        self.assertCountEqual(self._booked(line), [(expense, 100.0, False), (repartition.account_id, 10.0, True)])
        self.assertTrue(line.is_reconciled)
        self.assertFalse(line.move_id.checked)
        self.assertEqual(self._rows().mapped("state"), ["booked"])
        self.assertEqual(self._changes(), before)
        self._assert_quiet()
        self._assert_ledgers()

    def test_received_of_a_stranger(self):
        stranger = self._rita("write_contact", name="Nobody We Know")["ContactID"]
        self._spent(55, "receive_money", contact=stranger, line_account="200", tax_type="EXEMPTOUTPUT")
        self._hour()
        [line] = self._lines()
        self.assertEqual((line.amount, line.partner_name, line.partner_id.id), (55.0, "Nobody We Know", False))
        self._assert_quiet()
        self._assert_ledgers()

    def test_matched_there_is_checked_here(self):
        made = self._spent(line_account="429", tax_type="INPUT")
        self._hour()
        self._rita("reconcile", items=[made["BankTransactionID"]])
        self._hour()
        [line] = self._lines()
        self.assertTrue(line.move_id.checked)
        self._rita("unreconcile", items=[made["BankTransactionID"]])
        self._hour()
        self.assertFalse(line.move_id.checked)
        self._assert_quiet()

    def test_changed_there(self):
        made = self._spent(line_account="429", tax_type="INPUT", line_amount_types="Inclusive")
        self._hour()
        dinner = {"Description": "Dinner", "Quantity": 1, "UnitAmount": "88.00", "AccountCode": "429", "TaxType": "INPUT"}
        fields = {"Date": "2026-10-07", "LineAmountTypes": "Inclusive", "LineItems": [dinner]}
        self._rita("edit", item=made["BankTransactionID"], fields=fields)
        self._hour()
        [line] = self._lines()
        self.assertEqual((line.amount, str(line.date)), (-88.0, "2026-10-07"), self._rows().mapped("message"))
        self._assert_quiet()
        self._assert_ledgers()

    def test_removed_there(self):
        made = self._spent(line_account="429", tax_type="INPUT")
        self._hour()
        self.assertEqual(len(self._lines()), 1)
        self._rita("remove_and_redo", item=made["BankTransactionID"])
        self._hour()
        self.assertFalse(self._lines())
        self.assertEqual(self._rows().mapped("state"), ["gone"])
        self._assert_quiet()
        self._assert_ledgers()

    def test_removed_there_after_it_was_matched_here(self):
        """A person has said that it paid an invoice: nothing is taken from that, a person is told."""
        made = self._spent(110, "receive_money", line_account="200", tax_type="OUTPUT", line_amount_types="Inclusive")
        self._hour()
        [line] = self._lines()
        settling = self.env["xero.bank.settling"]
        settling._undo(line)
        settling._settle(line, matches=[(self._debts(self.invoice), None)])
        self._run()
        job = self._job(line)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "made_in_xero"))
        self._rita("remove_and_redo", item=made["BankTransactionID"])
        self._hour()
        row = self._rows("held")
        self.assertEqual((row.cause, row.move_id), ("line_gone", line.move_id))
        self.assertEqual(self.connection._money_needs()[1][0]["count"], 1)
        row.action_send_again()
        self._run()
        self._run()
        self.assertEqual(self._remote(self.invoice).amount_due, 0)
        self._assert_quiet()
        self._assert_ledgers()

    def test_booked_otherwise_here_then_changed_there(self):
        """Both were changed: nothing follows by itself, and what a person then chooses is done."""
        made = self._spent(line_account="429", tax_type="INPUT", line_amount_types="Inclusive")
        self._hour()
        [line] = self._lines()
        self._book(line, self.company_data["default_account_revenue"])
        self._run()
        self._rita("edit", item=made["BankTransactionID"], fields={"Date": "2026-10-07"})
        self._hour()
        row = self._rows("held")
        self.assertEqual((row.cause, str(line.date)), ("line_changed", "2026-10-05"))
        row.action_book()
        self._run()
        [line] = self._lines()
        self.assertEqual((str(line.date), len(self._booked(line))), ("2026-10-07", 2))
        self._run()
        self._assert_quiet()
        self._assert_ledgers()

    def test_deleted_here_stays_there(self):
        self._spent(line_account="429", tax_type="INPUT")
        self._hour()
        before = self._changes()
        self._lines().unlink()
        self._run()
        self.assertEqual((self._rows().state, self._changes()), ("ignored", before))
        self._pass(days=2)
        self._run()
        self.assertFalse(self._lines())
        self._rows().action_put_back()
        self._run()
        self.assertEqual(len(self._lines()), 1)

    def test_changed_here_goes_there_when_a_person_says_so(self):
        self._spent(line_account="429", tax_type="INPUT", line_amount_types="Inclusive")
        self._hour()
        [line] = self._lines()
        before = self._changes()
        self._book(line, self.company_data["default_account_revenue"])
        self._run()
        problem = self._job(line).problem_id
        self.assertEqual((problem.code, self._changes()), ("made_in_xero", before))
        problem.action_fix()
        self._run()
        self._run()
        live = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual([(row["Type"], row["Total"], row["Lines"][0]["AccountCode"]) for row in live], [("SPEND", 110, "200")])
        self._assert_quiet()
        self._assert_ledgers()

    def _book(self, line, account):
        """Booked again by a person: all of it to one account."""
        settling = self.env["xero.bank.settling"]
        settling._undo(line)
        settling._settle(line, parts=[Part(account, line.amount)])
