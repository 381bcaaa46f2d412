from odoo import Command
from odoo.tests import tagged

from ...handlers.money.parts import debt_lines
from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestForeignMoney(XeroMoneyCommon):
    """Money and debts in other currencies than the company's."""

    def _usd(self, **rates):
        self.xero.organisation("AU").add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        days = {"2026-01-01": 0.8, **rates}
        usd.rate_ids = [Command.create({"name": day, "rate": rate, "company_id": self.env.company.id}) for day, rate in days.items()]
        return usd

    @every_value("transaction_currency")
    def test_foreign_payment(self):
        usd = self._usd()
        payment = self._money(80, currency_id=usd.id)
        invoice = self._invoice(50, currency_id=usd.id)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 80.0, 80.0)], payment.xero_message)
        self._match(payment, invoice)
        self._run()
        self.assertEqual(self._on_account(payment), [("RECEIVE-OVERPAYMENT", 80.0, 25.0)])
        self.assertFalse(self.env["xero.job"].search([("is_open", "=", True)]))

    def test_gain_on_a_foreign_debt_is_what_the_bank_got(self):
        """Money in the company's currency for an invoice in another one: the bank's amount, with what the rate has brought since."""
        usd = self._usd(**{"2026-10-05": 0.5})
        invoice = self._invoice(80, currency_id=usd.id)
        payment = self._money(176, date="2026-10-06")
        self._match(payment, invoice)
        self.assertEqual((invoice.payment_state in ("paid", "in_payment"), debt_lines(payment.move_id).amount_residual), (True, 0))
        self._settle()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self.assertEqual(self._xero_bank(), 176)

    def test_cents_of_foreign_money_add_up(self):
        """One payment of several invoices, each a payment in Xero: in the bank's currency they make what moved."""
        usd = self._usd(**{"2026-10-05": 0.7})
        self.connection.batch_payments = False
        invoices = self._invoice(10, currency_id=usd.id) + self._invoice(10, currency_id=usd.id) + self._invoice(10, currency_id=usd.id)
        payment = self._money(33, currency_id=usd.id, date="2026-10-06")
        self._match(payment, *invoices)
        self._settle()
        self.assertEqual({self._xero_invoice(invoice).status for invoice in invoices}, {"PAID"})
        moved = abs(sum(payment._seek_for_lines()[0].mapped("balance")))
        self.assertEqual(float(self._xero_bank()), moved)
        before = self._calls()
        payment.action_xero_sync()
        self._run()
        self.assertEqual(self._calls(), before)
