"""Random documents of all types, with all kinds of lines, as people and Odoo itself make them."""

import random
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError

from .push import XeroPushCommon

SALES = ("out_invoice", "out_refund", "out_receipt")
PURCHASES = ("in_invoice", "in_refund", "in_receipt")
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
COMMON = [("ten",), ("fifteen",), ("ten in the price",), ("fifteen in the price",), ("ten", "local"), ()]


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

    def _random_document(self, dice: random.Random, kinds):
        """The values of one document."""
        kind = dice.choice(kinds)
        values = {
            "move_type": kind,
            "partner_id": self.partner.id,
            "invoice_date": "2026-10-01",
            "date": "2026-10-01",
            "invoice_date_due": "2026-10-31",
            "ref": f"R{dice.randrange(10**12)}",
        }
        if dice.random() < 0.25:
            values["currency_id"] = self.currencies[dice.choice(["USD", "USD", "USD", "USD", "JPY", "JPY", "KWD"])].id
        currency = values.get("currency_id")
        if dice.random() < 0.12 and currency in (None, self.currencies["USD"].id):
            values["invoice_cash_rounding_id"] = dice.choice(self.cash_roundings).id
        elif dice.random() < 0.12:
            values["invoice_payment_term_id"] = self.term.id
        return {**values, "invoice_line_ids": [Command.create(line) for line in self._random_lines(dice, kind, currency)]}

    def _random_lines(self, dice, kind, currency):
        sets = (
            [dice.choice(COMMON)] * 3 if dice.random() < 0.4 else [dice.choice(COMMON if dice.random() < 0.6 else SETS) for _n in range(3)]
        )
        sets = [names[0] if names and isinstance(names[0], tuple) else names for names in sets]
        lines = []
        for _number in range(dice.choice([1, 1, 1, 2, 2, 3, 4, 6, 30 if dice.random() < 0.2 else 2])):
            lines.append(self._random_line(dice, kind, dice.choice(sets), currency))
            if dice.random() < 0.12:
                lines.append({"display_type": dice.choice(["line_section", "line_subsection", "line_note"]), "name": "Between the lines"})
        if dice.random() < 0.08:
            lines.append({**lines[0], "name": "Down payment", "quantity": -1, "price_unit": round(lines[0]["price_unit"] / 3, 2)})
        return lines

    def _random_line(self, dice, kind, names, currency):
        use = "sale" if kind in SALES else "purchase"
        account = self.company_data["default_account_revenue" if use == "sale" else "default_account_expense"]
        digits = dice.choice([0, 1, 2, 2, 2, 2, 3, 4, 5, 6])
        line = {
            "name": "x " * 4500 if dice.random() < 0.01 else dice.choice(["Work", "Goods\nof all sorts", "Zuid-Holländisch kāpōti"]),
            "account_id": account.id,
            "quantity": dice.choice([1, 1, 1, 2, 3, 10, 0, -1, dice.randint(1, 500), round(dice.random() * 20, 2)]),
            "price_unit": round(dice.choice([1, 10, 100, 100, 1000, 20000]) * dice.random(), digits),
            "discount": dice.choice([0, 0, 0, 0, 5, 10, 12.5, 33.33, 100]),
            "tax_ids": [Command.set([self.taxes[use][name].id for name in names])],
        }
        if (
            kind in ("in_invoice", "in_refund") and not currency and dice.random() < 0.1
        ):  # in another currency Odoo's own entry does not balance
            line["deductible_amount"] = dice.choice([60, 50, 33.33])
        return line

    def _random_documents(self, dice, number, kinds):
        """That many posted documents; those with a negative total, which Odoo does not post, are left out."""
        moves = self._create([self._random_document(dice, kinds) for _number in range(number)])
        left_out = moves.filtered(lambda move: move.amount_total < 0)
        moves -= left_out
        left_out.unlink()
        for move in moves:
            if dice.random() < 0.06:
                self._change_tax(dice, move)
        moves.action_post()
        return moves

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

    def _change_tax(self, dice, move):
        """A person who corrects the tax to what the paper says."""
        line = move.line_ids.filtered(lambda line: line.display_type == "tax")[:1]
        if line:
            amount = line.amount_currency + dice.choice([-2, -1, 1, 2]) * line.currency_id.rounding
            move.write({"line_ids": [Command.update(line.id, {"amount_currency": amount})]})
