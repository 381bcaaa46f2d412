from dataclasses import dataclass

from odoo import models
from odoo.tools import SQL

from ...xero_core.resources import contacts as resource
from ..dispatch import Result
from .namesakes import compared, plain_name


@dataclass(frozen=True)
class Beside:
    """What contacts that are to be made have to know of all others while the database is out of reach.

    ``bound`` are Xero's ids of those that partners have already; ``waiting`` is how many are to be made.
    """

    bound: frozenset
    waiting: int


class XeroHandlerContact(models.AbstractModel):
    """Before a contact is made, it is looked for by tax number, e-mail address and account number: Xero refuses names only."""

    _inherit = "xero.handler.contact"

    def _beside(self, connection):
        """Two queries. Contacts of partners that are gone are free."""
        self.env["xero.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT b.xero_id FROM xero_binding b JOIN res_partner p ON p.id = b.res_id
                    WHERE b.connection_id = %s AND b.kind = %s""",
                connection.id, self._kind,
            )
        )  # fmt: skip
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind)]
        waiting = self.env["xero.job"].search_count([*own, ("is_open", "=", True), ("state", "in", ("pending", "sending"))])
        return Beside(frozenset(xero_id for (xero_id,) in rows), waiting)

    def _send(self, client, operation, items, idempotency_key):
        """What is there already, or may be, is not made: ``_judge`` takes it over or asks."""
        found = self._found_beside(client, [item for item in items if item.beside]) if operation == "create" else {}
        results = [Result(item, evidence=found[item.id]) for item in items if item.id in found]
        new = [item for item in items if item.id not in found]
        return results + (super()._send(client, operation, new, idempotency_key) if new else [])

    def _found_beside(self, client, items):
        """``{item id: the contact that is the same, or those that may be}``. None is the same for two partners: who comes first has it."""
        if not items:
            return {}
        told = {item.id: resource.from_xero(item.payload).told for item in items}
        alike, found = client.contacts_like(list(told.values()), items[0].beside.waiting), {}
        marked = {item.trace.number: item.res_id for item in items}
        for item in items:
            same, may_be = self._compared(item, self._free_beside(item, alike.of(told[item.id]), marked, alike.given))
            if same:
                alike.given[same.xero_id] = item.res_id
            if same or may_be:
                found[item.id] = [same] if same else may_be
        return found

    def _free_beside(self, item, contacts, marked, given):
        """Those that are nobody's, or bear the mark of this very partner, or were given to it (``marked``, ``given``: partners' ids)."""
        owners = [(each, marked.get(each.contact_number) or given.get(each.xero_id)) for each in contacts]
        return [each for each, owner in owners if owner in (None, item.res_id) and each.xero_id not in item.beside.bound]

    def _compared(self, item, contacts):
        own = next((each for each in contacts if self._is_ours(item.trace, each)), None)
        return (own, []) if own else compared(item.trace, contacts)

    def _is_free_name(self, name, partner, candidates):
        """Whether none of the contacts that were found bears the name; where it is not known who does, the partner's own is not free."""
        taken = [found["name"] for found in candidates] or [partner.name]
        return plain_name(name or "") not in [plain_name(each or "") for each in taken]
