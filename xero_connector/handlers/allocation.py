from decimal import Decimal

from odoo import models

from ..xero_core.documents import Allocation, RemoteAllocation
from ..xero_core.errors import ValidationRefused
from ..xero_core.fingerprint import fingerprint
from ..xero_core.mapping import allocation as mapping
from .base import Behind, Item, Later, NothingToDo, Result
from .invoice_lines import money
from .money import HELD, PARTIAL
from .money_route import ON_ACCOUNT, credit_source, is_live

REMOVED = "DELETED"


class XeroHandlerAllocation(models.AbstractModel):
    """Credit used for an invoice or a bill: that of a credit note, or money that stands on account. One per reconciliation.

    Allocations are made and removed, never changed, one call each. They carry no text of ours: one without an answer is recognised, among
    those that Xero lists with the credit, by invoice and amount, and by not being one that we know already.
    """

    _name = "xero.handler.allocation"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Allocations"

    _kind = "allocation"
    _res_model = PARTIAL

    def _context(self, connection, jobs):
        routes = self._routes(connection, jobs)
        partials = self.env[PARTIAL].browse(jobs.mapped("res_id")).exists()
        sides = {partial.id: partial._xero_sides() for partial in partials}
        documents = self.env["account.move"].union(*(line.move_id for pair in sides.values() for line in pair or ()))
        in_xero = self._read_documents(connection, documents)
        bindings = self.env["xero.binding"]._by_record(connection, PARTIAL, jobs.mapped("res_id"), [self._kind])
        return {
            "connection": connection,
            "routes": {job.id: routes.get(key) for job, key in self._keys(jobs).items()},
            "sides": sides,
            "partials": {partial.id: partial for partial in partials},
            "bindings": bindings,
            "known": self._known_allocations(connection, self._credits(routes, in_xero["invoices"])),
            **in_xero,
        }

    def _credits(self, routes, bindings):
        """All that these jobs may take credit from, as bindings of allocations name it."""
        found = {f"CreditNote,{binding.xero_id}" for binding in bindings.values()}
        return found | {f"{credit_source(route.prepaid)},{route.prepaid.prepaid_id}" for route in routes.values() if route.prepaid}

    def _known_allocations(self, connection, credits):
        """``{credit: ids in Xero}`` of what is remembered here already, so that none of it is taken for a new one."""
        domain = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("credit", "in", list(credits))]
        known = {}
        for binding in self.env["xero.binding"].search([*domain, ("xero_status", "!=", REMOVED)]):
            known.setdefault(binding.credit, set()).add(binding.xero_id)
        return known

    def _item(self, job, context):
        binding, route = context["bindings"].get(job.res_id), context["routes"].get(job.id)
        partial = context["partials"].get(job.res_id)
        on_account = bool(route and route.form == ON_ACCOUNT and route.part(job.res_id))
        credited = bool(partial) and partial._xero_is_allocation()
        if is_live(binding):
            if self._stays(binding, route, credited):
                raise NothingToDo(self.env._("Nothing had changed."))
            return self._removal(job, binding, context)
        if on_account:
            return self._creation(job, partial, self._credit_on_account(route), context)
        if credited:
            return self._creation(job, partial, self._credit_note(partial, context), context)
        raise NothingToDo(self.env._("It is in Xero in another form, or not to be there."))

    def _stays(self, binding, route, credited):
        if route:
            return route.allocation_stays(binding.res_id)
        return credited and not binding.remake

    def _removal(self, job, binding, context):
        if binding.date:
            self._check_lock_date(binding.date, context["connection"])
        source, _comma, credit_id = (binding.credit or "").partition(",")
        sent_as = {"source": source, "credit_id": credit_id, "xero_id": binding.xero_id}
        return Item(job.id, job.res_id, "remove", {}, "", binding.xero_id, sent_as, binding.number or "")

    # === SNAPSHOT === #

    def _credit_on_account(self, route):
        """``(what it is in Xero, its id, its name)`` of money on account.

        :raise Behind, Later: it is not there yet, or about to leave
        """
        if not route.prepaid_stays:
            job = route.jobs.get(("prepaid", *route.key))
            message = self.env._("Waits until %s stands on account in Xero.", route.record.move_id.name)
            if job and job.state in HELD and job.problem_id:
                raise Behind(job.problem_id, message)
            raise Later(message)
        return credit_source(route.prepaid), route.prepaid.prepaid_id, route.record.move_id.name

    def _credit_note(self, partial, context):
        """``(what it is in Xero, its id, its name)`` of a credit note."""
        note = partial._xero_sides()[1].move_id
        binding = self._document_binding(note, context)
        if not binding:
            raise NothingToDo(self.env._("The credit note %s is not in Xero.", note.name))
        return "CreditNote", binding.xero_id, note.name

    def _creation(self, job, partial, credit, context):
        source, credit_id, name = credit
        line, other = partial._xero_sides()
        document = line.move_id
        binding = self._document_binding(document, context)
        if not binding:
            raise NothingToDo(self.env._("The document %s is not in Xero.", document.name))
        self._check_same(partial, line, other)
        self._check_lock_date(partial.max_date, context["connection"])
        amount = money(partial._xero_amount(line), document.currency_id)
        self._check_twin((source, credit_id, binding.xero_id, amount), context)
        payload = mapping.to_xero(Allocation(source, credit_id, binding.xero_id, amount, partial.max_date))
        return Item(
            job_id=job.id,
            res_id=job.res_id,
            operation="create",
            payload=payload,
            fingerprint=fingerprint({"amount": str(amount), "invoice": binding.xero_id, "credit": credit_id}),
            sent_as={
                "source": source,
                "credit_id": credit_id,
                "invoice_id": binding.xero_id,
                "type": binding.xero_type,
                "amount": str(amount),
                "room": str(money(document.amount_total, document.currency_id)),
                "known": sorted(context["known"].get(f"{source},{credit_id}", ())),
            },
            label=f"{name} → {document.name}",
        )

    def _check_twin(self, what, context):
        """:raise Later: another one of the same credit, document and amount goes first; they can be told apart once that has its id"""
        twins = context.setdefault("twins", set())
        if what in twins:
            raise Later(self.env._("Waits for another part of the same amount."))
        twins.add(what)

    def _check_same(self, partial, line, other):
        """:raise Held: Xero allocates only between records of one contact and one currency"""
        if line.partner_id.commercial_partner_id != other.partner_id.commercial_partner_id or line.currency_id != other.currency_id:
            raise self._held_partial(
                "refused",
                self.env._("%(credit)s is matched with %(document)s of another contact or currency; Xero does not know that.",
                           credit=other.move_id.name, document=line.move_id.name),
                self.env._("Undo the match in Odoo and transfer the amount by a journal entry, or ignore it here."),
                partial.id,
            )  # fmt: skip

    # === SEND === #

    def _batch_limit(self, operation):
        return 1

    def _send(self, client, operation, items, idempotency_key):
        item = items[0]  # one, see _batch_limit
        if operation == "remove":
            return [self._remove(client, item)]
        if made := self._made_before(client, item):
            return [Result(item, remote=made)]
        [written] = client.create_allocations(item.sent_as["source"], item.sent_as["credit_id"], [item.payload], idempotency_key)
        result = Result(item, remote=written.remote if written.ok else None, errors=written.errors, unknown=written.unknown)
        if not written.ok and not written.unknown:
            self._gather(client, operation, [result])
        return [result]

    def _made_before(self, client, item):
        """Xero itself refuses a second one unless both fit into what was invoiced, so only then it is worth a question."""
        if 2 * Decimal(item.sent_as["amount"]) > Decimal(item.sent_as["room"]):
            return None
        return self._ours(item.sent_as, client.allocations(item.sent_as["source"], item.sent_as["credit_id"]), set(item.sent_as["known"]))

    def _ours(self, sent_as, allocations, known):
        """The one listed with the credit that is none of those we know, for this invoice and amount."""
        amount = Decimal(sent_as["amount"])
        same = (each for each in allocations if each.invoice_id == sent_as["invoice_id"] and each.amount == amount)
        return next((each for each in same if each.xero_id not in known), None)

    def _remove(self, client, item):
        try:
            return Result(item, remote=client.delete_allocation(item.sent_as["source"], item.sent_as["credit_id"], item.xero_id))
        except ValidationRefused as error:
            return Result(item, errors=error.details)

    def _evidence(self, client, operation, items):
        sent_as = items[0].sent_as
        return [*client.invoices(ids=[sent_as["invoice_id"]]), *client.allocations(sent_as["source"], sent_as["credit_id"])]

    def _judge(self, result):
        item = result.item
        if item.operation != "create":
            result.held = self._refused(item, result.errors)
            return
        listed = [found for found in result.evidence if isinstance(found, RemoteAllocation)]
        result.remote = self._ours(item.sent_as, listed, set(item.sent_as["known"]))
        if not result.remote:
            invoice = next((found for found in result.evidence if not isinstance(found, RemoteAllocation)), None)
            result.held = self._why_refused(item, invoice, result.errors)

    def _why_refused(self, item, invoice, errors):
        amount = Decimal(item.sent_as["amount"])
        if invoice and invoice.status in ("AUTHORISED", "PAID") and invoice.amount_due < amount:
            return self._held_partial(
                "payment_too_large",
                self.env._("%(credit)s is %(amount)s, but only %(open)s is open on %(invoice)s in Xero.",
                           credit=item.label, amount=f"{amount:.2f}", open=f"{invoice.amount_due:.2f}", invoice=invoice.number),
                self.env._("Somebody may have recorded a payment in Xero by hand. Remove it there and press Retry, or ignore this one."),
                item.res_id, errors, failed=True,
            )  # fmt: skip
        return self._refused(item, errors)

    # === RECOVER AND BIND === #

    def _look_up(self, client, jobs):
        asked = jobs.filtered("sent_as")
        credits = {(job.sent_as["source"], job.sent_as["credit_id"]) for job in asked}
        remembered = self._known_allocations(jobs.connection_id, map(",".join, credits))
        known = set().union(*remembered.values())
        listed, found = {credit: client.allocations(*credit) for credit in sorted(credits)}, {}
        for job in asked:
            found[job.id] = self._find(job, listed[job.sent_as["source"], job.sent_as["credit_id"]], known)
            known |= {found[job.id].xero_id} if found[job.id] else set()
        return found

    def _find(self, job, allocations, known):
        if job.operation != "remove":
            return self._ours(job.sent_as, allocations, known)
        if any(each.xero_id == job.sent_as["xero_id"] for each in allocations):
            return None
        return RemoteAllocation(job.sent_as["xero_id"], "", Decimal(0), None, REMOVED, job.sent_as["credit_id"], job.sent_as["source"])

    def _after_removed(self, connection, res_ids):
        super()._after_removed(connection, res_ids)
        # that of a credit note is no part of any money, and may have to come again too
        self.env[PARTIAL].browse(res_ids).exists()._xero_enqueue(manual=True)

    def _binding_values(self, remote):
        return {
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": remote.invoice_id,
            "credit": f"{remote.source},{remote.credit_id}",
            "date": remote.date,
            "remake": False,
        }

    def _remembered(self, remote, sent_as):
        return {**super()._remembered(remote, sent_as), "xero_type": sent_as.get("type")}
