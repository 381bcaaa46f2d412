"""Contacts of documents that were made in Xero: who of Odoo's that is, or somebody new."""

from types import SimpleNamespace

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...const import QUIET
from ...xero_core.fingerprint import fingerprint
from ...xero_core.kept import from_json, to_json
from ...xero_core.resources import contacts as resource
from ...xero_core.resources.contacts import Contact, RemoteContact
from ...xero_core.resources.lookalikes import bare
from ..answers import CannotTake
from .chain import followed, survivor
from .differences import MAIN, is_hidden
from .namesakes import compared, plain_name

LIKE = """
    SELECT p.id FROM res_partner p
     WHERE p.active AND (p.parent_id IS NULL OR p.is_company) AND (p.company_id IS NULL OR p.company_id = ANY(%(companies)s))
       AND NOT EXISTS (SELECT FROM xero_binding b
                        WHERE b.connection_id = %(connection)s AND b.kind = %(kind)s AND b.res_id = p.id)
       AND (lower(trim(p.email)) = %(email)s OR lower(p.name) = %(name)s OR lower(p.ref) = %(ref)s
            OR %(vat)s <> '' AND upper(regexp_replace(p.vat, '[^0-9A-Za-z]', '', 'g')) LIKE %(vat_ends)s)
     ORDER BY p.id LIMIT 50"""


class XeroHandlerContact(models.AbstractModel):
    _inherit = "xero.handler.contact"

    def _told_of(self, connection, client, contact_ids):
        """``{contact id: (partner, None) if one is bound, else (nobody, what Xero says of the contact)}``; one call for forty of those.

        Who was merged into another one is that one.
        """
        partners = {xero_id: self._partner_of(connection, xero_id) for xero_id in contact_ids}
        found = {xero_id: (partner, None) for xero_id, partner in partners.items() if partner}
        unknown = [xero_id for xero_id in contact_ids if xero_id not in found]
        return {**found, **(self._told_of_unknown(connection, client, unknown) if unknown else {})}

    def _told_of_unknown(self, connection, client, contact_ids):
        remotes = {remote.xero_id: remote for remote in client.contacts(ids=contact_ids)}
        chain, found = {remote.xero_id: remote for remote in followed(client, list(remotes.values()))}, {}
        for xero_id, remote in remotes.items():
            last = survivor(remote, chain) or remote
            partner = self._partner_of(connection, last.xero_id)
            found[xero_id] = (partner, None if partner else {"xero_id": last.xero_id, "status": last.status, "told": to_json(last.told)})
        return found

    # === WHO IS IT? === #

    def _who(self, connection, contact):
        """``(the partner that is this contact beyond doubt, or nobody; those that may be)``: by the rules by which contacts are taken over.

        :param dict contact: as ``_told_of`` has it
        """
        told = from_json(Contact, contact["told"])
        trace = SimpleNamespace(name=told.name, vat=told.tax_number, email=told.email.strip(), account_number=told.account_number)
        partners = self._like(connection, told)
        by_id = {str(partner.id): self._as_remote(partner) for partner in partners}
        same, may_be = compared(trace, list(by_id.values()))
        if not same:
            # a namesake is nobody else's: to make a second one of the name is what people have to take apart afterwards
            named = [each for each in by_id.values() if plain_name(each.name) == plain_name(told.name)]
            may_be = list({each.xero_id: each for each in [*may_be, *named]}.values())
        chosen = partners.browse(int(same.xero_id)) if same else partners.browse()
        return chosen, partners.browse(int(each.xero_id) for each in may_be)

    def _like(self, connection, told):
        """Partners without a contact in Xero that share something with it; one query."""
        for model in ("res.partner", "xero.binding"):
            self.env[model].flush_model()
        vat = bare(told.tax_number).upper()
        rows = self.env.execute_query(
            SQL(
                LIKE,
                companies=connection._companies().parent_ids.ids, connection=connection.id, kind=self._kind,
                email=told.email.strip().lower() or None, name=told.name.strip().lower(), ref=told.account_number.strip().lower() or None,
                vat=vat, vat_ends=f"%{vat}",
            )
        )  # fmt: skip
        return self.env[self._res_model].browse(row[0] for row in rows)

    def _as_remote(self, partner):
        """A partner as a contact, to be compared like one."""
        told = Contact(name=partner.name or "", email=partner.email or "", tax_number=partner.vat or "", account_number=partner.ref or "")
        return RemoteContact(xero_id=str(partner.id), told=told, status="ACTIVE")

    # === IT IS THIS ONE, OR NEW === #

    def _make_partner(self, connection, contact):
        """A partner of what Xero says of a contact; nothing of it is sent.

        :raise CannotTake: Odoo does not take it
        """
        told = from_json(Contact, contact["told"])
        phone = next((each.number for each in told.phones if each.kind == MAIN), "")
        values = {
            **{"name": told.name, "is_company": True, "email": told.email or False, "ref": told.account_number or False},
            **{
                "vat": False if is_hidden("tax_number", told.tax_number) else told.tax_number,
                "company_registry": told.company_number or False,
                "phone": phone or False,
            },
            **self._address_of(told),
        }
        partners = self.env[self._res_model].with_company(connection.company_id).with_context(**QUIET, no_vat_validation=True)
        try:
            with self.env.cr.savepoint():
                partner = partners.create(values)
        except ValidationError as refusal:
            raise CannotTake(str(refusal)) from refusal
        return partner.with_env(self.env)

    def _address_of(self, told):
        """A country that Odoo does not know under that name is part of the town: better there than lost."""
        try:
            return self._their_address(told)
        except CannotTake:
            address = next(each for each in told.addresses if each.kind == "POBOX")
            town = ", ".join(filter(None, (address.city, address.region, address.country)))
            return {"street": address.line1, "street2": address.line2, "city": town, "zip": address.postal_code}

    def _bind_contact(self, connection, partner, contact, *, is_new):
        """The pair is remembered; of one that was here what differs is told when contacts are compared the next time.

        :raise CannotTake: the partner is another contact in Xero
        """
        bindings_sudo = self.env["xero.binding"].sudo()
        known = bindings_sudo._by_record(connection, self._res_model, [partner.id], [self._kind]).get(partner.id)
        if known and known.xero_id == contact["xero_id"]:
            return
        bindings_sudo._by_xero_id(connection, self._kind, [contact["xero_id"]]).get(
            contact["xero_id"], bindings_sudo
        ).unlink()  # of one that is gone
        if known:
            raise CannotTake(self.env._("%s is another contact in Xero already.", partner.display_name))
        bindings_sudo.create(
            {
                **{"connection_id": connection.id, "kind": self._kind, "res_model": self._res_model, "res_id": partner.id},
                **{"xero_id": contact["xero_id"], "xero_status": contact["status"], "origin": "xero" if is_new else "odoo"},
                "sent": fingerprint(resource.to_xero(self._as_runs_see(partner))),
            }
        )
