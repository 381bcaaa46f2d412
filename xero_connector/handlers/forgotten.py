from odoo import models

from ..const import GONE, ON_THE_WIRE
from . import mark


class XeroHandlerForgotten(models.AbstractModel):
    """What is in Xero of records of this database, though nothing remembers it: a backup came back in between.

    It bears the marks of its records and is bound by these, whatever has become of them since: what is to become of it in Xero is decided
    then as ever.
    """

    _inherit = "xero.handler"

    _marked_models = ()  # of the records whose marks its counterparts bear
    _changes_in_place = False  # whether a change of a record changes its counterpart, instead of making that anew

    def _found_after_all(self, item, remote):
        """What was made of ``item``, whose answer was lost, was found in Xero. Called before it is bound.

        Where a backup came back in between, it may have been changed since, here and there: nothing is remembered as sent, and it is
        brought in step at once, but for other amounts, which are told.
        """
        if item.restored and self._changes_in_place:
            item.fingerprint, item.last = "", bool(self._disagreement(item, remote))

    def _take_forgotten(self, connection, client, remotes):
        """Bind those of these that nothing remembers; only after a backup came back is there anything of ours among them.

        Kinds without marks, like allocations, are told of the records in whose lists they stand; those are none of theirs.
        """
        if not connection.restored_from or not self._marked_models:
            return
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [remote.xero_id for remote in remotes])
        unknown = [remote for remote in remotes if remote.xero_id not in known and remote.status not in GONE]
        if made := self._by_mark(connection, unknown):
            self._bind_made(connection, client, made)

    def _by_mark(self, connection, remotes):
        """``{record: remote}`` of those that bear the mark of a record of this connection's companies."""
        marks = {found: remote for remote in remotes if (found := mark.in_text(self._marked_text(remote)))}
        made = {}
        for model in self._marked_models if marks else ():
            for found, res_id in mark.find(self.env[model], marks).items():
                record = self.env[model].browse(res_id)
                if connection._speaks_for(record.company_id):
                    made[record] = marks[found]
        return made

    def _marked_text(self, remote):
        """Hook: the text of a record of Xero that ends in a mark."""
        return remote.told.reference

    def _bind_made(self, connection, client, made):
        Binding, bound = self.env["xero.binding"].sudo(), self.env["xero.binding"].sudo()
        for record, remote in self._in_full(client, made).items():
            owner = self._moved_by(record)
            own = [("connection_id", "=", connection.id), ("kind", "=", self._kind)]
            there = Binding.search([*own, ("res_model", "=", record._name), ("res_id", "=", record.id)])
            if not owner or there.is_there or self._is_on_the_wire(connection, owner):
                continue
            values = {**self._binding_values(remote), **self._of_document(connection, remote), "xero_id": remote.xero_id, "sent": False}
            if there:
                there.write(values)
            else:
                pair = {"connection_id": connection.id, "kind": self._kind, "res_model": record._name, "res_id": record.id}
                theirs = {} if self._has_jobs and owner == record else {"owner_model": owner._name, "owner_id": owner.id}
                payment = {"payment_id": owner.id} if owner._name == "account.payment" else {}
                bound |= Binding.create({**pair, **theirs, **payment, **values})
            bound |= there
        self._ask_movements(connection, bound)

    def _in_full(self, client, made):
        """Hook: ``made`` with all that is remembered of the counterparts."""
        return made

    def _moved_by(self, record):
        """Hook: the record whose job decides about the counterpart of ``record``; empty if it is none of this kind."""
        return record

    def _of_document(self, connection, remote):
        """Hook: what the binding remembers of the document that it is against."""
        return {}

    def _is_on_the_wire(self, connection, owner):
        """What is on the wire is looked up by itself."""
        own = [("connection_id", "=", connection.id), ("res_model", "=", owner._name), ("res_id", "=", owner.id)]
        return bool(self.env["xero.job"].sudo().search_count([*own, ("state", "in", ON_THE_WIRE)], limit=1))

    def _ask_movements(self, connection, bindings):
        """Have the movements of these counterparts decided about."""
        for kind, model, res_id in sorted({binding._decider() for binding in bindings}):
            self.env["xero.job"].sudo()._enqueue(connection, kind, model, [res_id])
