from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import words
from ...const import CANCELLED, POSTED, RESET, WRITTEN
from ...handlers.money.parts import settling_partials
from ...refusal import Refusal
from ..queue.xero_document_mixin import USER


class AccountMove(models.Model):
    """Invoices, bills, credit notes and journal entries, which have counterparts in Xero; and the entries of money, which have not."""

    _name = "account.move"
    _inherit = ["account.move", "xero.document.mixin"]

    xero_money_ids = fields.Many2many("account.partial.reconcile", string="Money", compute="_compute_xero_money", groups=USER)
    xero_due = fields.Monetary("Due in Xero", compute="_compute_xero_due", groups=USER, help="As it was last read there.")
    xero_due_words = fields.Char(compute="_compute_xero_due", groups=USER)
    xero_due_state = fields.Char(compute="_compute_xero_due", groups=USER, help="Of ``words.DIFFERENCE``.")

    # === THE BELL === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        self.env["xero.trigger"]._touched(posted, POSTED)
        return posted

    def button_draft(self):
        res = super().button_draft()
        self.env["xero.trigger"]._touched(self, RESET)
        return res

    def button_cancel(self):
        res = super().button_cancel()
        self.env["xero.trigger"]._touched(self, CANCELLED)
        return res

    def write(self, vals):
        res = super().write(vals)
        self.env["xero.trigger"]._touched(self, WRITTEN, vals)
        return res

    def unlink(self):
        with self.env["xero.trigger"]._leaving(self):
            return super().unlink()

    # === WHAT IS SHOWN: of an entry that went with a summary, how the summary stands === #

    def _xero_whole_states(self, alias):
        # no invoice is in a summary: they are many, and none needs a look
        state = self.env["xero.journal.summary"]._entry_state(self._xero_connections(), SQL.identifier(alias, "id"))
        return [SQL("CASE WHEN %s = 'entry' THEN (%s) END", SQL.identifier(alias, "move_type"), state)]

    def _xero_whole_ids(self, states=None):
        return [self.env["xero.journal.summary"]._entry_ids(self._xero_connections(), states)]

    def _xero_whole_standings(self, ids):
        entries = self.browse(ids).filtered(lambda move: move.move_type == "entry")
        return self.env["xero.journal.summary"]._entry_standings(self._xero_connections(), entries.ids) if entries else []

    @api.model
    def _xero_none_domain(self):
        return super()._xero_none_domain() & Domain("state", "=", "posted") & Domain("move_type", "!=", "entry")

    def _compute_xero_money(self):
        for move in self:
            move.xero_money_ids = settling_partials(move)

    @api.depends_context("company")
    def _compute_xero_due(self):
        """What is still to be paid, as it was last read in Xero; nothing of what was never read."""
        read = self._xero_read_due()
        for move in self:
            move.xero_due, moment = read.get(move.id, (0, None))
            move.xero_due_words = moment and self.env._("Read %s", words.moment(self.env, moment))
            same = not move.currency_id.compare_amounts(move.xero_due, move.amount_residual)
            move.xero_due_state = moment and ("agrees" if same else "unexplained")

    # === PAID ON XERO'S PAGE === #

    def _xero_payment_link(self):
        """Where the customer's portal leads to the page in Xero on which this can be paid; '' if that is not offered."""
        self.ensure_one()
        return self.get_portal_url(suffix="/xero") if self.env["xero.connection"]._payable_pair(self) else ""

    def _xero_payment_page(self):
        """Address of the page itself, '' if there is none now."""
        self.ensure_one()
        return self.env["xero.connection"]._payment_page(self)

    # === FILES === #

    def action_xero_fetch_files(self):
        """Bring the files that people have attached to it in Xero."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        return self.env["xero.connection"]._get_active(self.company_id)._fetch_files(self)

    # === RULES === #

    def action_xero_rule(self):
        """A rule about documents like this one, to be looked through before it is saved."""
        self.ensure_one()
        self.env["xero.rule"].check_access("create")
        self.check_access("read")
        return self.env["xero.rule"]._about_documents_like(self)

    # === WAYS OUT === #

    def _xero_restore_and_credit(self, lock):
        """Post a document again that Xero has in a closed period, and open Odoo's reversal on the first open day.

        Its lines stay as they were: a reset to draft would have Odoo work out anew what was set by hand, taxes above all.

        :raise UserError: Odoo makes another amount of it all the same
        """
        kept = self.with_context(skip_invoice_sync=True)
        before = kept._xero_figures()
        kept.filtered(lambda move: move.state == "cancel").button_draft()
        kept.action_post()
        if kept._xero_figures() != before:
            raise Refusal(self.env._("Odoo would change the amounts of %s. Open it, and correct it by hand.", self[:1].display_name))
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_view_account_move_reversal")
        day = lock + timedelta(days=1) if lock else fields.Date.context_today(self)
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids, "default_date": fields.Date.to_string(day)}}

    def _xero_figures(self):
        """What of a document may not change when it is posted again: ``{line id: (account, balance)}``."""
        return {line.id: (line.account_id.id, line.balance) for line in self.line_ids}
