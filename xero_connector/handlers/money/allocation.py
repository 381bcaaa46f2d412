from dataclasses import replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import GONE, HELD, PARTIAL
from ...xero_core.errors import ValidationRefused
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import allocations as resource
from ...xero_core.resources.allocations import Allocation, RemoteAllocation, removed
from ..amounts import exact_amount
from ..dispatch import Claim, Outgoing, Result
from ..reasons import Held, NothingToDo, Wait
from .facts import Standing
from .parts import amount_of, is_allocation, sides_of
from .reading import MoneyReading, credit_source
from .trace import AllocationTrace

_lt = LazyTranslate(__name__)


class XeroHandlerAllocation(models.AbstractModel):
    """Credit used for an invoice or a bill: that of a credit note, or money that stands on account. One per reconciliation.

    That of money on account is a counterpart of the money; that of a credit note has a job of its own. Allocations are made and removed,
    never changed, one call each. They carry no text of ours: one without an answer is recognised, among those that Xero lists with the
    credit, by invoice and amount, and by not being one that we know already.
    """

    _name = "xero.handler.allocation"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Allocations"

    _kind = "allocation"
    _label = _lt("Credit Allocation")
    _sequence = 75
    _setting = "sync_payment"
    _settles = "one"
    _owner_kind = "payment"
    _res_model = PARTIAL
    _trace = AllocationTrace

    # === OF CREDIT NOTES === #

    def _read(self, connection, jobs):
        partials = self.env[PARTIAL].browse(jobs.mapped("res_id")).exists()
        sides = {partial.id: sides_of(partial) for partial in partials if is_allocation(partial)}
        moves = self.env["account.move"].union(*(line.move_id for pair in sides.values() for line in pair))
        documents = self._documents(connection, moves)
        bindings = self.env["xero.binding"]._by_record(connection, PARTIAL, jobs.mapped("res_id"), [self._kind])
        reading = MoneyReading(connection, bindings, connection._mapping_table(), {}, documents, sides)
        credits = {("CreditNote", found.binding.xero_id, "") for found in documents.values() if found.binding}
        reading.allocations = self._known_allocations(connection, credits)
        return reading

    def _decide(self, job, reading):
        """What is to be done about the match of a credit note with an invoice or a bill.

        | in Xero | both documents                       | then                       |
        | ------- | ------------------------------------ | -------------------------- |
        | yes     | matched, neither is to be changed    | it stays                   |
        | yes     | one is to be changed, or no match    | it is removed              |
        | no      | in Xero                              | it is made                 |
        | no      | one is on its way, or to be changed  | it waits                   |
        | no      | one is held                          | it waits for the same cause |
        | no      | one is not for Xero, or no match     | nothing                    |
        """
        binding, sides = reading.bindings.get(job.res_id), reading.sides.get(job.res_id)
        documents = [reading.documents[line.move_id.id] for line in sides or ()]
        if binding and binding.is_there:
            if documents and all(document.standing.keeps for document in documents):
                raise NothingToDo(self.env._("Nothing had changed."))
            return self._removal(job, binding, reading.connection)
        if not documents or not all(document.standing.counts for document in documents):
            raise NothingToDo(self.env._("It is in Xero in another form, or not to be there."))
        self._check_both(sides, documents)
        line, other = sides
        credit = ("CreditNote", documents[1].binding.xero_id, other.move_id.name)
        amount = amount_of(line.env[PARTIAL].browse(job.res_id), line)
        return self._allocation(job, job.res_id, line, other, amount, credit, reading)

    def _check_both(self, sides, documents):
        """:raise Wait, HeldBehind: one of the documents is not in Xero yet, or is to be changed"""
        for line, document in zip(sides, documents, strict=True):
            if document.standing is not Standing.THERE:
                self._wait_for_document(line.move_id.name, document)

    # === OF MONEY ON ACCOUNT === #

    def _creation(self, step, job, source, reading):
        parts = source.parts[step.parts[0].id]
        line = (parts.partial.debit_move_id | parts.partial.credit_move_id) - parts.line
        return self._allocation(job, parts.partial.id, line, parts.line, parts.amount, self._credit_on_account(source), reading)

    def _credit_on_account(self, source):
        """``(what it is in Xero, its id, its name)`` of money on account."""
        return credit_source(source.on_account), source.on_account.on_account_xero_id, source.entry.name if source.record else ""

    # === BOTH === #

    def _known_allocations(self, connection, credits):
        """``{credit: ids in Xero}`` of what is remembered here already, so that none of it is taken for a new one."""
        names = [f"{source},{credit_id}" for source, credit_id, _name in credits]
        domain = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("credit", "in", names)]
        known = {}
        for binding in self.env["xero.binding"].search([*domain, ("is_there", "=", True)]):
            known.setdefault(binding.credit, set()).add(binding.xero_id)
        return known

    def _removal_trace(self, binding):
        source, _comma, credit_id = (binding.credit or "").partition(",")
        return self._trace(source=source, credit_id=credit_id)

    def _allocation(self, job, partial_id, line, other, amount, credit, reading):
        """What allocates ``amount`` of a credit (``other`` its line) to the document of ``line``.

        :raise Held, Wait: why it cannot go now
        """
        document, (source, credit_id, name) = line.move_id, credit
        binding, partial = reading.documents[document.id].binding, line.env[PARTIAL].browse(partial_id)
        self._check_same(partial, line, other)
        self._check_not_void([document, other.move_id], reading, name)
        self._check_lock_date(partial.max_date, reading.connection)
        exact = exact_amount(amount, document.currency_id)
        twin = (source, credit_id, binding.xero_id, exact)
        return Outgoing(
            job_id=job.id,
            res_id=partial_id,
            operation="create",
            payload=resource.to_xero(Allocation(source, credit_id, binding.xero_id, exact, partial.max_date)),
            fingerprint=fingerprint({"amount": str(exact), "invoice": binding.xero_id, "credit": credit_id}),
            trace=self._trace(
                source=source,
                credit_id=credit_id,
                invoice_id=binding.xero_id,
                type=binding.xero_type or "",
                amount=exact,
                room=exact_amount(document.amount_total, document.currency_id),
                known=tuple(sorted(reading.allocations.get(f"{source},{credit_id}", ()))),
            ),
            label=f"{name} → {document.name}",
            # one of the same credit, document and amount goes first; they can be told apart once that has its id
            claims=(Claim(("allocation", *twin), lambda: Wait(self.env._("Waits for another part of the same amount."))),),
        )

    def _check_same(self, partial, line, other):
        """:raise Held: Xero allocates only between records of one contact and one currency"""
        if line.partner_id.commercial_partner_id != other.partner_id.commercial_partner_id or line.currency_id != other.currency_id:
            raise Held(
                "match_impossible",
                self.env._("%(credit)s is matched with %(document)s of another contact or currency; Xero does not know that.",
                           credit=other.move_id.name, document=line.move_id.name),
                key=f"{PARTIAL},{partial.id}",
                help=self.env._("Undo the match in Odoo and transfer the amount by a journal entry, or ignore it here."),
                record=(PARTIAL, partial.id),
            )  # fmt: skip

    # === SEND === #

    def _batch_limit(self, operation):
        return 1

    def _asked_first(self, items):
        """Xero itself refuses a second one unless both fit into what was invoiced."""
        return [item for item in items if 2 * item.trace.amount <= item.trace.room]

    def _call(self, client, operation, items, idempotency_key):
        [item] = items  # see _batch_limit
        if operation == "remove":
            return [self._remove(client, item)]
        written = client.create_allocations(item.trace.source, item.trace.credit_id, [item.payload], idempotency_key)
        return self._results(client, operation, items, written)

    def _is_ours(self, trace, remote):
        """Listed with the credit, none of those we know, and for this invoice and amount."""
        if not isinstance(remote, RemoteAllocation) or remote.xero_id in trace.known:
            return False
        of_credit = (remote.source, remote.credit_id) == (trace.source, trace.credit_id)
        return of_credit and (remote.invoice_id, remote.amount) == (trace.invoice_id, trace.amount)

    def _remove(self, client, item):
        try:
            return Result(item, remote=client.delete_allocation(item.trace.source, item.trace.credit_id, item.xero_id))
        except ValidationRefused as error:
            return Result(item, errors=error.details)

    def _evidence(self, client, operation, items):
        trace = items[0].trace
        credits = client.credit_notes(ids=[trace.credit_id]) if trace.source == "CreditNote" else ()
        return [*client.invoices(ids=[trace.invoice_id]), *credits, *client.allocations(trace.source, trace.credit_id)]

    def _why_refused(self, result):
        item, errors, amount = result.item, result.errors, result.item.trace.amount
        if item.operation != "create":
            return self._refused(item, errors)
        documents = {found.xero_id: found for found in result.evidence if not isinstance(found, RemoteAllocation)}
        if void := next((found for found in documents.values() if found.status in GONE), None):
            return self._held_void(item, void, errors)
        invoice = documents.get(item.trace.invoice_id)
        if invoice and invoice.status in ("AUTHORISED", "PAID") and invoice.amount_due < amount:
            return self._held_too_large(item, invoice, amount, errors)
        text = self.env._("Xero did not accept %s.", item.label)
        return self._held_by_what_stays(item, [item.trace.credit_id], text, errors) or self._refused(item, errors)

    # === RECOVER AND BIND === #

    def _known_by_now(self, items):
        """Allocations that others have got since are none of them."""
        connection = self.env["xero.job"].browse(items[0].job_id).connection_id
        known = self._known_allocations(connection, {(item.trace.source, item.trace.credit_id, "") for item in items})
        ids = set().union(*known.values())
        return [replace(item, trace=replace(item.trace, known=tuple(sorted({*item.trace.known, *ids})))) for item in items]

    def _recognise(self, client, items):
        """As everywhere, but of those that are gone Xero says nothing: it lists them no more."""
        credits = {(item.trace.source, item.trace.credit_id) for item in items}
        listed = [remote for credit in sorted(credits) for remote in client.allocations(*credit)]
        there = {remote.xero_id for remote in listed}
        gone = [item for item in items if item.operation == "remove" and item.xero_id not in there]
        made = self._owns([item for item in items if item.operation == "create"], listed)
        removals = {item.id: removed(item.trace.source, item.trace.credit_id, item.xero_id) for item in gone}
        return dict.fromkeys(item.id for item in items) | made | removals

    def _binding_values(self, remote):
        return {
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": remote.invoice_id,
            "credit": f"{remote.source},{remote.credit_id}",
            "date": remote.date,
        }

    def _remembered(self, remote, trace):
        return {**super()._remembered(remote, trace), "xero_type": trace.type or False}

    def _after_closed(self, connection, jobs):
        """What found no room because of these is tried again."""
        over = jobs.filtered(lambda job: job.state not in HELD)
        self.env["xero.handler.payment"]._let_go_of_crowded(connection, PARTIAL, over.mapped("res_id"))
