from odoo import api, fields, models
from odoo.tools import SQL

from ... import words
from ...handlers.missing import REASONS
from .document_rows import REASON_ID, of_parts
from .xero_document_mixin import STATES

# whoever looks has to do something about these; what is dated before the first day comes last
NEEDS_A_PERSON = [
    "problem",
    "alone",
    "approval",
    "back",
    "voided",
    "no_entry",
    "unmatched",
    "elsewhere",
    "no_document",
    "bank_open",
    "bank_wait",
]
BEFORE = "before"
GROUPED = """
    SELECT %(id)s AS id, v.connection_id, v.reason, v.about, MIN(v.kind) AS kind, MIN(v.message) AS message,
           CASE WHEN bool_or(v.state = 'failed') THEN 'failed' ELSE MIN(v.state) END AS state,
           CASE WHEN v.reason = ANY(%(needs)s) THEN 0 WHEN v.reason = %(before)s THEN 2 ELSE 1 END AS rank,
           COUNT(*) AS documents,
           SUM(CASE WHEN m.move_type LIKE 'out%%' THEN m.amount_total_signed END) AS sales,
           SUM(CASE WHEN m.move_type LIKE 'in%%' THEN -m.amount_total_signed END) AS purchases,
           SUM(ABS(COALESCE(p.amount_company_currency_signed, e.amount_total_signed))) AS money,
           MIN(COALESCE(m.invoice_date, m.date, p.date, e.date, v.touched::date)) AS oldest
      FROM (%(rows)s) v
 LEFT JOIN account_move m ON v.res_model = 'account.move' AND m.id = v.res_id
 LEFT JOIN account_payment p ON p.id = v.payment_id
 LEFT JOIN account_bank_statement_line s ON v.res_model = 'account.bank.statement.line' AND s.id = v.res_id
 LEFT JOIN account_move e ON e.id = s.move_id
     WHERE v.reason IS NOT NULL AND v.kind = ANY(%(kinds)s)
  GROUP BY %(id)s, v.connection_id, v.reason, v.about"""


class XeroReason(models.Model):
    """Why documents and money have no counterpart in Xero: one row per connection and reason, for "Not in Xero, and Why". A database view.

    What has a job says why by itself, or its problem does; of the rest the handlers know (``xero.handler._missing``).
    """

    _name = "xero.reason"
    _inherit = ["xero.figures.mixin"]
    _description = "Why It Is Not in Xero"
    _auto = False
    _order = "rank, documents desc, id"
    _rec_name = "why"

    connection_id = fields.Many2one("xero.connection", readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id")
    currency_id = fields.Many2one(related="connection_id.company_id.currency_id")
    reason = fields.Char(readonly=True)
    about = fields.Integer(readonly=True)
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), readonly=True)
    message = fields.Text(readonly=True)
    state = fields.Selection(STATES, readonly=True)
    rank = fields.Integer(readonly=True, help="What needs a person comes first.")
    why = fields.Text(compute="_compute_why")
    documents = fields.Integer(readonly=True)
    sales = fields.Monetary(readonly=True)
    purchases = fields.Monetary(readonly=True)
    money = fields.Monetary(readonly=True)
    oldest = fields.Date(readonly=True)
    fix_label = fields.Char(compute="_compute_fix_label", help="What leads on, by name.")

    @property
    def _table_query(self):
        self.env.flush_all()
        connections_sudo = self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)])
        return SQL(
            GROUPED,
            id=SQL(REASON_ID), needs=NEEDS_A_PERSON, before=BEFORE, rows=of_parts(self.env, connections_sudo, ("open", "missing")),
            kinds=list(self.env["xero.handler"]._kinds_that("_is_counted")),
        )  # fmt: skip

    # === WORDS === #

    @api.depends("reason", "about", "kind", "message")
    def _compute_why(self):
        for row in self:
            row.why = row._why_missing() if row.reason in REASONS else row._why_open()

    @api.depends("why")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.why

    def _why_missing(self):
        return self.env["xero.handler"]._of(self.kind)._why_missing(self.reason, self.connection_id.sudo(), self.about)

    def _why_open(self):
        """Why what has a job is not there yet."""
        if self.reason == "problem":
            return self._problem().name
        if self.reason == "rule":
            return self._rule_sudo()._left_out_words()
        if self.reason == "approval":
            return self._rule_sudo()._to_approve_words()
        if self.reason == "back":
            return self.env._("Sent back by an approver.")
        if self.reason == "person":
            return self.env._("Left out by a person.")
        return self.connection_id._waiting_words() if self.reason == "waiting" else self.message

    def _problem(self):
        return self.env["xero.problem"].browse(self.about)

    def _rule_sudo(self):
        return self.env["xero.rule"].sudo().browse(self.about)

    @api.depends("reason", "about", "kind")
    def _compute_fix_label(self):
        may_change = self.env.user.has_group("xero_connector.group_xero_admin")
        labels = {"person": self.env._("Put Back In"), "waiting": self.env._("Sync Now"), "alone": self.env._("Retry")}
        labels |= {"rule": self.env._("Open the Rule"), "approval": self.env._("Look"), "back": self.env._("Show")}
        for row in self:
            if row.reason in REASONS:
                found = REASONS[row.reason]
                row.fix_label = (may_change or found.way not in ("day", "settings", "journals", "banks")) and self.env._(found.label)
            else:
                row.fix_label = labels.get(row.reason) or row._problem().fix_label

    # === WAYS ON === #

    def action_fix(self):
        """Lead to what removes the reason, or do it."""
        self.ensure_one()
        self.check_access("read")
        if self.reason == "problem":
            return self._problem().action_fix()
        if self.reason == "rule":
            return self._rule_sudo()._open_form()
        if self.reason == "approval":
            return self.connection_id.action_open_approvals()
        if self.reason == "back":
            return self.action_open()
        if self.reason in ("person", "alone"):
            return self._documents().action_retry()
        way = REASONS[self.reason].way if self.reason in REASONS else "sync"
        return getattr(self, f"_way_{way}")()

    def action_open(self):
        """The documents of this reason."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_document_action")
        return {**action, "name": self.why, "domain": [("reason_id", "=", self.id)], "context": {"xero_documents": "missing"}}

    def _documents(self):
        kinds = self.env["xero.handler"]._kinds_that("_is_counted")
        return self.env["xero.document"].search([("reason_id", "=", self.id), ("kind", "in", kinds)])

    def _way_documents(self):
        return self.action_open()

    def _way_sync(self):
        return self.connection_id.action_sync_now()

    def _way_summaries(self):
        return self.connection_id.action_summarise_now()

    def _way_settings(self):
        return self.connection_id._open_form()

    _way_day = _way_journals = _way_settings

    def _way_banks(self):
        return self.connection_id.action_open_banks()

    # === FIGURES ABOVE THE LIST === #

    def _strip(self, connection):
        rows = self.search([("connection_id", "=", connection.id)])
        trouble = connection._trouble_line()
        notice = trouble["text"] if trouble else ""
        return {"title": connection.company_id.name, "figures": self._figures(connection, rows), "notice": notice}

    def _figures(self, connection, rows):
        since = rows.filtered(lambda row: row.reason != BEFORE)
        day = words.day(self.env, connection.sync_from) if connection.sync_from else ""
        label = self.env._("Not in Xero since %s", day) if day else self.env._("Without a counterpart")
        checked = self.env._("Checked %s", words.moment(self.env, fields.Datetime.now()))
        figures = [{"label": label, "value": str(sum(since.mapped("documents"))), "age": checked}]
        for name, text in (("sales", self.env._("Sales")), ("purchases", self.env._("Purchases")), ("money", self.env._("Money"))):
            figures.append({"label": text, "value": connection.company_id.currency_id.format(sum(since.mapped(name)))})
        if day:
            action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_reason_action")
            shown = {**action, "context": {"search_default_before": 1, "search_default_connection_id": connection.id}}
            before = str(sum((rows - since).mapped("documents")))
            figures.append({"label": self.env._("Before %s", day), "value": before, "link": self.env._("Show"), "action": shown})
        return figures
