from odoo.tests import tagged

from ...handlers.banking.settle_lines import Part
from ..common.bank import BankCase


@tagged("post_install", "-at_install")
class TestNoFeed(BankCase):
    """A bank without a feed in Xero: its lines in Odoo that are booked straight to accounts are money spent and received there."""

    source = "none"

    def _line(self, amount, account="expense", taxes=None, **values):
        """A line that is booked to one account."""
        line = self._statement_line(amount, **{"date": "2026-10-05", "payment_ref": "From the till", **values})
        self._settle(line, account, taxes)
        return line

    def _settle(self, line, account, taxes=None):
        found = self.company_data[f"default_account_{account}"]
        self.env["xero.bank.settling"]._settle(line, parts=[Part(found, line.amount, taxes=taxes)])

    def _there(self):
        return sorted(
            (row["Type"], float(row["Total"]), float(row["TotalTax"]), str(row["Date"])[:10], row["Lines"][0]["AccountCode"])
            for row in self.organisation.bank_transactions
            if row["Status"] == "AUTHORISED"
        )

    def _reason_of(self, line):
        self.env.invalidate_all()
        found = (
            self.env["xero.document"]
            .with_context(xero_documents="missing")
            .search([("res_model", "=", line._name), ("res_id", "=", line.id)])
        )
        return found.reason

    def test_spent_with_tax_and_received_without(self):
        self._line(-110, taxes=self.purchase_tax)
        self._line(55, "revenue", partner_id=False)
        self._run()
        self._run()
        wanted = [("RECEIVE", 55.0, 0.0, "2026-10-05", "200"), ("SPEND", 110.0, 10.0, "2026-10-05", "429")]
        self.assertEqual(self._there(), wanted)
        references = [row["Reference"] for row in self.organisation.bank_transactions]
        self.assertTrue(all(text.startswith("From the till BNK1/") for text in references), references)
        self._assert_quiet()
        self._assert_ledgers()
        self.assertFalse(self._rows(), "what we have sent is no money of Xero's")

    def test_what_is_open_waits(self):
        line = self._statement_line(-40, date="2026-10-05")
        self._run()
        self.assertEqual((self._there(), self._reason_of(line)), ([], "bank_wait"))
        self._settle(line, "expense")
        self._run()
        self.assertEqual([row[:2] for row in self._there()], [("SPEND", 40.0)])
        self._assert_quiet()
        self._assert_ledgers()

    def test_changed_undone_and_deleted(self):
        settling, line = self.env["xero.bank.settling"], self._line(-40)
        self._run()
        settling._undo(line)
        self._run()
        self.assertEqual(self._there(), [])
        self._settle(line, "revenue")
        self._run()
        self._run()
        self.assertEqual(self._there(), [("SPEND", 40.0, 0.0, "2026-10-05", "200")])
        self._assert_ledgers()
        line.unlink()
        self._run()
        self.assertEqual(self._there(), [])
        self._assert_quiet()
        self._assert_ledgers()

    def test_matched_with_a_document_it_is_a_payment(self):
        settling, line = self.env["xero.bank.settling"], self._line(110, "revenue")
        self._run()
        settling._undo(line)
        settling._settle(line, matches=[(self._debts(self.invoice), None)])
        self._run()
        self._run()
        self.assertEqual((self._there(), self._remote(self.invoice).amount_due), ([], 0))
        self._assert_quiet()
        self._assert_ledgers()

    def test_two_lines_that_say_the_same_are_two(self):
        self._line(-4.5)
        self._line(-4.5)
        self._run()
        self._run()
        self.assertEqual(len(self._there()), 2)
        self._assert_quiet()
        self._assert_ledgers()

    def test_days_before_it_was_chosen_stay(self):
        self._line(-40, date="2026-09-30")
        self._run()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._there(), [])

    def test_odoos_statements_are_not_sent_and_why(self):
        """And what is chosen later brings over what there is since then; what went stays when it is chosen otherwise once more."""
        self._lines_from("odoo")
        line = self._line(-40)
        self._run()
        self.assertEqual((self._there(), self._reason_of(line)), ([], "bank_account"))
        self._lines_from("none")
        self._run()
        self.assertEqual(len(self._there()), 1)
        self._lines_from("odoo")
        self._settle_again(line)
        self._run()
        self._run()
        self.assertEqual([row[-1] for row in self._there()], ["200"])
        self._assert_ledgers()

    def _settle_again(self, line):
        self.env["xero.bank.settling"]._undo(line)
        self._settle(line, "revenue")

    def test_paid_out_by_a_payment_is_no_second_one(self):
        """A line that is matched with a payment is the payment's: that goes, once."""
        payment = self._pay(self.invoice, date="2026-10-04")
        line = self._statement_line(110, date="2026-10-05")
        outstanding = payment.move_id.line_ids.filtered(lambda each: each.account_id == payment.outstanding_account_id)
        self.env["xero.bank.settling"]._settle(line, matches=[(outstanding, None)])
        self._run()
        self.assertEqual((self._there(), len(self._xero_payments(self.invoice))), ([], 1))
        self._assert_quiet()

    def test_removed_there(self):
        """What was sent and is removed in Xero is a question: once more, or booked to nothing here."""
        for answer in ("action_send_again", "action_book"):
            with self.subTest(answer=answer):
                line = self._line(-40)
                self._run()
                binding = self._binding(line.move_id)
                self._rita("remove_and_redo", item=binding.xero_id)
                self._hour()
                row = self._rows("asked")
                self.assertEqual((row.cause, row.move_id), ("gone", line.move_id))
                getattr(row, answer)()
                self._run()
                self._run()
                self.assertEqual((len(self._there()), line.is_reconciled), (1, answer == "action_send_again"))
                self._assert_quiet()
        self._settle(line, "expense")
        self._run()
        self._assert_ledgers()

    def test_archived_account_and_closed_period(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        line = self._line(-40)
        self._run()
        self.assertEqual((self._there(), self._job(line).problem_id.code), ([], "lock_date"))
        self.connection.sudo().period_lock_date = False
        account = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "429")])
        row = self.organisation.accounts.get(account.xero_id)
        self.organisation.accounts.put({**row, "Status": "ARCHIVED"})
        self.connection.action_refresh_reference_data()
        self._job(line).problem_id.action_retry()
        self._run()
        self.assertEqual((self._there(), self._job(line).state), ([], "blocked"))
        self.assertIn("429", self._job(line).message)

    def test_matched_there_and_changed_here(self):
        """What Xero has matched with its bank is not taken out of it, until that is undone there."""
        line = self._line(-40)
        self._run()
        self._rita("reconcile", items=[self._binding(line.move_id).xero_id])
        self._hour()
        self._settle_again(line)
        self._run()
        self.assertEqual(self._job(line).problem_id.code, "matched_on_bank")
        self._rita("unreconcile", items=[self._binding(line.move_id).xero_id])
        self._hour()
        self._run()
        self.assertEqual([row[-1] for row in self._there()], ["200"])
        self._assert_quiet()
        self._assert_ledgers()
