from dataclasses import replace
from decimal import Decimal

from odoo import models

from ..xero_core.documents import BatchPayment
from ..xero_core.errors import ValidationRefused
from ..xero_core.mapping import batch as mapping
from .base import Item, NothingToDo, Result
from .invoice_lines import money
from .money import day
from .money_route import BATCH, ENDED, is_live
from .prepaid import MARKS


class XeroHandlerBatch(models.AbstractModel):
    """One movement of money for several invoices, or for several bills: one batch payment, so that the bank's line matches at once.

    The payments of a batch cannot be removed one by one: a change of any of them removes the batch, and it is made anew.
    A batch without an answer is found by the references of its payments, which end in the ids of the reconciliations.
    """

    _name = "xero.handler.batch"
    _inherit = "xero.handler.payment"
    _description = "Xero Handler: Batch Payments"

    _kind = "batch"
    _res_model = "account.payment"

    def _context(self, connection, jobs):
        routes = self._routes(connection, jobs)
        documents = self.env["account.move"].union(*(part.invoice for route in routes.values() for part in route.parts))
        return {
            "connection": connection,
            "table": connection._mapping_table(),
            "routes": {job.id: routes.get(key) for job, key in self._keys(jobs).items()},
            "bindings": {route.key[1]: route.batch for route in routes.values() if route.batch},
            **self._read_documents(connection, documents),
        }

    def _item(self, job, context):
        route = context["routes"][job.id]
        if is_live(route.batch):
            if route.batch_stays:
                raise NothingToDo(self.env._("Nothing had changed."))
            return self._removal(job, route.batch, context)
        if route.form != BATCH:
            raise NothingToDo(self.env._("It is in Xero in another form, or not to be there."))
        payments = tuple(self._snapshot(part, context) for part in route.parts)
        self._wait_for_leaving(route, BATCH)
        return self._creation(job, route, payments, context)

    def _removal(self, job, binding, context):
        self._check_lock_date(binding.date, context["connection"])
        sent_as = {"xero_id": binding.xero_id, "key": [binding.res_model, binding.res_id]}
        return Item(job.id, job.res_id, "remove", mapping.removal(binding.xero_id), "", binding.xero_id, sent_as, binding.number or "")

    def _creation(self, job, route, payments, context):
        batch = BatchPayment(
            account_id=payments[0].account_id,
            date=payments[0].date,
            payments=self._with_all_cents(payments, route),
            marker=f"{MARKS[route.key[0]]}{route.key[1]}",
            country=context["connection"].country_code or "",
        )
        payload = mapping.to_xero(batch)
        return Item(
            job_id=job.id,
            res_id=job.res_id,
            operation="create",
            payload=payload,
            fingerprint=route.batch_digest,
            sent_as={
                "date": str(batch.date),
                "amounts": {payment.invoice_id: str(payment.amount) for payment in payments},
                "references": [row["Reference"] for row in payload["Payments"]],
                "mark": batch.marker,
                "type": context["invoices"][route.parts[0].invoice.id].xero_type,
                "key": list(route.key),
            },
            label=route.record.move_id.name,
        )

    def _with_all_cents(self, payments, route):
        """What the bank booked for all of them is the sum of what it booked for each: the last one has the cents of rounding."""
        if any(payment.bank_amount is None for payment in payments):
            return payments
        booked = money(abs(sum(route.lines.mapped("balance"))), route.lines.company_currency_id)
        rest = booked - sum(payment.bank_amount for payment in payments[:-1])
        return (*payments[:-1], replace(payments[-1], bank_amount=rest))

    # === SEND === #

    def _send(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return [self._remove(client, item) for item in items]  # one, see _batch_limit
        there = client.batch_payments(days=[day(item.sent_as) for item in items])
        made = {item.job_id: found for item in items if (found := self._ours(item.sent_as, there))}
        written = self._write_new(client, [item for item in items if item.job_id not in made], idempotency_key)
        return [Result(item, remote=made[item.job_id]) for item in items if item.job_id in made] + written

    def _write_new(self, client, items, idempotency_key):
        answers = client.create_batch_payments([item.payload for item in items], idempotency_key)
        results = [
            Result(item, remote=answer.remote if answer.ok else None, errors=answer.errors, unknown=answer.unknown)
            for item, answer in zip(items, answers, strict=True)
        ]
        refused = [result for result in results if not result.remote and not result.unknown]
        if refused:
            self._gather(client, "create", refused)
        return results

    def _remove(self, client, item):
        try:
            return Result(item, remote=client.delete_batch_payment(item.xero_id))
        except ValidationRefused as error:
            gone = self._removed(item.xero_id, client.batch_payments(ids=[item.xero_id]))
            return Result(item, remote=gone, errors=error.details)

    def _removed(self, xero_id, remotes):
        return next((remote for remote in remotes if remote.xero_id == xero_id and remote.status in ENDED), None)

    def _ours(self, sent_as, batches):
        """The batch that was made of these very reconciliations: known by our mark, or by its payments' references, and its amounts."""
        amounts = sorted(Decimal(amount) for amount in sent_as["amounts"].values())
        live = (b for b in batches if b.status not in ENDED and sorted(p.amount for p in b.payments) == amounts)
        wanted = sorted(sent_as["references"])
        return next((b for b in live if sent_as["mark"] in b.texts or sorted(p.reference for p in b.payments) == wanted), None)

    def _evidence(self, client, operation, items):
        ids = sorted({invoice_id for item in items for invoice_id in item.sent_as["amounts"]})
        return client.invoices(ids=ids)

    def _judge(self, result):
        item = result.item
        if item.operation == "remove":
            result.held = self._refused(item, result.errors)
            return
        amounts = {invoice_id: Decimal(amount) for invoice_id, amount in item.sent_as["amounts"].items()}
        wrong = (
            each
            for each in result.evidence
            if each.xero_id in amounts and (each.status != "AUTHORISED" or each.amount_due < amounts[each.xero_id])
        )
        invoice = next(wrong, None)
        result.held = self._why_refused(item, invoice, amounts.get(invoice and invoice.xero_id), result.errors)

    # === RECOVER AND BIND === #

    def _look_up(self, client, jobs):
        return self._look_up_by_day(client.batch_payments, jobs)

    def _binding_values(self, remote):
        return {
            "number": next(iter(remote.texts), ""),
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": next((payment.invoice_id for payment in remote.payments), False),
            "line_ids": [payment.invoice_id for payment in remote.payments],
            "date": remote.date,
            "remake": False,
        }
