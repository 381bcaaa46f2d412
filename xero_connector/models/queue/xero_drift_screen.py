from odoo import api, fields, models

from ... import words
from ...access import clients
from ...handlers.answers import ANSWERS
from ...xero_core.errors import XeroError
from .xero_drift import LIVE

BY_ITSELF = "System Generated"  # Xero's word for whatever an app has changed, which one it does not say


class XeroDrift(models.Model):
    """What the screen shows of changes in Xero: who has made them, what would come of each answer, and the figures above the list."""

    _inherit = "xero.drift"

    said_in_xero = fields.Text("What Xero Has", compute="_compute_said_in_xero", help="With the reason why it cannot be changed back.")
    said_in_odoo = fields.Text("What Odoo Has", compute="_compute_said_in_odoo", help="With a note if it was changed here as well.")
    changed = fields.Char("Changed in Xero At", compute="_compute_changed")
    sentence = fields.Char(compute="_compute_changed")
    take_words = fields.Text(compute="_compute_plans")
    send_words = fields.Text(compute="_compute_plans")
    leave_words = fields.Text(compute="_compute_plans")
    can_take = fields.Boolean(compute="_compute_plans")
    can_send = fields.Boolean(compute="_compute_plans")
    answered = fields.Char(compute="_compute_changed")

    @api.depends("in_xero", "why_not_send")
    def _compute_said_in_xero(self):
        for drift in self:
            drift.said_in_xero = "\n".join(filter(None, (drift.in_xero, drift.why_not_send)))

    @api.depends("in_odoo", "is_both", "state")
    def _compute_said_in_odoo(self):
        for drift in self:
            both = drift.is_both and drift.state in LIVE and self.env._("Changed here too")
            drift.said_in_odoo = "\n".join(filter(None, (drift.in_odoo, both)))

    @api.depends("changed_at", "changed_by", "since", "again_at", "answered_at")
    def _compute_changed(self):
        connected = dict(self._fields["since"]._description_selection(self.env))["connected"]
        for drift in self:
            moment = words.moment(self.env, drift.changed_at or drift.noticed_at or fields.Datetime.now())
            by = drift.changed_by and self.env._("%(time)s, by %(name)s", time=moment, name=drift.changed_by)
            drift.changed = by or moment
            drift.sentence = f"{connected}." if drift.since == "connected" else drift._again_words()
            drift.answered = drift.answered_at and self.env._(
                "Answered by %(name)s at %(time)s: %(outcome)s",
                name=drift.answered_by.name, time=words.moment(self.env, drift.answered_at), outcome=drift.outcome or "",
            )  # fmt: skip

    def _again_words(self):
        return self.env._("Changed again at %s.", words.moment(self.env, self.again_at)) if self.again_at else ""

    @api.depends("revision", "state")
    def _compute_plans(self):
        for drift in self:
            plans = {answer: drift._plans(answer)[drift] for answer in ANSWERS}
            for answer, plan in plans.items():
                drift[f"{answer}_words"] = plan.sentence
            drift.can_take, drift.can_send = (bool(plans[answer].deed) for answer in ("take", "send"))

    # === ONE ROW === #

    def action_open(self):
        """The two sides of one document; who has changed it is asked now, as it costs a call."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        self.sudo()._read_who()
        return {"type": "ir.actions.act_window", "name": self.name, "res_model": self._name, "res_id": self.id, "views": [(False, "form")]}

    def _read_who(self):
        """Who was the last to change it, as Xero's history says. It decides nothing, so it is not insisted on."""
        connection, handler = self.connection_id, self.env["xero.handler"]._of(self.kind)
        if self.changed_by or self.state != "open" or connection._why_not_read():
            return
        calls = []
        try:
            notes = clients.xero(connection, on_call=calls.append).history(handler._list, self.binding_id.xero_id)
        except XeroError:
            return
        finally:
            self.env["xero.call"]._record(connection, calls)
        if notes:
            user = notes[0].user
            self.changed_by = self.env._("an app") if user == BY_ITSELF else user

    # === FIGURES ABOVE THE LIST === #

    def _strip(self, connection):
        notice = "" if connection.state == "connected" else connection._waiting_words()
        return {"title": connection.company_id.name, "figures": self._figures(connection), "notice": notice}

    def _figures(self, connection):
        found = self.search([("connection_id", "=", connection.id), ("state", "=", "open")])
        oldest = min(found.mapped("noticed_at"), default=False)
        counts = (
            (self.env._(words.DOCUMENT["drift"].label), len(found)),
            (self.env._("Change an amount"), len(found.filtered("changes_amount"))),
            (self.env._("Voided in Xero"), len(found.filtered("is_gone"))),
        )
        figures = [{"label": label, "value": str(count)} for label, count in counts]
        figures[0]["age"] = connection.read_note
        return figures + ([{"label": self.env._("Oldest"), "value": words.moment(self.env, oldest)}] if oldest else [])
