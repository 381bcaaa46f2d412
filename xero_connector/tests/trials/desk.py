from odoo import Command


class Desk:
    """One company of a trial, connected to an organisation of its own: its journals, taxes, accounts, and where its money is in Xero."""

    def __init__(self, test, data, connection, organisation):
        self.test, self.data, self.connection, self.organisation = test, data, connection, organisation
        self.company = data["company"]
        self.env = test.env(context={**test.env.context, "allowed_company_ids": self.company.ids})
        self.bank = data["default_journal_bank"].with_env(self.env)
        self.expense, self.revenue = data["default_account_expense"], data["default_account_revenue"]
        self.foreign = test.foreign
        self.savings = self._bank_journal("Savings", None)
        self.foreign_bank = self._bank_journal("Dollars", self.foreign)
        self.analytic = self._tracked_accounts()
        self._map()

    # === SETTING UP === #

    def _bank_journal(self, name, currency):
        """A bank journal with a bank account in Xero of its own."""
        template = next(row for row in self.organisation.accounts if row["Type"] == "BANK")
        code = str(700 + len(list(self.organisation.accounts)))
        names = {"AccountID": self.organisation.new_id(), "Code": code, "Name": name, "BankAccountNumber": code * 3}
        self.organisation.accounts.put({**template, **names, "CurrencyCode": currency.name if currency else template["CurrencyCode"]})
        values = {"name": name, "type": "bank", "code": name[:3].upper(), "currency_id": currency.id if currency else False}
        return self.env["account.journal"].create({**values, "company_id": self.company.id})

    def _tracked_accounts(self):
        plan = self.env["account.analytic.plan"].search([("name", "=", "Regions")]) or self.env["account.analytic.plan"].create(
            {"name": "Regions"}
        )
        names = ("North", "South", "Far East", "Nowhere yet")
        return self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id, "company_id": self.company.id} for name in names]
        )

    def _map(self):
        """A person who maps everything that the trial uses, and lets missing options be made."""
        connection = self.connection
        for row in [row for row in self.organisation.accounts if row["Type"] == "EXPENSE"]:
            self.organisation.accounts.put({**row, "EnablePaymentsToAccount": True})
        connection.action_refresh_reference_data()
        connection.write({"day_budget": 10**6, "sync_attachment": "auto", "create_options": True})
        accounts = self.env["xero.account"].search([("connection_id", "=", connection.id)]).grouped("name")
        for journal in (self.savings, self.foreign_bank):
            line = connection.journal_mapping_ids.filtered(lambda line, journal=journal: line.journal_id == journal)
            values = {"xero_account_id": accounts[journal.name].id, "confirmed": True}
            own = {"connection_id": connection.id, "journal_id": journal.id}
            line.write(values) if line else line.sudo().create({**own, **values})
        self._map_purchases()
        connection.action_confirm_mapping()

    def _map_purchases(self):
        """As a person would, where nothing was proposed."""
        connection, tax = self.connection, self.data["default_tax_purchase"]
        line = connection.account_mapping_ids.filtered(lambda line: line.account_id == self.expense)
        account = self.env["xero.account"].search([("connection_id", "=", connection.id), ("type", "=", "EXPENSE")], limit=1)
        values = {"connection_id": connection.id, "use": "post", "account_id": self.expense.id, "xero_account_id": account.id}
        line.write(values) if line else line.create(values)
        rate = self.env["xero.tax.rate"].search([("connection_id", "=", connection.id), ("tax_type", "in", ("INPUT", "INPUT2"))], limit=1)
        line = connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == tax and not line.account_class)
        values = {"connection_id": connection.id, "tax_ids": [Command.set(tax.ids)], "xero_tax_rate_id": rate.id}
        line.write(values) if line else line.create(values)
