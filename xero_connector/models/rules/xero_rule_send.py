from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

from .uses import USES
from .xero_rule import ASK, LEAVE, SEND


class XeroRule(models.Model):
    """Rules about what is sent: what people choose, and what it changes for documents that wait."""

    _inherit = "xero.rule"

    bank_way = fields.Selection(
        [("suggest", "Suggest Only"), ("book", "Book by Itself")],
        "What It Does with Bank Lines",
        compute="_compute_ways",
        inverse="_inverse_bank_way",
        help="Suggest only: a person matches each line. Book by itself: lines that wait are booked without anybody being asked.",
    )
    send_way = fields.Selection(
        [(SEND, "Send"), (ASK, "Ask First"), (LEAVE, "Leave Out")],
        "What It Does with Documents",
        compute="_compute_ways",
        inverse="_inverse_send_way",
        help="Ask first: somebody approves each before it goes, and each change of it. Leave out: they stay in Odoo only. What is in Xero "
        "already stays there.",
    )
    consequences = fields.Char("Changes for What Waits", compute="_compute_consequences")

    @api.depends("how")
    def _compute_ways(self):
        for rule in self:
            rule.bank_way = rule.how if rule.how in USES["bank"].ways else False
            rule.send_way = rule.how if rule.how in USES["send"].ways else False

    def _inverse_bank_way(self):
        for rule in self.filtered(lambda rule: rule.use == "bank" and rule.bank_way):
            rule.how = rule.bank_way

    def _inverse_send_way(self):
        for rule in self.filtered(lambda rule: rule.use == "send" and rule.send_way):
            rule.how = rule.send_way

    @api.onchange("bank_way", "send_way")
    def _onchange_way(self):
        self.how = (self.bank_way if self.use == "bank" else self.send_way) or self.how

    @api.model
    def _about_documents_like(self, move):
        """The form of a new rule that begins with the journal and the partner of a document."""
        connection = self.env["xero.connection"]._get_active(move.company_id)
        if not connection:
            return connection._notify(self.env._("%s is not connected to Xero yet.", move.company_id.name), "warning")
        partner = move.commercial_partner_id
        domain = [("journal_id", "=", move.journal_id.id), *([("commercial_partner_id", "=", partner.id)] if partner else [])]
        values = {
            "use": "send",
            "how": LEAVE,
            "domain": repr(domain),
            "connection_id": connection.id,
            "name": partner.name or move.journal_id.name,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Rule"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    # === WHAT A CHANGE OF IT CHANGES === #

    @api.depends("domain", "use", "until", "sequence", "active", "how", "connection_id")
    @api.depends_context("lang", "uid")
    def _compute_consequences(self):
        for rule in self:
            rule.consequences = rule.use == "send" and rule.connection_id and rule._consequences()

    def _consequences(self):
        """What becomes otherwise of documents that wait, once this is saved; '' if nothing does."""
        before = self._decided(self._followed(self.connection_id, "send"))
        rules = self._followed(self.connection_id, "send").filtered(lambda rule: rule != self._origin)
        place = (self.sequence, self._origin.id or float("inf"))
        first = rules.filtered(lambda rule: (rule.sequence, rule.id) < place)
        after = self._decided([*first, *([self] if self.active else []), *(rules - first)])
        moves = Counter(after.get(each, SEND) for each in before.keys() | after.keys() if before.get(each, SEND) != after.get(each, SEND))
        labels = {SEND: self.env._("Would be sent: %s"), LEAVE: self.env._("Would be left out: %s"), ASK: self.env._("Would be asked: %s")}
        return " · ".join(text % moves[way] for way, text in labels.items() if moves[way])

    def _decided(self, rules):
        """``{id: what these rules, in this order, do with it}`` of the documents that wait and are not in Xero."""
        found, waiting = {}, list(USES["send"].waiting)
        for rule in rules:
            ids = set() if rule._obstacle() else rule._asked(Domain(waiting))[0]
            for each in ids - found.keys():
                found[each] = rule.how
        there = [("connection_id", "=", self.connection_id.id), ("res_model", "=", self.model_name), ("res_id", "in", list(found))]
        known = set(self.env["xero.binding"].sudo().search([*there, ("is_there", "=", True)]).mapped("res_id"))
        return {each: SEND if way == LEAVE and each in known else way for each, way in found.items()}
