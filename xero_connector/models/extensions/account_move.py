from datetime import timedelta

from odoo import fields, models

from ...handlers.invoicing.snapshot import SYNCED_FIELDS


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "xero.document.mixin"]

    # === WHEN TO ENQUEUE === #

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._xero_enqueue()
        return posted

    def button_draft(self):
        res = super().button_draft()
        self._xero_enqueue_bound()
        return res

    def button_cancel(self):
        res = super().button_cancel()
        self._xero_enqueue_bound()
        return res

    def unlink(self):
        known = self._xero_known()
        res = super().unlink()
        self._xero_enqueue_known(known)
        return res

    def write(self, vals):
        res = super().write(vals)
        if SYNCED_FIELDS.intersection(vals):
            self.filtered(lambda move: move.state == "posted")._xero_enqueue_bound()
        if "state" in vals or "line_ids" in vals:
            self._xero_enqueue_money()
        return res

    def _xero_enqueue(self):
        """Ask for these posted documents to be sent, as far as their connection does so by itself."""
        for connection, kind, moves in self._xero_by_kind():
            wanted = moves.filtered(lambda move, connection=connection: not move._xero_reason_against(connection))
            self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, wanted.ids)

    def _xero_enqueue_bound(self):
        """Ask for changes of documents that are in Xero, or on their way, to be sent."""
        self._xero_enqueue_known(self._xero_known())

    def _xero_enqueue_known(self, known):
        for (connection, kind), ids in known.items():
            self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, ids)

    def _xero_known(self):
        """``{(connection, kind): ids}`` of these documents that are in Xero, or on their way, and whose changes are sent."""
        return {(connection, kind): connection._known_ids(self._name, moves.ids) for connection, kind, moves in self._xero_by_kind()}

    def _xero_by_kind(self):
        """``(connection, kind, documents)`` of those that can be sent and whose connection sends their kind by itself."""
        for company, moves in self.filtered(lambda move: move._xero_is_supported()).grouped("company_id").items():
            connection = self.env["xero.connection"]._get_active(company)
            for kind, group in moves.grouped(lambda move: move._xero_kind()).items():
                if connection._sends(kind):
                    yield connection, kind, group

    # === WHAT MAY BE SENT === #

    def _xero_kind(self):
        """The kind of document this is made of in Xero (a kind of ``xero.handler``), '' if of none."""
        return self.env["xero.handler"]._move_types().get(self.move_type, "")

    def _xero_is_supported(self):
        """Whether this kind of document can be sent at all."""
        return self._xero_kind() in self.env["xero.handler"]._document_kinds()

    def _xero_date(self):
        """The day that decides whether the document belongs to the time that is synced."""
        return self.invoice_date or self.date

    def _xero_reason_against(self, connection):
        """Why this document is not for Xero, in a sentence; empty if it is."""
        if not self._xero_is_supported():
            return self.env._("%s is none of the documents that are sent to Xero.", self.display_name)
        if self.company_id != connection.company_id:
            return self.env._(
                "%(document)s belongs to %(company)s; switch to that company first.", document=self.name, company=self.company_id.name
            )
        if self.state == "draft":
            return self.env._("Confirm the document first; drafts are not sent to Xero.")
        if self.state == "cancel" and not connection._known_ids(self._name, self.ids):
            return self.env._("%s is cancelled and was never in Xero; there is nothing to send.", self.name)
        if connection.sync_from and self._xero_date() < connection.sync_from:
            return self.env._(
                "%(document)s is dated before %(day)s, the day the sync starts.", document=self.name, day=connection.sync_from
            )
        return connection._reason_against_kind(self._xero_kind())

    def _xero_send(self, connection):
        reasons = {move: reason for move in self if (reason := move._xero_reason_against(connection))}
        wanted = self.filtered(lambda move: move not in reasons)
        for kind, moves in wanted.grouped(lambda move: move._xero_kind()).items():
            self.env["xero.job"].sudo()._enqueue(connection, kind, self._name, moves.ids, manual=True)
        wanted._xero_payment_partials()._xero_enqueue(manual=True)
        self.env["ir.attachment"]._xero_enqueue_of_moves(connection, wanted.ids, manual=True)
        return reasons

    # === WAYS OUT === #

    def _xero_restore_and_credit(self, lock):
        """Post a document again that Xero has in a closed period, and open Odoo's reversal on the first open day."""
        self.filtered(lambda move: move.state == "cancel").button_draft()
        self.action_post()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_view_account_move_reversal")
        day = lock + timedelta(days=1) if lock else fields.Date.context_today(self)
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids, "default_date": fields.Date.to_string(day)}}

    # === PAYMENTS === #

    def _xero_payment_partials(self):
        """The reconciliations of these documents that are payments, or allocations of credit notes."""
        lines = self._xero_debt_lines()
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return partials.filtered(lambda partial: partial._xero_is_payment() or partial._xero_is_allocation())
