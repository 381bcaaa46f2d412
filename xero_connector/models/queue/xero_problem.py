from odoo import api, fields, models
from odoo.tools import SQL

from ... import words
from ...const import AFRESH, HELD, ON_ITS_WAY
from ...handlers.causes import CAUSES

FIXES = [("mapping", "Mapping"), ("reference", "Reading Again"), ("contact", "Choice of the Contact"), ("record", "Document")]
FIXES += [
    ("settings", "Settings"),
    ("lock", "Lock Date"),
    ("xero", "Page in Xero"),
    ("money", "Money from Xero"),
    ("send", "Sending"),
    ("made", "Made in Xero"),
]
# what is held up, in the company's currency: of documents, else of money; the two are never added up
WEIGHTS = """
    SELECT j.problem_id,
           COALESCE(NULLIF(SUM(ABS(m.amount_total_signed)) FILTER (WHERE j.res_model = 'account.move'), 0),
                    SUM(ABS(COALESCE(pm.amount_total_signed, p.amount))), 0)
      FROM xero_job j
 LEFT JOIN account_move m ON j.res_model = 'account.move' AND m.id = j.res_id
 LEFT JOIN account_payment p ON p.id = j.payment_id
 LEFT JOIN account_move pm ON pm.id = p.move_id
     WHERE j.problem_id = ANY(%s) GROUP BY j.problem_id
"""


class XeroProblem(models.Model):
    """One cause that holds up one or many jobs, with a sentence for people and a button that leads to the fix.

    Entry points: ``_hold`` (a job meets a cause), ``_release`` (a cause may be gone: its jobs are tried again), ``_look_again`` (a person
    says so: Xero is read first).
    Invariant: one problem per connection, code and key that is not solved; it is when no job waits behind it, or has yet to be tried again.
    """

    _name = "xero.problem"
    _description = "Xero Problem"
    _inherit = ["mail.thread", "xero.fresh.mixin"]
    _mail_post_access = "read"
    _order = "state, amount desc, job_count desc, id desc"

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
    state = fields.Selection(words.selection(words.PROBLEM), default="open", required=True, index=True, tracking=True)
    released = fields.Json(help="Ids of the jobs that are tried again, until all of them were.")
    tried = fields.Json(help="Ids of the jobs that were tried again the last time.")
    to_read = fields.Boolean(help="The lists of Xero that it concerns are to be read before its jobs are tried again.")
    looked_at = fields.Datetime("Last Looked", help="When Xero was last asked whether the cause is gone.")
    job_ids = fields.One2many("xero.job", "problem_id", "Documents")
    document_ids = fields.One2many("xero.document", "problem_id", "Documents Held Up")
    job_count = fields.Integer("Held Up", default=0)
    amount = fields.Monetary("Amount", readonly=True, help="Of the documents held up, or else of the money; in the company's currency.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    responsible_user_id = fields.Many2one("res.users", "Responsible", compute="_compute_responsible_user_id")
    told = fields.Boolean(help="The responsible user has been told of this problem, or of one of its kind.")

    _open_unique = models.UniqueIndex("(connection_id, code, key) WHERE state != 'solved'", "This problem is already open.")

    @api.depends("code")
    def _compute_fix(self):
        for problem in self:
            problem.fix = CAUSES[problem.code].fix

    @api.depends("connection_id.responsible_user_id")
    def _compute_responsible_user_id(self):
        for problem in self:
            problem.responsible_user_id = problem.connection_id.sudo()._responsible()

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
            return problem._set(values)
        silent = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        problem = silent.create({"connection_id": connection.id, "code": held.code, "key": held.key, **values}).with_env(self.env)
        problem._announce()
        return problem

    def _set(self, values):
        """Write ``values``, and tell open screens if the state is another one now."""
        changed = self.filtered(lambda problem: problem.state != values["state"])
        self.write(values)
        changed._announce()
        return self

    def _count(self):
        """Recount the jobs behind each problem and close those without any."""
        counts = dict(self.env["xero.job"]._read_group([("problem_id", "in", self.ids)], ["problem_id"], ["__count"]))
        tried_yet = self._untried()
        for problem in self:
            count = counts.get(problem, 0)
            if count or problem not in tried_yet:
                problem._set({"job_count": count, "state": "open" if count else "solved", "released": False})

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
                ids = [*(problem.released or ()), *jobs.ids]
                problem._set({"state": "looking", "released": ids, "tried": ids})
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
        """*Sync now* looks whether the causes that Xero can tell of are gone, and those of the mapping.

        Who confirms the mapping lets go of what is held by then. A run that had read the older mapping holds a document a moment later.
        """
        codes = [code for code, cause in CAUSES.items() if cause.reads or cause.fix == "mapping"]
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
        problems_sudo = self.sudo().search([("connection_id", "in", connection.ids), ("state", "!=", "solved")])
        problems_sudo._count()
        problems_sudo._weigh()

    def _weigh(self):
        """Sum up what each of these problems holds up; of one that is looked at again that stays as it was."""
        held = self.filtered(lambda problem: problem.state == "open")
        self.env["xero.job"].flush_model()
        amounts = dict(self.env.execute_query(SQL(WEIGHTS, held.ids))) if held else {}
        for problem in held:
            amount = float(amounts.get(problem.id) or 0)
            if problem.currency_id.compare_amounts(problem.amount, amount):
                problem.amount = amount
