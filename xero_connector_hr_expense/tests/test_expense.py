from odoo import Command
from odoo.addons.xero_connector.tests.common.money import XeroMoneyCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestExpense(XeroMoneyCommon):
    """An expense says how it stands in Xero: as the employee's bill, or as money that the company has spent."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.env.user.group_ids |= self.env.ref("hr_expense.group_hr_expense_manager") | self.env.ref("hr.group_hr_manager")
        contact = self.env["res.partner"].create({"name": "Employee A"})
        category = {"name": "Travel", "type": "service", "can_be_expensed": True, "standard_price": 0}
        self.category = self.env["product.product"].create(category)
        self.employee = self.env["hr.employee"].create({"name": "Employee A", "work_contact_id": contact.id})

    def _expense(self, mode, amount=110.0):
        """A posted expense, tax included."""
        expense = self.env["hr.expense"].create(
            {
                "name": "Taxi",
                "employee_id": self.employee.id,
                "product_id": self.category.id,
                "payment_mode": mode,
                "total_amount_currency": amount,
                "account_id": self.company_data["default_account_expense"].id,
                "tax_ids": [Command.set(self.purchase_tax.ids)],
                "date": "2026-10-01",
            }
        )
        values = {"name": "receipt.pdf", "raw": b"%PDF-1.4", "res_model": "hr.expense", "res_id": expense.id}
        self.env["ir.attachment"].create(values)
        expense.action_submit()
        if expense.state == "submitted":
            expense.action_approve()
        if action := expense.action_post():
            wizard = self.env["hr.expense.post.wizard"].with_context(action["context"]).browse(action["res_id"])
            wizard.action_post_entry()
        return expense

    def test_paid_by_the_employee(self):
        """A bill of the employee's contact, and its reimbursement."""
        self.connection.sync_attachment = "auto"
        expense = self._expense("own_account")
        self._settle(3)
        bill = expense.account_move_id
        self.assertEqual((expense.xero_state, expense.xero_message), ("synced", False))
        self.assertTrue(expense.xero_url)
        [remote] = self._xero().invoices([bill.xero_id])
        self.assertEqual((float(remote.total), float(remote.total_tax)), (110.0, 10.0))
        self.assertEqual(len(list(self.organisation.attachments)), 1)
        payment = self._pay(bill)
        self._settle(2)
        self.assertEqual((payment.xero_state, self._xero().invoices([bill.xero_id])[0].amount_due), ("synced", 0))
        self._assert_balances()

    def test_paid_by_the_company(self):
        """Money spent, with the receipt."""
        self.connection.sync_attachment = "auto"
        expense = self._expense("company_account")
        self._settle(3)
        self.assertEqual((expense.xero_state, expense.xero_message), ("synced", False))
        self.assertTrue(expense.xero_url)
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual((row["Type"], float(row["Total"]), float(row["TotalTax"])), ("SPEND", 110.0, 10.0))
        self.assertEqual(len(list(self.organisation.attachments)), 1)
        self._assert_balances()

    def test_before_it_is_posted(self):
        expense = self.env["hr.expense"].create({"name": "Taxi", "employee_id": self.employee.id, "total_amount_currency": 10})
        self.assertEqual((expense.xero_state, expense.xero_message, expense.xero_url), (False, False, False))

    def test_asked_for(self):
        """Sync to Xero on the expense is Sync to Xero on what is sent of it."""
        self.connection.sync_payment = self.connection.sync_bill = "manual"
        expenses = self._expense("own_account") + self._expense("company_account", 55)
        self._settle(2)
        self.assertEqual(set(expenses.mapped("xero_state")), {False})
        expenses.action_xero_sync()
        self._settle(3)
        self.assertEqual(expenses.mapped("xero_state"), ["synced", "synced"], expenses.mapped("xero_message"))
