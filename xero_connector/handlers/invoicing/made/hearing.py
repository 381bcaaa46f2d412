from odoo import models

from ....const import GONE
from ....xero_core.resources import invoices as resource


class XeroHandlerDocument(models.AbstractModel):
    """Hears of documents that were made in Xero, each once; what becomes of them is decided afterwards (``making``)."""

    _inherit = "xero.handler.document"

    def _take(self, connection, client, remotes, baseline):
        """What is not known here, and comes in as the connection is set, is noted; in the first reading too: a person has chosen."""
        super()._take(connection, client, remotes, baseline)
        self._hear_made(connection, client, {remote.xero_id: remote for remote in remotes})

    def _hear_made(self, connection, client, remotes):
        # of whatever kind: a credit note may stand for a write-off
        own = [("connection_id", "=", connection.id), ("xero_id", "in", list(remotes))]
        known = set(self.env["xero.binding"].sudo().search(own).mapped("xero_id"))
        strangers = {xero_id: remote for xero_id, remote in remotes.items() if xero_id not in known}
        rows_sudo = self.env["xero.made"].sudo()._by_xero_id(connection, self._kind, strangers)
        followed = {xero_id: row for xero_id, row in rows_sudo.items() if row._is_followed()}
        new = [remote for xero_id, remote in strangers.items() if xero_id not in rows_sudo and self._is_wanted(connection, remote)]
        told = self._complete(client, [*new, *(strangers[xero_id] for xero_id in followed)])
        for xero_id, row in followed.items():
            row._hear_again(told[xero_id])
        if new:
            contacts = self.env["xero.handler.contact"]._told_of(connection, client, {remote.contact_id for remote in new})
            self.env["xero.made"].sudo().create([self._shown_made(connection, told[remote.xero_id], contacts) for remote in new])

    def _complete(self, client, remotes):
        """``{Xero id: the document with its lines}``; lists may leave them out."""
        found = {remote.xero_id: remote for remote in remotes}
        short = [xero_id for xero_id, remote in found.items() if not remote.complete and remote.status not in GONE]
        return {**found, **({remote.xero_id: remote for remote in self._fetch(client, ids=short)} if short else {})}

    def _shown_made(self, connection, remote, contacts):
        """The row of it: what Xero told, and what people see of that."""
        partner, contact = contacts.get(remote.contact_id, (self.env["res.partner"], None))
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", remote.currency)], limit=1)
        return {
            "connection_id": connection.id,
            "kind": self._kind,
            "xero_id": remote.xero_id,
            "partner_id": partner.id,
            "contact_told": contact,
            "contact_name": partner.display_name or (contact or {}).get("told", {}).get("name") or False,
            **self._said_made(remote),
            "currency_id": currency.id,
        }

    def _said_made(self, remote):
        """What of a row is Xero's word."""
        return {
            "told": resource.kept(remote),
            "xero_type": remote.kind,
            "number": remote.number or False,
            "date": remote.date,
            "amount": float(remote.total),
            "has_files": remote.has_attachments,
        }
