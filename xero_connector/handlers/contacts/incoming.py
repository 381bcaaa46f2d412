from odoo import models

from ...const import HOURLY

LOOKED_AT = 200  # contacts that are compared at the end of one run


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were changed in Xero: it is told."""

    _inherit = "xero.handler.contact"

    _list = "Contacts"
    _interval = HOURLY
    _rings = ("CONTACT",)
    _taken_at = 10

    def _take(self, connection, client, remotes, baseline):
        """Of who is not as here people are asked whose side is right; who waits to be sent is compared when it was."""
        found = {remote.xero_id: remote for remote in remotes}
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, found)
        bindings = {
            each.res_id: each for xero_id, each in known.items() if each.state == "drift" or not self._is_echo(each, found[xero_id])
        }
        waiting = self._waiting(connection, bindings)
        partners = self.env[self._res_model].browse(bindings.keys() - waiting).exists()
        self._compare_read(connection, partners, bindings, found, baseline)
        self.env["xero.binding"].sudo().browse(bindings[res_id].id for res_id in waiting).look_again = True

    def _waiting(self, connection, res_ids):
        """Those of these partners (ids) of which something is still to be told to Xero."""
        job = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_open", "=", True)]
        return set(self.env["xero.job"].sudo().search([*job, ("res_id", "in", list(res_ids))]).mapped("res_id"))

    def _compare_read(self, connection, partners, bindings, remotes, baseline=False):
        self._compare(connection, partners, bindings, remotes, baseline)
        for partner in partners:
            if remote := remotes.get(bindings[partner.id].xero_id):
                self._note_seen(bindings[partner.id], remote)

    def _is_marked(self, item, remote):
        """A contact of ours that a restored backup has forgotten, and that says something else by now: it was taken over as it is."""
        return not item.fingerprint and self._is_ours(item.trace, remote)

    def _compare_marked(self, connection, client):
        """Who could not be compared when it was read, or was taken over unseen; of who waits to be sent it is seen afterwards."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("look_again", "=", True)]
        marked_sudo = self.env["xero.binding"].sudo().search(own, limit=LOOKED_AT)
        waiting = self._waiting(connection, marked_sudo.mapped("res_id"))
        due_sudo = marked_sudo.filtered(lambda each: each.res_id not in waiting)
        if due_sudo:
            found = {remote.xero_id: remote for remote in self._fetch(client, ids=due_sudo.mapped("xero_id"))}
            partners = self.env[self._res_model].browse(due_sudo.mapped("res_id")).exists()
            self._compare_read(connection, partners, {each.res_id: each for each in due_sudo}, found)
            due_sudo.look_again = False

    def _partner_of(self, connection, xero_id):
        """Whom a contact of Xero is here; empty if nobody knows."""
        found = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [xero_id])
        return self.env[self._res_model].browse(each.res_id for each in found.values()).exists()
