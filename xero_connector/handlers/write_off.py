from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo import models

from ..xero_core.documents import Allocation, Invoice
from ..xero_core.errors import Outcome, Scope, XeroError
from ..xero_core.fingerprint import fingerprint
from ..xero_core.mapping import allocation
from .base import Item, Later, NothingToDo, Result
from .invoice_lines import money

ENDED = ("VOIDED", "DELETED")
SOURCE = "CreditNote"


@dataclass(frozen=True)
class Allocated:
    """A credit note that has been allocated as it should be."""

    xero_id: str
    figures: str


class XeroHandlerWriteOff(models.AbstractModel):
    """Write-offs, early-payment discounts and fees: credit notes of Xero, allocated to the documents that were paid that much less.

    The credit note is made first; its allocations follow as an update, which compares what Xero lists with what should be: so it may be
    repeated after a lost answer.
    """

    _name = "xero.handler.write_off"
    _inherit = ["xero.handler.credit_note", "xero.handler.difference"]
    _description = "Xero Handler: Write-Offs"

    _kind = "write_off"

    def _batch_limit(self, operation):
        return 50 if operation == "create" else 1

    def _context(self, connection, jobs):
        context = self._difference_context(connection, jobs)
        return {**context, "cents": self._cents(connection, context["table"]), "others": {}}

    def _item(self, job, context):
        write_off, binding = context["write_offs"].get(job.res_id), context["bindings"].get(job.res_id)
        if binding and binding.xero_status in ENDED:
            binding = None
        if binding and (not write_off or binding.fingerprint not in (False, self._facts(write_off))):
            return self._removal(job, binding, context)
        if not write_off:
            raise NothingToDo(self.env._("Nothing is written off."))
        try:
            self._check_documents(write_off, context)
        except NothingToDo:
            if not binding:
                raise
            return self._removal(job, binding, context)  # its document has left Xero, and the credit with it
        return self._allocation(job, write_off, binding, context) if binding else self._creation(job, write_off, context)

    def _removal(self, job, binding, context):
        self._check_lock_date(binding.date, context["connection"])
        sent_as = {"type": binding.xero_type or "ACCREC", "number": binding.number or "", "xero_id": binding.xero_id}
        return Item(job.id, job.res_id, "remove", {}, "", binding.xero_id, sent_as, binding.number or "")

    def _creation(self, job, write_off, context):
        move = write_off.move
        self._check_confirmed(context["connection"])
        self._check_lock_date(move.date, context["connection"])
        self._check_currency(write_off.currency, context["table"])
        self._check_contact(write_off.partner, context)
        note, correction = self._settled(move, context)
        plain = self._mapping.to_xero(note)
        sent_as = {**self._sent_as(move, note, plain, context), "correction": correction}
        return Item(job.id, move.id, "create", plain, self._facts(write_off), sent_as=sent_as, label=note.number)

    def _snapshot(self, move, context):
        """The credit note, without Odoo.

        :rtype: Invoice
        """
        write_off = context["write_offs"][move.id]
        lines = self._difference_lines(write_off, context)
        return Invoice(
            kind=self._type(write_off),
            number=self.env._("%s write-off", move.name),
            contact_id=context["contacts"][write_off.partner.id].xero_id,
            date=move.date,
            due_date=move.date,
            currency=write_off.currency.name,
            currency_rate=self._rate(write_off),
            lines=lines,
            total=money(write_off.amount, write_off.currency),
            total_tax=money(abs(sum(write_off.taxes.mapped("amount_currency"))), write_off.currency),
            reference=", ".join(write_off.parts._xero_documents().mapped("name"))[:255],
        )

    def _type(self, write_off):
        return "ACCRECCREDIT" if write_off.debts[:1].account_id.account_type == "asset_receivable" else "ACCPAYCREDIT"

    def _allocation(self, job, write_off, binding, context):
        """Allocate the credit note as the reconciliations say, as far as their documents are in Xero.

        :raise Later, NothingToDo: why not now
        """
        wanted = self._wanted_allocations(write_off, context)
        figures = fingerprint({invoice: [str(amount), *parts] for invoice, (amount, _day, parts) in wanted.items()})
        if binding.figures == figures and not binding.remake:
            raise NothingToDo(self.env._("Nothing had changed."))
        waiting = self._changing(write_off, context)
        if waiting and not binding.figures:
            raise Later(self.env._("Waits for the document %s.", waiting.name))
        if binding.figures and (waiting or binding.remake):
            wanted, figures = {}, ""  # out of the way, and back when the document has changed
        sent_as = {
            "xero_id": binding.xero_id,
            "amounts": {invoice: str(amount) for invoice, (amount, _day, _parts) in wanted.items()},
            "days": {invoice: str(day) for invoice, (_amount, day, _parts) in wanted.items()},
            "figures": figures,
            "type": self._type(write_off)[:-6],
        }
        return Item(job.id, job.res_id, "update", {}, binding.fingerprint or "", binding.xero_id, sent_as, binding.number or "")

    def _wanted_allocations(self, write_off, context):
        """``{Xero id of the document: (amount, day, ids of the reconciliations)}``."""
        wanted = {}
        for part, share in write_off.shares().items():
            document = part._xero_documents()
            if self._is_there(document, context):
                invoice = context["documents"][document.id].xero_id
                amount, day, parts = wanted.get(invoice, (Decimal(0), part.max_date, []))
                wanted[invoice] = (amount + money(share, write_off.currency), max(day, part.max_date), [*parts, part.id])
        return wanted

    def _changing(self, write_off, context):
        """A document with a change on its way to Xero."""
        jobs, documents = context["document_jobs"], write_off.parts._xero_documents()
        return documents.filtered(lambda each: each.id in jobs and jobs[each.id].state in ("pending", "sending", "uncertain"))[:1]

    # === SEND === #

    def _send(self, client, operation, items, idempotency_key):
        if operation == "create":
            return super()._send(client, operation, items, idempotency_key)
        [item] = items  # see _batch_limit
        try:
            if operation == "update":
                return [self._allocate(client, item, idempotency_key)]
            for each in client.allocations(SOURCE, item.xero_id):
                client.delete_allocation(SOURCE, item.xero_id, each.xero_id)
            return super()._send(client, operation, items, idempotency_key)
        except XeroError as error:
            if error.scope is Scope.DOCUMENT and error.outcome is Outcome.REFUSED:
                return [Result(item, errors=error.details or (error.message,))]
            raise

    def _allocate(self, client, item, idempotency_key):
        """Undo what should not be, add what is missing: what Xero lists decides, not what we remember."""
        missing = {invoice: Decimal(amount) for invoice, amount in item.sent_as["amounts"].items()}
        for each in client.allocations(SOURCE, item.xero_id):
            if missing.get(each.invoice_id) == each.amount:
                missing.pop(each.invoice_id)
            else:
                client.delete_allocation(SOURCE, item.xero_id, each.xero_id)
        written = self._add(client, item, missing, idempotency_key) if missing else []
        errors = tuple(error for each in written for error in each.errors)
        unknown = any(each.unknown for each in written)
        done = None if errors or unknown else Allocated(item.xero_id, item.sent_as["figures"])
        return Result(item, remote=done, errors=errors, unknown=unknown)

    def _add(self, client, item, missing, idempotency_key):
        days = {invoice: date.fromisoformat(day) for invoice, day in item.sent_as["days"].items()}
        allocations = [Allocation(SOURCE, item.xero_id, invoice, amount, days[invoice]) for invoice, amount in missing.items()]
        return client.create_allocations(SOURCE, item.xero_id, [allocation.to_xero(each) for each in allocations], idempotency_key)

    def _judge(self, result):
        if result.item.operation == "update":
            result.held = self._refused(result.item, result.errors)
        else:
            super()._judge(result)

    # === RECOVER AND BIND === #

    def _remembered(self, remote, sent_as):
        if isinstance(remote, Allocated):
            # as of a payment: the documents it belongs to
            invoices = list(sent_as["amounts"])
            return {
                "figures": remote.figures or False,
                "parent_xero_id": (invoices or [False])[0],
                "line_ids": invoices,
                "remake": False,
                "xero_type": sent_as["type"],
            }
        return {**super()._remembered(remote, sent_as), "figures": False, "line_ids": False, "parent_xero_id": False, "remake": False}

    def _after_bound(self, connection, res_ids):
        """Nobody waits for a write-off."""

    def _after_done(self, connection, res_ids):
        """What is not allocated yet follows."""
        bindings = self.env["xero.binding"]._by_record(connection, "account.move", res_ids, [self._kind]).values()
        open_ones = [binding for binding in bindings if not binding.figures and binding.xero_status not in ENDED]
        payments = {binding.res_id: binding.payment_id.id or None for binding in open_ones}
        self.env["xero.job"]._enqueue(connection, self._kind, "account.move", list(payments), manual=True, payments=payments)

    def _after_removed(self, connection, res_ids):
        """One that has changed is made anew, and documents that waited for it to be gone can follow."""
        moves = self.env["account.move"].browse(res_ids).exists()
        moves._xero_enqueue_write_offs(manual=True)
