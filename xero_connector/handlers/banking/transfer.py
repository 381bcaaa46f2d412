from dataclasses import dataclass

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import CREATED, WRITTEN
from ...xero_core.errors import Outcome, Scope, XeroError
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import bank_transfers as resource
from ...xero_core.resources import normal
from ...xero_core.resources.bank_transfers import BankTransfer
from .. import mark
from ..amounts import exact_amount
from ..dispatch import Outgoing, Result
from ..reading import Reading
from ..reasons import Held, NothingToDo
from .trace import TransferTrace
from .transfer_parts import on_transfer_account, transfer_parts

_lt = LazyTranslate(__name__)


@dataclass
class TransferReading(Reading):
    table: object
    parts: dict  # what the reconciliations say as transfers, by id; None if they are something else


class XeroHandlerTransfer(models.AbstractModel):
    """Transfers between own banks: one Xero bank transfer per reconciliation on the transfer account.

    Where one of them is an ordinary account in Xero it is no transfer there, but money at the other (``_is_deposit``).

    Xero's transfers cannot be changed, only created and deleted. The reference ends in the reconciliation's id, by which a transfer without
    an answer is found again.
    """

    _name = "xero.handler.transfer"
    _inherit = "xero.handler"
    _description = "Xero Handler: Bank Transfers"

    _kind = "transfer"
    _is_counted = True
    _label = _lt("Bank Transfer")
    _sequence = 60
    _setting = "sync_payment"
    _res_model = "account.partial.reconcile"
    _trace = TransferTrace
    _records = {_res_model: (), "account.move": ("state", "line_ids")}

    def _batch_limit(self, operation):
        """Xero refuses a whole call for one bad transfer."""
        return 1

    def _known_as(self, records):
        """By the entry of the bank where the money arrived."""
        return {partial.id: partial.sudo().credit_move_id.move_id for partial in records}

    # === WHAT CHANGED === #

    def _touched(self, records, event):
        """Reconciliations that are transfers, or were."""
        if event in (CREATED, WRITTEN):
            self._ask_for_transfers(self._partials(records))

    def _leaving(self, records):
        known = [
            (connection, self._res_model, connection._known_ids(self._res_model, partials.ids))
            for connection, partials in self._by_connection(self._partials(records))
        ]
        return lambda: self._ask_for_each(known)

    def _partials(self, records):
        """The reconciliations on transfer accounts among these, or of these entries of money."""
        if records._name != self._res_model:
            lines = records.filtered(lambda move: move.origin_payment_id or move.statement_line_id).line_ids
            records = lines.matched_debit_ids | lines.matched_credit_ids
        return records.browse().union(*(on_transfer_account(group) for group in records.grouped("company_id").values()))

    def _ask_for_transfers(self, partials):
        for connection, group in self._by_connection(partials):
            self._ask_for(connection, self._transfers(connection, group).ids + connection._known_ids(self._res_model, group.ids))

    def _transfers(self, connection, partials):
        """Those of these reconciliations that are transfers since the sync started."""

        table = connection._mapping_table() if partials else None

        def is_wanted(partial):
            parts = transfer_parts(partial)
            return parts and not (connection.sync_from and parts.date < connection.sync_from) and not self._is_deposit(parts, table)

        return partials.filtered(is_wanted)

    def _is_deposit(self, parts, table):
        """Whether one side is no bank in Xero but an ordinary account (a till): then it is money spent or received at the bank."""
        accounts = [table.journal(journal.id) for journal in (parts.source, parts.target)]
        return bool(parts.currency) and all(accounts) and len([each for each in accounts if each.type == "BANK"]) == 1

    def _sweep(self, connection):
        """Transfers that are not in Xero and not on their way, and what is there and no longer in Odoo."""
        companies = connection._companies()
        accounts = companies.transfer_account_id
        domain = [("company_id", "in", companies.ids), ("debit_move_id.account_id", "in", accounts.ids)]
        partials_sudo = self.env[self._res_model].sudo()
        transfers = self._transfers(connection, partials_sudo.search(domain) if accounts else partials_sudo)
        unsent = set(transfers.ids) - set(connection._known_ids(self._res_model, transfers.ids))
        self._ask_for(connection, [*unsent, *connection._gone_ids(self._res_model, partials_sudo._table, self._kind)], manual=True)

    # === WHAT IS TO BE DONE === #

    def _read(self, connection, jobs):
        partials = self.env[self._res_model].browse(jobs.mapped("res_id")).exists()
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind])
        parts = {partial.id: transfer_parts(partial) for partial in partials}
        return TransferReading(connection, bindings, connection._mapping_table(), parts)

    def _decide(self, job, reading):
        """What is to be done about a reconciliation on the transfer account.

        | a transfer in Odoo | in Xero | as it was sent | then                                    |
        | ------------------ | ------- | -------------- | --------------------------------------- |
        | yes                | no      |                | it is made                              |
        | yes                | yes     | yes            | nothing                                 |
        | yes                | yes     | no             | it is removed, and made anew after that |
        | no                 | yes     |                | it is removed                           |
        | no                 | no      |                | nothing                                 |
        """
        parts, binding = reading.parts.get(job.res_id), reading.bindings.get(job.res_id)
        if binding and not binding.is_there:
            binding = None
        digest = self._digest(parts)
        if binding and (not parts or binding.sent not in (False, digest)):
            return self._removal(job, binding, reading.connection)
        if binding or not parts or self._is_deposit(parts, reading.table):
            raise NothingToDo(self.env._("Nothing had changed."))
        transfer = self._snapshot(parts, reading)
        payload = resource.to_xero(transfer)
        trace = self._trace(
            from_account_id=transfer.from_account_id,
            to_account_id=transfer.to_account_id,
            amount=transfer.amount,
            date=transfer.date,
            reference=payload["Reference"],
            move_id=parts.partial.debit_move_id.move_id.id,
        )
        return Outgoing(job.id, job.res_id, "create", payload, digest, trace=trace, label=parts.name)

    def _digest(self, parts):
        """Of what the transfer says in Odoo; not of the mapping, which may change without the transfers made by then."""
        if not parts:
            return ""
        journals = {"source": parts.source.id, "target": parts.target.id}
        return fingerprint({**journals, "date": str(parts.date), "amount": str(parts.amount)})

    # === SNAPSHOT === #

    def _snapshot(self, parts, reading):
        """The transfer as Odoo's two entries have it.

        :rtype: BankTransfer
        :raise Held: why it cannot go now
        """
        self._check_confirmed(reading.connection)
        self._check_lock_date(parts.date, reading.connection)
        source, target = (self._bank(journal, reading.table) for journal in (parts.source, parts.target))
        self._check_two_banks(parts, source, target)
        return BankTransfer(
            from_account_id=source.xero_id,
            to_account_id=target.xero_id,
            date=parts.date,
            amount=exact_amount(parts.amount, parts.currency),
            reference=f"{parts.name[:80]} {mark.told(parts.partial)}",
        )

    def _bank(self, journal, table):
        """The journal's bank account in Xero; transfers are not possible from or to any other kind of account."""
        account = self._payment_account(journal, table)
        if account.type != "BANK":
            raise Held(
                "account_no_payments",
                self.env._(
                    "%(odoo)s is mapped to %(xero)s, which is no bank account in Xero; transfers are not possible there.",
                    odoo=journal.display_name, xero=account.label,
                ),
                key=f"journal,{journal.id},transfer",
                help=self.env._("Choose a bank account in the mapping, or enter the transfer in Xero by hand and ignore it here."),
            )  # fmt: skip
        return account

    def _check_two_banks(self, parts, source, target):
        if not parts.currency:
            raise self._impossible(
                parts,
                self.env._("%(name)s is a transfer between two currencies; Xero lets only people enter these.", name=parts.name),
                self.env._("Enter the transfer from %(left)s to %(arrived)s in Xero by hand and ignore it here.",
                           left=parts.source.display_name, arrived=parts.target.display_name),
            )  # fmt: skip
        if source.xero_id == target.xero_id:
            raise self._impossible(
                parts,
                self.env._("%(left)s and %(arrived)s are the same bank account in Xero.",
                           left=parts.source.display_name, arrived=parts.target.display_name),
                self.env._("Choose another bank account for one of them in the mapping, then press Retry; or ignore it."),
            )  # fmt: skip

    def _impossible(self, parts, reason, advice):
        move = parts.partial.debit_move_id.move_id
        return Held(
            "transfer_impossible", reason, key=f"{self._res_model},{parts.partial.id}", help=advice, record=("account.move", move.id)
        )

    # === SEND === #

    def _asked_first(self, items):
        return items  # nothing in Xero keeps the same transfer from being made twice

    def _call(self, client, operation, items, idempotency_key):
        [item] = items  # see _batch_limit
        try:
            if operation == "remove":
                return [Result(item, remote=client.delete_bank_transfer(item.xero_id))]
            return [Result(item, remote=client.create_bank_transfer(item.payload, idempotency_key))]
        except XeroError as error:
            if error.scope is Scope.DOCUMENT and error.outcome is Outcome.REFUSED:
                return [Result(item, errors=error.details or (error.message,))]
            raise

    def _is_ours(self, trace, remote):
        accounts = (remote.from_account_id, remote.to_account_id) == (trace.from_account_id, trace.to_account_id)
        return bool(trace.reference) and accounts and remote.reference == trace.reference and remote.amount == trace.amount

    def _is_same(self, item, remote):
        return bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told)

    def _refused(self, item, errors):
        if item.operation != "remove":
            held = super()._refused(item, errors)
            held.res_model, held.res_id = "account.move", item.trace.move_id
            return held
        return Held(
            "money_in_use",
            self.env._("The transfer %s cannot be removed in Xero.", item.label),
            key=f"{self._res_model},{item.res_id}",
            help=self.env._(
                "If it is reconciled with the bank statement there, undo that, then press Retry; or remove it in Xero by hand."
            ),
            details=errors,
            failed=True,
        )

    # === RECOVER AND BIND === #

    def _after_removed(self, connection, res_ids):
        """A transfer that has changed is made anew."""
        self._ask_for_transfers(self._partials(self.env[self._res_model].browse(res_ids).exists()))

    def _candidates(self, client, creates, removals):
        found = client.bank_transfers(item.trace.date for item in creates) if creates else []
        return [*found, *(client.bank_transfer(item.xero_id) for item in removals)]

    def _binding_values(self, remote):
        return {
            "number": remote.reference,
            "xero_status": remote.status or "AUTHORISED",
            "xero_total": float(remote.amount),
            "date": remote.date,
        }
