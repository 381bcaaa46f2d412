from markupsafe import escape

from odoo import api, fields, models

from ... import words
from .made import MADE
from .money_in import MONEY
from .rules import APPROVE
from .silence import SILENCE

CHANGED = "changed_in_xero"  # what to-dos about changes there are called


class XeroConnection(models.Model):
    """Telling people: one to-do per kind of problem for the responsible user, and an optional e-mail a day.

    Never one per document, never again while a problem of that kind is open (also not after the to-do was marked as done), and gone by
    itself when the last one is solved.
    """

    _inherit = "xero.connection"

    send_digest = fields.Boolean("Daily E-mail", help="A summary for the responsible user, on days on which there is something to say.")

    def _update_activities(self):
        """Bring the to-dos in line with the open problems."""
        problems_sudo = self.env["xero.problem"].sudo()
        for connection_sudo in self.sudo():
            problems = problems_sudo.search([("connection_id", "=", connection_sudo.id), ("state", "=", "open")])
            by_code, drifts_sudo = problems.grouped("code"), connection_sudo._open_drifts()
            needs_money = any(connection_sudo._money_needs())
            needs_made, silence = connection_sudo._made_needs(), connection_sudo._silence_words()
            others = {CHANGED: drifts_sudo, MONEY: needs_money, MADE: needs_made, SILENCE: silence, APPROVE: connection_sudo._to_approve()}
            open_codes = {*by_code, *(code for code, is_open in others.items() if is_open)}
            connection_sudo.activity_ids.filtered(
                lambda activity, codes=open_codes: activity.xero_code and activity.xero_code not in codes
            ).unlink()
            for code, of_a_kind in by_code.items():
                if not any(of_a_kind.mapped("told")):
                    connection_sudo._tell(code, of_a_kind)
            problems.filtered(lambda problem: not problem.told).told = True
            connection_sudo._tell_of_changes(drifts_sudo)
            connection_sudo._tell_of_money()
            connection_sudo._tell_of_made()
            connection_sudo._tell_of_silence()
            connection_sudo._tell_of_approvals()

    def _tell(self, code, problems):
        labels = dict(problems._fields["code"]._description_selection(self.env))
        self._schedule(code, labels[code], problems[0].name)

    def _schedule(self, code, summary, note, user=None):
        """:param user: whose it is, if not the responsible user's"""
        self.activity_schedule(
            "xero_connector.mail_activity_type_problem",
            summary=summary,
            note=escape(note),  # names come from outside, and a note is HTML
            user_id=(user or self._responsible()).id,
            xero_code=code,
        )

    def _open_drifts(self):
        """What was changed in Xero and waits for an answer."""
        return self.env["xero.drift"].sudo().search([("connection_id", "=", self.id), ("state", "=", "open")])

    def _tell_of_changes(self, drifts_sudo):
        """One to-do for all that was changed in Xero, while any of it waits."""
        if drifts_sudo and not any(drifts_sudo.mapped("told")):
            first = drifts_sudo[0]
            self._schedule(CHANGED, self.env._(words.DOCUMENT["drift"].label), f"{first.name}: {first.message or ''}")
        drifts_sudo.filtered(lambda drift: not drift.told).told = True

    # === WHO CAN HELP === #

    def _trouble_line(self):
        """Why nothing is sent, in a sentence, with the button for whoever reads it; None if it works. See ``xero.problem.standing``."""
        self.ensure_one()
        if self.state == "connected":
            return self._unreached_line()
        if self.state == "draft":
            return None
        if self.state == "paused":
            return {"text": self.sudo().state_message or self.env._("Nothing is sent for now."), "kind": "warning", "buttons": []}
        if self.may_administer:
            text, label, method = self.env._("Nothing can be sent until you reconnect."), self.env._("Reconnect"), "action_connect"
        else:
            text = self.env._("Xero no longer accepts the connection. Documents wait. Ask a Xero administrator.")
            label, method = self.env._("Notify Them"), "action_notify_admins"
        button = {"label": label, "model": self._name, "id": self.id, "method": method}
        return {"text": text, "kind": "danger", "buttons": [button]}

    def _unreached_line(self):
        """A connection that works, but whose last run came to nothing: what is shown is as old as Xero's last answer."""
        connection_sudo = self.sudo()
        if not connection_sudo.failures or not connection_sudo.state_message:
            return None
        calm, last = self.env._("Nothing is lost; it goes on by itself."), connection_sudo._last_success()
        answered = last and self.env._("Xero's last answer: %s.", words.moment(self.env, last))
        return {"text": " ".join(filter(None, (connection_sudo.state_message, answered, calm))), "kind": "warning", "buttons": []}

    @api.model
    def trouble_lines(self):
        """Why nothing is sent of what is shown, one line per connection that does not work; for the scripts of our lists."""
        if self.env.user.has_group("xero_connector.group_xero_approver") and not self.env.user.has_group("xero_connector.group_xero_user"):
            return []  # who only approves sees nothing of the connection
        self._check_xero_user()
        connections = self.search([("tenant_id", "!=", False)])
        return [line for connection in connections if (line := connection._trouble_line())]

    trouble = fields.Char(compute="_compute_trouble", help="The same line, on a form of the connection.")

    def _compute_trouble(self):
        for connection in self:
            line = connection._trouble_line() if connection.tenant_id else None
            connection.trouble = line and line["text"]

    def action_notify_admins(self):
        """A to-do for the administrator who is responsible: somebody needs what only an administrator can do. Once, while it is open."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        connection_sudo = self.sudo()
        summary = self.env._("%s asks a Xero administrator for help", self.env.user.name)
        if summary not in [activity.summary for activity in connection_sudo.activity_ids]:
            connection_sudo.activity_schedule(
                "xero_connector.mail_activity_type_problem", summary=summary, user_id=connection_sudo._responsible().id
            )
        return self._notify(self.env._("A Xero administrator was notified."))

    # === DAILY E-MAIL === #

    @api.model
    def _cron_digest(self):
        """Send the summary of the day to the responsible users who want it."""
        for connection in self.search([("send_digest", "=", True), ("tenant_id", "!=", False)]):
            connection.with_company(connection.company_id)._send_digest()

    def _send_digest(self):
        self.ensure_one()
        problems = self.env["xero.problem"].search([("connection_id", "=", self.id), ("state", "=", "open")])
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        sent = [("connection_id", "=", self.id), ("last_sync", ">=", yesterday), ("origin", "=", "odoo")]
        sent_today, came_in = self.env["xero.binding"].search_count(sent), self._came_in(yesterday)
        user = self._responsible()
        translated = self.with_context(lang=user.lang)
        twice, money = translated._money_needs()
        needs, changes = [*twice, *translated._made_needs(), *money], len(self._open_drifts())
        if not (problems or sent_today or came_in or needs or changes) and self.state == "connected":
            return
        body = (
            self.env["ir.qweb"]
            .with_context(lang=user.lang)
            ._render(
                "xero_connector.digest",
                {
                    **{"connection": translated, "problems": problems.with_context(lang=user.lang), "sent_today": sent_today},
                    **{"came_in": came_in, "needs": needs, "changes": changes},
                },
            )
        )
        self.message_notify(
            partner_ids=user.partner_id.ids,
            subject=translated.env._("Xero: %(sent)s documents sent, %(problems)s problems", sent=sent_today, problems=len(problems)),
            body=body,
        )
