from odoo import Command, api, fields, models

from ..xero_core.errors import XeroError

NAMED = 3  # documents of a class that are named, the others are counted
ANSWERS = [("take", "Take Xero's"), ("send", "Send Odoo's"), ("leave", "Leave as It Is")]


class XeroDriftAnswer(models.TransientModel):
    """What will come of an answer, by class, said before it is given."""

    _name = "xero.drift.answer"
    _description = "Answer to Changes in Xero"

    answer = fields.Selection(ANSWERS, required=True, readonly=True)
    line_ids = fields.One2many("xero.drift.answer.line", "answer_id", readonly=True)
    class_ids = fields.One2many("xero.drift.answer.class", "answer_id", "What Will Happen", readonly=True)
    sentence = fields.Char(compute="_compute_sentence")
    is_possible = fields.Boolean(compute="_compute_sentence")

    @api.depends("answer", "line_ids")
    def _compute_sentence(self):
        texts = {
            "take": self.env._("Nothing is sent to Xero. Each gets a line in its history."),
            "send": self.env._("Xero's is read once more before: only what still differs is sent."),
            "leave": self.env._("Nothing is changed on either side."),
        }
        for wizard in self:
            wizard.sentence = texts.get(wizard.answer)
            wizard.is_possible = bool(wizard.line_ids.filtered("deed"))

    # === WHAT WILL HAPPEN === #

    @api.model
    def _open(self, drifts, answer):
        late = {drift: drift._why_too_late(drift.revision, drift.answered_at) for drift in drifts}
        asked = drifts.filtered(lambda drift: not late[drift])
        if not asked:
            return self.env["xero.connection"]._notify(late[drifts[0]] if drifts else self.env._("Nothing is chosen."), "warning")
        if answer == "take" and (reason := asked._why_not_asked()):
            return self.env["xero.connection"]._notify(reason, "warning")
        try:
            remotes = asked._remotes() if answer == "take" else {}
        except XeroError as error:
            return self.env["xero.connection"]._notify(asked[0].connection_id._click_sentence(error), "warning")
        asked = asked.filtered(lambda drift: not drift._why_too_late(drift.revision, drift.answered_at))
        if not asked:
            return self.env["xero.connection"]._notify(self.env._("Nothing is different in Xero any more."))
        wizard = self.create(self._values(answer, asked._plans(answer, remotes)))
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["answer"]._description_selection(self.env))[answer],
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _values(self, answer, plans):
        lines = [
            {
                "drift_id": drift.id,
                "revision": drift.revision,
                "answered_at": drift.answered_at,
                "deed": plan.deed,
                "sentence": plan.sentence,
            }
            for drift, plan in plans.items()
        ]
        by_deed = {}
        for drift, plan in plans.items():
            by_deed.setdefault(plan.deed, []).append(f"{drift.name}: {plan.sentence}")
        by_deed.setdefault("", [])
        classes = [
            {"deed": deed, "count": len(said), "said": "\n".join(said[:NAMED]) + (" …" if len(said) > NAMED else "")}
            for deed, said in sorted(by_deed.items(), key=lambda each: not each[0])
        ]
        return {
            "answer": answer,
            "line_ids": [Command.create(line) for line in lines],
            "class_ids": [Command.create(each) for each in classes],
        }

    # === IT IS DONE === #

    def action_apply(self):
        """Give the answer to all for which it is possible, as far as they are as they were shown."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        drifts = self.line_ids.filtered("deed").drift_id
        if self.answer != "leave" and (reason := drifts._why_not_asked()):
            return self.env["xero.connection"]._notify(reason, "warning")
        locked = drifts.browse(drifts.sudo().try_lock_for_update().ids)
        reasons = {drift: self.env._("Somebody is answering it now.") for drift in drifts - locked}
        try:
            remotes = locked._remotes() if self.answer in ("take", "send") else {}
        except XeroError as error:
            return self.env["xero.connection"]._notify(drifts[:1].connection_id._click_sentence(error), "warning")
        shown = {line.drift_id: (line.revision, line.answered_at) for line in self.line_ids}
        reasons |= {drift: why for drift in locked if (why := drift._why_too_late(*shown[drift]))}
        reasons |= self._do(locked.filtered(lambda drift: drift not in reasons), remotes)
        return self._said(len(drifts) - len(reasons), list(reasons.values()))

    def _do(self, drifts, remotes):
        """Do it; returns why not, by drift."""
        if self.answer == "leave":
            drifts._leave()
        elif self.answer == "send":
            drifts._send_ours()
        else:
            return drifts._take_theirs(remotes)
        return {}

    def _said(self, done, reasons):
        """Counts by label, and of one that was not possible why."""
        labels = {"take": self.env._("Taken"), "send": self.env._("On their way"), "leave": self.env._("Left as they are")}
        Connection, texts = self.env["xero.connection"], []
        if done:
            texts.append(self.env._("%(label)s: %(count)s", label=labels[self.answer], count=done))
        if reasons:
            count = self.env._("Not possible: %s", len(reasons))
            texts.append(reasons[0] if len(reasons) == 1 else count)
        notice = Connection._notify(" · ".join(texts), "warning" if reasons else "success")
        notice["params"]["sticky"] = bool(reasons)
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice


class XeroDriftAnswerLine(models.TransientModel):
    _name = "xero.drift.answer.line"
    _description = "One Change That Is Answered"

    answer_id = fields.Many2one("xero.drift.answer", required=True, ondelete="cascade")
    drift_id = fields.Many2one("xero.drift", required=True, ondelete="cascade")
    revision = fields.Char()
    answered_at = fields.Datetime(help="Of the answer that was shown.")
    deed = fields.Char()
    sentence = fields.Char()


class XeroDriftAnswerClass(models.TransientModel):
    """What will happen in the same way to some of them."""

    _name = "xero.drift.answer.class"
    _description = "What Will Happen to Some"

    answer_id = fields.Many2one("xero.drift.answer", required=True, ondelete="cascade")
    deed = fields.Char()
    label = fields.Char("What Will Happen", compute="_compute_label")
    count = fields.Integer("Count")
    said = fields.Text("Which")

    @api.depends("deed")
    def _compute_label(self):
        for each in self:
            each.label = self.env["xero.handler"]._deed_label(each.deed or "")
