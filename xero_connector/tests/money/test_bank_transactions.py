from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


class DifferenceCommon(XeroMoneyCommon):
    def _prepare(self):
        super()._prepare()
        self.difference_account = self.company_data["default_account_expense"]
        self.income_account = self.company_data["default_account_revenue"]
        # the tax of a sale is allowed on income only, that of a purchase on expenses
        self.env.company.account_journal_early_pay_discount_loss_account_id = self.income_account
        self.env.company.account_journal_early_pay_discount_gain_account_id = self.difference_account

    def _bill(self, *prices, **values):
        taxes = self.company_data["default_tax_purchase"]
        bill = self._invoice(*prices, move_type="in_invoice", ref="B-1", taxes=taxes, post=False, **values)
        bill.invoice_line_ids.account_id = self.company_data["default_account_expense"]
        bill.action_post()
        return bill

    def _pay_with_difference(self, invoice, amount, account=None, **values):
        """Register a payment whose difference is written off, the way the dialog does; returns it."""
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = self.env["account.payment.register"].with_context(**context).create(
            {
                "payment_date": "2026-10-02", "amount": amount, "payment_difference_handling": "reconcile", "group_payment": True,
                "writeoff_account_id": (account or self.difference_account).id, "writeoff_label": "Small difference", **values,
            }
        )  # fmt: skip
        return wizard._create_payments()

    def _of(self, table, **values):
        rows = getattr(self._organisation(), table)
        return [row for row in rows if all(row[name] == value for name, value in values.items())]

    def _live(self, table):
        return [row for row in getattr(self._organisation(), table) if row["Status"] in ("AUTHORISED", "PAID")]

    def _profit(self):
        """``{Xero account: amount}``: what the live documents book on each account, credits positive, without tax."""
        booked = {}
        signs = {"ACCREC": 1, "ACCPAY": -1, "ACCRECCREDIT": -1, "ACCPAYCREDIT": 1, "RECEIVE": 1, "SPEND": -1}
        for table in ("invoices", "credit_notes", "bank_transactions"):
            for row in self._live(table):
                inclusive = row["LineAmountTypes"] == "Inclusive"
                for line in row["Lines"]:
                    amount = (line.get("LineAmount") or 0) - (line.get("TaxAmount") or 0 if inclusive else 0)
                    code = line.get("AccountCode")
                    booked[code] = booked.get(code, 0) + signs.get(row["Type"], 0) * amount
        return {code: float(amount) for code, amount in booked.items() if amount}

    def _code(self, account):
        return self.connection._mapping_table().account(account.id).code


@tagged("post_install", "-at_install")
class TestBankTransactions(DifferenceCommon):
    """What the bank got or paid beyond the debt is a bank transaction beside the payment."""

    def test_customer_paid_too_much_and_it_was_kept(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account)
        self._run()
        [row] = self._live("bank_transactions")
        self.assertEqual((row["Type"], float(row["Total"])), ("RECEIVE", 5.0))
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self.assertEqual(self._profit(), {self._code(self.income_account): 105.0})
        self._assert_balances()
        self.assertEqual(payment.xero_state, "synced")

    def test_undone_with_the_payment_and_made_anew(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account)
        self._run()
        self.assertEqual(len(self._live("bank_transactions")), 1)
        payment.action_draft()
        self._settle()
        self.assertEqual(self._live("bank_transactions"), [])
        payment.action_post()
        self._debts(invoice, payment).filtered(lambda line: not line.reconciled).reconcile()
        self._settle()
        self.assertEqual(len(self._live("bank_transactions")), 1)
        self._assert_balances()

    def test_unmatched(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account)
        self._run()
        self._unmatch(payment)
        self._settle()
        types = sorted(row["Type"] for row in self._live("bank_transactions"))
        self.assertEqual(types, ["RECEIVE", "RECEIVE-OVERPAYMENT"], "all that the bank got")
        self._assert_balances()

    def test_lost_answers(self):
        for fault in ("timeout_after", "reset_after", "error_500_after", "empty_200", "timeout_before"):
            with self.subTest(fault=fault):
                invoice = self._invoice(100)
                self._run()
                count = len(self._live("bank_transactions"))
                self._order_fault(fault, method="PUT", path="BankTransactions")
                payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account)
                self._run()
                for _attempt in range(3):
                    self._later()
                    self._run()
                self.assertEqual(len(self._live("bank_transactions")), count + 1)
                self.assertEqual(self._of_kind(payment.move_id, "bank_transaction").xero_status, "AUTHORISED")

    def test_lost_bindings_make_no_second(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account)
        self._run()
        self._of_kind(payment.move_id, "bank_transaction").unlink()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._live("bank_transactions")), 1)

    def test_unmapped_account_is_told(self):
        invoice = self._invoice(100)
        account = self.env["account.account"].create({"name": "Odd", "code": "ODD1", "account_type": "income_other"})
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, account)
        self._run()
        job = self._job(payment)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "account_unmapped"))
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self.assertEqual(payment.xero_state, "blocked")

    def test_statement_line_with_income_beside_the_invoice(self):
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(invoice.amount_total + 7)
        self._match_line(line, invoice)
        suspense = line._seek_for_lines()[1]
        self.assertEqual(suspense.balance, -7)
        self._settle()
        self.assertEqual(self._live("bank_transactions"), [], "nobody has said yet what the rest is")
        suspense.account_id = self.income_account
        self.connection.action_sync_now()
        self._settle()
        [row] = self._live("bank_transactions")
        self.assertEqual((row["Type"], float(row["Total"])), ("RECEIVE", 7.0))

    def test_the_bill_gets_another_partner(self):
        """What went beyond the debt is no affair of the bill's: it stays in Xero when money and bill are no longer of one partner."""
        bill = self._bill(100)
        payment = self._pay_with_difference(bill, 111)
        self._settle()
        bill.button_draft()
        bill.partner_id = self.env["res.partner"].create({"name": "Another Vendor"})
        bill.action_post()
        self._match(payment, bill)
        self._settle(2)
        [row] = self._live("bank_transactions")
        self.assertEqual((row["Type"], float(row["Total"])), ("SPEND", 1.0))
        [invoice] = self._of("invoices", DocumentID=bill.xero_id)
        self.assertEqual((invoice["Status"], float(self._xero_bank())), ("PAID", -111.0))
        self.assertEqual(payment.xero_state, "synced")

    def test_what_xero_cannot_be_told_is_said(self):
        """Tax alone, without the amount it is on: the invoice is paid, the bank is not in step, and so nobody calls it synced."""
        invoice = self._invoice(100)
        line = self._statement_line(invoice.amount_total + 1)
        self._match_line(line, invoice)
        suspense = line._seek_for_lines()[1]
        repartition = self.tax.invoice_repartition_line_ids.filtered(lambda each: each.repartition_type == "tax")
        values = {"account_id": repartition.account_id.id, "tax_repartition_line_id": repartition.id}
        line.move_id.with_context(skip_readonly_check=True).write({"line_ids": [Command.update(suspense.id, values)]})
        self.connection.action_sync_now()
        self._settle()
        job = self._job(line)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "written_off"), job.message)
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        before = self._calls("PUT")
        job.action_retry()
        self._settle()
        self.assertEqual((job.state, self._calls("PUT")), ("blocked", before))

    def test_foreign_currency(self):
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        self._organisation().currencies.put({"Code": "USD", "Description": "Dollar"})
        self.connection.action_refresh_reference_data()
        invoice = self._invoice(100, currency_id=dollars.id)
        payment = self._pay_with_difference(invoice, invoice.amount_total + 5, self.income_account, currency_id=dollars.id)
        self._settle()
        job = self._job(payment)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "written_off"), "the bank is not in that currency")
