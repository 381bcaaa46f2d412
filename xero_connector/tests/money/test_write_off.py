from odoo import Command
from odoo.tests import tagged

from ...handlers.money.write_off_parts import write_off_of
from .test_bank_transactions import DifferenceCommon


@tagged("post_install", "-at_install")
class TestWriteOff(DifferenceCommon):
    """What was taken off a debt without reaching the bank is a credit note, allocated to the same document."""

    def _discounted(self, computation, *prices, move_type="out_invoice", **values):
        """A document with 10 % off for early payment."""
        terms = self.env["account.payment.term"].create(
            {
                "name": computation, "early_discount": True, "discount_days": 30, "discount_percentage": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 60})],
            }
        )  # fmt: skip
        values = {"invoice_payment_term_id": terms.id, "invoice_date_due": False, **values}
        return self._invoice(*prices, **values) if move_type == "out_invoice" else self._bill(*prices, **values)

    def _pay_early(self, *invoices):
        context = {"active_model": "account.move", "active_ids": [invoice.id for invoice in invoices]}
        wizard = self.env["account.payment.register"].with_context(**context)
        return wizard.create({"payment_date": "2026-10-02", "group_payment": True})._create_payments()

    def _xero_tax(self):
        signs = {"ACCREC": 1, "ACCPAY": -1, "ACCRECCREDIT": -1, "ACCPAYCREDIT": 1, "RECEIVE": 1, "SPEND": -1}
        return float(sum(signs[row["Type"]] * row["TotalTax"] for table in ("invoices", "credit_notes") for row in self._live(table)))

    def _odoo_tax(self):
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.env.company.id), ("parent_state", "=", "posted"), ("tax_repartition_line_id", "!=", False)]
        )
        return round(-sum(lines.mapped("balance")), 2)

    def _assert_written_off(self, payment, document):
        """The document is paid in Xero, and debts, bank, tax and the account of the difference are as in Odoo."""
        self._assert_balances()
        self.assertEqual(self._xero().invoices(ids=[document.xero_id])[0].status, "PAID")
        self.assertEqual(self._xero_tax(), self._odoo_tax())
        booked = write_off_of(payment.move_id).lines
        for account in booked.account_id:
            lines = self.env["account.move.line"].search([("account_id", "=", account.id), ("parent_state", "=", "posted")])
            self.assertAlmostEqual(self._profit().get(self._code(account), 0), -sum(lines.mapped("balance")), 2)

    # === WRITE-OFFS === #

    def test_document_left_in_draft(self):
        """The credit leaves the document before that is void, and comes back with it; meanwhile it stands with the money on account."""
        invoice = self._invoice(100)
        self._run()
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        invoice.button_draft()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '61 minutes' WHERE id = %s", [invoice.id])
        self.env.invalidate_all()
        before = self.env["xero.job"].search_count([])
        self._settle()
        self.assertLess(self.env["xero.job"].search_count([]) - before, 20, "it goes round in circles")
        self._assert_balances()
        self.assertEqual([float(note["AmountDue"]) for note in self._live("credit_notes")], [10.0], "the money stands on account, whole")
        invoice.action_post()
        self._settle()
        self._assert_written_off(payment, invoice)

    def test_customer_pays_less(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        self._assert_written_off(payment, invoice)
        [note] = self._live("credit_notes")
        self.assertEqual((note["Type"], float(note["Total"])), ("ACCRECCREDIT", 10.0))
        self.assertIn(payment.name, self._of_kind(payment.move_id, "write_off").number)
        self.assertEqual(payment.xero_state, "synced")

    def test_in_one_run_with_the_invoice(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        self._assert_written_off(payment, invoice)

    def test_vendor_is_paid_less(self):
        bill = self._bill(100)
        payment = self._pay_with_difference(bill, 100, self.income_account)
        self._settle()
        self._assert_written_off(payment, bill)
        [note] = self._live("credit_notes")
        self.assertEqual((note["Type"], float(note["Total"])), ("ACCPAYCREDIT", 10.0))

    def test_vendor_is_paid_more(self):
        bill = self._bill(100)
        payment = self._pay_with_difference(bill, 112)
        self._settle()
        self._assert_written_off(payment, bill)
        self.assertEqual([row["Type"] for row in self._live("bank_transactions")], ["SPEND"])

    def test_several_invoices_at_once(self):
        invoices = self._invoice(100) + self._invoice(50)
        payment = self._pay_with_difference(invoices, 155)
        self._settle()
        for invoice in invoices:
            self._assert_written_off(payment, invoice)
        self.assertEqual(len(self._live("credit_notes")), 1)

    def test_fee_taken_off_by_the_bank(self):
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(108)
        receivable = invoice.line_ids.filtered(lambda each: each.account_id.account_type == "asset_receivable")
        suspense = line._seek_for_lines()[1]
        line.move_id.with_context(skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(suspense.id, {"account_id": receivable.account_id.id, "balance": -110, "amount_currency": -110}),
                    Command.create({"name": "fee", "account_id": self.difference_account.id, "balance": 2, "amount_currency": 2}),
                ]
            }
        )
        (suspense + receivable).reconcile()
        self._settle()
        self._assert_written_off(line, invoice)

    def test_write_off_with_tax(self):
        """As bank reconciliation writes it: an amount with its tax."""
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(99)
        receivable = invoice.line_ids.filtered(lambda each: each.account_id.account_type == "asset_receivable")
        suspense = line._seek_for_lines()[1]
        repartition = self.tax.refund_repartition_line_ids.filtered(lambda each: each.repartition_type == "tax")
        line.move_id.with_context(skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(suspense.id, {"account_id": receivable.account_id.id, "balance": -110, "amount_currency": -110}),
                    Command.create(
                        {
                            "name": "discount", "account_id": self.income_account.id, "balance": 10, "amount_currency": 10,
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    ),
                    Command.create(
                        {
                            "name": "GST", "account_id": repartition.account_id.id, "balance": 1, "amount_currency": 1,
                            "tax_repartition_line_id": repartition.id,
                        }
                    ),
                ]
            }
        )  # fmt: skip
        (suspense + receivable).reconcile()
        self._settle()
        self._assert_written_off(line, invoice)
        [note] = self._live("credit_notes")
        self.assertEqual((float(note["Total"]), float(note["TotalTax"])), (11.0, 1.0))

    # === EARLY PAYMENT === #

    def test_early_payment_discounts(self):
        for move_type in ("out_invoice", "in_invoice"):
            for computation in ("included", "excluded", "mixed"):
                with self.subTest(move_type=move_type, computation=computation):
                    invoice = self._discounted(computation, 100, 33.33, move_type=move_type)
                    payment = self._pay_early(invoice)
                    self.assertTrue(write_off_of(payment.move_id), payment.move_id.line_ids.mapped("name"))
                    self._settle()
                    self._assert_written_off(payment, invoice)

    def test_early_payment_of_several_with_odd_cents(self):
        invoices = self._discounted("included", 99.99, 0.07) + self._discounted("included", 12.35)
        payment = self._pay_early(*invoices)
        self._settle()
        for invoice in invoices:
            self._assert_written_off(payment, invoice)

    # === UNDONE === #

    def test_undone_with_the_payment_and_made_anew(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        payment.action_draft()
        self._settle(2)
        self._assert_balances()
        self.assertEqual((self._live("credit_notes"), self._xero_invoice(invoice).status), ([], "AUTHORISED"))
        payment.action_post()
        self._match(invoice, payment)
        self._settle(2)
        self._assert_written_off(payment, invoice)
        self.assertEqual(len(self._live("credit_notes")), 1)

    def test_unmatched_and_matched_again(self):
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        self._unmatch(payment)
        self._settle(2)
        self._assert_balances()
        self.assertEqual([float(note["AmountDue"]) for note in self._live("credit_notes")], [10.0], "the money stands on account, whole")
        self.assertEqual(self._xero_invoice(invoice).status, "AUTHORISED")
        self._match(invoice, payment)
        self._settle(2)
        self._assert_written_off(payment, invoice)

    def test_what_was_written_off_is_paid_back(self):
        """Only what reached the bank stands on account; found by a random history, as a document that could not be read."""
        for returned in ([110], [60, 50]):
            with self.subTest(returned=returned):
                invoice = self._invoice(100)
                payment = self._pay_with_difference(invoice, 40)
                self._settle()
                self._unmatch(payment)
                back = [self._money(amount, "outbound") for amount in returned]
                for each in back:
                    self._match(payment, each)
                before = self._calls("PUT")
                self._settle(2)
                jobs = [self._job(each) for each in back]
                self.assertEqual({(job.state, job.problem_id.code) for job in jobs}, {("blocked", "written_off")}, jobs[0].message)
                self.assertEqual((payment.xero_state, self._on_account(payment)[0][1:]), ("synced", (40.0, 40.0)))
                self.assertEqual(self._calls("PUT"), before + 1, "the money on account; nothing that Xero would refuse")

    def test_unmatched_credited_and_matched_again(self):
        """Found by a random history: the bank was a cent's write-off short."""
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        self._unmatch(payment)
        self._settle(2)
        note = self._credit_note(100)
        self._match(invoice, note)
        self._settle(2)
        self._assert_balances()
        self._unmatch(invoice)
        self._match(invoice, payment)
        self._settle(3)
        self._assert_written_off(payment, invoice)

    def test_invoice_reset_and_cancelled(self):
        invoice = self._invoice(100)
        self._pay_with_difference(invoice, 100)
        self._settle()
        invoice.button_draft()
        invoice.button_cancel()
        self._settle(4)
        self.assertFalse(self._live("invoices"))
        self.assertEqual([float(note["AmountDue"]) for note in self._live("credit_notes")], [10.0], "the money stands on account, whole")
        self._assert_balances()

    def test_matched_with_another_invoice_later(self):
        first, second = self._invoice(100), self._invoice(50)
        payment = self._pay_with_difference(first, 100)
        self._settle()
        self._unmatch(payment)
        self._match(second, payment)
        self._settle(2)
        self.assertEqual(float(self._xero_invoice(first).amount_due), 110.0)
        self.assertEqual(self._xero_invoice(second).status, "PAID")

    def test_invoice_changed_while_it_is_paid(self):
        """All that settles it in Xero is taken out, and put back once it has changed."""
        invoice = self._invoice(100)
        payment = self._pay_with_difference(invoice, 100)
        self._settle()
        invoice.button_draft()
        invoice.invoice_line_ids.name = "another text"
        invoice.action_post()
        self._settle(4)
        self._assert_written_off(payment, invoice)
        self.assertEqual(len(self._live("credit_notes")), 1)
        [row] = self._live("invoices")
        self.assertEqual(row["Lines"][0]["Description"], "another text")

    # === TROUBLE === #

    def test_lost_answers(self):
        for fault in ("timeout_after", "reset_after", "error_500_after", "empty_200", "timeout_before"):
            for path in ("CreditNotes$", "CreditNotes/.*/Allocations"):
                with self.subTest(fault=fault, path=path):
                    invoice = self._invoice(100)
                    self._run()
                    self._order_fault(fault, method="PUT", path=path)
                    payment = self._pay_with_difference(invoice, 100)
                    self._settle(4)
                    self._assert_written_off(payment, invoice)
        self.assertEqual(len(self._live("credit_notes")), 10)

    def test_lost_answers_of_removals(self):
        for fault, method, path in (
            ("timeout_after", "DELETE", "Allocations"), ("reset_after", "DELETE", "Allocations"), ("timeout_after", "POST", "CreditNotes"),
            ("error_500_after", "POST", "CreditNotes"), ("timeout_before", "POST", "CreditNotes"),
        ):  # fmt: skip
            with self.subTest(fault=fault, path=path):
                invoice = self._invoice(100)
                payment = self._pay_with_difference(invoice, 100)
                self._settle()
                self._order_fault(fault, method=method, path=path)
                payment.action_draft()
                self._settle(4)
                self.assertEqual(self._live("credit_notes"), [])
                self._assert_balances()

    def test_lost_bindings_make_no_second(self):
        for document in (self._invoice, self._bill):
            invoice = document(100)
            payment = self._pay_with_difference(invoice, 100, self.income_account)
            self._settle()
            count = len(self._live("credit_notes"))
            self._of_kind(payment.move_id, "write_off").unlink()
            self.connection.action_sync_now()
            self._settle()
            self.assertEqual(len(self._live("credit_notes")), count)
            self._assert_balances()

    def test_unmapped_account_is_told(self):
        invoice = self._invoice(100)
        account = self.env["account.account"].create({"name": "Odd", "code": "ODD1", "account_type": "expense"})
        payment = self._pay_with_difference(invoice, 100, account)
        self._settle()
        job = self._job(payment)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "account_unmapped"))
        self.assertEqual(payment.xero_state, "blocked")

    def test_payments_switched_off(self):
        self.connection.sync_payment = "off"
        invoice = self._invoice(100)
        self._pay_with_difference(invoice, 100)
        self._settle()
        self.assertEqual(self._live("credit_notes"), [])
        self.connection.sync_payment = "manual"
        self.connection.action_sync_now()
        self._settle()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    # === CURRENCIES === #

    def test_foreign_invoice_with_write_off(self):
        dollars = self._dollars()
        bank = self._dollar_bank(dollars)
        invoice = self._invoice(100, currency_id=dollars.id)
        payment = self._pay_with_difference(invoice, 100, currency_id=dollars.id, journal_id=bank.id)
        self._settle()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        [note] = self._live("credit_notes")
        self.assertEqual((note["CurrencyCode"], float(note["Total"])), ("USD", 10.0))
        self.assertEqual(payment.xero_state, "synced")

    def test_write_off_in_another_currency_is_held(self):
        dollars = self._dollars()
        invoice = self._invoice(100, currency_id=dollars.id)
        payment = self._pay_with_difference(invoice, 200, currency_id=self.env.company.currency_id.id)
        self._settle()
        self.assertEqual(self._live("credit_notes"), [])
        self.assertEqual(payment.xero_state, "blocked")
        self.assertEqual(payment.xero_problem_id.code, "written_off")

    def test_exchange_difference_needs_nothing(self):
        """A foreign invoice paid at another rate: Xero books the realised gain by itself."""
        dollars = self._dollars()
        invoice = self._invoice(100, currency_id=dollars.id)
        self._run()
        payment = self._pay(invoice, date="2026-10-20")
        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id, "Odoo books an exchange difference")
        self._settle()
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")
        self._assert_balances()
        self.assertEqual(payment.xero_state, "synced")
        self.assertFalse(self._live("credit_notes") or self._live("bank_transactions"))

    def _dollars(self):
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5), ("2026-10-15", 0.8)])
        self._organisation().currencies.put({"Code": "USD", "Description": "Dollar"})
        self.connection.action_refresh_reference_data()
        return dollars

    def _dollar_bank(self, dollars):
        journal = self.env["account.journal"].create({"name": "Dollars", "type": "bank", "code": "USDB", "currency_id": dollars.id})
        organisation = self._organisation()
        template = next(row for row in organisation.accounts if row["Type"] == "BANK")
        account = {**template, "AccountID": organisation.new_id(), "Code": "399", "Name": "Dollars", "CurrencyCode": "USD"}
        organisation.accounts.put({**account, "BankAccountNumber": "399399"})
        self.connection.action_refresh_reference_data()
        mapping = self.env["xero.journal.mapping"].sudo()
        own = [("connection_id", "=", self.connection.id)]
        line = mapping.search([*own, ("journal_id", "=", journal.id)])
        values = {"xero_account_id": self.env["xero.account"].search([*own, ("xero_id", "=", account["AccountID"])]).id, "confirmed": True}
        if line:
            line.write(values)
        else:
            mapping.create({"connection_id": self.connection.id, "journal_id": journal.id, **values})
        return journal
