import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import words
from ...handlers.reasons import Held
from .condition import is_everything
from .reading import sentence
from .uses import USES
from .xero_rule import BY_ITSELF

RECENT = timedelta(days=90)
ENOUGH = 10  # lines, to say that a rule catches them all


class XeroRule(models.Model):
    """What people see of a rule: its sentence, what it catches, and what is the matter with it."""

    _inherit = "xero.rule"

    sentence = fields.Char("Which Ones", compute="_compute_sentence")
    outcome = fields.Char("Then", compute="_compute_outcome")
    recent_count = fields.Integer("Last 90 Days", compute="_compute_catch")
    waiting_count = fields.Integer("Waiting Now", compute="_compute_catch")
    warning = fields.Text(compute="_compute_catch")
    does_nothing = fields.Boolean(compute="_compute_catch", help="It is passed over until somebody looks at it.")

    @api.depends("domain", "use")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_sentence(self):
        for rule in self:
            domain, why = rule._condition_of(rule.use, rule.domain)
            rule.sentence = why or sentence(self.env, domain, USES[rule.use])

    @api.depends("account_id", "tax_ids", "how", "use")
    @api.depends_context("lang")
    def _compute_outcome(self):
        ways = dict(self._fields["how"]._description_selection(self.env))
        for rule in self:
            booked = rule.use == "bank" and self._counterpart_in_words(rule.sudo().account_id, rule.sudo().tax_ids)
            rule.outcome = booked or ways.get(rule.how)

    def _audited_text(self, name):
        """A condition as it reads."""
        return super()._audited_text("sentence" if name == "domain" else name)

    @api.model
    def _counterpart_in_words(self, account, taxes):
        """ "Bank Fees, no tax"."""
        values = {"account": account.name or "", "taxes": ", ".join(taxes.mapped("name"))}
        return self.env._("%(account)s, %(taxes)s", **values) if taxes else self.env._("%(account)s, no tax", **values)

    def _why(self):
        """What a suggestion says that comes from it."""
        return self.env._("Your rule “%s”.", self.name)

    def _unread(self, why):
        """The cause that holds what comes to this rule, which keeps documents back and cannot be read any more."""
        words_ = self.env._("The rule “%(rule)s” keeps documents out of Xero and cannot be read any more.", rule=self.name)
        way_on = self.env._("Choose its condition again, or switch it off.")
        return Held("rule_unread", words_, key=str(self.id), help=f"{why} {way_on}", record=(self._name, self.id))

    def _to_approve_words(self):
        """What a document says for which it asks for approval: of whom."""
        names = self.env["xero.approval"]._approvers(self.sudo().company_id).mapped("name")
        if not names:
            return self.env._("Waits for approval, but nobody has the right to approve: give it to somebody.")
        return self.env._("Waits for approval by %s.", self.env._(" or ").join(names[:3]))

    def _left_out_words(self):
        """What a document says that it keeps out of Xero."""
        return self.env._("Left out by the rule “%s”.", self.name)

    @api.model
    def _name_for(self, domain, account):
        """A name for a rule that nobody has named yet: the words that it looks for, else its account."""
        words_ = [value for name, operator, value in domain if (name, operator) == ("payment_ref", "ilike")]
        return words_[0].capitalize() if words_ else account.name

    # === WHAT IT CATCHES === #

    @api.depends("domain", "use", "until", "sequence", "active", "how", "connection_id", "account_id", "tax_ids", "partner_id")
    @api.depends_context("lang", "uid")
    def _compute_catch(self):
        for (connection, use), rules in self.grouped(lambda rule: (rule.connection_id, rule.use)).items():
            if not connection or not use:
                rules.update({"recent_count": 0, "waiting_count": 0, "warning": False, "does_nothing": False})
                continue
            known = self._window(connection, use)
            others = {other: other._asked(self._in_window(use)) for other in self._followed(connection, use)}
            for rule in rules:
                rule._show_catch(known, others)

    @api.model
    def _window(self, connection, use):
        """``{id: (whether it is recent, whether it waits)}`` of the records of the last 90 days, and of older ones that wait."""
        own = [("company_id", "in", connection._companies().ids), *USES[use].there]
        records_sudo = self.env[USES[use].model].sudo()
        recent = set(records_sudo._search([*own, *self._recent(use)]).get_result_ids())
        waiting = records_sudo._search([*own, *USES[use].waiting]).get_result_ids()
        return {**dict.fromkeys(recent, (True, False)), **{each: (each in recent, True) for each in waiting}}

    @api.model
    def _in_window(self, use):
        return list(Domain(self._recent(use)) | Domain(list(USES[use].waiting)))

    @api.model
    def _recent(self, use):
        return [(USES[use].date, ">=", self._recent_since())]

    @api.model
    def _recent_since(self):
        return fields.Date.context_today(self) - RECENT

    def _show_catch(self, known, others):
        is_as_saved = self == self._origin
        ids, why = others[self] if is_as_saved and self in others else self._asked(self._in_window(self.use))
        ids = ids & known.keys()
        self.recent_count = sum(known[each][0] for each in ids)
        self.waiting_count = sum(known[each][1] for each in ids)
        obstacle = self._obstacle() or why
        self.does_nothing = bool(obstacle)
        said = [obstacle] if obstacle else [*self._about_everything(ids, known), *self._about_others(ids, others), *self._about_its_end()]
        self.warning = "\n".join(filter(None, said)) or False

    def _about_everything(self, ids, known):
        if not self._catches_all(ids, known):
            return
        yield self.env._("It catches every one there is.")
        if self.how == BY_ITSELF:
            yield self.env._("Until it is narrower it only suggests.")

    def _catches_all(self, ids, known):
        domain, _why = self._condition_of(self.use, self.domain)
        return is_everything(domain) or len(known) >= ENOUGH and len(ids) == len(known)

    def _about_others(self, ids, others):
        """Which other rules say otherwise about the same records; the order decides."""
        for other, (theirs, _why) in others.items():
            if other.id == self._origin.id or ids.isdisjoint(theirs) or self._is_same_as(other) or other._obstacle():
                continue
            if (other.sequence, other.id) < (self.sequence, self._origin.id or math.inf):
                yield self.env._("“%s” comes first and says otherwise of some of these.", other.name)
            else:
                yield self.env._("“%s” says otherwise of some of these; this rule comes first.", other.name)

    def _about_its_end(self):
        if self.until and self.until < fields.Date.context_today(self):
            yield self.env._("It ended on %s; only what is older is still caught.", words.day(self.env, self.until))

    @api.model
    def _by_itself(self, connection, use):
        """The rules that act unseen; not those that catch whatever there is."""
        rules = self._followed(connection, use).filtered(lambda rule: rule.how == BY_ITSELF)
        known = self._window(connection, use) if rules else {}
        return rules.filtered(lambda rule: not rule._catches_all(rule._caught(self._in_window(use)), known))

    @api.onchange("how")
    def _onchange_how(self):
        """Before lines are booked that nobody has looked at: how many."""
        if self.how == BY_ITSELF and self.waiting_count:
            message = self.env._("Lines that are booked in the next run, once the rule is saved: %s", self.waiting_count)
            return {"warning": {"title": self.env._("Book by Itself"), "message": message, "type": "dialog"}}
        return None

    # === BUTTONS === #

    def _open_form(self):
        """For whoever may read it."""
        if not self:
            return self.env["xero.connection"]._notify(self.env._("That rule is gone. The document is looked at again."), "warning")
        names = {"type": "ir.actions.act_window", "name": self.env._("Rule"), "res_model": self._name, "res_id": self.id}
        return {**names, "views": [(False, "form")], "target": "current"}

    def action_show_recent(self):
        """What it caught in the last 90 days."""
        return self._show(0, self.env._("Last 90 Days"))

    def action_show_waiting(self):
        """What it would catch of what waits now."""
        return self._show(1, self.env._("Waiting Now"))

    def _show(self, column, title, target="current"):
        self.ensure_one()
        self.check_access("read")
        view = USES[self.use].list_view
        known = self._window(self.connection_id, self.use)
        ids = [each for each in self._caught(self._in_window(self.use)) if known[each][column]]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self.model_name,
            "views": [(self.env.ref(view).id if view else False, "list"), *([(False, "form")] if self.use == "send" else [])],
            "domain": [("id", "in", ids)],
            "target": target,
            "context": {"create": False},
        }

    def action_from_this(self):
        """A new rule that begins as this one, switched off until somebody has looked at it."""
        self.ensure_one()
        made = self.copy({"name": self.env._("%s, another one", self.name), "active": False, "sequence": self.sequence})
        return made._open_form()
