from odoo import models

from ... import words
from ..queue.xero_money import NEEDS

MONEY = "money_in_xero"  # what to-dos about money there are called


class XeroConnection(models.Model):
    """Money that was made or removed in Xero: whether it is booked, and what of it needs a person."""

    _inherit = "xero.connection"

    def _takes_money(self):
        """Whether money that is made in Xero is booked, of any bank."""
        self.ensure_one()
        return bool({"xero", "both"} & set(self.sudo().journal_mapping_ids.mapped("recorded_in")))

    def _follow_money(self, vals):
        """It was chosen where credit is matched: what waits for that is decided about."""
        if "records_allocations" in vals:
            self.env["xero.money"]._decide_anew(self)

    def _takes_allocations(self):
        """Whether what is allocated in Xero is matched here."""
        self.ensure_one()
        return self.records_allocations in ("xero", "both")

    def _money_needs(self):
        """What to do about money in Xero, as the Overview shows it: ``(what is probably booked twice, the rest)``, lists of one or none."""
        own = [("connection_id", "=", self.id), ("state", "in", NEEDS)]
        counts = dict(self.env["xero.money"]._read_group(own, ["state"], ["__count"]))
        twice = self._money_need(counts.pop("twice", 0), self.env._(words.MONEY_IN["twice"].label), "action_open_twice")
        return twice, self._money_need(sum(counts.values()), self.env._("Money from Xero"), "action_open_money")

    def _money_need(self, count, name, method):
        need = {"model": self._name, "id": self.id, "name": name, "count": count, "method": method}
        return [{**need, "counted": self.env._("Payments: %s", count), "fix_label": self.env._("Show")}] if count else []

    def _tell_of_money(self):
        """One to-do for money in Xero that needs a person, while any does."""
        rows_sudo = self.env["xero.money"].sudo().search([("connection_id", "=", self.id), ("state", "in", NEEDS)])
        if rows_sudo and not any(rows_sudo.mapped("told_of")):
            first = rows_sudo[0]
            self._schedule(MONEY, self.env._("Money from Xero"), f"{first.display_name}: {first.message or ''}")
        rows_sudo.filtered(lambda row: not row.told_of).told_of = True

    def _came_in(self, since):
        """How many payments came in from Xero since then (naive UTC)."""
        own = [("connection_id", "=", self.id), ("state", "=", "booked"), ("is_gone", "=", False), ("looked_at", ">=", since)]
        return self.env["xero.money"].search_count(own)

    def action_open_money(self):
        """What of the money in Xero needs a person."""
        return self._open_money("open")

    def action_open_twice(self):
        """What is probably booked twice."""
        return self._open_money("twice")

    def _open_money(self, name):
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_money_action")
        return {**action, "domain": [("connection_id", "=", self.id)], "context": {f"search_default_{name}": 1}}
