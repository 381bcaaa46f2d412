from odoo import models

from ..const import CANCELLED, GONE, POSTED, RESET
from .answers import CannotTake


class XeroHandler(models.AbstractModel):
    """Drafts of what was made in Xero, until a person confirms them: then the pair is remembered, and nothing is sent.

    | the draft                 | in Xero it is  | then                                                                |
    | ------------------------- | -------------- | ------------------------------------------------------------------- |
    | untouched                 | changed        | it is written anew                                                  |
    | changed by a person       | changed        | it stays, and the row says so                                       |
    | any                       | voided         | it is cancelled                                                     |
    | confirmed, untouched      | the same       | a pair that agrees                                                  |
    | confirmed, with changes   | otherwise      | a pair that differs: asked under Changed in Xero                    |
    | cancelled, or deleted     |                | left out                                                            |
    """

    _inherit = "xero.handler"

    def _follow_made(self, moves, event):
        """A person has confirmed, reset or cancelled these."""
        if event not in (POSTED, RESET, CANCELLED):
            return
        rows_sudo = self.env["xero.made"].sudo().search([("move_id", "in", moves.ids), ("kind", "=", self._kind)]) if moves else ()
        for row_sudo in rows_sudo:
            if event == CANCELLED and row_sudo.state == "draft":
                row_sudo.write({"state": "ignored", "message": self.env._("Its draft was cancelled in Odoo.")})
            elif event == RESET and row_sudo.state == "ignored":
                row_sudo.write({"state": "draft", "message": False})
            elif event == POSTED and row_sudo.state in ("draft", "ignored"):
                self._posted_made(row_sudo)

    def _leaving_made(self, records, follow):
        """What is deleted here is not taken in again by itself; ``follow`` is what else is to be done when they are gone."""
        moves = records if records._name == self._res_model else records.browse()
        rows_sudo = self.env["xero.made"].sudo().search([("move_id", "in", moves.ids), ("state", "=", "draft")])

        def after():
            follow()
            rows_sudo.write({"state": "ignored", "message": self.env._("Its draft was deleted in Odoo.")})

        return after

    def _posted_made(self, row):
        """Hook: a person has confirmed it."""
        raise NotImplementedError

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
