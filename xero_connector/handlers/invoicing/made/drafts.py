from odoo import models

from ....const import CANCELLED, GONE, POSTED, RESET
from ....xero_core.fingerprint import fingerprint
from ...answers import CannotTake

LINE = ("name", "display_type", "quantity", "price_unit", "discount", "analytic_distribution")
HEAD = ("name", "ref", "invoice_date", "invoice_date_due", "amount_total", "amount_tax")


class XeroHandlerDocument(models.AbstractModel):
    """Drafts of documents that were made in Xero, until a person confirms them: then the pair is remembered, and nothing is sent.

    | the draft                 | in Xero it is  | then                                                                |
    | ------------------------- | -------------- | ------------------------------------------------------------------- |
    | untouched                 | changed        | it is written anew                                                  |
    | changed by a person       | changed        | it stays, and the row says so                                       |
    | any                       | voided         | it is cancelled                                                     |
    | confirmed, untouched      | the same       | a pair that agrees                                                  |
    | confirmed, with changes   | otherwise      | a pair that differs: asked under Changed in Xero                    |
    | cancelled, or deleted     |                | left out                                                            |
    """

    _inherit = "xero.handler.document"

    def _touched(self, records, event):
        super()._touched(records, event)
        if records._name == self._res_model and event in (POSTED, RESET, CANCELLED):
            self._follow_made(self._mine(records), event)

    def _follow_made(self, moves, event):
        rows_sudo = self.env["xero.made"].sudo().search([("move_id", "in", moves.ids), ("kind", "=", self._kind)]) if moves else ()
        for row_sudo in rows_sudo:
            if event == CANCELLED and row_sudo.state == "draft":
                row_sudo.write({"state": "ignored", "message": self.env._("Its draft was cancelled in Odoo.")})
            elif event == RESET and row_sudo.state == "ignored":
                row_sudo.write({"state": "draft", "message": False})
            elif event == POSTED and row_sudo.state in ("draft", "ignored"):
                self._posted_made(row_sudo)

    def _leaving(self, records):
        """What is deleted here is not taken in again by itself."""
        follow = super()._leaving(records)
        moves = records if records._name == self._res_model else records.browse()
        rows_sudo = self.env["xero.made"].sudo().search([("move_id", "in", moves.ids), ("state", "=", "draft")])

        def after():
            follow()
            rows_sudo.write({"state": "ignored", "message": self.env._("Its draft was deleted in Odoo.")})

        return after

    def _posted_made(self, row):
        """A person has confirmed it: the pair is remembered, and what the person changed meanwhile is asked about."""
        remote, move = self._kept_made(row), row.move_id
        own_sudo = self.sudo()
        if row.made_as and row.made_as == self._as_made(move):
            try:
                with self.env.cr.savepoint():
                    return own_sudo._bind_posted(row, move, remote)
            except CannotTake:
                pass
        return own_sudo._compare_posted(row, move, remote)

    def _compare_posted(self, row, move, remote, origin="xero"):
        """A pair that was not made alike: nothing is sent, and a person says whose side is right."""
        binding = self._pair(row, move, remote, origin)
        binding.write({"sent": self._as_it_came(move), "seen": "-"})
        self._compare(row.connection_id, move, {move.id: binding}, {remote.xero_id: remote})
        self._note_seen(binding, remote)
        self._settle_made(row, "taken", money_due=bool(remote.amount_settled))

    def _follow_draft(self, row, remote):
        """Xero says something else of it than when its draft was made."""
        move = row.move_id
        if remote.status in GONE:
            move.with_context(tracking_disable=True).button_cancel()
            self._note({move.id: self.env._("It was voided in Xero.")})
            return self._settle_made(row, "gone")
        if row.made_as != self._as_made(move):
            return row.write(
                {"message": self.env._("It was changed in Xero after this draft was changed here; compare them."), "cause": "changed"}
            )
        try:
            with self.env.cr.savepoint():
                self._fill_made(row.connection_id, move, remote)
        except CannotTake as reason:
            return row.write({"message": str(reason), "cause": "changed"})
        return self._settle_made(row, "draft", made_as=self._as_made(move))

    def _as_it_came(self, move):
        """What counts as sent of a document that was made in Xero, until a person says that changes of it go there."""
        return f"made {self._as_made(move)}"

    def _as_made(self, move):
        """Fingerprint of what a person may change of it."""
        lines = [[*(line[name] for name in LINE), line.account_id.id, line.tax_ids.ids] for line in move.invoice_line_ids.sorted("id")]
        head = [str(move[name]) for name in HEAD]
        return fingerprint({"head": [*head, move.partner_id.id, move.currency_id.id], "lines": lines})
