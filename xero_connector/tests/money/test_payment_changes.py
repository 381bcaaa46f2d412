from dataclasses import replace
from datetime import date

from odoo import Command
from odoo.tests import tagged

from ...handlers.money.on_the_bank import OnTheBank
from ...handlers.money.parts import payment_parts
from ..common.engine import EngineCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestPaymentChanges(EngineCase):
    """A payment in Xero cannot be changed: what changes in Odoo is taken back and made anew."""

    def test_payment_posted_again_comes_back(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        payment.action_post()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).status), ("synced", "PAID"))

    def test_payment_changed_is_made_anew(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.date = "2026-10-09"
        payment.action_post()
        self._runs(2)
        self.assertEqual([each.date for each in self._xero_payments(invoice)], [date(2026, 10, 9)])
        self.assertEqual(payment.xero_state, "synced")

    def test_payment_touched_but_unchanged_costs_nothing(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.action_post()
        before = self._calls("Payments")
        self._run()
        self.assertEqual(self._calls("Payments"), before)
        self.assertEqual(payment.xero_state, "synced")

    def test_matched_again_before_the_run(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        partial = self._partials(invoice)
        lines = partial.debit_move_id + partial.credit_move_id
        partial.unlink()
        lines.reconcile()
        self._run()
        self.assertEqual(self._job(self._partials(invoice)).state, "done", self._job(self._partials(invoice)).message)
        self.assertEqual((len(self._xero_payments(invoice)), self._xero_invoice(invoice).status), (1, "PAID"))

    def test_payment_deleted(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.unlink()
        self._run()
        self.assertFalse(self._xero_payments(invoice))

    @every_value("payment_reference_limit")
    def test_reference_that_xero_tidies_is_found_again(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        payment.move_id.name = "PAY  <7>  x" + " and more" * 20
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._runs(3)
        self.assertEqual(len(self._xero_payments(invoice)), 1)

    def test_time_to_settle_counts_from_the_lost_answer(self):
        """A call may start long after its documents were claimed; Xero may still be at it when we stop waiting."""
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)

        def slow():
            self.env.cr.execute("UPDATE xero_job SET sent_at = sent_at - interval '10 minutes' WHERE state = 'sending'")

        self._order_fault("timeout_before", method="PUT", path="Payments", times=1)
        with self._while_sending("PUT", "Payments", slow):
            self._run()
        self._run()
        self.assertEqual(self._sent("PUT", "Payments"), 1, "sent again at once")
        self.assertEqual(self._job(self._partials(invoice)).state, "uncertain")

    def test_payment_with_write_off_is_what_the_bank_got(self):
        """Odoo's bank got 100, the invoice counts as paid with 110: the payment in Xero is 100, the rest is credit."""
        invoice = self._invoice(100)
        self._run()
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = (
            self.env["account.payment.register"]
            .with_context(**context)
            .create(
                {
                    "payment_date": invoice.invoice_date,
                    "amount": 100,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.company_data["default_account_expense"].id,
                }
            )
        )
        payment = wizard._create_payments()
        self._run()
        self.assertEqual([float(each.amount) for each in self._xero_payments(invoice)], [100.0])
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    def _statement_line(self, amount, **values):
        journal = self.company_data["default_journal_bank"]
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": amount,
                "date": "2026-10-05",
                "payment_ref": "line",
                "partner_id": self.partner.id,
                **values,
            }
        )

    def _match(self, statement_line, *lines):
        """Replace the suspense line, as the reconciliation screen does."""
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        account = self.partner.property_account_receivable_id
        new = [
            Command.create({"account_id": (other or account).id, "balance": -amount, "amount_currency": -amount, "name": "x"})
            for amount, other in lines
        ]
        move = statement_line.move_id.with_context(force_delete=True, skip_readonly_check=True)
        move.write({"line_ids": [Command.delete(suspense.id), *new]})
        return statement_line.move_id.line_ids.filtered(lambda line: line.account_id == account)

    def _open_line(self, invoice):
        return invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def test_bank_statement_line(self):
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(150)
        own = self._match(line, (110, None), (40, self.company_data["default_account_revenue"]))
        (own + self._open_line(invoice)).reconcile()
        self._run()
        self.assertEqual([float(p.amount) for p in self._xero_payments(invoice)], [110])
        line.action_undo_reconciliation()
        self._run()
        self.assertFalse(self._xero_payments(invoice))

    def test_bank_statement_line_with_fee(self):
        """The payment is what the bank got; the fee is credit."""
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(108)
        own = self._match(line, (110, None), (-2, self.company_data["default_account_expense"]))
        (own + self._open_line(invoice)).reconcile()
        self._run()
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [108])
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")


@tagged("post_install", "-at_install")
class TestPaymentCurrencies(EngineCase):
    def _bank_amounts(self, invoice):
        remote = self._xero_invoice(invoice)
        rows = self.xero.organisation("AU").payments_of(remote.xero_id)
        return [(float(row["Amount"]), float(row["BankAmount"])) for row in rows]

    @every_value("payment_rate")
    def test_bank_amount_is_what_the_bank_got(self):
        usd = self._usd((("2026-01-01", 0.5), ("2026-10-05", 0.4)))
        invoice = self._invoice(100, currency_id=usd.id)
        self._pay(invoice, date="2026-10-05")
        self._run()
        self.assertEqual(self._bank_amounts(invoice), [(110.0, 275.0)], "110 USD at the day's rate of the payment")

    def test_bank_amount_when_the_rate_fell(self):
        usd = self._usd((("2026-01-01", 0.5), ("2026-10-05", 0.8)))
        invoice = self._invoice(100, currency_id=usd.id)
        self._pay(invoice, date="2026-10-05")
        self._run()
        self.assertEqual(self._bank_amounts(invoice), [(110.0, 137.5)])

    def test_paid_from_a_bank_in_the_invoices_currency(self):
        usd = self._usd()
        invoice = self._invoice(100, currency_id=usd.id)
        self._run()
        journal = self.company_data["default_journal_bank"].copy({"name": "USD bank", "currency_id": usd.id})
        self._pay(invoice)
        parts = replace(payment_parts(self._partials(invoice)), journal=journal)
        bank = self.connection._mapping_table().journal(self.company_data["default_journal_bank"].id)
        payment = self.env["xero.handler.payment"]._payment(parts, self._binding(invoice), bank, OnTheBank(parts.date, parts.name))
        self.assertIsNone(payment.bank_amount, "a bank amount is in the bank's own currency")
