from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyAndEntries(XeroMoneyCommon):
    """Money that is matched with an entry beside documents arrives whole (B2): it stands on account, and the entry takes its part of it."""

    def _prepare(self):
        super()._prepare()
        [row] = self.organisation.accounts.find("code", "850")
        self.organisation.accounts.put({**row, "EnablePaymentsToAccount": True})
        self.connection._read_reference_data()
        own = [("connection_id", "=", self.connection.id), ("code", "=", "850")]
        self.connection.clearing_account_id = self.env["xero.account"].search(own)
        journal = self.company_data["default_journal_misc"]
        self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": "each"})

    def _owed(self, amount=200):
        """What the customer owes by an entry: of an opening balance, or of a till."""
        account, income = self.partner.property_account_receivable_id, self.company_data["default_account_revenue"]
        lines = [(account, amount, 0), (income, 0, amount)]
        values = {
            "move_type": "entry",
            "date": "2026-10-01",
            "journal_id": self.company_data["default_journal_misc"].id,
            "line_ids": [
                Command.create({"account_id": account.id, "debit": debit, "credit": credit, "partner_id": self.partner.id})
                for account, debit, credit in lines
            ],
        }
        entry = self.env["account.move"].create(values)
        entry.action_post()
        return entry

    def _balances(self):
        """What moved on Xero's banks, and what stands on the clearing account."""
        codes = {row["AccountID"]: row.get("Code") for row in self.organisation.accounts}
        banks = {row["AccountID"] for row in self.organisation.accounts if row["Type"] == "BANK"}
        live = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        bank = sum(row["Total"] * (1 if row["Type"].startswith("RECEIVE") else -1) for row in live)
        clearing = sum(
            line["LineAmount"]
            for journal in self.organisation.manual_journals
            if journal["Status"] == "POSTED"
            for line in journal["Lines"]
            if line["AccountCode"] == "850"
        )
        for payment in self.organisation.payments:
            if payment["Status"] != "DELETED":
                sign = -1 if payment["PaymentType"] in ("AROVERPAYMENTPAYMENT", "ARPREPAYMENTPAYMENT") else 1
                bank += sign * payment["Amount"] if payment["AccountID"] in banks else 0
                clearing += sign * payment["Amount"] if codes[payment["AccountID"]] == "850" else 0
        return float(bank), float(clearing)

    def _assert_told_whole(self, *documents):
        states = [(record.display_name, record.xero_state, record.xero_message) for record in documents]
        self.assertEqual([state for _name, state, _why in states], ["synced"] * len(documents), states)
        before = self._calls()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._calls(), before)

    def test_an_entry_and_an_invoice(self):
        for order in ("the entry first", "the invoice first", "sent before it is matched"):
            with self.subTest(order):
                before = self._balances()
                invoice, entry = self._invoice(100), self._owed()
                self._run()
                money = self._money(310)
                if order == "sent before it is matched":
                    self._settle(2)
                for other in (entry, invoice) if order != "the invoice first" else (invoice, entry):
                    self._match(money, other)
                self._settle(4)
                self.assertEqual(self._xero_invoice(invoice).amount_due, 0)
                bank, clearing = self._balances()
                self.assertEqual((bank - before[0], clearing - before[1]), (310, 0))
                self.assertEqual(self._on_account(money), [("RECEIVE-OVERPAYMENT", 310, 0)])
                self._assert_told_whole(invoice, money, entry)

    def test_only_an_entry(self):
        entry, money = self._owed(), self._money(200)
        self._match(money, entry)
        self._settle(4)
        self.assertEqual(self._balances(), (200, 0))
        self._assert_told_whole(money, entry)

    def test_a_bank_line(self):
        entry = self._owed()
        line = self._statement_line(200)
        self._match_line(line, entry)
        self._settle(4)
        self.assertEqual(self._balances(), (200, 0))
        self._assert_told_whole(entry)

    def test_what_is_left_on_the_clearing_account_is_told(self):
        """B1, B2: an entry's debts and bank lines stand on the clearing account; what nothing takes off again, it says."""
        entry, bank = self._owed(), self.company_data["default_journal_bank"].default_account_id
        self._run()
        self.assertEqual(entry.xero_state, "synced")
        self.assertIn("On the clearing account in Xero", entry.xero_message)
        self.assertIn("200.00", entry.xero_message)
        self._match(self._money(200), entry)
        self._settle(4)
        self.assertFalse(entry.xero_message)
        entry.button_draft()
        entry.line_ids[1].account_id = bank
        entry.action_post()
        self._settle(3)
        self.assertIn(bank.display_name, entry.xero_message)

    def test_all_that_stands_on_the_clearing_account_is_told(self):
        """Tax without what is taxed, and accounts of cash, are named in no journal either; tax on an amount is Xero's own."""
        tax = self.company_data["default_tax_sale"]
        tax_account = self.company_data["default_account_tax_sale"]
        income, expense = self.company_data["default_account_revenue"], self.company_data["default_account_expense"]
        cash = self.env["account.account"].create({"name": "Cash in the safe", "code": "SAFE1", "account_type": "asset_cash"})

        def entry(*lines):
            commands = [
                Command.create({"account_id": account.id, "balance": balance, "tax_ids": [Command.set(taxes.ids)]})
                for account, balance, taxes in lines
            ]
            journal = self.company_data["default_journal_misc"]
            move = self.env["account.move"].create({"date": "2026-10-01", "journal_id": journal.id, "line_ids": commands})
            move.action_post()
            self._settle(2)
            self.assertEqual(move.xero_state, "synced", move.xero_message)
            return move

        none = self.env["account.tax"]
        self.assertIn("Cash in the safe", entry((cash, 40, none), (income, -40, none)).xero_message)
        self.assertIn(tax_account.name, entry((tax_account, 5, none), (income, -5, none)).xero_message)
        taxed = entry((expense, 110, none), (income, -100, tax))
        self.assertFalse(taxed.xero_message)

    def test_unmatched_again(self):
        entry, money = self._owed(), self._money(200)
        self._match(money, entry)
        self._settle(4)
        entry.line_ids.remove_move_reconcile()
        self._settle(3)
        self.assertEqual(self._balances(), (200, 200))
        self.assertEqual(self._on_account(money), [("RECEIVE-OVERPAYMENT", 200, 200)])
        self._match(money, entry)
        self._settle(4)
        self.assertEqual(self._balances(), (200, 0))

    def test_no_account_takes_payments(self):
        """The money arrives all the same, on account; the entry says that its debt is not settled there."""
        self.connection.clearing_account_id.sudo().can_receive_payments = False
        entry, money = self._owed(), self._money(200)
        self._match(money, entry)
        self._settle(4)
        self.assertEqual(self._balances(), (200, 200))
        self.assertEqual((entry.xero_state, entry.xero_problem_id.code), ("blocked", "settled_by_entry"))
        self.assertEqual(money.xero_state, "synced")
