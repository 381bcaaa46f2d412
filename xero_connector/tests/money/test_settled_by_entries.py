from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestSettledByEntries(XeroMoneyCommon):
    """What entries take off documents in Odoo is still due in Xero: the document says so (B1), and is no obstacle to its money."""

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

    def test_bad_debt(self):
        invoice = self._invoice(100)
        self._run()
        entry = self._entry((self.expense, 110, 0), (self.receivable, 0, 110))
        before = self._calls()
        self._reconcile(invoice, entry)
        self._assert_told(invoice, entry.name)
        self.assertIn("110.00", invoice.xero_message)
        self.assertEqual(self._calls(), before)
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

    def test_netting_a_customer_against_a_vendor(self):
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
