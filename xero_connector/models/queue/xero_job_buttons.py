from odoo import fields, models

from ... import words
from ...const import AFRESH, HELD, WAITING_STATES
from ..audit.xero_audit import LEAVE_OUT, RETRY, Entry


class XeroJob(models.Model):
    """What a person decides about documents that wait: again, or not at all."""

    _inherit = "xero.job"

    def action_retry(self):
        """Send these documents again now."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        jobs_sudo = self.sudo().filtered(lambda j: j.state in WAITING_STATES)
        before = jobs_sudo._state_words()
        jobs_sudo._set_state("pending", next_try=False, tries=0, **AFRESH)
        jobs_sudo._keep_trail(RETRY, before, jobs_sudo._state_words())
        jobs_sudo.connection_id._wake()
        self.env["xero.problem"]._close_empty(jobs_sudo.connection_id)

    def action_ignore(self, reason=""):
        """Leave these documents out of Xero until somebody asks for them.

        :param str reason: the person's, in her own words
        """
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        jobs_sudo = self.sudo().filtered(lambda j: j.state in ("pending", "approval", *HELD))
        before, said = jobs_sudo._state_words(), self._left_out_words(reason)
        jobs_sudo._set_state("ignored", problem_id=False, message=said)
        jobs_sudo._keep_trail(LEAVE_OUT, before, dict.fromkeys(jobs_sudo, said))
        jobs_sudo._tell_left_out(reason)
        for (connection, kind), group in jobs_sudo.grouped(lambda job: (job.connection_id, job.kind)).items():
            if handler := self.env["xero.handler"].sudo()._of(kind):
                handler._after_closed(connection, group)
        self.env["xero.problem"]._close_empty(jobs_sudo.connection_id)

    def _tell_left_out(self, reason):
        """The documents' own chatter says so."""
        text = self.env._("Left out of Xero: %s", reason) if reason else self.env._("Left out of Xero.")
        for kind, jobs in self.grouped("kind").items():
            handler = self.env["xero.handler"].sudo()._of(kind)
            if handler is not None and handler._is_told:
                handler._note(dict.fromkeys(jobs.mapped("res_id"), text))

    def _left_out_words(self, reason):
        name, day = self.env.user.name, words.day(self.env, fields.Date.context_today(self))
        if reason:
            return self.env._("Left out by %(name)s on %(day)s: %(reason)s", name=name, day=day, reason=reason)
        return self.env._("Left out by %(name)s on %(day)s.", name=name, day=day)

    # === AUDIT TRAIL === #

    def _state_words(self):
        """``{job: how it stands, as people read it}``"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {job: labels[job.state] for job in self}

    def _keep_trail(self, act, before, after):
        """What the user has just decided about what these jobs are about."""
        for connection, jobs in self.grouped("connection_id").items():
            entries = [Entry(self.env[job.res_model].browse(job.res_id), "", before[job], after[job]) for job in jobs]
            self.env["xero.audit"]._keep(act, connection.company_id, entries)
