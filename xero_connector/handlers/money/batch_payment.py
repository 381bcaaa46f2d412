from dataclasses import replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import GONE
from ...xero_core.errors import ValidationRefused
from ...xero_core.resources import batch_payments as resource
from ...xero_core.resources import normal
from ...xero_core.resources.batch_payments import BatchPayment, RemoteBatch
from .. import mark
from ..amounts import exact_amount
from ..dispatch import Outgoing, Result
from .trace import BatchPaymentTrace

_lt = LazyTranslate(__name__)


class XeroHandlerBatchPayment(models.AbstractModel):
    """One movement of money for several invoices, or for several bills: one batch payment, so that the bank's line matches at once.

    The payments of a batch cannot be removed one by one: a change of any of them removes the batch, and it is made anew.
    A batch without an answer is found by the references of its payments, which end in the marks of the reconciliations.
    """

    _name = "xero.handler.batch_payment"
    _inherit = "xero.handler.payment"
    _description = "Xero Handler: Batch Payments"

    _kind = "batch_payment"
    _rings = ()  # its payments are told of by the list of payments
    _label = _lt("Batch Payment")
    _sequence = 72
    _setting = "sync_payment"
    _settles = "several"
    _owner_kind = "payment"
    _has_jobs = False
    _res_model = "account.payment"
    _trace = BatchPaymentTrace

    def _removal_payload(self, binding):
        return resource.removal(binding.xero_id)

    def _removal_trace(self, binding):
        return self._trace()

    def _creation(self, step, job, source, reading):
        first, bank = source.parts[step.parts[0].id], self._on_the_bank(source, reading)
        self._check_lock_date(bank.day, reading.connection)
        account = self._payment_account(first.journal, reading.table)
        matches = [source.parts[part.id] for part in step.parts]
        self._check_not_void([parts.invoice for parts in matches], reading, first.name)
        self._check_write_off(first, source)
        payments = tuple(self._payment(parts, self._paid_binding(parts, reading), account, bank) for parts in matches)
        batch = BatchPayment(
            account_id=account.xero_id,
            date=bank.day,
            payments=self._with_all_cents(payments, source),
            marker=mark.mark(source.record),
            country=reading.connection.country_code or "",
        )
        return self._batch_outgoing(
            job, source, batch, self._paid_binding(first, reading).xero_type, self._shared(first, payments, reading)
        )

    def _batch_outgoing(self, job, source, batch, document_type, shared):
        payload = resource.to_xero(batch)
        return Outgoing(
            job_id=job.id,
            res_id=source.key[1],
            operation="create",
            payload=payload,
            fingerprint=source.movement.batch_digest,
            trace=self._trace(
                date=batch.date,
                amounts={payment.invoice_id: payment.amount for payment in batch.payments},
                references=tuple(row["Reference"] for row in payload["Payments"]),
                mark=batch.marker,
                type=document_type or "",
                **shared,
            ),
            label=source.entry.name,
        )

    def _with_all_cents(self, payments, source):
        """What the bank booked for all of them is the sum of what it booked for each: the last one has the cents of rounding."""
        if any(payment.bank_amount is None for payment in payments) or source.write_off:
            return payments  # what was written off never reached the bank, and is shared out without that
        booked = exact_amount(abs(sum(source.lines.mapped("balance"))), source.lines.company_currency_id)
        rest = booked - sum(payment.bank_amount for payment in payments[:-1])
        return (*payments[:-1], replace(payments[-1], bank_amount=rest))

    # === SEND === #

    def _asked_first(self, items):
        return items

    def _not_yet_approved(self, client, items):
        return []

    def _write(self, client, operation, payloads, idempotency_key):
        return client.create_batch_payments(payloads, idempotency_key)

    def _remove(self, client, item):
        try:
            return Result(item, remote=client.delete_batch_payment(item.xero_id))
        except ValidationRefused as error:
            gone = self._ended(item, client.batch_payments(ids=[item.xero_id]))
            return Result(item, remote=gone, errors=error.details)

    def _is_ours(self, trace, remote):
        """The batch that was made of these very reconciliations: known by our mark, or by its payments' references, and its amounts."""
        if not isinstance(remote, RemoteBatch) or remote.status in GONE:
            return False
        if sorted(payment.amount for payment in remote.payments) != sorted(trace.amounts.values()):
            return False
        theirs, ours = (sorted(map(_mark_of, each)) for each in ((row.reference for row in remote.payments), trace.references))
        return bool(trace.mark) and trace.mark in remote.texts or bool(theirs) and theirs == ours

    def _is_same(self, item, remote):
        return isinstance(remote, RemoteBatch) and bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told)

    def _evidence(self, client, operation, items):
        ids = sorted({invoice_id for item in items for invoice_id in item.trace.amounts})
        return client.invoices(ids=ids)

    def _why_refused(self, result):
        item, amounts = result.item, result.item.trace.amounts
        if item.operation == "remove":
            return self._refused(item, result.errors)
        wrong = (
            each
            for each in result.evidence
            if each.xero_id in amounts and (each.status != "AUTHORISED" or each.amount_due < amounts[each.xero_id])
        )
        invoice = next(wrong, None)
        return self._why_not_on(invoice, item, amounts.get(invoice and invoice.xero_id), result.errors)

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        found = client.batch_payments(days=[item.trace.date for item in creates]) if creates else []
        return [*found, *(client.batch_payments(ids=[item.xero_id for item in removals]) if removals else ())]

    def _binding_values(self, remote):
        return {
            "number": next(iter(remote.texts), ""),
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": next((payment.invoice_id for payment in remote.payments), False),
            "line_ids": [payment.invoice_id for payment in remote.payments],
            "date": remote.date,
        }


def _mark_of(reference):
    """What tells a payment apart, whatever the bank prints before it."""
    return mark.in_text(reference) or reference
