"""What a contact says otherwise in Xero: of what people change there, what Odoo has a place for."""

import re

from odoo import models

from ...xero_core import values
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import contacts as resource
from ..answers import CannotTake, Plan
from ..drift import Noted, Side

# the contact's own; what people here know them as, the record's field
TEXTS = {"name": "name", "email": "email", "tax_number": "vat", "company_number": "company_registry", "account_number": "ref"}
ADDRESS = ("line1", "line2", "line3", "line4", "city", "region", "postal_code", "country")
POST, MAIN = "POBOX", "DEFAULT"  # the address for documents, the telephone number
MASK = re.compile(r"[*•]|[xX]{3,}")  # Xero hides tax numbers from apps that may not see them


def said(contact):
    """``{field: text}`` of a snapshot, as it is compared; of an address its parts in order, of a number its digits."""
    address = next((each for each in contact.addresses if each.kind == POST), None)
    phone = next((each for each in contact.phones if each.kind == MAIN), None)
    found = {name: getattr(contact, name).strip() for name in TEXTS}
    found["address"] = ", ".join(filter(None, (getattr(address, name).strip() for name in ADDRESS))) if address else ""
    return {**found, "phone": phone.number if phone else ""}


def alike(name, one, other):
    """Whether two texts of a field say the same."""
    if name in ("tax_number", "phone"):
        keep = r"\W|_" if name == "tax_number" else r"\D"
        return re.sub(keep, "", one).casefold() == re.sub(keep, "", other).casefold()
    return one == other if name == "name" else one.casefold() == other.casefold()


def is_hidden(name, text):
    """A tax number that is masked, or missing, says nothing: who may not see it gets none."""
    return name == "tax_number" and (not text or bool(MASK.search(text)))


def differing(ours, theirs, agreed=None):
    """The fields that were changed in Xero: what differs from here, and from what both last had (``None`` if nobody knows).

    What Odoo has not is not sent, and stays as Xero has it: it differs only if it is known that it came later.
    """
    found = []
    for name, text in said(theirs).items():
        own, before = said(ours)[name], agreed.get(name) if agreed is not None else None
        is_known = before is not None
        if alike(name, own, text) or is_hidden(name, text) or (is_known and alike(name, before, text)):
            continue
        if is_known or (own and text):
            found.append(name)
    return found


class XeroHandlerContact(models.AbstractModel):
    """Contacts that were changed in Xero: people are asked, and what Xero has can be taken."""

    _inherit = "xero.handler.contact"

    def _compare(self, connection, partners, bindings, remotes, baseline=False):
        """Compare these with what Xero holds; what differs is kept as their state, and people are asked (``xero.drift``)."""
        agreed = self.env["xero.version"].sudo()._last_answers([bindings[partner.id].id for partner in partners])
        asked = []
        for partner in partners:
            binding = bindings[partner.id]
            if (remote := remotes.get(binding.xero_id)) and remote.name:
                before = _kept(agreed.get(binding.id))
                asked += self._keep_compared(partner, binding, remote, before, baseline)
        if asked:
            self.env["xero.drift"].sudo()._keep(asked)

    def _keep_compared(self, partner, binding, remote, before, baseline):
        """The state of one; ``[Noted]`` if a person has to be asked, ``[]`` if not."""
        ours = resource.from_xero(resource.to_xero(self._snapshot(partner))).told
        sides = self._sides(ours, remote.told, before)
        seen = self._seen(remote)
        if sides and binding.state == "accepted" and binding.accepted == self._as_accepted(binding, partner, seen):
            return []  # a person has left it so
        if not sides:
            if binding.state != "synced":
                binding.write({"state": "synced", "message": False, "accepted": False})
            return []
        binding.write({"state": "drift", "message": self._difference_said(binding, sides), "accepted": False})
        stamp = remote.updated.replace(tzinfo=None, microsecond=0) if remote.updated else None
        return [Noted(binding, partner, sides, seen, stamp, is_baseline=baseline)]

    def _sides(self, ours, theirs, before):
        odoo, xero = said(ours), said(theirs)
        differ = differing(ours, theirs, before)
        text = self.env._("Its name is “%(xero)s” in Xero, “%(odoo)s” here.", xero=xero["name"], odoo=odoo["name"])
        labels = {
            "email": self.env._("E-mail"),
            "tax_number": self.env._("Tax number"),
            "company_number": self.env._("Company number"),
            "account_number": self.env._("Account number"),
            "address": self.env._("Address"),
            "phone": self.env._("Phone"),
        }
        return [
            Side(
                name,
                odoo[name] or self.env._("empty"),
                xero[name] or self.env._("empty"),
                text if name == "name" else self._said(labels[name], odoo[name], xero[name]),
                agreed=(before or {}).get(name, ""),
            )
            for name in differ
        ]

    def _said(self, label, odoo, xero):
        empty = self.env._("empty")
        return self.env._("%(field)s is “%(xero)s” in Xero, “%(odoo)s” here.", field=label, xero=xero or empty, odoo=odoo or empty)

    def _changed_there(self, partners, bindings, remotes):
        """Those of these, which wait to be sent, of whom Xero says otherwise than both last had."""
        agreed = self.env["xero.version"].sudo()._last_answers([bindings[partner.id].id for partner in partners])
        changed = partners.browse()
        for partner in partners:
            before, remote = _kept(agreed.get(bindings[partner.id].id)), remotes[bindings[partner.id].xero_id]
            ours = resource.from_xero(resource.to_xero(self._snapshot(partner))).told
            if before and remote.name and differing(ours, remote.told, before):
                changed |= partner
        return changed

    # === ANSWERS === #

    def _fetch(self, client, ids=()):
        return client.contacts(ids=ids)

    def _compare_answered(self, connection, drifts, remotes):
        partners = self.env[self._res_model].browse(drifts.mapped("res_id")).exists()
        self._compare(connection, partners, {binding.res_id: binding for binding in drifts.binding_id}, remotes)

    def _is_booked(self, drift):
        return False

    def _left(self, binding, record):
        """What is here counts as sent, until it is changed here."""
        binding.sent = fingerprint(resource.to_xero(self._as_runs_see(record)))

    def _as_runs_see(self, partner):
        return self.env["xero.handler"].sudo()._of(self._kind).with_context({})._snapshot(partner.sudo().with_context({}))

    def _plan_take(self, connection, drift, remote):
        """What a contact has in Xero is written here, if Odoo has a place for it.

        | the contact here       | its country in Xero | then                    |
        | ---------------------- | ------------------- | ----------------------- |
        | is gone, or no rights  |                     | not possible            |
        | is there               | nobody knows it     | not possible            |
        | is there               | known, or none      | it is changed in place  |
        """
        partner = drift._record()
        if not partner or not partner.has_access("write"):
            return Plan("", self.env._("You may not change it in Odoo."))
        try:
            values_ = self._their_values(drift, partner, remote.told) if remote else {}
        except CannotTake as reason:
            return Plan("", str(reason))
        if remote and not values_:
            return Plan("", self.env._("Nothing is different in Xero any more."))
        return Plan(
            "in_place",
            self.env._("%(field)s: %(odoo)s → %(xero)s", field=drift._first_label(), odoo=drift.in_odoo or "", xero=drift.in_xero or ""),
        )

    def _their_values(self, drift, partner, told):
        """The partner's values of what differs.

        :raise CannotTake: of a country that nobody knows
        """
        differ, theirs = {field.name for field in drift.field_ids if field.differs}, said(told)
        found = {field: theirs[name] for name, field in TEXTS.items() if name in differ and not is_hidden(name, theirs[name])}
        if "name" in found and partner.xero_contact_name:
            found["xero_contact_name"] = found.pop("name")
        if "phone" in differ:
            found["phone"] = theirs["phone"]
        return {**found, **(self._their_address(told) if "address" in differ else {})}

    def _their_address(self, told):
        address = next((each for each in told.addresses if each.kind == POST), None)
        if address is None:
            return dict.fromkeys(("street", "street2", "city", "zip", "state_id", "country_id"), False)
        country = self.env["res.country"].with_context(lang="en_US").search([("name", "=ilike", address.country)], limit=1)
        if address.country and not country:
            raise CannotTake(self.env._("Odoo has no country named “%s”.", address.country))
        region = [("name", "=ilike", address.region), *([("country_id", "=", country.id)] if country else [])]
        return {
            "street": address.line1,
            "street2": ", ".join(filter(None, (address.line2, address.line3, address.line4))),
            "city": address.city,
            "zip": address.postal_code,
            "state_id": self.env["res.country.state"].search(region, limit=1).id if address.region else False,
            "country_id": country.id,
        }

    def _take_theirs(self, connection, drift, remote, deed):
        """Written here, and counted as sent: nothing goes back. A tax number is taken as Xero has it."""
        partner, binding = self.env[self._res_model].browse(drift.res_id), drift.binding_id.sudo()
        with self.env.cr.savepoint():
            partner.with_context(no_vat_validation=True).write(self._their_values(drift, partner, remote.told))
        self._left(binding, partner)
        binding.write({"state": "synced", "message": False, "accepted": False})
        self._note_seen(binding, remote)
        said_here = self.env._("Taken from Xero: %s", drift.message or "")
        partner._message_log(body=said_here)
        return self.env._("Taken from Xero.")


def _kept(told):
    """What is kept of an answer, as ``said``; None if nothing is."""
    if not told:
        return None
    address = next((each for each in told.get("addresses") or () if each["kind"] == POST), {})
    phone = next((each for each in told.get("phones") or () if each["kind"] == MAIN), {})
    found = {name: values.clean_text(told.get(name) or "", 255) for name in TEXTS}
    found["address"] = ", ".join(filter(None, ((address.get(name) or "").strip() for name in ADDRESS)))
    return {**found, "phone": phone.get("number") or ""}
