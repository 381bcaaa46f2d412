from odoo import api, fields, models
from odoo.tools.misc import format_amount

from ... import words
from ...access import clients
from ...handlers.answers import LEAVE, SEND, TAKE, CannotTake
from ..audit.xero_audit import ANSWER, Entry
from .xero_drift import LIVE


class XeroDrift(models.Model):
    """The three answers: take what Xero has, send what Odoo has, leave both as they are."""

    _inherit = "xero.drift"

    why_not_send = fields.Char(compute="_compute_why_not_send", help="Why Odoo's cannot be sent, in a sentence; empty if it can.")

    @api.depends("is_gone")
    def _compute_why_not_send(self):
        for drift in self:
            drift.why_not_send = drift.is_gone and self.env._("Xero cannot bring it back")

    def action_take(self):
        return self._ask_back(TAKE)

    def action_send(self):
        return self._ask_back(SEND)

    def action_leave(self):
        return self._ask_back(LEAVE)

    def _ask_back(self, answer):
        """Say what will happen, and do it after a click."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        return self.env["xero.drift.answer"]._open(self, answer)

    # === WHAT WOULD COME OF IT === #

    def _plans(self, answer, remotes=None):
        """``{drift: Plan}`` of these, each as its kind decides; nothing is changed.

        :param dict remotes: what Xero holds of each, if it was read
        """
        plans = {}
        for (connection, kind), drifts in self.grouped(lambda drift: (drift.connection_id, drift.kind)).items():
            handler = self.env["xero.handler"]._of(kind)
            plans |= handler._plans(connection, drifts, answer, remotes or {})
        return plans

    def _remotes(self):
        """``{drift: what Xero holds}`` of these; what was found is compared, and kept, like everything that is read.

        :raise XeroError: if Xero did not say
        """
        found = {}
        for (connection, kind), drifts in self.sudo().grouped(lambda drift: (drift.connection_id, drift.kind)).items():
            handler, calls = self.env["xero.handler"].sudo()._of(kind), []
            try:
                remotes = handler._fetch(clients.xero(connection, on_call=calls.append), ids=drifts.binding_id.mapped("xero_id"))
            finally:
                self.env["xero.call"].sudo()._record(connection, calls)
            by_id = {remote.xero_id: remote for remote in remotes}
            found |= {drift.id: by_id.get(drift.binding_id.xero_id) for drift in drifts}
            handler._compare_answered(connection, drifts, by_id)
        return {drift: found[drift.id] for drift in self}

    def _why_not_asked(self):
        """Why Xero cannot be asked about these now, in a sentence; empty if it can."""
        reasons = (connection_sudo._why_not_read() for connection_sudo in self.sudo().connection_id)
        return next(filter(None, reasons), "")

    # === ANSWERING === #

    def _why_too_late(self, revision, answered_at):
        """Why an answer to what was shown (``revision``) does not count any more, in a sentence; empty if it does.

        :param answered_at: when the answer was given that was shown with it: what somebody has left as it is may be answered otherwise
        """
        self.ensure_one()
        if self.state == "answered" or self.state == "left" and self.answered_at != answered_at:
            return self.env._(
                "Already answered by %(name)s at %(time)s.",
                name=self.answered_by.name, time=words.moment(self.env, self.answered_at),
            )  # fmt: skip
        if self.state not in LIVE:
            return self.env._("Nothing is different in Xero any more.")
        if self.revision != revision:
            return self.env._("Changed again at %s.", words.moment(self.env, self.again_at or self.noticed_at))
        return ""

    def _answered(self, answer, outcome):
        """Remember who has answered what, and what came of it."""
        values = {"answer": answer, "answered_by": self.env.uid, "answered_at": fields.Datetime.now(), "outcome": outcome}
        for drift_sudo in self.sudo():
            before = drift_sudo.message or ""
            drift_sudo.write({**values, "state": "left" if answer == LEAVE else "answered"})
            entry = Entry(self.env[drift_sudo.res_model].browse(drift_sudo.res_id), "", before, outcome, drift_sudo.name or "")
            self.env["xero.audit"]._keep(ANSWER, drift_sudo.connection_id.company_id, [entry])
        self.sudo()._announce()
        self.sudo().connection_id._update_activities()

    def _leave(self):
        """Both stay; it is asked again when Xero changes again."""
        self._answered(LEAVE, self.env._("Both stay as they are."))
        for drift_sudo in self.sudo():
            binding_sudo = drift_sudo.binding_id
            said = self.env._("Left as it is by %(name)s: %(text)s", name=self.env.user.name, text=drift_sudo.message)
            handler = self.env["xero.handler"].sudo()._of(drift_sudo.kind)
            accepted = handler._as_accepted(binding_sudo, drift_sudo._record(), drift_sudo.seen)
            binding_sudo.write({"state": "accepted", "message": said, "accepted": accepted})
            handler._left(binding_sudo, drift_sudo._record())
            handler._note({drift_sudo.res_id: said})

    def _send_ours(self):
        """Odoo's goes over what was changed in Xero, in the next run."""
        self._answered(SEND, self.env._("Odoo's was sent again."))
        for (connection, model), drifts_sudo in self.sudo().grouped(lambda drift: (drift.connection_id, drift.res_model)).items():
            drifts_sudo.binding_id.write({"sent": False})
            records = self.env[model].browse(drifts_sudo.mapped("res_id")).exists()
            self.env["xero.trigger"]._demanded(records, connection)

    def _take_theirs(self, remotes):
        """Odoo's is changed to what Xero holds; returns why not, by row."""
        reasons = {}
        for drift, plan in self._plans(TAKE, remotes).items():
            if not plan.deed:
                reasons[drift] = plan.sentence
                continue
            handler = self.env["xero.handler"]._of(drift.kind)
            try:
                said = handler._take_theirs(drift.connection_id, drift, remotes[drift], plan.deed)
            except CannotTake as reason:
                reasons[drift] = str(reason)
            else:
                drift._answered(TAKE, said)
        return reasons

    def _difference_words(self):
        """The difference in the document's currency, as people read it."""
        self.ensure_one()
        return format_amount(self.env, abs(self.amount), self.currency_id) if self.currency_id else ""
