from odoo.tests import tagged

from ..common.branches import XeroBranchCommon
from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestMoneyInBranch(MoneyInCase, XeroBranchCommon):
    """Money that people make in Xero for a branch's documents is the branch's, through the bank of the company above."""

    def test_each_in_its_company(self):
        invoices = self._in_every_company(lambda: self._invoice(100))
        self._settle()
        made = [self._rita("pay", document=invoice.xero_id, date="2026-10-05") for invoice in invoices]
        self._read()
        for invoice in invoices:
            self._assert_paid(invoice.with_env(self.env), "2026-10-05", 110)
            payment = self._payments(invoice)
            self.assertEqual((payment.company_id, payment.move_id.company_id), (invoice.company_id, invoice.company_id))
        self._assert_quiet()
        for each in made:
            self._rita("delete_payment", payment=each["PaymentID"])
        self._read()
        self.assertEqual([invoice.amount_residual for invoice in invoices], [110, 110, 110])
        self._assert_quiet()

    def test_the_branch_is_closed(self):
        """Its own lock date counts, not that of the company above."""
        [_main, invoice, _twig] = self._in_every_company(lambda: self._invoice(100))
        self._settle()
        self.branch.fiscalyear_lock_date = "2026-10-31"
        self._rita("pay", document=invoice.xero_id, date="2026-10-05")
        self._read()
        self.assertEqual(self._money_of(invoice).cause, "locked")
