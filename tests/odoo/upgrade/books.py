"""Small books with every kind of counterpart in Xero, entered with the helpers of the tests of the commit that is upgraded from."""

from contextlib import suppress
from unittest.mock import patch

from odoo import Command
from odoo.addons.xero_connector.tests.common_entries import XeroEntriesCommon
from odoo.addons.xero_connector.tests.common_push import XeroPushCommon
from odoo.addons.xero_connector.tests.test_surplus import DifferenceCommon
from odoo.addons.xero_connector.tests.test_transfers import TransferCommon

SETTINGS = {"sync_item": "auto", "sync_attachment": "auto", "create_options": True, "batch_payments": True}
PDF = b"%PDF-1.4 an order"
ACCOUNTS = {"wages": ("expense", "477"), "owed": ("liability_current", "825"), "loan": ("liability_current", "900")}


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


class Books(XeroEntriesCommon, DifferenceCommon, TransferCommon):
    """Only the helpers are wanted: this is never run as a test."""

    _bill = XeroPushCommon._bill

    def __init__(self, connection):
        super().__init__("run")
        type(self).env = connection.env
        self.connection, company = connection, connection.company_id
        self.company_data = self.collect_company_accounting_data(company)
        self.bank, self.journal = self.company_data["default_journal_bank"], self.company_data["default_journal_misc"]
        self.tax, self.purchase_tax = company.account_sale_tax_id, company.account_purchase_tax_id
        self.transfer_account = company.transfer_account_id
        self.difference_account = self.company_data["default_account_expense"]
        self.partner = self.env["res.partner"].create({"name": "Azure Interior", "email": "azure@example.com", "is_company": True})

    def run(self):
        """Let the connection's cron run until nothing is left to do now."""
        for _time in range(3):
            self._run_once()
            # what waits for another document goes at once
            self.env["xero.job"].sudo().search([("state", "=", "pending")]).write({"next_try": False})

    def _run_once(self):
        """The cron has a cursor of its own: it sees what is committed, and so do we afterwards."""
        self.env.cr.commit()
        try:
            self.connection.cron_id.sudo().method_direct_trigger()
        finally:
            self.env.cr.rollback()
            self.env.invalidate_all()

    def prepare(self):
        """The mapping, a second bank account, policies."""
        self.connection.write(SETTINGS)
        self.savings = self.env["account.journal"].create(
            {"name": "Savings", "type": "bank", "code": "SAV", "bank_acc_number": "062000012345678"}
        )
        self.connection.action_refresh_reference_data()
        self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.savings).action_create_in_xero()
        self._map_purchases()
        self.accounts = {name: self._account(name, kind) for name, (kind, _code) in ACCOUNTS.items()}
        for name, (_kind, code) in ACCOUNTS.items():
            self._map(self.accounts[name], code)
        daily = self.env["account.journal"].create({"name": "Cash Desk", "type": "general", "code": "DESK"})
        self._set_policy("each")
        self._set_policy("day", daily)
        self.daily, self.regions = daily, self._track()
        self.connection.action_confirm_mapping()
        self.env.cr.commit()

    # === WHAT IS IN XERO === #

    def enter(self):
        """At least one of every kind."""
        self._documents()
        self._money_of_all_forms()
        self._entries()
        self._transfer(100, date="2026-10-03")
        self.run()

    def _documents(self):
        chair = self.env["product.product"].create({"name": "Chair", "default_code": "CH-1", "taxes_id": [Command.set(self.tax.ids)]})
        sold = self._invoice(49.5, post=False)
        sold.invoice_line_ids.write({"product_id": chair.id, "price_unit": 49.5, "tax_ids": [Command.set(self.tax.ids)]})
        tracked = self._invoice(80, post=False)
        tracked.invoice_line_ids.analytic_distribution = {str(account.id): 50 for account in (self.regions[0], self.regions[2])}
        (sold + tracked).action_post()
        self.env["ir.attachment"].create({"name": "order.pdf", "raw": PDF, "res_model": sold._name, "res_id": sold.id})
        bill, self.reset = self._bill(210), self._bill(17, ref="V-1002")
        self._pay(bill, 50)
        self._invoice(33.33, 12.05, date="2025-06-30")  # its period is closed at the end
        self.run()

    def _money_of_all_forms(self):
        single, first, second, third, fourth, fifth, sixth = (self._invoice(price) for price in (100, 20, 30, 50, 60, 70, 10))
        self.run()
        self._pay(single)
        self._match(self._money(55), first, second)
        self._match(self._money(70), third)
        self._pay_with_difference(fourth, 65, self.company_data["default_account_revenue"])
        self._pay_with_difference(fifth, 80)  # more than is owed
        self._match_line(self._statement_line(11), sixth)
        self._money(300)
        noted, note = self._invoice(40), self._credit_note(40)
        self._match(noted, note)
        self.run()

    def _entries(self):
        self._entry(("wages", 100), ("owed", -100))
        self._entry(("wages", 40), ("owed", -40), journal=self.daily)
        self._entry(("wages", 2), ("loan", -2), journal=self.daily)
        self.env.cr.commit()
        self.connection.action_summarise_now()

    # === WHAT IS NOT YET === #

    def hold_up(self):
        """One left out, one held behind a problem, one in a closed period."""
        left_out = self._invoice(5, ref="left out")
        self._job(left_out).action_ignore()
        unmapped = self.env["account.account"].create({"name": "Odd Income", "code": "419999", "account_type": "income"})
        held = self._invoice(6, ref="held", post=False)
        held.invoice_line_ids.account_id = unmapped
        held.action_post()
        self._invoice(7, date="2025-06-29", ref="closed period")
        self.run()

    def lose_an_answer(self):
        """Its call comes to nothing, and nobody knows: it is looked up the next time."""
        self._credit_note(8, ref="answer lost")
        self._run_once()

    def die(self):
        """The runner ends when Xero has taken the document, and before that is written down."""
        self._invoice(9, ref="arrived unnoticed")
        with patch.object(type(self.env["xero.runner"]), "_finish", side_effect=Killed), suppress(Killed):
            self._run_once()

    def wait(self):
        """Posted, reset and paid since the last run."""
        self.reset.button_draft()
        waiting = self._invoice(11, ref="waiting")
        self._pay(waiting)
        self.env.cr.commit()
