from dataclasses import replace

from odoo import models

from ...const import GONE
from ...xero_core.errors import ValidationRefused
from ...xero_core.resources import normal
from ...xero_core.resources import payments as resource
from ...xero_core.resources.payments import Payment, RemotePayment
from .. import mark
from ..amounts import exact_amount
from ..dispatch import Outgoing, Result
from ..reasons import Held
from .facts import MODELS
from .on_the_bank import lines_of_the_bank, on_the_bank
from .parts import written_off
from .reading import credit_source
from .write_off_parts import write_off_of

REMOVED = "DELETED"
ON_THE_BANK = ("payment", "batch_payment")  # what is told as the bank has it
DRAFTS = ("DRAFT", "SUBMITTED")  # not yet approved in Xero


class XeroHandlerPayment(models.AbstractModel):
    """Single payments: one Xero payment for one match of money with a document, or with money on account that it pays back.

    Xero's payments cannot be changed, only created and deleted. A match outlives a payment that is reset to draft, so its binding may name
    a deleted payment. The reference ends in the mark of the reconciliation, by which a payment without an answer is found again.
    """

    _inherit = "xero.handler.payment"

    def _page(self, short_code, row):
        if (row["xero_type"] or "").endswith("PAYMENT"):
            return False  # pays back what stands on account, which has no page by that id
        return super()._page(short_code, row)

    def _creation(self, step, job, source, reading):
        [part] = step.parts
        parts = source.parts[part.id]
        bank = self._on_the_bank(source, reading)
        self._check_lock_date(bank.day, reading.connection)
        self._check_not_void([parts.invoice], reading, parts.name)
        account = self._payment_account(parts.journal, reading.table) if source.is_money else self._settling_account(source, reading)
        self._check_write_off(parts, source)
        self._check_paid_back(parts, source, reading)
        payment = self._payment(parts, self._paid_binding(parts, reading), account, bank)
        return self._payment_outgoing(job, parts, payment, part.digest, reading)

    def _payment_outgoing(self, job, parts, payment, digest, reading):
        payload, binding = resource.to_xero(payment), self._paid_binding(parts, reading)
        return Outgoing(
            job_id=job.id,
            res_id=parts.partial.id,
            operation="create",
            payload=payload,
            fingerprint=digest,
            trace=self._trace(
                invoice_id=payment.invoice_id,
                type=binding.xero_type or "",
                draft=binding.xero_status in DRAFTS,
                reference=payload["Reference"],
                amount=payment.amount,
                date=payment.date,
                invoice_total=exact_amount(parts.invoice.amount_total, parts.invoice.currency_id),
                **self._shared(parts, [payment], reading),
            ),
            label=parts.name,
        )

    def _removal_trace(self, binding):
        return self._trace(invoice_id=binding.parent_xero_id or "")

    def _paid_binding(self, parts, reading):
        """The counterpart of what is paid: a document, or money on account."""
        key = self._key_of(parts.invoice)
        return reading.sources[key].on_account if key else reading.documents[parts.invoice.id].binding

    def _read_details(self, reading, coming):
        super()._read_details(reading, coming)
        sources = [source for kind in ON_THE_BANK for source in coming.get(kind, ()) if source.key[0] == MODELS[0]]
        reading.bank_lines = lines_of_the_bank(self.env[MODELS[0]].union(*(source.record for source in sources)))

    def _on_the_bank(self, source, reading):
        """The day and the text of the money as the bank's statement has them, as far as they are known when it is sent.

        Not what was sent is compared with that: what the bank says later changes no payment. A day that is closed in Xero is not taken.

        :rtype: OnTheBank
        """
        bank, locked = on_the_bank(source, reading.bank_lines), reading.connection._last_locked_day()
        return replace(bank, day=source.entry.date) if locked and bank.day <= locked else bank

    def _payment(self, parts, binding, account, bank):
        """One payment of one document, without Odoo; ``binding`` is the document's.

        :rtype: Payment
        """
        currency, company_currency = parts.invoice.currency_id, parts.invoice.company_currency_id
        # a bank in the document's own currency books the amount itself
        converted = currency != company_currency == (parts.journal.currency_id or company_currency)
        on_account = binding.kind == "on_account"
        return Payment(
            invoice_id=binding.on_account_xero_id if on_account else binding.xero_id,
            account_id=account.xero_id,
            date=bank.day,
            amount=exact_amount(parts.amount, currency),
            reference=f"{bank.text} {mark.told(parts.partial)}",
            bank_amount=parts.bank_amount if converted else None,
            target=credit_source(binding) if on_account else "CreditNote" if binding.kind in self._kinds_that("_is_credit") else "Invoice",
        )

    def _check_write_off(self, parts, source):
        """:raise Held: the entry writes something off in a way that Xero does not know"""
        write_off = None if source.write_off else write_off_of(source.entry)
        if write_off and write_off.kind == "write_off":
            raise Held(
                "written_off",
                self.env._("%(payment)s pays %(invoice)s with a write-off of %(amount)s; Xero's payments know none.",
                           payment=parts.name, invoice=parts.invoice.name, amount=f"{written_off(source.entry):.2f}"),
                key=f"{parts.partial._name},{parts.partial.id}",
                help=self.env._("Enter this payment and the write-off in Xero by hand and ignore it here, or reset it and pay without."),
                record=source.key,
            )  # fmt: skip

    def _check_paid_back(self, parts, source, reading):
        """:raise Held: it pays back what was written off rather than paid"""
        key = self._key_of(parts.invoice)
        on_account = reading.sources[key] if key else None
        if on_account and on_account.currency.compare_amounts(on_account.returned, on_account.stands) > 0:
            raise Held(
                "written_off",
                self.env._("%(payment)s pays back money of %(other)s, of which %(stands)s stands on account; the rest was written off.",
                           payment=parts.name, other=on_account.entry.name, stands=f"{on_account.stands:.2f}"),
                key=f"{parts.partial._name},{parts.partial.id}",
                help=self.env._("Match it with what was paid, and the rest with what it is for, or ignore it here."),
                record=source.key,
            )  # fmt: skip

    # === SEND === #

    def _batch_limit(self, operation):
        return 1 if operation == "remove" else super()._batch_limit(operation)

    def _asked_first(self, items):
        """Xero itself refuses a second one unless both fit into what was invoiced."""
        return [item for item in items if 2 * item.trace.amount <= item.trace.invoice_total]

    def _call(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return [self._remove(client, item) for item in items]  # one, see _batch_limit
        results = self._not_yet_approved(client, items)
        answered = {result.item.id for result in results}
        new = [item for item in items if item.id not in answered]
        return results + (super()._call(client, operation, new, idempotency_key) if new else [])

    def _not_yet_approved(self, client, items):
        """Documents that arrived as drafts are asked about first: Xero takes payments of approved ones only."""
        drafts = [item for item in items if item.trace.draft]
        found = {remote.xero_id: remote for remote in self._paid_documents(client, drafts)} if drafts else {}
        waiting = [item for item in drafts if item.trace.invoice_id in found]
        return [Result(item, evidence=[found[item.trace.invoice_id]]) for item in waiting if found[item.trace.invoice_id].status in DRAFTS]

    def _is_ours(self, trace, remote):
        """The payment that was made of this very match."""
        known = isinstance(remote, RemotePayment) and mark.same_in_text(trace.reference, remote.reference)
        return known and remote.status != REMOVED

    def _is_same(self, item, remote):
        """Of the same document, day, bank account and amount, and told by the same name."""
        return (
            isinstance(remote, RemotePayment) and bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told)
        )

    def _remove(self, client, item):
        """Delete one payment in Xero; each is a call of its own."""
        try:
            return Result(item, remote=client.delete_payment(item.xero_id))
        except ValidationRefused as error:
            refused = Result(item, errors=error.details)
        self._gather(client, "remove", [refused])
        return refused

    def _write(self, client, operation, payloads, idempotency_key):
        return client.create_payments(payloads, idempotency_key)

    def _paid_documents(self, client, items):
        ids = {item.trace.invoice_id for item in items}
        notes = {item.trace.invoice_id for item in items if item.trace.type.endswith("CREDIT")}
        found = client.invoices(ids=sorted(ids - notes)) if ids - notes else []
        return [*found, *(client.credit_notes(ids=sorted(notes)) if notes else ())]

    def _evidence(self, client, operation, items):
        if operation == "remove":
            return [found for item in items if (found := client.payment(item.xero_id))]
        return [*self._paid_documents(client, items), *client.payments(sorted({item.trace.invoice_id for item in items}))]

    def _why_refused(self, result):
        item = result.item
        if item.operation != "create":
            return self._refused(item, result.errors)
        document = next((found for found in result.evidence if found.xero_id == item.trace.invoice_id), None)
        return self._why_not_on(document, item, item.trace.amount, result.errors)

    def _why_not_on(self, invoice, item, amount, errors):
        """Why Xero takes no payment of this amount on a document."""
        if invoice and invoice.status in DRAFTS:
            return self._held_not_approved(item, invoice, errors)
        if invoice and invoice.status in GONE:
            return self._held_void(item, invoice, errors)
        if invoice and invoice.amount_due < amount:
            return self._held_too_large(item, invoice, amount, errors)
        return self._refused(item, errors)

    def _held_not_approved(self, item, invoice, errors):
        return self._held(
            item,
            "not_approved",
            self.env._("%(payment)s waits: %(invoice)s has not been approved in Xero yet.", payment=item.label, invoice=invoice.number),
            self.env._("Approve the document in Xero, then press Retry."),
            errors,
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        return client.payments(sorted({item.trace.invoice_id for item in creates + removals}))

    def _binding_values(self, remote):
        return {
            "number": remote.reference,
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": remote.invoice_id,
            "date": remote.date,
        }

    def _remembered(self, remote, trace):
        return {**super()._remembered(remote, trace), "xero_type": trace.type or False}
