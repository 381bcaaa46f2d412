from dataclasses import replace

from odoo import models

from ...const import HOURLY
from ...xero_core.resources import normal

LOOKED_AT = 50  # contacts that are looked at again at the end of one run


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were changed in Xero: it is told."""

    _inherit = "xero.handler.contact"

    _list = "Contacts"
    _interval = HOURLY
    _rings = ("CONTACT",)
    _rings_itself = True
    _taken_at = 10

    def _take(self, connection, client, remotes, baseline):
        """People are asked whose side is right; who waits to be sent is compared afterwards, if it is not told at once."""
        found = {remote.xero_id: remote for remote in remotes}
        known = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, found)
        asked = self._follow_merged(connection, client, known, found)
        bindings = {
            each.res_id: each
            for xero_id, each in known.items()
            if each not in asked and (each.state == "drift" or not self._is_echo(each, found[xero_id]))
        }
        waiting, on_the_wire = self._waiting(connection, bindings)
        late = set() if connection.restored_from else waiting - on_the_wire  # after a backup came back nobody knows what both last had
        both = self._changed_there(self.env[self._res_model].browse(late).exists(), bindings, found)
        partners = self.env[self._res_model].browse(bindings.keys() - waiting).exists() | both
        self._compare(connection, partners, bindings, found, baseline)
        for partner in partners:
            self._note_seen(bindings[partner.id], found[bindings[partner.id].xero_id])
        self.env["xero.binding"].sudo().browse(bindings[res_id].id for res_id in waiting - set(both.ids)).look_again = True

    def _is_marked(self, item, remote):
        """A contact of ours that a restored backup has forgotten, and that says something else by now: it was taken over as it is."""
        return item.look_again

    def _found_after_all(self, item, remote):
        """One that was made, but says something else by now than the partner here: whose side is right is asked when they are compared."""
        partner = self.env[self._res_model].browse(item.res_id).exists()
        if partner.name and not normal.repeats(replace(self._snapshot(partner), contact_number=""), remote.told):
            item.fingerprint, item.look_again = "", True

    def _compare_marked(self, connection, client):
        """Those that were changed here while they differ, that waited to be sent when they were read, or that were taken over unseen."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("look_again", "=", True)]
        marked_sudo = self.env["xero.binding"].sudo().search(own, limit=LOOKED_AT)
        waiting, _on_the_wire = self._waiting(connection, marked_sudo.mapped("res_id"))
        due_sudo = marked_sudo.filtered(lambda each: each.res_id not in waiting)
        bindings = {each.res_id: each for each in due_sudo}
        partners = self.env[self._res_model].browse(bindings).exists()
        found = {remote.xero_id: remote for remote in self._fetch(client, ids=due_sudo.mapped("xero_id"))} if partners else {}
        self._compare(connection, partners, bindings, found)
        for partner in partners:
            if remote := found.get(bindings[partner.id].xero_id):
                self._note_seen(bindings[partner.id], remote)
        due_sudo.look_again = False

    def _partner_of(self, connection, xero_id):
        """Whom a contact of Xero is here; empty if nobody knows."""
        found = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [xero_id])
        return self.env[self._res_model].browse(each.res_id for each in found.values()).exists()
