from odoo import models

from ...const import PARTIAL, WRITTEN

# a change of one of these fields of a posted document that is in Xero is sent there
FIELDS = frozenset(["ref", "payment_reference", "invoice_date_due", "partner_id", "commercial_partner_id", "name", "is_move_sent"])
# what people change on the lines of a posted document: the coding; amounts need a reset to draft
CODING = frozenset(["account_id", "name", "analytic_distribution"])


class XeroHandlerDocument(models.AbstractModel):
    """When invoices, bills and credit notes are sent."""

    _inherit = "xero.handler.document"

    _records = {"account.move": FIELDS, "account.move.line": CODING, PARTIAL: ()}

    def _mine(self, records):
        if records._name == PARTIAL:
            moves = self._beside_money(records)
        else:
            moves = records.move_id if records._name == "account.move.line" else records
        return moves.filtered(lambda move: move.move_type in self._moves)

    def _touched(self, records, event):
        """What is posted is asked for; whatever else happens to a document matters if Xero has it, or is to have it."""
        if event == WRITTEN or records._name == PARTIAL:
            self._ask_for_known(self._mine(records).filtered(lambda move: move.state == "posted"))
        else:
            super()._touched(records, event)

    def _sync_day(self, move):
        """The day that decides whether the document belongs to the time that is synced."""
        return move.invoice_date or move.date

    def _reason_against(self, move, connection):
        if reason := self._reason_of_company(move, connection):
            return reason
        if move.state == "draft":
            return self.env._("Confirm the document first; drafts are not sent to Xero.")
        if move.state == "cancel" and not connection._known_ids(move._name, move.ids):
            return self.env._("%s is cancelled and was never in Xero; there is nothing to send.", move.name)
        return connection._reason_against_kind(self._kind)

    def _ask_for_now(self, connection, moves):
        """With what pays them, and their files; of what was made in Xero it is said by this that changes go there."""
        self._let_follow(connection, moves)
        self._ask_for(connection, moves.ids, manual=True)
        self.env["xero.handler.payment"]._ask_for_settling(moves)
        self.env["xero.handler.attachment"]._ask_for_files_of(connection, moves.ids, manual=True)
