import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import words
from ...handlers.banking.settle_lines import Match, Part
from ...refusal import Refusal
from ..audit.xero_audit import MATCH, UNDO_MATCH, Entry

KEPT = timedelta(days=90)
OPEN, MATCHED, BOOKED = "open", "matched", "booked"
COLUMNS = ("connection_id", "company_id", "journal_id", "date", "text", "partner_id", "amount", "currency_id", "sureness", "candidates")
TYPES = {"date": "date", "text": "text", "amount": "numeric", "sureness": "text", "candidates": "jsonb"}


class XeroBankMatch(models.Model):
    """A line of a bank that waits, or waited lately, and what it was probably for.

    Entry points: ``_refresh`` (a run of the connection, and whoever opens the page), the buttons. What is suggested is kept as plain values
    (``candidates``, the best first); sentences are made of them in the reader's language. Whether a line waits is the line's own affair.
    """

    _name = "xero.bank.match"
    _inherit = ["xero.fresh.mixin", "xero.bank.page.mixin"]
    _description = "Bank Line to Match"
    _order = "date desc, id desc"
    _rec_name = "text"

    line_id = fields.Many2one("account.bank.statement.line", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    journal_id = fields.Many2one("account.journal", "Bank", required=True, ondelete="cascade", index=True)
    date = fields.Date()
    text = fields.Char("Text of the Bank")
    partner_id = fields.Many2one("res.partner", ondelete="set null")
    amount = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    candidates = fields.Json()
    sureness = fields.Selection(words.selection(words.SUGGESTION), "Sureness", default="none", required=True)
    state = fields.Selection(words.selection(words.BANK_LINE), compute="_compute_state", store=True, index=True, required=True)
    suggestion = fields.Char(compute="_compute_suggestion")
    reason = fields.Char("Why", compute="_compute_suggestion")

    _line_unique = models.Constraint("UNIQUE (line_id)", "This bank line is listed already.")

    @api.depends("line_id.is_reconciled")
    def _compute_state(self):
        for match in self:
            items = match.line_id.move_id.line_ids
            if not match.line_id.is_reconciled:
                match.state = OPEN
            else:
                match.state = MATCHED if items.matched_debit_ids or items.matched_credit_ids else BOOKED

    @api.depends("candidates", "state", "amount", "currency_id")
    @api.depends_context("lang", "uid")
    def _compute_suggestion(self):
        said = self.env["xero.bank.match.words"]
        for match in self:
            first = match._first()
            match.suggestion = match._settled_as() if match.state != OPEN else said._what(first, match.amount, match.currency_id)
            match.reason = said._why(first, match.amount, match.currency_id) if match.state == OPEN else ""

    def _first(self):
        return (self.candidates or [None])[0]

    def _settled_as(self):
        """What a line was matched with, or booked to."""
        line_sudo = self.line_id.sudo()
        own = line_sudo.move_id.line_ids - line_sudo._seek_for_lines()[0]
        others = (own.matched_debit_ids.debit_move_id | own.matched_credit_ids.credit_move_id) - own
        others = others.filtered(lambda item: item.journal_id != item.company_id.currency_exchange_journal_id)
        return " + ".join(others.move_id.mapped("name")) or ", ".join(own.account_id.mapped("name"))

    # === REFRESH === #

    @api.model
    def _refresh(self, connection, journals=None):
        """Look anew at what waits on these banks of a connection, or all; as many queries for many lines as for one."""
        banks = connection.sudo().journal_mapping_ids.journal_id
        rows = self.env["xero.bank.matching"].sudo()._found(connection.sudo(), banks & journals if journals else banks)
        if not rows:
            return
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        kinds = SQL(", ").join(SQL("%s %s", SQL.identifier(name), SQL(TYPES.get(name, "int"))) for name in ("line_id", *COLUMNS))
        new = SQL(", ").join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in COLUMNS)
        old = SQL(", ").join(SQL("xero_bank_match.%s", SQL.identifier(name)) for name in COLUMNS)
        changed = self.env.execute_query(
            SQL(
                """INSERT INTO xero_bank_match (line_id, state, create_uid, create_date, write_uid, write_date, %(columns)s)
                   SELECT line_id, 'open', %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC', %(columns)s
                     FROM jsonb_to_recordset(%(rows)s) AS t(%(kinds)s)
                   ON CONFLICT (line_id) DO UPDATE SET (write_date, %(columns)s) = (now() AT TIME ZONE 'UTC', %(new)s)
                     WHERE (%(old)s) IS DISTINCT FROM (%(new)s) RETURNING id""",
                columns=columns, kinds=kinds, new=new, old=old, uid=self.env.uid, rows=json.dumps(rows),
            )
        )  # fmt: skip
        self.invalidate_model()
        self.browse(match_id for (match_id,) in changed)._announce()

    @api.model
    def _refresh_changed(self, connection):
        """The same, unless nothing has changed that it depends on."""
        sign = self._sign(connection)
        if connection.sudo().bank_lines_seen != sign:
            self._refresh(connection)
            connection.sudo().bank_lines_seen = sign

    def _sign(self, connection):
        """What is different when lines or open items have changed; one query."""
        self.env.flush_all()
        companies = connection._companies().ids
        [(lines, items, rules)] = self.env.execute_query(
            SQL(
                """SELECT (SELECT concat(count(*), ' ', max(write_date)) FROM account_bank_statement_line
                            WHERE company_id = ANY(%(companies)s) AND NOT is_reconciled),
                          (SELECT concat(count(*), ' ', max(write_date)) FROM account_move_line
                            WHERE company_id = ANY(%(companies)s) AND parent_state = 'posted' AND NOT reconciled
                              AND amount_residual_currency <> 0),
                          (SELECT concat(count(*), ' ', max(write_date)) FROM xero_rule WHERE connection_id = %(connection)s)""",
                companies=companies, connection=connection.id,
            )
        )  # fmt: skip
        return f"{lines} {items} {rules}"

    @api.autovacuum
    def _gc_settled(self):
        """What was matched long ago is found in Odoo's entries."""
        limit = fields.Datetime.now() - KEPT
        self.search([("state", "!=", OPEN), ("write_date", "<", limit)], limit=10000).unlink()

    # === BUTTONS === #

    def _check_may(self):
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")

    def action_match(self):
        """Match each with what is suggested first."""
        self._check_may()
        done, refused = self._match_first()
        if not refused:
            return self.env["xero.connection"]._notify(self.env._("Matched: %s", done))
        if len(self) == 1:
            return self.env["xero.connection"]._notify(refused[0], "warning")
        told = self.env._("Matched: %(done)s · Not matched: %(count)s. %(why)s", done=done, count=len(refused), why=refused[0])
        return self.env["xero.connection"]._notify(told, "warning")

    def _match_first(self):
        """``(how many were matched, why others were not)``"""
        done, refused = 0, []
        for match in self:
            try:
                match._match_as(match._first())
                match._keep_matched()
                done += 1
            except UserError as error:
                refused.append(str(error))
        self._announce()
        return done, refused

    def _match_as(self, candidate):
        """:raise UserError: it cannot be, in words; nothing was changed"""
        line_sudo = self.line_id.with_company(self.company_id).sudo()
        if not candidate:
            raise Refusal(self.env._("Nothing fits. Choose what it was for, or book it."))
        account_sudo = self.env["account.account"].sudo().browse(candidate["account"] or self._account_of_cents(candidate)).exists()
        if candidate["reason"] in ("rule", "habit"):
            return self.env["xero.bank.booking"].sudo()._book_as_suggested(line_sudo, candidate)
        items_sudo = self.env["account.move.line"].sudo().browse(candidate["items"])
        if items_sudo.exists() != items_sudo:
            raise Refusal(self.env._("What was suggested is gone. Look again."))
        fee = float(candidate["fee"] or 0)
        if fee and not account_sudo:
            raise Refusal(self.env._("Choose in “Other…” where the difference goes."))
        parts = [Part(account_sudo, -fee)] if fee else []
        amount = self.amount if candidate["part"] else None
        return self.env["xero.bank.settling"].sudo()._settle(line_sudo, [Match(item, amount) for item in items_sudo], parts)

    def _keep_matched(self):
        self._keep_trail(MATCH, self.line_id, "", self._settled_as())

    @api.model
    def _keep_trail(self, act, line, before, after):
        """What the user has just said of the bank line."""
        entry = Entry(line, "", before, after, line.payment_ref or "-")
        self.env["xero.audit"]._keep(act, line.company_id, [entry])

    @api.model
    def _keep_booked(self, line, account):
        self._keep_trail(MATCH, line, "", account.display_name)

    def _account_of_cents(self, candidate):
        """Where differences of cents go: where Odoo books what is missing in, or too much of, cash."""
        company_sudo = self.company_id.sudo()
        if candidate["reason"] != "cents":
            return False
        is_loss = float(candidate["fee"]) > 0
        return (
            company_sudo.default_cash_difference_expense_account_id if is_loss else company_sudo.default_cash_difference_income_account_id
        ).id

    def action_undo(self):
        """Take back what was said of these lines; each waits again."""
        self._check_may()
        refused = []
        for match in self:
            before = match._settled_as()
            try:
                self.env["xero.bank.settling"].sudo()._undo(match.line_id.with_company(match.company_id).sudo())
            except UserError as error:
                refused.append(str(error))
            else:
                match._keep_trail(UNDO_MATCH, match.line_id, before, "")
        self._announce()
        if refused:
            return self.env["xero.connection"]._notify(refused[0], "warning")
        return self.env["xero.connection"]._notify(self.env._("The match is undone."))

    def action_match_sure(self):
        """Say what all sure ones of the shown bank are together, and ask; of the ticked ones, if some are."""
        self.env["xero.connection"]._check_xero_user()
        return self.env["xero.bank.sure"]._ask(self)

    def action_other(self):
        """Choose what else it was for."""
        self.ensure_one()
        self._check_may()
        return self.env["xero.bank.other"]._open(self)

    def action_book(self):
        """Say what a line was for that nothing is open for."""
        self.ensure_one()
        self._check_may()
        return self.env["xero.bank.book"]._open(self.line_id)

    def action_open_line(self):
        """The entry of the bank line."""
        self.ensure_one()
        self._check_may()
        return {"type": "ir.actions.act_window", "res_model": "account.move", "res_id": self.line_id.move_id.id, "views": [(False, "form")]}
