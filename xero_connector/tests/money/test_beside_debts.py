from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestBesideDebts(XeroMoneyCommon):
    """What is reconciled beside debts is no money (B6)."""

    def _cash_basis(self):
        """A tax that is due when the invoice is paid, mapped like the ordinary one."""
        company, receivable = self.env.company, self.company_data["default_account_tax_sale"]
        company.tax_exigibility = True
        transition = self.env["account.account"].create(
            {"name": "Tax not due yet", "code": "T900", "account_type": "liability_current", "reconcile": True}
        )
        lines = [Command.create({"repartition_type": "base"}), Command.create({"repartition_type": "tax", "account_id": receivable.id})]
        tax = self.env["account.tax"].create(
            {
                "name": "GST on payment",
                "amount": 10,
                "type_tax_use": "sale",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
            }
        )
        rate = self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id), ("tax_type", "=", "OUTPUT")])
        values = {"connection_id": self.connection.id, "tax_ids": [Command.set(tax.ids)], "xero_tax_rate_id": rate.id, "confirmed": True}
        self.env["xero.tax.mapping"].create(values)
        return tax

    def test_cash_basis_reversed_and_made_anew(self):
        """The reversal reconciles the tax lines too: one allocation, of the debts."""
        tax = self._cash_basis()
        invoice = self._invoice(100, taxes=tax)
        self._settle(2)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = (
            self.env["account.move.reversal"].with_context(**context).create({"journal_id": invoice.journal_id.id, "date": "2026-10-02"})
        )
        wizard.modify_moves()
        self._settle(4)
        note = self.env["account.move"].search([("reversed_entry_id", "=", invoice.id)])
        self.assertGreater(len((invoice + note).line_ids.matched_debit_ids | (invoice + note).line_ids.matched_credit_ids), 1)
        self.assertEqual([(invoice + note).mapped("xero_state"), self._xero_invoice(invoice).amount_due], [["synced", "synced"], 0])
        jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertFalse([(job.kind, job.state, job.message) for job in jobs])
        before = self._calls()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._calls(), before)

    def test_cash_basis_paid(self):
        """The entry that makes the tax due is no payment."""
        tax = self._cash_basis()
        invoice = self._invoice(100, taxes=tax)
        payment = self._pay(invoice)
        self._settle(3)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).amount_due), ("synced", 0))
        jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertFalse([(job.kind, job.state, job.message) for job in jobs])
