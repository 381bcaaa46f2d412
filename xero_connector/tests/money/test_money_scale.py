from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyScale(XeroMoneyCommon):
    """However much money is sent at once, the queries are those of one payment."""

    def _prepare(self):
        super()._prepare()
        self._money(1)
        self._run()  # the contact goes along

    def _queries_to_send(self, make, count):
        for number in range(count):
            make(100 + number)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._run()
        queries = self.env.cr.sql_log_count - before
        self._assert_balances()
        return queries

    def _assert_steady(self, make):
        few, many = self._queries_to_send(make, 3), self._queries_to_send(make, 23)
        self.assertLess(many - few, 8, f"{few} queries for 3, {many} for 23")

    def test_payments(self):
        self._assert_steady(lambda price: self._pay(self._invoice(price)))

    def test_money_on_account(self):
        self._assert_steady(self._money)

    def test_batches(self):
        def pay_together(price):
            invoices = self._invoice(price) + self._invoice(price + 1)
            self._match(self._money(sum(invoices.mapped("amount_total"))), *invoices)

        self._assert_steady(pay_together)
