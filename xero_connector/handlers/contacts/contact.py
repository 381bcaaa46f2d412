from dataclasses import dataclass, replace

from odoo import fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...refusal import Refusal
from ...xero_core import values
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import contacts as resource
from ...xero_core.resources import normal
from ...xero_core.resources.contacts import Address, Contact, Phone
from .. import mark
from ..dispatch import Outgoing
from ..reading import Reading
from ..reasons import Held, NothingToDo
from .chain import followed, survivor
from .namesakes import candidate, compared, has_name, namesakes
from .trace import ContactTrace

_lt = LazyTranslate(__name__)


@dataclass
class ContactReading(Reading):
    partners: dict  # by id
    beside: object = None  # what those that are to be made have to know of all others
    asked: object = ()  # bindings about which a person has to say whose side is right


class XeroHandlerContact(models.AbstractModel):
    """Customers and vendors: one Xero contact per commercial partner and connection.

    A contact is looked for before it is made (``lookalikes``), and created by PUT, which never overwrites. When Xero refuses the name, the
    one it collides with is looked up. What is there is taken over with proof only (``compared``); where there is doubt, the user is asked.
    """

    _name = "xero.handler.contact"
    _inherit = "xero.handler"
    _description = "Xero Handler: Contacts"

    _kind = "contact"
    _label = _lt("Contact")
    _sequence = 20
    _setting = "sync_contact"
    _goes_along = True
    _res_model = "res.partner"
    _trace = ContactTrace
    _is_named = True

    def _page(self, short_code, row):
        return values.contact_url(short_code, row["xero_id"])

    def _sweep(self, connection):
        """Customers and vendors go with the documents that name them; here those that have changed since."""
        self._ask_for(connection, connection._changed_ids("res.partner", "res_partner", self._kind))

    def _read(self, connection, jobs):
        partners = self.env["res.partner"].with_context(active_test=False).browse(jobs.mapped("res_id")).exists()
        partners.fetch(["name", "email", "phone", "vat", "street", "street2", "city", "zip", "state_id", "country_id"])
        bindings = self.env["xero.binding"]._by_record(connection, "res.partner", jobs.mapped("res_id"), ["contact"])
        beside = self._beside(connection) if any(partner.id not in bindings for partner in partners) else None
        known = {partner.id: partner for partner in partners}
        return ContactReading(connection, bindings, known, beside, self._asked_about(bindings.values()))

    def _known(self, connection, partners):
        """``(bindings, open jobs)`` of these partners, by their ids; two queries."""
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, partners.ids, [self._kind])
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("res_id", "in", partners.ids)]
        jobs = self.env["xero.job"].search([*own, ("is_open", "=", True)])
        return bindings, {job.res_id: job for job in jobs}

    def _decide(self, job, reading):
        """What is to be done about a customer or vendor.

        | in Odoo | of another company | in Xero | as it was sent | then          |
        | ------- | ------------------ | ------- | -------------- | ------------- |
        | no      |                    |         |                | nothing       |
        | yes     | yes                |         |                | nothing       |
        | yes     | no                 | no      |                | it is made    |
        | yes     | no                 | yes     | yes            | nothing       |
        | yes     | no                 | yes     | no             | it is changed, unless it was changed there too and a person is asked |
        """
        partner, binding = reading.partners.get(job.res_id), reading.bindings.get(job.res_id)
        if not partner:
            raise NothingToDo(self.env._("The contact no longer exists in Odoo."))
        if reason := self._reason_of_company(partner, reading.connection):
            raise NothingToDo(reason)
        contact = self._snapshot(partner)
        digest = fingerprint(resource.to_xero(contact))
        if binding and binding.sent == digest:
            raise NothingToDo(self.env._("Nothing had changed."))
        self._check_answered(binding, reading.asked)
        number = self._contact_number(partner)
        return Outgoing(
            job_id=job.id,
            res_id=partner.id,
            operation="update" if binding else "create",
            payload=resource.to_xero(replace(contact, xero_id=binding.xero_id) if binding else replace(contact, contact_number=number)),
            fingerprint=digest,
            xero_id=binding.xero_id if binding else "",
            trace=self._trace(
                number=number,
                name=contact.name,
                vat=contact.tax_number,
                email=contact.email,
                account_number=resource.to_xero(contact).get("AccountNumber", ""),
            ),
            label=contact.name,
            # of one that has a name of its own for Xero a person has said that it is nobody who is there
            beside=None if binding or partner.xero_contact_name else reading.beside,
        )

    # === SNAPSHOT === #

    def _snapshot(self, partner):
        """The contact as Odoo sees it, without its identity in Xero.

        :rtype: Contact
        :raise Held: for a partner without a name
        """
        name = values.clean_text(partner.xero_contact_name or partner.name or "", 255)
        if not name:
            raise Held(
                "no_name",
                self.env._("A contact has no name."),
                key=str(partner.id),
                help=self.env._("Give the contact a name, then press Retry."),
                record=("res.partner", partner.id),
            )
        return Contact(
            name=name,
            email=(partner.email or "").strip(),
            tax_number=partner.vat or "",
            company_number=partner.company_registry or "",
            account_number=(partner.ref or "")[:50],
            addresses=self._addresses(partner),
            phones=(Phone("DEFAULT", partner.phone),) if partner.phone else (),
        )

    def _contact_number(self, partner):
        """Our own key on the contact: its mark; nobody sees it in Xero."""
        return f"odoo-{found}" if (found := mark.mark(partner)) else ""

    def _addresses(self, partner):
        if not (partner.street or partner.city or partner.zip or partner.country_id):
            return ()
        return tuple(
            Address(
                kind=kind,
                line1=partner.street or "",
                line2=partner.street2 or "",
                city=partner.city or "",
                region=partner.state_id.name or "",
                postal_code=partner.zip or "",
                country=partner.country_id.with_context(lang="en_US").name or "",
            )
            for kind in ("POBOX", "STREET")
        )

    # === SEND === #

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_contacts(payloads, idempotency_key)
        return client.update_contacts(payloads)

    def _evidence(self, client, operation, items):
        account_numbers = [item.trace.account_number for item in items]
        if operation == "update":
            return followed(client, client.contacts(ids=[item.xero_id for item in items], account_numbers=account_numbers))
        names, numbers = [item.trace.name for item in items], [item.trace.number for item in items]
        return client.contacts(names=names, numbers=numbers, account_numbers=account_numbers)

    def _judge(self, result):
        """One of that name is there already: taken over if it is ours, or with proof. Merged into another one: that is the contact now."""
        trace, contacts = result.item.trace, result.evidence
        if result.item.operation == "update":
            by_id = {contact.xero_id: contact for contact in contacts}
            own = by_id.get(result.item.xero_id)
            result.remote = survivor(own, by_id) if own and own.merged_into else None
        else:
            result.remote = self._own(result.item, contacts) or compared(trace, self._meant(result))[0]
        if not result.remote:
            result.held = self._why_refused(result)

    def _is_ours(self, trace, remote):
        return bool(trace.number) and remote.contact_number == trace.number

    def _take_over(self, item, remote):
        """It stays as it is in Xero until the partner changes in Odoo; only if it says the same, this was compared.

        What a restored backup has forgotten to be ours said what was here, and was changed since: people are asked whose side is right.
        """
        ours = replace(resource.from_xero(item.payload).told, contact_number="")
        if not normal.repeats(ours, remote.told):
            item.fingerprint, item.look_again = "", self._is_ours(item.trace, remote)

    def _meant(self, result):
        """Of what Xero holds, whom the contact may be: who was found before it was sent; of one that was refused the namesakes."""
        return namesakes(result.item.trace, result.evidence) if result.errors else result.evidence

    def _held_namesake(self, item, found):
        if all(has_name(item.trace, contact) for contact in found):
            message = self.env._("Xero already has a contact named “%s”, and nothing proves that it is the same.", item.label)
        else:
            names = ", ".join(f"“{contact.name}”" for contact in found[:3])
            message = self.env._("Xero has a contact that may be the same as “%(contact)s”: %(names)s.", contact=item.label, names=names)
        return Held(
            "contact_namesake",
            message,
            key=str(item.res_id),
            help=self.env._("Say whether it is the same contact, or give this one another name in Xero."),
            record=("res.partner", item.res_id),
            candidates=[candidate(contact) for contact in found],
        )

    def _why_refused(self, result):
        item = result.item
        if item.operation == "create":
            found = self._meant(result)
            return self._held_namesake(item, found) if found else super()._why_refused(result)
        own = next((contact for contact in result.evidence if contact.xero_id == item.xero_id), None)
        if own and own.status == "ARCHIVED":
            return self._held_archived(item.res_id, item.label, result.errors)
        return super()._why_refused(result)

    def _held_document(self, contact, partner_id, name, errors):
        """The reason of a document whose contact is archived. One that was merged away is followed: what is sent of it next leads there."""
        binding = self.env["xero.binding"].search([("kind", "=", self._kind), ("xero_id", "=", contact.xero_id)])
        binding.xero_status = contact.status
        if contact.merged_into:
            binding.sent = False
            for connection in binding.connection_id.filtered("active"):
                self._ask_for(connection, [partner_id])
        return self._held_archived(partner_id, name, errors, failed=False)

    def _held_archived(self, partner_id, name, errors, failed=True):
        """The one problem of a contact and of all documents that name it."""
        return Held(
            "contact_archived",
            self.env._("The contact “%s” is archived in Xero; Xero allows no change to it, and no new documents.", name),
            key=str(partner_id),
            help=self.env._("Restore the contact in Xero, then press Retry."),
            details=errors,
            record=("res.partner", partner_id),
            failed=failed,
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        return client.contacts(numbers=[item.trace.number for item in creates])

    def _adopt(self, connection, partner, xero_id):
        """Bind a partner to a contact that a person has chosen; nothing is written to Xero until the partner changes.

        :raise UserError: if that contact already belongs to another partner
        """
        Binding = self.env["xero.binding"]
        other = Binding.search([("connection_id", "=", connection.id), ("kind", "=", "contact"), ("xero_id", "=", xero_id)])
        if owner := partner.browse(other.res_id).exists():
            raise Refusal(self.env._("That contact in Xero already belongs to %s.", owner.display_name))
        other.unlink()  # of a partner that was merged or deleted
        Binding.create(
            {
                "connection_id": connection.id,
                "kind": "contact",
                "res_model": self._res_model,
                "res_id": partner.id,
                "xero_id": xero_id,
                "sent": fingerprint(resource.to_xero(self._snapshot(partner))),
                "last_sync": fields.Datetime.now(),
            }
        )

    def _after_done(self, connection, res_ids):
        """Documents that stood behind the contact can follow now, and money that is to stand on account."""
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j JOIN account_move m ON m.id = j.res_id
                    WHERE j.connection_id = %(connection)s AND j.res_model = 'account.move' AND j.kind = ANY(%(kinds)s)
                      AND m.commercial_partner_id = ANY(%(partners)s)
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection=connection.id, kinds=list(self._document_kinds()), partners=list(res_ids),
            )
        )  # fmt: skip
        self.env["xero.handler.payment"]._let_go_of_money_of(connection, res_ids)

    def _taken(self, item, other):
        partner = self.env[other.res_model].browse(other.res_id).exists()
        if not partner:
            other.unlink()  # of one that was merged or deleted
            return None
        held = super()._taken(item, other)
        return Held("contact_namesake", held.message, key=str(item.res_id), help=held.help, record=(item.res_model, item.res_id))

    def _binding_values(self, remote):
        return {"number": remote.contact_number, "xero_status": remote.status}
