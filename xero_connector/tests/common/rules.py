from odoo import Command

from .money import XeroMoneyCommon


class XeroRuleCommon(XeroMoneyCommon):
    """Bank lines, and rules about them."""

    def _prepare(self):
        super()._prepare()
        self.fees = self.company_data["default_account_expense"]
        self.income = self.company_data["default_account_revenue"]
        self.bank = self.company_data["default_journal_bank"]

    def _line(self, text, amount=-9.5, date="2026-11-24", **values):
        return self._statement_line(amount, **{"payment_ref": text, "date": date, "partner_id": False, **values})

    def _rule(self, name="Card fees", domain=(("payment_ref", "ilike", "CARD FEE"),), taxes=None, **values):
        return self.env["xero.rule"].create(
            {
                "name": name,
                "connection_id": self.connection.id,
                "domain": repr(list(domain)),
                "account_id": self.fees.id,
                "tax_ids": [Command.set(taxes.ids if taxes else [])],
                **values,
            }
        )

    def _first(self, *lines):
        lines = self.env["account.bank.statement.line"].union(*lines)
        found = self.env["xero.rule"]._first(lines)
        return [found[line.id].name if line.id in found else None for line in lines]
