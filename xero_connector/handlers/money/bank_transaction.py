from dataclasses import replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...xero_core import values
from ...xero_core.arithmetic import rounding
from ...xero_core.arithmetic.settling import REVERSE_CHARGES
from ...xero_core.resources import bank_transactions as resource
from ...xero_core.resources import normal
from ...xero_core.resources.bank_transactions import BankTransaction
from ...xero_core.resources.invoices import Invoice
from .. import mark
from ..amounts import exact_amount
from ..dispatch import Outgoing
from ..reasons import Held
from .trace import BankTransactionTrace

_lt = LazyTranslate(__name__)


def with_tax(transaction):
    """The same with prices that include tax, as a list; empty where Xero allows no such prices."""
    if any(line.tax_type.startswith(REVERSE_CHARGES) for line in transaction.lines):
        return []
    lines = tuple(replace(line, unit_amount=line.amount + line.tax_amount) for line in transaction.lines)
    return [replace(transaction, lines=lines, line_amount_types="Inclusive")]


class XeroHandlerBankTransaction(models.AbstractModel):
    """What the bank got or paid beyond the debt (fees a vendor was paid on top, a difference that was kept), or for no debt at all (an
    expense that the company has paid): a bank transaction of Xero.

    Its reference ends in the entry's mark, by which one without an answer is found again.
    """

    _name = "xero.handler.bank_transaction"
    _inherit = ["xero.handler.money", "xero.handler.invoice.lines", "xero.handler.payment_difference"]
    _description = "Xero Handler: Payment Surpluses"

    _kind = "bank_transaction"
    _label = _lt("Payment Difference")
    _sequence = 74
    _setting = "sync_payment"
    _owner_kind = "payment"
    _has_jobs = False
    _is_under_contact = True
    _is_difference = True
    _files_at = "BankTransactions"
    _res_model = "account.move"
    _trace = BankTransactionTrace

    def _page(self, short_code, row):
        return values.bank_transaction_url(short_code, row["xero_id"])

    def _removal_payload(self, binding):
        return resource.removal(binding.xero_id)

    def _creation(self, step, job, source, reading):
        write_off, move = source.write_off, source.entry
        self._check_difference(write_off, reading)
        total = exact_amount(-write_off.amount, write_off.currency)
        transaction = self._arriving(self._transaction(write_off, reading), total, write_off)
        payload = resource.to_xero(transaction)
        trace = self._trace(
            type=transaction.kind,
            account_id=transaction.account_id,
            date=transaction.date,
            reference=payload["Reference"],
            total=total,
        )
        digest = source.movement.difference.digest
        return Outgoing(job.id, move.id, "create", payload, digest, trace=trace, label=move.name)

    def _transaction(self, write_off, reading):
        """The bank transaction, without Odoo.

        :rtype: BankTransaction
        """
        move = write_off.move
        received = write_off.direction > 0
        return BankTransaction(
            kind="RECEIVE" if received else "SPEND",
            contact_id=reading.contacts[write_off.partner.id].xero_id,
            account_id=self._bank(move.journal_id, write_off, reading.table).xero_id,
            date=move.date,
            lines=self._difference_lines(write_off, reading),
            reference=f"{self._text_of(move)[:140]} {mark.told(move)}",
            currency_rate=self._rate(write_off),
        )

    def _text_of(self, move):
        """The entry's name, after what the bank prints if it is a line of its statement: that alone two lines of a day may share."""
        printed = "" if move.origin_payment_id else move.statement_line_id.payment_ref or ""
        return f"{printed[:60].strip()} {move.name}".strip()

    def _bank(self, journal, write_off, table):
        """The bank account; money without a document goes to no other kind of account, and in its own currency only."""
        account = self._payment_account(journal, table)
        currency = journal.currency_id or journal.company_id.currency_id
        if account.type != "BANK" or currency != write_off.currency:
            reason = self.env._("Xero books money without a document only on a bank account, and in its currency.")
            raise self._impossible(write_off, reason)
        return account

    def _arriving(self, transaction, total, write_off):
        """The transaction in the form in which Xero, which takes no tax here but the one it computes, arrives at Odoo's total and tax.

        :rtype: BankTransaction
        :raise Held: there is none
        """
        tax, computed = sum(line.tax_amount for line in transaction.lines), []
        for form in (transaction, *with_tax(transaction)):
            lines = tuple(replace(line, tax_amount=None) for line in form.lines)
            about = ("ACCREC", "-", "-", form.date, form.date, write_off.currency.name, lines, total, total)
            computed.append(rounding.totals(Invoice(*about, line_amount_types=form.line_amount_types)))
            if (computed[-1].total, computed[-1].total_tax) == (total, tax):
                return form
        reason = self.env._("%(name)s books %(odoo)s without a document, Xero would make it %(xero)s.",
                            odoo=total, name=write_off.move.name, xero=computed[0].total)  # fmt: skip
        raise self._impossible(write_off, reason)

    def _impossible(self, write_off, reason):
        move = write_off.move
        advice = self.env._("Enter this in Xero by hand and ignore it here.")
        return Held("written_off", reason, key=f"account.move,{move.id}", help=advice, record=("account.move", move.id))

    # === SEND === #

    def _asked_first(self, items):
        return items  # nothing in Xero keeps the same transaction from being made twice

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_bank_transactions(payloads, idempotency_key)
        return client.remove_bank_transactions(payloads)

    def _is_ours(self, trace, remote):
        same = (remote.kind, remote.account_id) == (trace.type, trace.account_id)
        return (
            same
            and mark.same_in_text(trace.reference, remote.reference)
            and remote.status != resource.REMOVED
            and remote.total == trace.total
        )

    def _is_same(self, item, remote):
        return bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told)

    def _evidence(self, client, operation, items):
        return client.bank_transactions(ids=[item.xero_id for item in items]) if operation == "remove" else []

    def _refused(self, item, errors):
        if item.operation != "remove":
            return super()._refused(item, errors)
        return self._held(
            item,
            "money_in_use",
            self.env._("The difference beside the payment %s cannot be removed in Xero.", item.label),
            self.env._("If it is reconciled with the bank statement there, undo that, then press Retry; or remove it by hand."),
            errors or ("",),
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        found = client.bank_transactions([item.trace.date for item in creates]) if creates else []
        return [*found, *(client.bank_transactions(ids=[item.xero_id for item in removals]) if removals else ())]

    def _after_bound(self, connection, res_ids):
        """The receipt of an expense follows."""
        self.env["xero.handler.attachment"]._ask_for_files_of(connection, res_ids)

    def _binding_values(self, remote):
        about = {"number": remote.reference, "xero_status": remote.status, "xero_total": float(remote.total), "date": remote.date}
        return {**about, "xero_type": remote.kind}
