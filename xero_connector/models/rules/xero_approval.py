from odoo import api, fields, models
from odoo.tools import SQL

from ... import words
from ...handlers.ruled import SIGNS_OF_CHANGE
from ..audit.xero_audit import APPROVE, SEND_BACK, Entry

ASKED, APPROVED, BACK, OVER = "asked", "approved", "back", "over"
USUAL = 10  # earlier documents of a partner, by which an amount is unusual
MUCH = 3  # times the usual amount


class XeroApproval(models.Model):
    """One question whether a document may go to Xero as it is, and its answer.

    Entry points: ``_ask``, ``_approved``, ``_close_overtaken`` (the engine), the buttons.
    Invariants: one open question per document; an approval is for what the document said then (``content``): once that is changed, it is
    asked again. Rows are written by the module only.
    """

    _name = "xero.approval"
    _inherit = ["xero.fresh.mixin"]
    _description = "Approval for Xero"
    _order = "asked_at desc, id desc"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    job_id = fields.Many2one("xero.job", ondelete="set null", index="btree_not_null")
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    rule_id = fields.Many2one("xero.rule", ondelete="set null")
    # asked --approver--> approved | back
    #   +--changed, left out, cancelled, or no rule asks any more--> over
    state = fields.Selection(words.selection(words.APPROVAL), default=ASKED, required=True, index=True)
    content = fields.Char(required=True, help="Fingerprint of what is asked about.")
    facts = fields.Json()
    name = fields.Char("Document")
    partner_id = fields.Many2one("res.partner", ondelete="set null")
    date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    accounts = fields.Char()
    taxes = fields.Char()
    unusual = fields.Json("What Is Unusual", help="Keys of sentences, with what they are about.")
    unusual_words = fields.Char("Unusual", compute="_compute_unusual_words")
    asked_by_id = fields.Many2one("res.users", "Asked By", ondelete="set null")
    asked_at = fields.Datetime("Since")
    decided_by_id = fields.Many2one("res.users", "Decided By", ondelete="set null")
    decided_at = fields.Datetime("Decided On")
    reason = fields.Char()
    told = fields.Boolean(help="An approver has been told of it, or of others that wait.")
    why_not = fields.Char(compute="_compute_why_not", help="Why the reader may not decide about it.")

    _open_unique = models.UniqueIndex("(connection_id, res_model, res_id) WHERE state = 'asked'", "It is asked about already.")
    _decided_index = models.Index("(res_model, res_id) WHERE state = 'approved'")

    # === WHAT IS ASKED === #

    @api.model
    def _ask(self, handler, job, reason):
        """A rule asks for the approval of a document as it is now; the job waits."""
        record = self.env[handler._res_model].browse(job.res_id)
        values = self._described(handler, job, record, reason.rule)
        own = [("connection_id", "=", job.connection_id.id), ("res_model", "=", job.res_model), ("res_id", "=", job.res_id)]
        row = self.search([*own, ("state", "=", ASKED)])
        if row.content == values["content"]:  # who has paid it meanwhile, or asked once more, is not who asked
            row.write({name: values[name] for name in ("job_id", "rule_id")})
        else:
            values["asked_at"] = fields.Datetime.now()
            row = row and row.write(values) and row or self.create(values)
        job._set_state("approval", problem_id=False, rule_id=reason.rule.id, message=str(reason))
        row._announce()

    def _described(self, handler, job, record, rule):
        facts = handler._facts_to_approve(record)
        return {
            "connection_id": job.connection_id.id,
            "job_id": job.id,
            "kind": job.kind,
            "res_model": job.res_model,
            "res_id": job.res_id,
            "rule_id": rule.id,
            "content": handler._content_to_approve(record),
            "facts": facts,
            "name": record.name,
            "partner_id": record.commercial_partner_id.id,
            "date": record.invoice_date or record.date,
            "currency_id": record.currency_id.id,
            "amount": record.amount_total,
            "accounts": facts["accounts"],
            "taxes": facts["taxes"],
            "unusual": self._unusual_of(job, record, facts),
            "asked_by_id": (job.requested_by_id or record.user_id or record.create_uid).id,
        }

    def _unusual_of(self, job, record, facts):
        """What an approver should look at: ``[[key, about]]``."""
        before = self.search(
            [("res_model", "=", job.res_model), ("res_id", "=", job.res_id), ("state", "in", (APPROVED, BACK))], limit=1, order="id desc"
        )
        if before:
            changed = [name for name in SIGNS_OF_CHANGE if (before.facts or {}).get(name) != facts[name]]
            return [["changed", changed]] if before.state == APPROVED else [["back", before.reason or ""]]
        return self._unusual_for_partner(record)

    def _unusual_for_partner(self, record):
        partner = record.commercial_partner_id
        if not partner or record.move_type == "entry":
            return []
        own = [("commercial_partner_id", "=", partner.id), ("move_type", "=", record.move_type), ("state", "=", "posted")]
        own += [("company_id", "=", record.company_id.id), ("id", "<", record.id)]
        earlier_sudo = record.sudo().search(own, limit=USUAL, order="date desc, id desc")
        if not earlier_sudo:
            return [["first", record.is_purchase_document(include_receipts=True)]]
        usual = sorted(earlier_sudo.mapped(lambda move: abs(move.amount_total_signed)))[len(earlier_sudo) // 2]
        amount = abs(record.amount_total_signed)
        return [["much", round(amount / usual)]] if usual and amount >= MUCH * usual else []

    @api.depends("unusual")
    @api.depends_context("lang")
    def _compute_unusual_words(self):
        for row in self:
            row.unusual_words = " ".join(row._unusual_sentence(key, about) for key, about in row.unusual or ())

    def _unusual_sentence(self, key, about):
        if key == "changed":
            names = ", ".join(self._name_of_fact(name) for name in about) or self.env._("Lines")
            return self.env._("Changed since approval: %s.", names)
        if key == "back":
            return self.env._("Sent back before: %s", about)
        if key == "much":
            return self.env._("Times the usual amount: %s.", about)
        return self.env._("The first of this vendor.") if about else self.env._("The first for this customer.")

    def _name_of_fact(self, name):
        return {
            "partner": self.env._("Partner"),
            "amount": self.env._("Amount"),
            "date": self.env._("Date"),
            "reference": self.env._("Reference"),
            "accounts": self.env._("Accounts"),
            "taxes": self.env._("Taxes"),
        }[name]

    # === WHAT IS KNOWN === #

    @api.model
    def _approved(self, handler, connection, res_ids):
        """Ids of those of these records that are approved as they are now."""
        if not res_ids:
            return set()
        own = [("connection_id", "=", connection.id), ("res_model", "=", handler._res_model), ("res_id", "in", list(res_ids))]
        approved = {(row_sudo.res_id, row_sudo.content) for row_sudo in self.sudo().search([*own, ("state", "=", APPROVED)])}
        records = self.env[handler._res_model].browse({res_id for res_id, _content in approved})
        return {record.id for record in records if (record.id, handler._content_to_approve(record)) in approved}

    @api.model
    def _close_overtaken(self, connection):
        """Questions that nobody has to answer any more: what they are about goes, stays out, or is gone."""
        self.env["xero.job"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT a.id FROM xero_approval a LEFT JOIN xero_job j ON j.id = a.job_id
                    WHERE a.connection_id = %s AND a.state = 'asked' AND COALESCE(j.state, '') NOT IN ('approval', 'pending')""",
                connection.id,
            )
        )  # fmt: skip
        self.browse(row[0] for row in rows).write({"state": OVER})

    # === WHO MAY DECIDE === #

    @api.depends("asked_by_id", "state")
    @api.depends_context("uid")
    def _compute_why_not(self):
        for row in self:
            row.why_not = row.state == ASKED and row._why_not() or False

    def _why_not(self):
        """Why the reader may not decide about it, in a sentence; '' if she may."""
        if not self.env.user.has_group("xero_connector.group_xero_approver"):
            return self.env._("Only Xero approvers decide about it.")
        record = self._record()
        if not record or not record.has_access("read"):
            return self.env._("You may not see this document; another approver decides.")
        if self.asked_by_id == self.env.user and not self.connection_id.sudo().approves_own:
            return self.env._("You asked for it; another approver decides.")
        return ""

    def _record(self):
        return self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None

    @api.model
    def _approvers(self, company):
        """Users who may approve documents of a company."""
        group_sudo = self.env.ref("xero_connector.group_xero_approver").sudo()
        return group_sudo.all_user_ids.filtered(lambda user: user.active and not user.share and company in user.company_ids)

    # === BUTTONS === #

    def action_approve(self):
        """These documents may go to Xero as they are."""
        done, refused = self._decide_each(self._approve)
        texts = [self.env._("Approved: %s · On their way", done)] if done else []
        if refused:
            texts.append(self.env._("Not approved: %(count)s. %(why)s", count=len(refused), why=refused[0]))
        return self.env["xero.connection"]._notify("\n".join(texts), "warning" if refused else "success")

    def action_send_back(self):
        """Ask for the reason for which they do not go to Xero."""
        self.check_access("read")
        for row in self:
            if reason := row._why_not():
                return self.env["xero.connection"]._notify(reason, "warning")
        return self.env["xero.approval.back"]._open(self)

    def action_open_document(self):
        """The document that is asked about."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": self.res_model, "res_id": self.res_id, "views": [(False, "form")]}

    def _decide_each(self, decide):
        """``(how many were decided about, why others were not)``"""
        self.check_access("read")
        done, refused = 0, []
        for row in self:
            if reason := row._why_not() or row._why_not_now() or decide(row):
                refused.append(reason)
            else:
                done += 1
        self.sudo().connection_id._wake()
        self.sudo().connection_id._update_activities()
        return done, refused

    def _why_not_now(self):
        """Two people, or a person and a change, do not meet."""
        row_sudo = self.sudo()
        if not row_sudo.try_lock_for_update(allow_referencing=True) or row_sudo.state != ASKED:
            return self.env._("Somebody has decided about it already.")
        if row_sudo.job_id.state not in ("approval", "pending"):
            return self.env._("Nobody asks for it any more.")
        handler = self.env["xero.handler"].sudo()._of(row_sudo.kind)
        if handler is None or handler._content_to_approve(self._record().sudo()) != row_sudo.content:
            return self.env._("%s has been changed meanwhile. Look at it again.", row_sudo.name)
        return ""

    def _approve(self, row):
        row_sudo = row.sudo()
        row_sudo._be_decided(APPROVED)
        row_sudo.job_id.filtered(lambda job: job.state == "approval")._set_state("pending", next_try=False, rule_id=False, message=False)
        row_sudo._tell(self.env._("Approved for Xero by %s.", self.env.user.name))

    def _send_back(self, row, why):
        row_sudo = row.sudo()
        row_sudo._be_decided(BACK, why)
        text = self.env._("Sent back by %(name)s: %(why)s", name=self.env.user.name, why=why)
        job_sudo = row_sudo.job_id.filtered(lambda job: job.state == "approval")
        job_sudo._set_state("ignored", message=text)
        row_sudo._tell(text)
        record_sudo, asker = row_sudo._record(), row_sudo.asked_by_id
        if record_sudo and asker.active and not asker.share:
            record_sudo.activity_schedule("mail.mail_activity_data_todo", summary=self.env._("Sent back"), note=text, user_id=asker.id)

    def _be_decided(self, state, reason=False):
        labels = dict(self._fields["state"]._description_selection(self.env))
        entry = Entry(self._record(), "", labels[self.state], ": ".join(filter(None, (labels[state], reason))), self.name or "")
        self.env["xero.audit"]._keep(APPROVE if state == APPROVED else SEND_BACK, self.connection_id.company_id, [entry])
        self.write({"state": state, "decided_by_id": self.env.uid, "decided_at": fields.Datetime.now(), "reason": reason})
        self._announce()

    def _tell(self, text):
        """The document's own chatter says so."""
        handler = self.env["xero.handler"].sudo()._of(self.kind)
        if handler is not None and handler._is_told:
            handler._note({self.res_id: text})
