"""What a company needs for documents of all types, with all kinds of lines, and how a random one becomes Odoo's."""

from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError

from .documents import SALES
from .push import XeroPushCommon

EVERYWHERE = frozenset(("ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE"))
PERCENTAGES = ("0", "2.5", "5.5", "10", "12.5", "15", "15.5", "16.05", "20", "11.1111")
# name -> (values of the tax, percentage of the Xero rate that stands for it); those without are lines of their own
TAXES = {
    "ten": ({"amount": 10}, "10"),
    "ten in the price": ({"amount": 10, "price_include_override": "tax_included"}, "10"),
    "fifteen": ({"amount": 15}, "15"),
    "fifteen in the price": ({"amount": 15, "price_include_override": "tax_included"}, "15"),
    "local": ({"amount": 5.5}, "5.5"),
    "under": ({"amount": 5.5, "include_base_amount": True, "sequence": 1}, "5.5"),
    "upon": ({"amount": 10, "sequence": 2}, "10"),
    "nothing": ({"amount": 0}, "0"),
    "division": ({"amount": 10, "amount_type": "division"}, "11.1111"),
    "half claimed": ({"amount": 12.5}, "12.5"),
    "reverse charge": ({"amount": 20}, "0"),
    "withheld": ({"amount": -3, "sequence": 9}, None),
    "eco": ({"amount": 0.5, "amount_type": "fixed", "include_base_amount": True, "sequence": 0}, None),
    "deposit": ({"amount": 0.25, "amount_type": "fixed", "sequence": 8}, None),
    "levy in the price": ({"amount": 0.1, "amount_type": "fixed", "price_include_override": "tax_included", "sequence": 0}, None),
}
# several on a line, with the percentage of the Xero rate for those of them that a rate stands for
SETS = [
    *[((name,), rate) for name, (_values, rate) in TAXES.items() if rate is not None],
    ((), "0"),
    (("ten", "local"), "15.5"),
    (("under", "upon"), "16.05"),
    (("group of two",), "12.5"),
    (("group with levy",), "10"),
    (("ten", "withheld"), "10"),
    (("fifteen in the price", "withheld"), "15"),
    (("eco", "ten"), "10"),
    (("eco",), "0"),
    (("deposit", "fifteen"), "15"),
    (("deposit", "ten in the price"), "10"),
    (("levy in the price", "ten in the price"), "10"),
    (("eco", "ten", "withheld", "deposit"), "10"),
]


class AmountsCommon(XeroPushCommon):
    """A company whose Xero organisation has a rate for every percentage, with all that can stand on a document."""

    def _prepare(self):
        super()._prepare()
        self.xero.switches.set({"minute_limit": None, "day_limit": None})
        self.company = self.env.company
        self._set_up_xero()
        self.taxes = {use: self._make_taxes(use) for use in ("sale", "purchase")}
        self._map_taxes()
        self._set_up_accounts()
        self._set_up_terms()

    # === SETTING UP === #

    def _set_up_xero(self):
        like = self.organisation.tax_rates.get("BASEXCLUDED")
        for percentage in PERCENTAGES:
            rate = Decimal(percentage)
            names = {"TaxType": f"TAX{percentage}", "Name": f"Rate {percentage}", "EffectiveRate": rate, "DisplayTaxRate": rate}
            self.organisation.tax_rates.put({**like, **names, "CanApplyTo": EVERYWHERE})
        currencies = {"USD": 0.65, "JPY": 97.123457, "KWD": 0.2}
        for name, rate in currencies.items():
            self.organisation.add_currency(name)
            currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
            currency.active = True
            currency.rate_ids = [Command.create({"name": "2020-01-01", "rate": rate, "company_id": self.company.id})]
        self.currencies = self.env["res.currency"].search([("name", "in", list(currencies))]).grouped("name")
        self.connection._read_reference_data()

    def _make_taxes(self, use):
        taxes = {}
        for name, (values, _rate) in TAXES.items():
            taxes[name] = self.env["account.tax"].create(
                {"name": f"{name} ({use})", "type_tax_use": use, "amount_type": "percent", **values}
            )
        tax, owed = taxes["half claimed"], self.company_data["default_account_assets"]
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            line = lines.filtered(lambda line: line.repartition_type == "tax")
            line.factor_percent = 50
            line.copy({"factor_percent": 50, "account_id": owed.id})
        tax = taxes["reverse charge"]
        for lines in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            lines.filtered(lambda line: line.repartition_type == "tax").copy({"factor_percent": -100})
        # what is withheld, and one of the levies, is owed to somebody; the other levies stay where the sale is
        for name in ("withheld", "deposit"):
            lines = taxes[name].invoice_repartition_line_ids | taxes[name].refund_repartition_line_ids
            lines.filtered(lambda line: line.repartition_type == "tax").account_id = owed
        parts = {"group of two": ("ten", "two and a half"), "group with levy": ("levy", "ten")}
        for name, (first, second) in parts.items():
            children = [self._child(use, name, first), self._child(use, name, second)]
            values = {
                "name": f"{name} ({use})",
                "type_tax_use": use,
                "amount_type": "group",
                "children_tax_ids": [Command.set([c.id for c in children])],
            }
            taxes[name] = self.env["account.tax"].create(values)
        return taxes

    def _child(self, use, group, name):
        values = {
            "ten": {"amount": 10, "sequence": 5},
            "two and a half": {"amount": 2.5, "sequence": 6},
            "levy": {"amount": 0.2, "amount_type": "fixed", "include_base_amount": True, "sequence": 1},
        }[name]
        return self.env["account.tax"].create(
            {"name": f"{name} of {group} ({use})", "type_tax_use": use, "amount_type": "percent", **values}
        )

    def _map_taxes(self):
        """A person who maps every set of taxes to the rate of its percentage."""
        rates = self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id)]).grouped("tax_type")
        wanted = {}
        for taxes in self.taxes.values():
            for names, percentage in SETS:
                records = self.env["account.tax"].union(*(taxes[name] for name in names))
                wanted[self._without_rate(records)] = rates[f"TAX{percentage}"].id
        Mapping = self.env["xero.tax.mapping"]
        Mapping.search([("connection_id", "=", self.connection.id)]).unlink()
        lines = Mapping.create(
            [
                {"connection_id": self.connection.id, "tax_ids": [Command.set(list(ids))], "xero_tax_rate_id": rate_id}
                for ids, rate_id in wanted.items()
            ]
        )
        lines.sudo().write({"confirmed": True})

    def _without_rate(self, taxes):
        """Ids of those of the taxes that a rate stands for, said in the test's own words."""
        kept = []
        for tax in taxes:
            if tax.amount_type == "group" and "fixed" in tax.children_tax_ids.mapped("amount_type"):
                kept += tax.children_tax_ids.filtered(lambda part: part.amount_type != "fixed").ids
            elif tax.amount_type != "fixed" and tax.amount >= 0:
                kept.append(tax.id)
        return tuple(sorted(kept))

    def _set_up_accounts(self):
        """Every account of the company that a line may end on has its own account in Xero."""
        data = self.company_data
        accounts = data["default_account_revenue"] | data["default_account_expense"] | data["default_account_assets"]
        self.discount_account = data["default_account_expense"].copy({"name": "Discounts"})
        self.rounding_gain = data["default_account_revenue"].copy({"name": "Cash gained"})
        self.rounding_loss = data["default_account_expense"].copy({"name": "Cash lost"})
        self.private = data["default_account_assets"].copy({"name": "Private"})
        accounts |= self.discount_account | self.rounding_gain | self.rounding_loss | self.private
        data["default_journal_purchase"].non_deductible_account_id = self.private
        classes = {"asset": "CURRENT", "income": "REVENUE", "expense": "EXPENSE"}
        like = self.organisation.account_by_code("400")
        kinds = {"CURRENT": "ASSET", "REVENUE": "REVENUE", "EXPENSE": "EXPENSE"}
        for number, account in enumerate(accounts):
            kind = classes[account.account_type.partition("_")[0]]
            names = {"AccountID": self.organisation.new_id(), "Code": f"M{number:02}", "Name": f"Odoo {account.name} {number}"}
            self.organisation.accounts.put({**like, **names, "Type": kind, "Class": kinds[kind], "SystemAccount": ""})
        self.connection._read_reference_data()
        found = self.env["xero.account"].search([("connection_id", "=", self.connection.id)]).grouped("code")
        Mapping = self.env["xero.account.mapping"]
        Mapping.search([("connection_id", "=", self.connection.id), ("account_id", "in", accounts.ids)]).unlink()
        lines = Mapping.create(
            [
                {"connection_id": self.connection.id, "account_id": account.id, "xero_account_id": found[f"M{number:02}"].id}
                for number, account in enumerate(accounts)
            ]
        )
        lines.sudo().write({"confirmed": True})
        self.codes = {account.id: f"M{number:02}" for number, account in enumerate(accounts)}

    def _set_up_terms(self):
        self.term = self.env["account.payment.term"].create(
            {
                "name": "2% within a week",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        values = {"rounding": 0.05, "profit_account_id": self.rounding_gain.id, "loss_account_id": self.rounding_loss.id}
        self.cash_roundings = self.env["account.cash.rounding"].create(
            [
                {**values, "name": "line", "strategy": "add_invoice_line"},
                {**values, "name": "tax", "strategy": "biggest_tax"},
                {**values, "name": "whole", "strategy": "biggest_tax", "rounding": 1},
            ]
        )

    # === DOCUMENTS === #

    def _random_documents(self, drawn):
        """Those of them that Odoo posts: it does not when the total is negative."""
        moves = self._create([self._values(document, number) for number, document in enumerate(drawn)])
        left_out = moves.filtered(lambda move: move.amount_total < 0)
        moves -= left_out
        left_out.unlink()
        for move in moves:
            self._change_tax(move, drawn[int(move.ref)].tax_off)
        moves.action_post()
        return moves

    def _values(self, document, number):
        """The values of one document; its reference is its number among those that were drawn."""
        values = {
            "move_type": document.move_type,
            "partner_id": self.partner.id,
            "invoice_date": "2026-10-01",
            "date": "2026-10-01",
            "invoice_date_due": "2026-10-31",
            "ref": str(number),
            "invoice_line_ids": [Command.create(line) for line in self._lines(document)],
        }
        if document.currency:
            values["currency_id"] = self.currencies[document.currency].id
        if document.cash_rounding:
            values["invoice_cash_rounding_id"] = self.cash_roundings.filtered(lambda rounding: rounding.name == document.cash_rounding).id
        elif document.early_discount:
            values["invoice_payment_term_id"] = self.term.id
        return values

    def _lines(self, document):
        lines = []
        for line in document.lines:
            lines.append(self._line(document, line))
            if line.between:
                lines.append({"display_type": line.between, "name": "Between the lines"})
        if document.down_payment:
            lines.append({**lines[0], "name": "Down payment", "quantity": -1, "price_unit": round(lines[0]["price_unit"] / 3, 2)})
        return lines

    def _line(self, document, line):
        use, account = ("sale", "revenue") if document.move_type in SALES else ("purchase", "expense")
        values = {
            "name": line.name,
            "account_id": self.company_data[f"default_account_{account}"].id,
            "quantity": line.quantity,
            "price_unit": line.price,
            "discount": line.discount,
            "tax_ids": [Command.set([self.taxes[use][name].id for name in line.taxes])],
        }
        return {**values, "deductible_amount": line.deductible} if line.deductible else values

    def _create(self, documents):
        """All at once; if Odoo finds one that it cannot balance, without that one."""
        Move = self.env["account.move"]
        try:
            with self.env.cr.savepoint():
                return Move.create(documents)
        except UserError:
            if len(documents) == 1:
                return Move
        half = len(documents) // 2
        return self._create(documents[:half]) | self._create(documents[half:])

    def _change_tax(self, move, coins):
        """A person who corrects the tax to what the paper says."""
        line = move.line_ids.filtered(lambda line: line.display_type == "tax")[:1]
        if line and coins:
            amount = line.amount_currency + coins * line.currency_id.rounding
            move.write({"line_ids": [Command.update(line.id, {"amount_currency": amount})]})
