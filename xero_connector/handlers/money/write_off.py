import re
from dataclasses import dataclass, field, replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...xero_core.errors import Outcome, Scope, XeroError
from ...xero_core.resources import allocations
from ...xero_core.resources.allocations import Allocation
from ...xero_core.resources.invoices import Invoice
from ..amounts import exact_amount
from ..dispatch import Outgoing, Result
from .movement import allocated
from .reading import MoneyReading
from .source import Source
from .trace import SharesTrace

_lt = LazyTranslate(__name__)

SOURCE = "CreditNote"


@dataclass
class NoteReading:
    """What the credit note of one write-off is made of; in place of a ``DocumentReading``."""

    source: Source
    money: MoneyReading
    table: object
    cents: object
    details: object
    others: dict = field(default_factory=dict)


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
    _inherit = ["xero.handler.credit_note", "xero.handler.payment_difference"]
    _description = "Xero Handler: Write-Offs"

    _kind = "write_off"
    _list = ""  # as made, it stays
    _moves = ()
    _is_credit = False  # of a movement of money
    _files_at = ""
    _label = _lt("Write-Off")
    _sequence = 73
    _setting = "sync_payment"
    _settles = "several"
    _owner_kind = "payment"
    _has_jobs = False
    _is_under_contact = True
    _is_difference = True

    def _batch_limit(self, operation):
        return 50 if operation == "create" else 1

    def _decide_step(self, step, job, source, reading):
        """What is sent for one step of a movement, as of the other counterparts of money.

        :raise Held, HeldBehind, Wait: why it cannot go now
        """
        binding = source.bindings.get(step.key)
        if step.operation == "remove":
            return self._removal(job, binding, reading.connection)
        if step.operation == "update":
            return self._allocation(step, job, source, binding)
        return self._creation(job, source, reading)

    def _check_locked_removal(self, binding, connection):
        self._check_lock_date(binding.date, connection)  # in the words of money

    def _creation(self, job, source, reading):
        write_off, move = source.write_off, source.entry
        self._check_difference(write_off, reading)
        self._check_currency(write_off.currency, reading.table)
        cents = self._cents(reading.connection, reading.table)
        about = NoteReading(source, reading, reading.table, cents, reading.details)
        note, correction = self._settled(move, about)
        plain = self._resource.to_xero(note)
        trace = replace(self._described(move, note, plain, about), correction=correction)
        return Outgoing(job.id, move.id, "create", plain, source.movement.difference.digest, trace=trace, label=note.number)

    def _snapshot(self, move, reading):
        """The credit note, without Odoo.

        :rtype: Invoice
        """
        write_off, money = reading.source.write_off, reading.money
        return Invoice(
            kind=self._type(write_off),
            number=self._free_number(reading.source, self.env._("%s write-off", move.name)),
            contact_id=money.contacts[write_off.partner.id].xero_id,
            date=move.date,
            due_date=move.date,
            currency=write_off.currency.name,
            currency_rate=self._rate(write_off),
            lines=self._difference_lines(write_off, money),
            total=exact_amount(write_off.amount, write_off.currency),
            total_tax=exact_amount(abs(sum(write_off.taxes.mapped("amount_currency"))), write_off.currency),
            reference=", ".join(write_off.documents.mapped("name"))[:255],
        )

    def _free_number(self, source, number):
        """Its number; another one if people have removed a credit note that had it: Xero gives no number of a voided one again."""
        if not source.was_there:
            return number
        own = [
            ("kind", "=", self._kind),
            ("res_model", "=", source.entry._name),
            ("res_id", "=", source.entry.id),
            ("is_there", "=", False),
        ]
        gone = self.env["xero.binding"].search(own, limit=1).number or ""
        found = re.fullmatch(re.escape(number) + r"(?: \((\d+)\))?", gone)
        return f"{number} ({int(found[1] or 1) + 1})" if found else number

    def _type(self, write_off):
        return "ACCRECCREDIT" if write_off.debts[:1].account_id.account_type == "asset_receivable" else "ACCPAYCREDIT"

    def _allocation(self, step, job, source, binding):
        """Allocate the credit note as the reconciliations say, as far as their documents are in Xero."""
        shares = source.movement.shares(step.there.documents)
        days = {xero_id: max(source.parts[part.id].partial.max_date for part in parts) for xero_id, parts in shares.items()}
        trace = SharesTrace(
            amounts={xero_id: sum(part.share for part in parts) for xero_id, parts in shares.items()},
            days=days,
            figures=allocated(shares),
            type=self._type(source.write_off)[:-6],
        )
        return Outgoing(job.id, source.entry.id, "update", {}, binding.sent or "", binding.xero_id, trace, binding.number or "")

    # === SEND === #

    def _call(self, client, operation, items, idempotency_key):
        if operation == "create":
            return super()._call(client, operation, items, idempotency_key)
        [item] = items  # see _batch_limit
        try:
            if operation == "update":
                return [self._allocate(client, item, idempotency_key)]
            for each in client.allocations(SOURCE, item.xero_id):
                client.delete_allocation(SOURCE, item.xero_id, each.xero_id)
            return super()._call(client, operation, items, idempotency_key)
        except XeroError as error:
            if error.scope is Scope.DOCUMENT and error.outcome is Outcome.REFUSED:
                return [Result(item, errors=error.details or (error.message,))]
            raise

    def _allocate(self, client, item, idempotency_key):
        """Undo what should not be, add what is missing: what Xero lists decides, not what we remember."""
        missing = dict(item.trace.amounts)
        for each in client.allocations(SOURCE, item.xero_id):
            if missing.get(each.invoice_id) == each.amount:
                missing.pop(each.invoice_id)
            else:
                client.delete_allocation(SOURCE, item.xero_id, each.xero_id)
        written = self._add(client, item, missing, idempotency_key) if missing else []
        errors = tuple(error for each in written for error in each.errors)
        unknown = any(each.unknown for each in written)
        done = None if errors or unknown else Allocated(item.xero_id, item.trace.figures)
        return Result(item, remote=done, errors=errors, unknown=unknown)

    def _add(self, client, item, missing, idempotency_key):
        wanted = [Allocation(SOURCE, item.xero_id, invoice, amount, item.trace.days[invoice]) for invoice, amount in missing.items()]
        return client.create_allocations(SOURCE, item.xero_id, [allocations.to_xero(each) for each in wanted], idempotency_key)

    def _why_refused(self, result):
        item = result.item
        if item.operation != "update":
            return super()._why_refused(result)
        text = self.env._("%s has no room on its documents in Xero.", item.label)
        stays = self.env["xero.handler.payment"]._held_by_what_stays(item, list(item.trace.amounts), text, result.errors)
        return stays or self._refused(item, result.errors)

    def _refused(self, item, errors):
        """People know it by the payment or bank statement line."""
        held = super()._refused(item, errors)
        held.res_model, held.res_id = self.env["xero.handler.payment"]._owner_of(item)
        return held

    # === RECOVER AND BIND === #

    def _remembered(self, remote, trace):
        if isinstance(remote, Allocated):
            # as of a payment: the documents it belongs to
            invoices = list(trace.amounts)
            return {
                "figures": remote.figures or False,
                "parent_xero_id": (invoices or [False])[0],
                "line_ids": invoices,
                "xero_type": trace.type,
            }
        return {**super()._remembered(remote, trace), "figures": False, "line_ids": False, "parent_xero_id": False}

    def _after_bound(self, connection, res_ids):
        """Nobody waits for a write-off."""

    def _after_done(self, connection, res_ids):
        """Documents that waited for credit to be gone from them can follow."""
        self.env["xero.handler.document"]._let_go_of_matched_changes(connection, res_ids)

    def _after_removed(self, connection, res_ids):
        """See ``_after_done``."""
