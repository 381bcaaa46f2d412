from .desk import Desk

SINCE = "2026-08-01"


class BankDesk(Desk):
    """With two banks whose lines come from Xero, and a till, which is no bank there and has no feed."""

    @property
    def till(self):
        return self.data["default_journal_cash"].with_env(self.env)

    def _map(self):
        super()._map()
        till = self._mapping_of(self.till)
        till.action_create_in_xero()
        till._confirm()

    def _mapping_of(self, journals):
        return self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id in journals)

    def choose(self):
        """Where the lines of each come from."""
        self._mapping_of(self.bank | self.savings).write({"bank_lines": "xero", "bank_lines_since": SINCE})
        self._mapping_of(self.till).write({"bank_lines": "none", "bank_lines_since": SINCE})

    def codings(self):
        """``{"SPEND": [(account code, tax type)]}`` of what is mapped here, so that what is entered in Xero has a place; and RECEIVE."""
        own, data = self.connection, self.data
        cost, income = self._code_of(self.expense), self._code_of(self.revenue)
        bought = [(cost, self._tax_type(taxes, "EXPENSE")) for taxes in (data["default_tax_purchase"], own.env["account.tax"])]
        sold = [(income, self._tax_type(taxes, "REVENUE")) for taxes in (data["default_tax_sale"], own.env["account.tax"])]
        return {"SPEND": bought * 2 + sold, "RECEIVE": sold * 2 + bought}

    def _code_of(self, account):
        lines = self.connection.account_mapping_ids.filtered(lambda line: line.account_id == account)
        return lines.xero_account_id.code

    def _tax_type(self, taxes, account_class):
        lines = self.connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == taxes and line.xero_tax_rate_id)
        lines = lines.filtered(lambda line: line.account_class == account_class) or lines.filtered(lambda line: not line.account_class)
        return lines[:1].xero_tax_rate_id.tax_type
