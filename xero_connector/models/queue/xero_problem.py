from odoo import api, fields, models

from ...const import AFRESH, HELD, ON_ITS_WAY
from ...handlers.causes import CAUSES

FIXES = [("mapping", "Mapping"), ("reference", "Reading Again"), ("contact", "Choice of the Contact"), ("record", "Document")]
FIXES += [("settings", "Settings"), ("lock", "Lock Date")]


class XeroProblem(models.Model):
    """One cause that holds up one or many jobs, with a sentence for people and a button that leads to the fix.

    Entry points: ``_hold`` (a job meets a cause), ``_release`` (a cause may be gone: its jobs are tried again), ``_look_again`` (a person
    says so: Xero is read first).
    Invariant: one problem per connection, code and key that is not solved; it is when no job waits behind it, or has yet to be tried again.
    """

    _name = "xero.problem"
    _description = "Xero Problem"
    _order = "state, job_count desc, id desc"

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    code = fields.Selection(lambda self: [(code, self.env._(cause.label)) for code, cause in CAUSES.items()], "Cause", required=True)
    fix = fields.Selection(
        FIXES, "Removed In", required=True, compute="_compute_fix", store=True, readonly=False, precompute=True,
        help="Where a person removes the cause.",
    )  # fmt: skip
    key = fields.Char(help="Tells causes of the same code apart, e.g. the account.")
    name = fields.Char("What is wrong", required=True)
    help = fields.Text("What to do")
    xero_messages = fields.Text("Messages from Xero")
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    candidates = fields.Json(help="Contacts in Xero that may be meant.")
    # open --its jobs are tried again--> looking --one meets it again--> open
    #   |                                    |
    #   +--nothing waits behind it-----------+--all were tried--> solved
    state = fields.Selection(
        [("open", "Open"), ("looking", "Looking Again"), ("solved", "Solved")], default="open", required=True, index=True
    )
    released = fields.Json(help="Ids of the jobs that are tried again.")
    to_read = fields.Boolean(help="The lists of Xero that it concerns are to be read before its jobs are tried again.")
    looked_at = fields.Datetime("Last Looked", help="When Xero was last asked whether the cause is gone.")
    job_ids = fields.One2many("xero.job", "problem_id", "Documents")
    document_ids = fields.One2many("xero.document", "problem_id", "Documents Held Up")
    job_count = fields.Integer("Documents Held", default=0)
    told = fields.Boolean(help="The responsible user has been told of this problem, or of one of its kind.")
    fix_label = fields.Char(compute="_compute_fix_label")

    _open_unique = models.UniqueIndex("(connection_id, code, key) WHERE state != 'solved'", "This problem is already open.")

    @api.depends("code")
    def _compute_fix(self):
        for problem in self:
            problem.fix = CAUSES[problem.code].fix

    @api.depends("fix", "res_model")
    def _compute_fix_label(self):
        labels = {
            "mapping": self.env._("Open the mapping"),
            "reference": self.env._("Read again from Xero and retry"),
            "contact": self.env._("Choose the contact"),
            "record": self.env._("Open the document"),
            "settings": self.env._("Open the settings"),
        }
        for problem in self:
            fix = problem.fix
            if fix == "lock":
                problem.fix_label = problem._lock_label(labels)
                continue
            records = {"res.partner": self.env._("Open the contact"), "product.product": self.env._("Open the product")}
            problem.fix_label = records.get(problem.res_model, labels[fix]) if fix == "record" else labels.get(fix)

    # === HOLD AND RELEASE === #

    @api.model
    def _hold(self, jobs, held, state="blocked"):
        """Put jobs behind the problem described by ``held`` (a ``handlers.reasons.Held``), opening it if it is new."""
        if not jobs:
            return self
        problem = self._open(jobs.connection_id, held)
        jobs._set_state(state, problem_id=problem.id, message=held.message, xero_messages="\n".join(held.details) or False, next_try=False)
        problem._count()
        return problem

    def _open(self, connection, held):
        domain = [("connection_id", "=", connection.id), ("code", "=", held.code), ("key", "=", held.key), ("state", "!=", "solved")]
        values = {
            "name": held.message,
            "help": held.help,
            "xero_messages": "\n".join(held.details) or False,
            "res_model": held.res_model,
            "res_id": held.res_id,
            "fix": held.fix,
            "candidates": held.candidates or False,
            "state": "open",
            "released": False,
        }
        problem = self.search(domain, limit=1)
        if problem:
            problem.write(values)
            return problem
        return self.create({"connection_id": connection.id, "code": held.code, "key": held.key, **values})

    def _count(self):
        """Recount the jobs behind each problem and close those without any."""
        counts = dict(self.env["xero.job"]._read_group([("problem_id", "in", self.ids)], ["problem_id"], ["__count"]))
        tried_yet = self._untried()
        for problem in self:
            count = counts.get(problem, 0)
            if count or problem not in tried_yet:
                problem.write({"job_count": count, "state": "open" if count else "solved", "released": False})

    def _untried(self):
        """Those of which a job that is to be tried again has not been: its turn has not come, or its answer."""
        looking = self.filtered("released")
        if not looking:
            return looking
        ids = {job_id for problem in looking for job_id in problem.released}
        waiting = [("id", "in", list(ids)), ("problem_id", "=", False), ("state", "in", ON_ITS_WAY)]
        jobs = self.env["xero.job"].search([*waiting, "|", ("next_try", "=", False), ("state", "!=", "pending")])
        return looking.filtered(lambda problem: set(problem.released) & set(jobs.ids))

    @api.model
    def _release(self, connection, codes=None, keys=None):
        """Try the jobs behind these problems again: their cause may be gone.

        :param connection: ``xero.connection`` records
        :param codes: only problems of these codes
        :param keys: only problems of these keys
        :return: the number of jobs released
        """
        domain = [("connection_id", "in", connection.ids), ("state", "!=", "solved")]
        domain += [("code", "in", list(codes))] if codes else []
        domain += [("key", "in", list(keys))] if keys else []
        return self.sudo().search(domain)._release_jobs()

    def _release_jobs(self):
        released = self.job_ids.browse()
        for problem in self:
            jobs = problem.job_ids.filtered(lambda j: j.state in HELD)
            jobs._set_state("pending", next_try=False, tries=0, **AFRESH)
            if jobs:
                problem.write({"state": "looking", "released": [*(problem.released or ()), *jobs.ids]})
            released |= jobs
        (self - self.filtered("released"))._count()
        released.connection_id._wake()
        return len(released)

    def _look_again(self):
        """As ``_release_jobs``, after Xero has been asked whether the cause is gone."""
        self.filtered(lambda problem: CAUSES[problem.code].reads).to_read = True
        return self._release_jobs()

    @api.model
    def _look_for(self, connection):
        """*Sync now* looks whether the causes that Xero can tell of are gone."""
        codes = [code for code, cause in CAUSES.items() if cause.reads]
        domain = [("connection_id", "in", connection.ids), ("state", "!=", "solved"), ("code", "in", codes)]
        return self.sudo().search(domain)._look_again()

    @api.model
    def _to_read(self, connection):
        """The problems of ``connection`` for which lists of Xero are to be read, and the names of these lists."""
        domain = [("connection_id", "=", connection.id), ("state", "=", "looking"), ("to_read", "=", True)]
        problems_sudo = self.sudo().search(domain)
        return problems_sudo, {name for problem in problems_sudo for name in CAUSES[problem.code].reads}

    @api.model
    def _lists(self):
        """``{code: the lists of Xero whose change may have removed the cause}``."""
        return {code: set(cause.reads) for code, cause in CAUSES.items()}

    @api.model
    def _held_partner_ids(self, connection):
        """The partners whose contacts are known, or were said, to be archived."""
        domain = [("connection_id", "=", connection.id), ("state", "!=", "solved"), ("code", "=", "contact_archived")]
        return [int(key) for key in self.search(domain).mapped("key") if key.isdigit()]

    @api.model
    def _close_empty(self, connection):
        """Close the problems of ``connection`` that no longer hold anything."""
        self.sudo().search([("connection_id", "in", connection.ids), ("state", "!=", "solved")])._count()

    # === BUTTONS === #

    def action_retry(self):
        """Try all documents behind these problems again."""
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        count = self.sudo()._look_again()
        return self.env["xero.connection"]._notify(self.env._("%s documents will be sent again.", count))

    def action_fix(self):
        """Lead to the screen where the cause can be removed."""
        self.ensure_one()
        self.check_access("read")
        return getattr(self, f"_fix_{self.fix}")()

    def _is_fixed_on(self, record):
        """Whether the fix is to change ``record`` itself."""
        return bool(self) and self.fix == "record" and self._fix_target() == (record._name, record.id)

    def action_open_jobs(self):
        """The documents behind this problem."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_document_action")
        return {**action, "domain": [("problem_id", "=", self.id)], "context": {}}

    def _fix_mapping(self):
        return self.connection_id.action_open_mapping()

    def _fix_reference(self):
        answer = self.connection_id.action_refresh_reference_data()
        return self.action_retry() if self.connection_id.state == "connected" else answer

    def _locked_document(self):
        """The document that Odoo no longer has as it stands in a closed period of Xero; empty if new documents wait."""
        return self.env["account.move"].browse(self.res_id if self.res_model == "account.move" else []).exists()

    def _lock_label(self, labels):
        document = self._locked_document()
        if not document:
            return labels["reference"]
        return labels["record"] if document.state == "posted" else self.env._("Restore it and make a credit note")

    def _fix_lock(self):
        document = self._locked_document()
        if not document:
            return self._fix_reference()
        posted = document.state == "posted"
        return self._fix_record() if posted else document._xero_restore_and_credit(self.connection_id._last_locked_day())

    def _fix_settings(self):
        return self.connection_id._open_form()

    def _fix_contact(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which contact in Xero is it?"),
            "res_model": "xero.contact.match",
            "view_mode": "form",
            "target": "new",
            "context": {"default_problem_id": self.id},
        }

    def _fix_target(self):
        """Model and id of the record to change; a reconciliation is changed on its payment."""
        if self.res_model == "account.partial.reconcile":
            partial = self.env[self.res_model].browse(self.res_id).exists()
            shown = self.job_ids.payment_id[:1] or (partial and self.env["xero.handler.money"]._known_as(partial)[partial.id])
            return (shown._name, shown.id) if shown else ("account.payment", False)
        return self.res_model, self.res_id

    def _fix_record(self):
        model, res_id = self._fix_target()
        if not res_id:
            return self.action_open_jobs()
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "view_mode": "form", "views": [(False, "form")]}
