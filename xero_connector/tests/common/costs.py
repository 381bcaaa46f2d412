from decimal import Decimal

from odoo import Command

from xero_simulator.control_balances import balances

from .changes import ChangesCommon
from .entries import XeroEntriesCommon

COSTS = "cogs"
FAR_AHEAD = "2027-06-30"  # of the year of the tests' documents


class XeroCostsCommon(XeroEntriesCommon, ChangesCommon):
    """A connected company that values its stock perpetually. ``stock_account`` is not there: what it books is written by hand."""

    policy = ""

    def _prepare(self):
        super()._prepare()
        for name, kind, code in (("stock", "asset_current", "620"), ("goods", "expense_direct_cost", "310")):
            self.accounts[name] = self._account(name, kind)
            self._map(self.accounts[name], code)

    # === ODOO'S SIDE === #

    def _add_costs(self, move, *costs, goods="goods"):
        """As ``stock_account`` does when a document is posted: for each the stock, and what it has cost."""
        pairs = ((name, sign * cost) for cost in costs for name, sign in (("stock", -1), (goods, 1)))
        self.env["account.move.line"].create(
            [
                {
                    "name": f"{name} line",
                    "move_id": move.id,
                    "partner_id": move.commercial_partner_id.id,
                    "account_id": self.accounts[name].id,
                    "quantity": 1,
                    "price_unit": -balance,
                    "amount_currency": balance,
                    "display_type": COSTS,
                    "tax_ids": [],
                }
                for name, balance in pairs
            ]
        )
        self.assertEqual([line.balance for line in self._costs_of(move)[-2:]], [-costs[-1], costs[-1]])
        return move

    def _costs_of(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == COSTS).sorted("id")

    def _sale(self, *costs, post=True, goods="goods", **values):
        """An invoice over goods."""
        move = self._add_costs(self._invoice(100, post=False, **values), *(costs or (10,)), goods=goods)
        if post:
            move.action_post()
        return move

    def _purchase(self, price, *differences, **values):
        """A bill over goods: what they cost goes to the stock, but for what differs from their standard price."""
        bill = self._bill(price, post=False, **values)
        bill.invoice_line_ids.account_id = self.accounts["stock"]
        self._post_with(bill, *differences)
        return bill

    def _reset(self, move):
        """As with ``stock_account``: what was booked about the goods is gone."""
        move.button_draft()
        self._costs_of(move).unlink()
        return move

    def _cancel(self, move):
        self._reset(move).button_cancel()

    def _post_with(self, move, *costs):
        if costs:
            self._add_costs(move, *costs)
        move.action_post()

    # === XERO'S SIDE === #

    def _cost_binding(self, move):
        return self._binding(move).filtered(lambda binding: binding.kind == "cost")

    def _cost_journal(self, move):
        """The manual journal of a document's costs, by what is remembered of it."""
        return self.xero.organisation("AU").manual_journals.get(self._cost_binding(move).xero_id)

    def _assert_costs(self, move, *costs):
        """They stand in Xero once, and the document shows itself."""
        self.assertEqual(move.xero_state, "synced", f"{move.xero_message} {move.xero_messages}")
        journal = self._cost_journal(move)
        self.assertEqual((journal["Status"], journal["Date"]), ("POSTED", move.date))
        amounts = sorted(line["LineAmount"] for line in journal["Lines"])
        self.assertEqual(amounts, sorted(Decimal(str(sign * cost)) for cost in costs for sign in (1, -1)))
        return journal

    def _in_odoo(self, name):
        lines = self.env["account.move.line"].search([("account_id", "=", self.accounts[name].id), ("parent_state", "=", "posted")])
        return round(sum(lines.mapped("balance")), 2)

    def _assert_agree(self):
        """Odoo's stock and cost of goods are those of Xero's ledger."""
        rows = balances(self.xero, self.organisation, {"date": FAR_AHEAD})["accounts"]
        found = {row["code"]: float(row["balance"]) for row in rows}
        for name, code in (("stock", "620"), ("goods", "310")):
            self.assertEqual(found.get(code, 0), self._in_odoo(name), name)

    def _track_goods(self):
        north, south, _east = self._track()
        return {str(north.id): 60, str(south.id): 40}

    def _set_distribution(self, move, distribution):
        goods = self._costs_of(move).filtered(lambda line: line.account_id == self.accounts["goods"])
        move.line_ids = [Command.update(line.id, {"analytic_distribution": distribution}) for line in goods]
