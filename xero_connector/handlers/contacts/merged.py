from odoo import models

from ..answers import Plan
from ..drift import Noted, Side
from .chain import followed, survivor


class XeroHandlerContact(models.AbstractModel):
    """What becomes of a partner whose contact people in Xero have merged into another one, which has its documents from then on.

    | the one that is left, here | then                                                           |
    | -------------------------- | -------------------------------------------------------------- |
    | is nobody's                | it is the partner's contact, and its documents are that one's  |
    | is another partner's       | a person is told: only people can merge partners               |
    """

    _inherit = "xero.handler.contact"

    def _follow_merged(self, connection, client, known, found):
        """Follow those of these bindings (``known``, by Xero id) whose contact was merged away; ``found`` gets who is left.

        :return: the bindings of partners about whom a person has to be asked
        """
        merged = [found[xero_id] for xero_id in known if found[xero_id].merged_into]
        by_id = {contact.xero_id: contact for contact in followed(client, merged)} if merged else {}
        ends = {contact.xero_id: end for contact in merged if (end := survivor(contact, by_id))}
        owners = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [end.xero_id for end in ends.values()])
        asked = self.env["xero.binding"]
        for xero_id, end in ends.items():
            if end.xero_id in owners:
                asked |= self._ask_of_merged(known[xero_id], found[xero_id], end, owners[end.xero_id])
            else:
                self._move_to(connection, known[xero_id], end)
                known[end.xero_id], found[end.xero_id] = known.pop(xero_id), end
                owners[end.xero_id] = known[end.xero_id]
        return asked

    def _move_to(self, connection, binding, contact):
        """Xero has moved its documents, and has not always said so of each."""
        own = [("connection_id", "=", connection.id), ("contact_xero_id", "=", binding.xero_id)]
        moved_sudo = self.env["xero.binding"].sudo().search(own)
        moved_sudo.contact_xero_id = contact.xero_id
        moved_sudo.filtered(lambda each: each.state == "drift").look_again = True
        if partner := self.env[self._res_model].browse(binding.res_id).exists():
            partner._message_log(body=self.env._("Merged in Xero into “%s”, which is this contact from now on.", contact.name))
        binding.write({"xero_id": contact.xero_id, "xero_status": contact.status, "seen": False})

    def _ask_of_merged(self, binding, contact, end, other):
        """Two partners here are one contact there."""
        partner, winner = (self.env[self._res_model].browse(each.res_id).exists() for each in (binding, other))
        if not partner or not winner:  # merged, or deleted, here
            self.env["xero.drift"].sudo()._close(binding)
            return binding
        if binding.state == "accepted" and binding.accepted == end.xero_id:
            return binding  # a person has left it so
        text = self.env._(
            "It was merged into “%(name)s” in Xero, which is %(partner)s here. Merge the two in Odoo, too.",
            name=end.name, partner=winner.display_name,
        )  # fmt: skip
        binding.write({"state": "drift", "message": text, "accepted": False})
        there = self.env._("Merged into %s", end.name)
        side = Side("status", self.env._("A contact of its own"), there, text)
        stamp = contact.updated.replace(tzinfo=None, microsecond=0) if contact.updated else None
        self.env["xero.drift"].sudo()._keep([Noted(binding, partner, [side], end.xero_id, stamp)])
        return binding

    def _plan_send(self, connection, drift, remote):
        if drift.first_field == "status":
            return Plan("", self.env._("Xero lets nobody change a contact that was merged away."))
        return super()._plan_send(connection, drift, remote)

    def _plan_take(self, connection, drift, remote):
        if drift.first_field == "status":
            return Plan("", self.env._("Merge the two in Odoo, under Contacts; nobody can do that for you."))
        return super()._plan_take(connection, drift, remote)
