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

    def _takes_allocations(self):
        """Whether what is allocated in Xero is matched here."""
        self.ensure_one()
        return self.records_allocations in ("xero", "both")

    def _money_needs(self):
        """What to do about money in Xero, for the Overview: what is probably booked twice, then the rest."""
        own = [("connection_id", "=", self.id), ("state", "in", NEEDS)]
        counts = dict(self.env["xero.money"]._read_group(own, ["state"], ["__count"]))
        twice, others = counts.pop("twice", 0), sum(counts.values())
        need = {"model": self._name, "id": self.id, "fix_label": self.env._("Show")}
        found = (
            [{**need, "name": self.env._(words.MONEY_IN["twice"].label), "count": twice, "method": "action_open_twice"}] if twice else []
        )
        if others:
            found.append({**need, "name": self.env._("Money from Xero"), "count": others, "method": "action_open_money"})
        return [{**each, "counted": self.env._("Payments: %s", each["count"])} for each in found]

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
