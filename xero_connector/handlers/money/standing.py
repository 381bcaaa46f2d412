"""How documents stand toward Xero, for the money that is matched with them."""

from dataclasses import dataclass

from odoo import fields, models

from ...const import ON_ITS_WAY
from ...xero_core import values
from ..causes import CAUSES
from ..reasons import HeldBehind, Wait
from ..removal import EDITING
from .facts import Standing, standing_of

LONGEST = 3600  # seconds until a document that waits is looked at again


@dataclass(frozen=True)
class Document:
    """What is known of a document that money is matched with: its counterpart, what is on its way of it, and how that makes it stand.

    ``is_void``: somebody has voided it in Xero, and nobody has answered that yet, or it was left as it is.
    """

    binding: object
    job: object
    standing: Standing
    is_void: bool = False

    @property
    def problem(self):
        return self.job.problem_id if self.job else None

    @property
    def seconds(self):
        """After what time it makes sense to look again: whoever gets it done says so at once."""
        moment = self.job.next_try if self.job else None
        return max(60, min(LONGEST, (moment - fields.Datetime.now()).total_seconds() + 1)) if moment else 60


class XeroHandlerMoney(models.AbstractModel):
    """Asks how documents stand, for all of a batch at once."""

    _name = "xero.handler.money"
    _inherit = "xero.handler"
    _description = "Xero Handler: Money"

    def _page(self, short_code, row):
        """Its document's: a payment has no page of its own."""
        return values.document_url(short_code, row["xero_type"] or "", row["parent_xero_id"] or row["xero_id"])

    def _documents(self, connection, moves):
        """``{move id: Document}``; two queries, and one more if some of them differ in Xero."""
        in_xero = self.env["xero.binding"]._by_record(connection, "account.move", moves.ids, self._document_kinds())
        domain = [("connection_id", "=", connection.id), ("kind", "in", self._document_kinds()), ("res_id", "in", moves.ids)]
        jobs = self.env["xero.job"].search([*domain, ("is_open", "=", True)]) if moves else self.env["xero.job"]
        by_move, void = jobs.grouped("res_id"), self._void_ids(in_xero.values())
        return {move.id: self._document(move, in_xero.get(move.id), by_move.get(move.id, jobs.browse()), void) for move in moves}

    def _void_ids(self, bindings):
        """Ids of those of these counterparts that were voided in Xero, as far as that was read."""
        ids = [binding.id for binding in bindings if binding.state in ("drift", "accepted")]
        live = [("binding_id", "in", ids), ("state", "in", ("open", "left")), ("is_gone", "=", True)]
        return set(self.env["xero.drift"].sudo().search(live).binding_id.ids) if ids else set()

    def _document(self, move, binding, jobs, void):
        under_way = jobs.filtered(lambda job: job.state in ON_ITS_WAY)
        job = (under_way or jobs.filtered(lambda job: not job.problem_id or not CAUSES[job.problem_id.code].lets_money))[:1]
        is_draft = move.state == "draft"
        is_fresh = is_draft and fields.Datetime.now() < move.write_date + EDITING
        binding = binding if binding and binding.is_there else None
        room = any(under_way.mapped("needs_room"))
        standing = standing_of(bool(binding), job.state or "", room, is_draft, is_fresh)
        return Document(binding, job, standing, is_void=bool(binding) and binding.id in void)

    def _wait_for_document(self, name, document):
        """:raise HeldBehind, Wait: the document is not in Xero as it should be"""
        message = self.env._("Waits for the document %s.", name)
        if document.standing in (Standing.HELD, Standing.HELD_BACK) and document.problem:
            raise HeldBehind(document.problem, message)
        raise Wait(message, document.seconds)
