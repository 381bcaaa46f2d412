from decimal import Decimal

from odoo import models

from ..xero_core.documents import Payment, RemotePayment
from ..xero_core.errors import ValidationRefused
from ..xero_core.mapping import payment as mapping
from .base import Held, Item, Later, NothingToDo, Result
from .invoice_lines import money
from .kinds import DOCUMENTS
from .money import PARTIAL
from .money_route import PAYMENTS, credit_source, is_live, part_digest

REMOVED = "DELETED"
DRAFTS = ("DRAFT", "SUBMITTED")  # not yet approved in Xero
ENDED = ("VOIDED", "DELETED")  # of invoices


class XeroHandlerPayment(models.AbstractModel):
    """Payments: one Xero payment per reconciliation of a document with money (``account.partial.reconcile``).

    It pays an invoice or a bill, or refunds a credit note. Xero's payments cannot be changed, only created and deleted: one that is gone
    from Odoo is deleted in Xero, one that has changed is deleted and made anew. A reconciliation outlives a payment that is reset to
    draft, so its binding may name a deleted payment. The reference ends in the reconciliation's id, by which a payment without an answer
    is found again.
    """

    _name = "xero.handler.payment"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Payments"

    _kind = "payment"
    _res_model = PARTIAL

    def _context(self, connection, jobs):
        routes = self._routes(connection, jobs)
        partials = self.env[PARTIAL].browse(jobs.mapped("res_id")).exists()
        parts = {partial.id: partial._xero_payment_parts() for partial in partials}
        documents = self.env["account.move"].union(*[each.invoice for each in parts.values() if each])
        return {
            "connection": connection,
            "table": connection._mapping_table(),
            "parts": parts,
            "routes": {job.id: routes.get(key) for job, key in self._keys(jobs).items()},
            "bindings": self.env["xero.binding"]._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind]),
            **self._read_documents(connection, documents),
        }

    def _item(self, job, context):
        parts, binding, route = context["parts"].get(job.res_id), context["bindings"].get(job.res_id), context["routes"].get(job.id)
        wanted = bool(parts and route) and route.form == PAYMENTS
        if is_live(binding):
            if wanted and (route.payment_stays(job.res_id) or not route.part(job.res_id)):
                raise NothingToDo(self.env._("Nothing had changed."))
            return self._removal(job, binding, context)
        if not wanted:
            raise NothingToDo(self.env._("It is in Xero in another form, or not to be there."))
        payment = self._snapshot(parts, context)
        self._wait_for_leaving(route, PAYMENTS)
        return self._creation(job, parts, payment, context)

    def _creation(self, job, parts, payment, context):
        payload = mapping.to_xero(payment)
        return Item(
            job_id=job.id,
            res_id=job.res_id,
            operation="create",
            payload=payload,
            fingerprint=part_digest(parts),
            sent_as={
                "invoice_id": payment.invoice_id,
                "type": context["invoices"][parts.invoice.id].xero_type,
                "draft": context["invoices"][parts.invoice.id].xero_status in DRAFTS,
                "reference": payload["Reference"],
                "amount": str(payment.amount),
                "invoice_total": str(money(parts.invoice.amount_total, parts.invoice.currency_id)),
            },
            label=parts.name,
        )

    def _removal(self, job, binding, context):
        if binding.date:
            self._check_lock_date(binding.date, context["connection"])
        sent_as = {"invoice_id": binding.parent_xero_id, "xero_id": binding.xero_id}
        return Item(job.id, job.res_id, "remove", {}, "", binding.xero_id, sent_as, binding.number or "")

    # === SNAPSHOT === #

    def _snapshot(self, parts, context):
        """The payment as Odoo's reconciliation has it.

        :rtype: Payment
        :raise Held, Behind, Later, NothingToDo: why it cannot go now
        """
        binding = self._document_binding(parts.invoice, context)
        if not binding and parts.invoice._xero_kind() not in DOCUMENTS:
            raise Later(self.env._("Waits until %s stands on account in Xero.", parts.invoice.name))
        if not binding:
            raise NothingToDo(self.env._("The document %s is not in Xero.", parts.invoice.name))
        self._check_lock_date(parts.date, context["connection"])
        account = self._payment_account(parts.journal, context["table"])
        self._check_write_off(parts)
        return self._payment(parts, binding, account)

    def _payment(self, parts, binding, account):
        """One payment of one document; ``binding`` is the document's."""
        currency, company_currency = parts.invoice.currency_id, parts.invoice.company_currency_id
        # a bank in the document's own currency books the amount itself
        converted = currency != company_currency == (parts.journal.currency_id or company_currency)
        on_account = binding.kind == "prepaid"
        return Payment(
            invoice_id=binding.prepaid_id if on_account else binding.xero_id,
            account_id=account.xero_id,
            date=parts.date,
            amount=money(parts.amount, currency),
            reference=f"{parts.name[:80]} #{parts.partial.id}",
            bank_amount=money(parts.company_amount, company_currency) if converted else None,
            target=credit_source(binding) if on_account else "CreditNote" if binding.kind == "credit_note" else "Invoice",
        )

    def _check_write_off(self, parts):
        write_off = parts.line.move_id._xero_write_off()
        if write_off and write_off.kind == "write_off" and parts.line.move_id._xero_why_no_write_off(write_off):
            written_off = parts.partial._xero_written_off()
            raise Held(
                "written_off",
                self.env._("%(payment)s pays %(invoice)s with a write-off of %(amount)s; Xero's payments know none.",
                           payment=parts.name, invoice=parts.invoice.name, amount=f"{written_off:.2f}"),
                key=f"{self._res_model},{parts.partial.id}",
                help=self.env._("Enter this payment and the write-off in Xero by hand and ignore it here, or reset it and pay without."),
                record=(self._res_model, parts.partial.id),
            )  # fmt: skip

    # === SEND === #

    def _batch_limit(self, operation):
        return 1 if operation == "remove" else super()._batch_limit(operation)

    def _send(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return [self._remove(client, item) for item in items]  # one, see _batch_limit
        made = self._made_before(client, items)
        results = [Result(item, remote=made[item.job_id]) for item in items if item.job_id in made]
        results += self._not_yet_approved(client, [item for item in items if item.job_id not in made])
        answered = {result.item.job_id for result in results}
        new = [item for item in items if item.job_id not in answered]
        return results + (super()._send(client, operation, new, idempotency_key) if new else [])

    def _not_yet_approved(self, client, items):
        """Documents that arrived as drafts are asked about first: Xero takes payments of approved ones only."""
        drafts = [item for item in items if item.sent_as.get("draft")]
        found = {remote.xero_id: remote for remote in self._documents(client, drafts)} if drafts else {}
        waiting = [item for item in drafts if item.sent_as["invoice_id"] in found]
        return [
            Result(item, evidence=[found[item.sent_as["invoice_id"]]])
            for item in waiting
            if found[item.sent_as["invoice_id"]].status in DRAFTS
        ]

    def _made_before(self, client, items):
        """Payments that are in Xero although nothing here remembers it (an older backup, a connection made anew): ``{job id: remote}``.

        Xero itself refuses a second one unless both fit into what was invoiced, so only for those it is worth a question.
        """
        doubtful = [item for item in items if 2 * Decimal(item.sent_as["amount"]) <= Decimal(item.sent_as["invoice_total"])]
        payments = client.payments(sorted({item.sent_as["invoice_id"] for item in doubtful})) if doubtful else []
        return {item.job_id: remote for item in doubtful if (remote := self._ours(item.sent_as, payments))}

    def _ours(self, sent_as, payments):
        """The payment that was made of this very reconciliation."""
        return next((p for p in payments if p.reference == sent_as["reference"] and p.status != REMOVED), None)

    def _remove(self, client, item):
        """Delete one payment in Xero; each is a call of its own."""
        try:
            return Result(item, remote=client.delete_payment(item.xero_id))
        except ValidationRefused as error:
            return Result(item, errors=error.details)

    def _write(self, client, operation, payloads, idempotency_key):
        return client.create_payments(payloads, idempotency_key)

    def _documents(self, client, items):
        ids = {item.sent_as["invoice_id"] for item in items}
        notes = {item.sent_as["invoice_id"] for item in items if (item.sent_as.get("type") or "").endswith("CREDIT")}
        found = client.invoices(ids=sorted(ids - notes)) if ids - notes else []
        return [*found, *(client.credit_notes(ids=sorted(notes)) if notes else ())]

    def _evidence(self, client, operation, items):
        return [*self._documents(client, items), *client.payments(sorted({item.sent_as["invoice_id"] for item in items}))]

    def _judge(self, result):
        item = result.item
        if item.operation != "create":
            result.held = self._refused(item, result.errors)
            return
        result.remote = self._ours(item.sent_as, [found for found in result.evidence if isinstance(found, RemotePayment)])
        if not result.remote:
            invoice = next((found for found in result.evidence if found.xero_id == item.sent_as["invoice_id"]), None)
            result.held = self._why_refused(item, invoice, Decimal(item.sent_as["amount"]), result.errors)

    def _why_refused(self, item, invoice, amount, errors):
        if invoice and invoice.status in DRAFTS:
            return self._held_not_approved(item, invoice, errors)
        if invoice and invoice.status in ENDED:
            return self._held_void(item, invoice, errors)
        if invoice and invoice.amount_due < amount:
            return self._held_too_large(item, invoice, amount, errors)
        return self._refused(item, errors)

    def _held(self, item, code, message, help_text, errors):
        model, res_id = self._record_of(item)
        record = (model, res_id)
        return Held(code, message, key=f"{model},{res_id}", help=help_text, details=errors, record=record, failed=bool(errors))

    def _held_not_approved(self, item, invoice, errors):
        return self._held(
            item,
            "not_approved",
            self.env._("%(payment)s waits: %(invoice)s has not been approved in Xero yet.", payment=item.label, invoice=invoice.number),
            self.env._("Approve the document in Xero, then press Retry."),
            errors,
        )

    def _held_void(self, item, invoice, errors):
        return self._held(
            item,
            "refused",
            self.env._("%(payment)s cannot reach Xero: %(invoice)s was voided there.", payment=item.label, invoice=invoice.number),
            self.env._("If that is right, cancel the document in Odoo too. If not, bring it to Xero again, then press Retry."),
            errors,
        )

    def _held_too_large(self, item, invoice, amount, errors):
        return self._held(
            item,
            "payment_too_large",
            self.env._("%(payment)s is %(amount)s, but only %(open)s is open on %(invoice)s in Xero.",
                       payment=item.label, amount=f"{amount:.2f}", open=f"{invoice.amount_due:.2f}", invoice=invoice.number),
            self.env._("Somebody may have recorded the payment in Xero by hand. Remove it there and press Retry, or ignore this one."),
            errors,
        )  # fmt: skip

    # === RECOVER AND BIND === #

    def _look_up(self, client, jobs):
        known = jobs.filtered(lambda j: j.sent_as and j.operation in ("create", "remove"))
        payments = client.payments(sorted({job.sent_as["invoice_id"] for job in known})) if known else []
        return {job.id: self._find(job, payments) for job in known}

    def _find(self, job, payments):
        if job.operation == "remove":
            return next((p for p in payments if p.xero_id == job.sent_as.get("xero_id") and p.status == REMOVED), None)
        return self._ours(job.sent_as, payments)

    def _binding_values(self, remote):
        return {
            "number": remote.reference,
            "xero_status": remote.status,
            "xero_total": float(remote.amount),
            "parent_xero_id": remote.invoice_id,
            "date": remote.date,
            "remake": False,
        }

    def _remembered(self, remote, sent_as):
        return {**super()._remembered(remote, sent_as), "xero_type": sent_as.get("type")}
