from odoo.tests import tagged

from ..common.bank import BankCase
from .test_transfers import TransferCommon


@tagged("post_install", "-at_install")
class TestDeposits(BankCase, TransferCommon):
    """A till is mostly an ordinary account in Xero: what is carried to the bank is money received there, from that account."""

    source = ""

    def _prepare(self):
        super()._prepare()
        self.till = self.company_data["default_journal_cash"]
        [mapping] = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.till)
        if mapping.can_create:
            mapping.action_create_in_xero()
        self.drawer = mapping.xero_account_id
        self.assertNotEqual(self.drawer.type, "BANK")
        mapping._confirm()
        self._run()

    def _money_there(self):
        return [
            (row["Type"], float(row["Total"]), row["Lines"][0]["AccountCode"], str(row["Date"])[:10])
            for row in self.organisation.bank_transactions
            if row["Status"] == "AUTHORISED"
        ]

    def test_to_the_bank_and_back(self):
        partial = self._transfer(100, source=self.till, target=self.bank)
        self._run()
        self._run()
        self.assertEqual(self._money_there(), [("RECEIVE", 100.0, self.drawer.code, "2026-10-05")])
        self._assert_quiet()
        self._assert_ledgers()
        lines = partial.debit_move_id + partial.credit_move_id
        lines.remove_move_reconcile()
        self._run()
        self.assertEqual(self._money_there(), [])
        lines.reconcile()
        self._transfer(30, source=self.bank, target=self.till)
        self._run()
        self._run()
        self.assertEqual(sorted(row[:2] for row in self._money_there()), [("RECEIVE", 100.0), ("SPEND", 30.0)])
        self._assert_quiet()
        self._assert_ledgers()

    def test_it_is_found_when_everything_is_asked_for(self):
        self.connection.sync_payment = "off"
        self._transfer(100, source=self.till, target=self.bank)
        self._run()
        self.connection.sync_payment = "auto"
        self.connection.action_sync_now()
        self._run()
        self._run()
        self.assertEqual(len(self._money_there()), 1)
        self._assert_ledgers()
