from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestSettledByEntries(XeroMoneyCommon):
    """What entries take off documents in Odoo arrives as payments, from an account that takes them; if not, it is said (B1)."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _entry(self, *rows, partner=None, **values):
        """A posted entry; rows are account, debit, credit."""
        lines = [
            Command.create({"account_id": account.id, "debit": debit, "credit": credit, "partner_id": (partner or self.partner).id})
            for account, debit, credit in rows
        ]
        entry = self.env["account.move"].create({"move_type": "entry", "date": "2026-10-01", "line_ids": lines, **values})
        entry.action_post()
        return entry

    def _debts(self, *moves):
        found = self.env["account.move"].union(*moves).line_ids
        return found.filtered(lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable"))

    def _reconcile(self, *moves):
        for _account, lines in self._debts(*moves).grouped("account_id").items():
            lines.reconcile()
        self._settle(3)

    @property
    def receivable(self):
        return self.partner.property_account_receivable_id

    @property
    def expense(self):
        return self.company_data["default_account_expense"]

    def _assert_told(self, document, text):
        self.assertEqual((document.xero_state, document.xero_problem_id.code), ("blocked", "settled_by_entry"), document.xero_message)
        self.assertIn(text, document.xero_message)

    def _account(self, code, **values):
        """An account of Xero as we know it, changed there and here."""
        [row] = self.organisation.accounts.find("code", code)
        self.organisation.accounts.put({**row, **values})
        self.connection._read_reference_data()
        return self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def _clearing(self):
        self.connection.clearing_account_id = self._account("850", EnablePaymentsToAccount=True)
        self.assertTrue(self.connection.clearing_account_id.can_receive_payments)

    def _paid_from(self, document):
        """``[(code of the account, amount)]`` of what is paid on a document in Xero."""
        codes = {account["AccountID"]: account.get("Code") or account["Name"] for account in self.organisation.accounts}
        return sorted((codes[payment.account_id], float(payment.amount)) for payment in self._xero().payments([document.xero_id]))

    def test_bank_entry_made_by_hand(self):
        """Debit bank, credit receivable: a payment from that bank."""
        invoice = self._invoice(100)
        self._run()
        bank = self.company_data["default_journal_bank"]
        entry = self._entry((bank.default_account_id, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, entry)
        self._assert_in_step(invoice)
        self.assertEqual((self._xero_invoice(invoice).status, [amount for _code, amount in self._paid_from(invoice)]), ("PAID", [110.0]))
        before = self._calls()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._calls(), before)
        invoice.line_ids.remove_move_reconcile()
        self._settle(2)
        self.assertEqual((self._xero_invoice(invoice).amount_due, invoice.xero_state), (110, "synced"))

    def test_account_that_takes_payments(self):
        self._account("429", EnablePaymentsToAccount=True)
        invoice = self._invoice(100)
        entry = self._entry((self.expense, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, entry)
        self._assert_in_step(invoice)
        self.assertEqual(self._paid_from(invoice), [("429", 110.0)])

    def test_netting_through_the_clearing_account(self):
        self._clearing()
        invoice, bill = self._invoice(100), self._bill(100)
        self._run()
        payable = self.partner.property_account_payable_id
        entry = self._entry((payable, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, bill, entry)
        self.assertEqual((self._paid_from(invoice), self._paid_from(bill)), ([("850", 110.0)], [("850", 110.0)]))
        self.assertEqual((invoice + bill).mapped("xero_state"), ["synced", "synced"])

    def test_an_entry_that_is_a_journal_too(self):
        """Its debts stand on the clearing account in Xero, from where the documents are paid: nothing is booked twice."""
        self._clearing()
        invoice = self._invoice(100)
        journal = self.company_data["default_journal_misc"]
        self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": "each"})
        entry = self._entry((self.expense, 110, 0), (self.receivable, 0, 110), journal_id=journal.id)
        self._reconcile(invoice, entry)
        self.assertEqual((entry.xero_state, invoice.xero_state), ("synced", "synced"), f"{entry.xero_message} {invoice.xero_message}")
        self.assertEqual(self._paid_from(invoice), [("850", 110.0)])
        journal = self._xero().manual_journal(entry.xero_id)
        self.assertEqual(sorted((line.account_code, float(line.amount)) for line in journal.told.lines), [("429", 110.0), ("850", -110.0)])

    def test_entry_taken_back(self):
        """Reset to draft, it leaves Xero; posted and matched again, it comes back."""
        self._clearing()
        self._account("429", EnablePaymentsToAccount=True)
        invoice = self._invoice(100)
        entry = self._entry((self.expense, 60, 0), (self.receivable, 0, 60))
        self._reconcile(invoice, entry)
        self.assertEqual(self._xero_invoice(invoice).amount_due, 50)
        entry.button_draft()
        self._settle(2)
        self.assertEqual(self._xero_invoice(invoice).amount_due, 110)
        entry.action_post()
        self._reconcile(invoice, entry)
        self.assertEqual(self._xero_invoice(invoice).amount_due, 50)
        self._assert_in_step(invoice)

    def test_lost_answer(self):
        self._account("429", EnablePaymentsToAccount=True)
        invoice = self._invoice(100)
        self._run()
        entry = self._entry((self.expense, 40, 0), (self.receivable, 0, 40))
        self._order_fault("timeout_after", path="Payments", method="PUT")
        self._reconcile(invoice, entry)
        self._later()
        self._settle(2)
        self.assertEqual(self._paid_from(invoice), [("429", 40.0)])
        self._assert_in_step(invoice)

    def test_one_of_two_is_refused(self):
        """An entry that is held wakes no document that would wake it again: the run ends, and the next one has nothing to do."""
        self._account("429", EnablePaymentsToAccount=True)
        first, second = self._invoice(100), self._invoice(50)
        self._run()
        bank = next(account for account in self.organisation.accounts if account["Type"] == "BANK")
        paid = {"Invoice": {"InvoiceID": second.xero_id}, "Account": {"AccountID": bank["AccountID"]}, "Date": "2026-10-01", "Amount": 55}
        self._xero().create_payments([paid], "by hand")
        entry = self._entry((self.expense, 165, 0), (self.receivable, 0, 165))
        self._reconcile(first, second, entry)
        self._assert_in_step(first)
        self.assertIn(entry.xero_state, ("blocked", "failed"))
        self._assert_told(second, entry.name)
        before, jobs = self._calls(), self.env["xero.job"].search_count([])
        self._settle(2)
        self.assertEqual((self._calls(), self.env["xero.job"].search_count([])), (before, jobs))

    def test_found_by_sync_now(self):
        self._account("429", EnablePaymentsToAccount=True)
        invoice = self._invoice(100)
        self._run()
        entry = self._entry((self.expense, 40, 0), (self.receivable, 0, 40))
        self._debts(invoice, entry).reconcile()
        self.env["xero.job"].sudo().search([("is_open", "=", True)]).unlink()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._paid_from(invoice), [("429", 40.0)])

    def test_bad_debt_on_an_account_without_payments(self):
        invoice = self._invoice(100)
        self._run()
        entry = self._entry((self.expense, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, entry)
        before = self._calls()
        self._settle(2)
        self._assert_told(invoice, entry.name)
        self.assertIn("110.00", invoice.xero_message)
        self.assertEqual(self._calls(), before)
        self.assertEqual(entry.xero_problem_id.code, "settled_by_entry")
        invoice.line_ids.remove_move_reconcile()
        self._settle(2)
        self._assert_in_step(invoice)
        self.assertFalse(invoice.xero_problem_id)

    def test_settled_before_it_is_sent(self):
        invoice = self._invoice(100)
        entry = self._entry((self.expense, 60, 0), (self.receivable, 0, 60))
        self._reconcile(invoice, entry)
        self.assertEqual(self._xero_invoice(invoice).amount_due, 110)
        self._assert_told(invoice, "60.00")

    def test_the_rest_is_paid(self):
        invoice = self._invoice(100)
        entry = self._entry((self.expense, 60, 0), (self.receivable, 0, 60))
        self._reconcile(invoice, entry)
        payment = self._pay(invoice, 50)
        self._settle(3)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).amount_due), ("synced", 60))
        self._assert_told(invoice, "60.00")

    def test_netting_without_a_clearing_account(self):
        invoice, bill = self._invoice(100), self._bill(100)
        self._run()
        payable = self.partner.property_account_payable_id
        entry = self._entry((payable, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, bill, entry)
        self._assert_told(invoice, entry.name)
        self._assert_told(bill, entry.name)

    def test_changed_in_words_and_left_out(self):
        invoice = self._invoice(100)
        entry = self._entry((self.expense, 110, 0), (self.receivable, 0, 110))
        self._reconcile(invoice, entry)
        invoice.ref = "PO 7"
        self._settle(2)
        self.assertEqual(self._xero_invoice(invoice).reference, "PO 7")
        self._assert_told(invoice, entry.name)

    def test_exchange_differences_are_none(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-09-01", 2.0), ("2026-10-15", 1.5)])
        self.organisation.currencies.put({"Code": "EUR", "Description": "Euro"}) if hasattr(self.organisation, "currencies") else None
        invoice = self._invoice(100, currency_id=currency.id)
        payment = self._pay(invoice, date="2026-10-20")
        self._settle(2)
        self.assertNotEqual(invoice.xero_problem_id.code, "settled_by_entry")
        self.assertTrue(payment)
