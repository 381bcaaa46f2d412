from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.push import XeroPushCommon


class TransferCommon(XeroPushCommon):
    def _prepare(self):
        super()._prepare()
        self.bank = self.company_data["default_journal_bank"]
        self.savings = self._bank_journal("Savings")
        self.transfer_account = self.env.company.transfer_account_id
        self.assertTrue(self.transfer_account)

    def _bank_journal(self, name, currency=None):
        """A bank journal with a bank account in Xero of its own."""
        journal = self.env["account.journal"].create(
            {"name": name, "type": "bank", "code": name[:5].upper(), "currency_id": currency.id if currency else False}
        )
        organisation = self.xero.organisation("AU")
        code = str(300 + len(list(organisation.accounts)))
        template = next(row for row in organisation.accounts if row["Type"] == "BANK")
        account = {
            **template, "AccountID": organisation.new_id(), "Code": code, "Name": name, "BankAccountNumber": code * 3,
            "CurrencyCode": currency.name if currency else template["CurrencyCode"],
        }  # fmt: skip
        organisation.accounts.put(account)
        self.connection.action_refresh_reference_data()
        xero_account = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("xero_id", "=", account["AccountID"])])
        mapping = self.env["xero.journal.mapping"].sudo()
        line = mapping.search([("connection_id", "=", self.connection.id), ("journal_id", "=", journal.id)])
        values = {"xero_account_id": xero_account.id, "confirmed": True}
        if line:
            line.write(values)
        else:
            mapping.create({"connection_id": self.connection.id, "journal_id": journal.id, **values})
        return journal

    def _moved(self, journal, amount, date="2026-10-05"):
        """A bank statement line whose other side is the transfer account; returns that side."""
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": journal.id, "amount": amount, "date": date, "payment_ref": "own transfer"}
        )
        suspense = line.move_id.line_ids.filtered(lambda each: each.account_id == journal.suspense_account_id)
        suspense.account_id = self.transfer_account
        return line.move_id.line_ids.filtered(lambda each: each.account_id == self.transfer_account)

    def _transfer(self, amount=100, source=None, target=None, **values):
        """Both legs, matched; returns the reconciliation."""
        left = self._moved(source or self.bank, -amount, **values)
        arrived = self._moved(target or self.savings, amount, **values)
        (left + arrived).reconcile()
        return left.matched_credit_ids

    def _there(self, status="AUTHORISED"):
        names = {row["AccountID"]: row["Name"] for row in self.xero.organisation("AU").accounts}
        return [
            (names[row["FromAccountID"]], names[row["ToAccountID"]], float(row["Amount"]), str(row["Date"]))
            for row in self.xero.organisation("AU").bank_transfers
            if row["Status"] == status
        ]

    @property
    def xero_bank(self):
        line = self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id), ("journal_id", "=", self.bank.id)])
        return line.xero_account_id.name


@tagged("post_install", "-at_install")
class TestTransfers(TransferCommon):
    """Two banks' lines that meet on the transfer account are one transfer in Xero, once, and undone with the match."""

    def test_one_transfer(self):
        partial = self._transfer(100)
        self._run()
        self.assertEqual(self._there(), [(self.xero_bank, "Savings", 100.0, "2026-10-05")])
        self.assertEqual(self._binding(partial).kind, "transfer")
        self.assertFalse(self.connection.problem_count)
        before = self._calls()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls(), before)
        self.assertEqual(len(self._there()), 1)

    def test_one_leg_is_nothing(self):
        self._moved(self.bank, -100)
        before = self._calls()
        self._run()
        self.assertEqual(self._calls(), before)

    def test_undone_when_unmatched_and_made_anew(self):
        partial = self._transfer(100)
        lines = partial.debit_move_id + partial.credit_move_id
        self._run()
        lines.remove_move_reconcile()
        self._run()
        self.assertEqual((self._there(), len(self._there("DELETED"))), ([], 1))
        lines.reconcile()
        self._run()
        self.assertEqual(len(self._there()), 1)

    def test_undone_when_a_leg_is_reset_or_deleted(self):
        for leg in ("debit_move_id", "credit_move_id"):
            with self.subTest(leg=leg):
                partial = self._transfer(100)
                self._run()
                self.assertEqual(len(self._there()), 1)
                partial[leg].move_id.statement_line_id.unlink()
                self._run()
                self.assertEqual(self._there(), [])

    def test_unmatched_before_the_run_costs_nothing(self):
        before = self._calls()
        partial = self._transfer(100)
        (partial.debit_move_id + partial.credit_move_id).remove_move_reconcile()
        self._run()
        self.assertEqual(self._calls(), before)

    def test_a_payment_as_leg(self):
        left = self._moved(self.bank, -70)
        method = self.savings.inbound_payment_method_line_ids[:1]
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound", "partner_type": "customer", "amount": 70, "date": "2026-10-06", "journal_id": self.savings.id,
                "payment_method_line_id": method.id,
            }
        )  # fmt: skip
        payment.destination_account_id = self.transfer_account
        payment.action_post()
        arrived = payment.move_id.line_ids.filtered(lambda line: line.account_id == self.transfer_account)
        (left + arrived).reconcile()
        self._run()
        self.assertEqual(self._there(), [(self.xero_bank, "Savings", 70.0, "2026-10-05")])
        payment.action_draft()
        self._run()
        self.assertEqual(self._there(), [])

    def test_one_out_two_in(self):
        left = self._moved(self.bank, -100)
        arrived = self._moved(self.savings, 60) + self._moved(self.savings, 40)
        (left + arrived).reconcile()
        self._run()
        self.assertEqual(sorted(amount for *_banks, amount, _day in self._there()), [40.0, 60.0])

    def test_same_foreign_currency(self):
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5), ("2026-10-06", 0.6)])
        self.xero.organisation("AU").currencies.put({"Code": "USD", "Description": "Dollar"})
        source, target = (self._bank_journal(name, dollars) for name in ("Dollars", "More dollars"))
        left = self._moved(source, -100, date="2026-10-05")
        arrived = self._moved(target, 100, date="2026-10-07")
        (left + arrived).reconcile()
        self._run()
        self.assertEqual(self._there(), [("Dollars", "More dollars", 100.0, "2026-10-05")])

    @every_value("transfer_currencies")
    def test_two_currencies_are_held(self):
        dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        self.xero.organisation("AU").currencies.put({"Code": "USD", "Description": "Dollar"})
        abroad = self._bank_journal("Dollars", dollars)
        for sides in ({"target": abroad}, {"source": abroad, "target": self.bank}):
            partial = self._transfer(100, **sides)
            before = self._calls()
            self._run()
            self.assertEqual(self._calls(), before)
            job = self._job(partial)
            self.assertEqual((job.state, job.problem_id.code), ("blocked", "transfer_impossible"))
            self.assertEqual(job.problem_id.res_model, "account.move")

    def test_dated_before_the_start(self):
        self.connection.sync_from = "2026-10-06"
        self._transfer(100)
        self._run()
        self.assertEqual(self._there(), [])

    def test_payments_switched_off(self):
        self.connection.sync_payment = "off"
        self._transfer(100)
        self._run()
        self.assertEqual(self._there(), [])
        self.connection.sync_payment = "manual"
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._there()), 1)


@tagged("post_install", "-at_install")
class TestTransferTrouble(TransferCommon):
    def test_lost_answers_make_no_second_transfer(self):
        for fault in ("timeout_after", "reset_after", "error_500_after", "empty_200"):
            with self.subTest(fault=fault):
                partial = self._transfer(100)
                count = len(self._there())
                self._order_fault(fault, method="PUT", path="BankTransfers")
                self._run()
                self.assertEqual(self._job(partial).state, "uncertain")
                self._later()
                self._run()
                self.assertEqual(self._job(partial).state, "done")
                self.assertEqual(len(self._there()), count + 1)

    def test_lost_requests_are_repeated(self):
        partial = self._transfer(100)
        self._order_fault("timeout_before", method="PUT", path="BankTransfers")
        for _attempt in range(4):
            self._run()
            self._later()
        self.assertEqual(self._job(partial).state, "done")
        self.assertEqual(len(self._there()), 1)

    def test_lost_answer_of_a_removal(self):
        partial = self._transfer(100)
        lines = partial.debit_move_id + partial.credit_move_id
        self._run()
        self._order_fault("timeout_after", method="POST", path="BankTransfers")
        lines.remove_move_reconcile()
        self._run()
        self._later()
        self._run()
        self.assertEqual(self._there(), [])
        job = self.env["xero.job"].search([("kind", "=", "transfer")], order="id desc", limit=1)
        self.assertEqual(job.state, "done")

    @every_value("transfers_listed")
    def test_lost_bindings_make_no_second_transfer(self):
        partial = self._transfer(100)
        self._run()
        self._binding(partial).unlink()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._there()), 1)
        self.assertTrue(self._binding(partial))

    def test_two_equal_transfers_are_two(self):
        self._transfer(100)
        self._transfer(100)
        self._run()
        self.assertEqual(len(self._there()), 2)

    def test_removed_in_xero_already(self):
        partial = self._transfer(100)
        lines = partial.debit_move_id + partial.credit_move_id
        self._run()
        organisation = self.xero.organisation("AU")
        for row in list(organisation.bank_transfers):
            organisation.bank_transfers.put({**row, "Status": "DELETED"})
        lines.remove_move_reconcile()
        self._run()
        self.assertEqual(self.env["xero.job"].search([("kind", "=", "transfer")], order="id desc", limit=1).state, "done")

    @every_value("reconciled_delete")
    def test_reconciled_in_xero(self):
        partial = self._transfer(100)
        lines = partial.debit_move_id + partial.credit_move_id
        self._run()
        organisation = self.xero.organisation("AU")
        for row in list(organisation.bank_transactions):
            organisation.bank_transactions.put({**row, "IsReconciled": True})
        lines.remove_move_reconcile()
        self._run()
        job = self.env["xero.job"].search([("kind", "=", "transfer")], order="id desc", limit=1)
        if self.xero.switches.reconciled_delete == "refused":
            self.assertEqual((job.state, job.problem_id.code), ("failed", "money_in_use"))
            self.assertEqual(len(self._there()), 1)
        else:
            self.assertEqual((job.state, self._there()), ("done", []))

    def test_locked_period(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        partial = self._transfer(100)
        before = self._calls()
        self._run()
        self.assertEqual(self._job(partial).problem_id.code, "lock_date")
        self.assertEqual(self._calls(), before)

    def test_cash_is_no_bank_account_in_xero(self):
        """Between two that are none there is nothing that Xero could be told."""
        accounts = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "!=", "BANK"), ("can_receive_payments", "=", True)], limit=2
        )
        self.assertTrue(accounts)
        cash = self.company_data["default_journal_cash"]
        mappings = self.env["xero.journal.mapping"].sudo().search([("connection_id", "=", self.connection.id)])
        for journal, account in zip((cash, self.savings), (accounts[0], accounts[-1]), strict=True):
            mappings.filtered(lambda line, journal=journal: line.journal_id == journal).write(
                {"xero_account_id": account.id, "confirmed": True}
            )
        partial = self._transfer(100, source=self.savings, target=cash)
        self._run()
        self.assertEqual(self._job(partial).problem_id.code, "account_no_payments")

    def test_shown_as_an_entry_of_the_bank(self):
        partial = self._transfer(100)
        self._run()
        [shown] = self.env["xero.document"].search([("kind", "=", "transfer"), ("res_id", "=", partial.id)])
        self.assertEqual(shown.name, partial.credit_move_id.move_id.display_name)
        self.assertEqual(shown.action_open_document()["res_model"], "account.move")
