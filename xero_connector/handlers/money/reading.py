"""Reads movements of money for all jobs of a batch at once; the number of queries does not grow with them."""

from dataclasses import dataclass, field, replace

from odoo import models

from ...xero_core.fingerprint import fingerprint
from ..amounts import exact_amount
from ..reading import Reading
from .facts import ENTRY, MODELS, ON_ACCOUNT, WHOLE, Counterpart, Difference, Part, Standing
from .movement import Movement
from .parts import debt_lines, entries_of, is_beside, partials_of, payment_parts
from .source import Source
from .write_off_parts import write_off_of


@dataclass
class MoneyReading(Reading):
    """What is known of a batch of movements: ``sources`` by key, ``documents`` (``standing.Document``) by id of the entry.

    The rest is read if something that is to be sent needs it.
    """

    table: object
    sources: dict
    documents: dict
    sides: dict = field(default_factory=dict)  # of matches of credit notes, by id
    contacts: dict = field(default_factory=dict)
    contact_jobs: dict = field(default_factory=dict)
    allocations: dict = field(default_factory=dict)  # ids in Xero by credit, of those that are remembered here
    details: object = None  # what the lines of differences name
    recorded_in_xero: frozenset = frozenset()  # journals whose payments are
    recorded_on_both: frozenset = frozenset()  # journals whose payments are recorded in Odoo and in Xero
    paid_there: dict = field(default_factory=dict)  # ids of payments that are known, by the Xero id of what they pay
    alike: dict = field(default_factory=dict)  # by key of movements here, what looks like them in Xero
    bank_lines: dict = field(default_factory=dict)  # by id of payments, those that all of each was matched with
    journals: object = None  # on which accounts journals book debts


class XeroHandlerMoney(models.AbstractModel):
    """Entry point: ``_movements``."""

    _inherit = "xero.handler.money"

    def _movements(self, connection, keys):
        """Everything about the movements with these keys, and of those that they pay back.

        :rtype: MoneyReading
        """
        sources = {key: Source(key) for key in keys}
        self._read_records(connection, sources)
        paid_back = {self._key_of(parts.invoice): None for source in sources.values() for parts in source.parts.values()}
        others = {key: Source(key) for key in paid_back if key and key not in sources}
        self._read_records(connection, others)
        everything = {**others, **sources}
        self._read_bindings(connection, everything)
        moves = self.env["account.move"].union(*(parts.invoice for source in everything.values() for parts in source.parts.values()))
        documents = self._documents(connection, moves.filtered(lambda move: not self._key_of(move)))
        recorded = self._recorded(connection)
        reading = MoneyReading(
            *(connection, {}, connection._mapping_table(), everything, documents),
            recorded_in_xero=frozenset(recorded.get("xero", ())),
            recorded_on_both=frozenset(recorded.get("both", ())),
            alike=self.env["xero.money"]._like(connection, keys),
        )
        for source in everything.values():
            source.movement = source.movement or self._movement(source, reading)
        return reading

    def _recorded(self, connection):
        """``{where: ids of the journals whose payments are recorded there}``, as far as somebody has chosen; one query."""
        own = [("connection_id", "=", connection.id), ("recorded_in", "!=", False)]
        found = self.env["xero.journal.mapping"].sudo().search(own).grouped("recorded_in")
        return {where: lines.journal_id.ids for where, lines in found.items()}

    def _recorded_in_xero(self, connection):
        """Ids of the journals of which nothing is sent that Xero does not have already."""
        return self._recorded(connection).get("xero", [])

    def _key_of(self, entry):
        """The key of the movement whose entry this is; None if it is none."""
        if entry.origin_payment_id:
            return (MODELS[0], entry.origin_payment_id[:1].id)
        return (MODELS[1], entry.statement_line_id.id) if entry.statement_line_id else None

    # === ODOO === #

    def _read_records(self, connection, sources):
        for model in (*MODELS, ENTRY):
            for record in self.env[model].browse(key[1] for key in sources if key[0] == model).exists():
                source = sources[model, record.id]
                source.record, source.lines = record, debt_lines(entries_of(record))
                source.direct = self._direct_of(record, connection) if source.is_money else None
                if source.direct:
                    source.lines = source.lines.browse()
        self._read_all_matches([source for source in sources.values() if source.is_posted])

    def _read_all_matches(self, posted):
        """Lines and reconciliations know of each other, so that one query reads those of all the money."""
        ids = [line_id for source in posted for line_id in source.lines.ids]
        for source in posted:
            source.lines = source.lines.with_prefetch(ids)
        partials = [partials_of(source.lines) for source in posted]
        ids = [partial_id for each in partials for partial_id in each.ids]
        for source, each in zip(posted, partials, strict=True):
            self._read_matches(source, each.with_prefetch(ids).sorted("id"))

    def _read_matches(self, source, partials):
        """What it is matched with: documents, money that it pays back or that pays it back, or entries beside."""
        write_off = source.direct or write_off_of(source.entry)
        reason = self._why_no_write_off(write_off) if write_off else ""
        source.write_off = None if reason else write_off
        source.why_no_bank_transaction = reason if reason and write_off.kind == "bank_transaction" else ""
        shares = source.write_off.shares() if source.write_off else {}
        for partial in partials:
            share = shares.get(partial, 0)
            parts = payment_parts(partial, share, source.write_off.in_company_currency(share) if share else 0)
            if not parts:
                source.beside |= is_beside(partial, source.entry)
            elif parts.line in source.lines:
                source.parts[partial.id] = parts
            else:
                source.paid_back = True
        self._share_out_cents(source)

    def _share_out_cents(self, source):
        """What the bank booked for each match, in cents that add up to what it booked for them together.

        Of a document in the company's currency that is its amount, so what its conversion lacks is left to the others.
        """
        currency, sums, odd, last = source.entry.company_currency_id, {}, {}, {}
        for key, parts in source.parts.items():
            before = sums.get(parts.line, 0)
            sums[parts.line] = before + parts.company_amount
            cents = exact_amount(sums[parts.line], currency) - exact_amount(before, currency)
            if parts.invoice.currency_id == currency:
                odd[parts.line] = odd.get(parts.line, 0) + cents - exact_amount(parts.amount, currency)
                cents = exact_amount(parts.company_amount, currency)  # not sent
            else:
                last[parts.line] = key
            source.parts[key] = replace(parts, bank_amount=cents)
        for line, key in last.items():
            source.parts[key] = replace(source.parts[key], bank_amount=source.parts[key].bank_amount + odd.get(line, 0))

    # === XERO === #

    def _read_bindings(self, connection, sources):
        """What Xero has of the money, and the payments there that pay some of it back."""
        own = [("connection_id", "=", connection.id), ("kind", "in", self._kinds_that("_owner_kind"))]
        for model in {key[0] for key in sources}:
            ids = [key[1] for key in sources if key[0] == model]
            owned = [*own, ("owner_model", "=", model), ("owner_id", "in", ids)]
            for binding in self.env["xero.binding"].search(owned, order="id"):
                source = sources[model, binding.owner_id]
                source.was_there = True
                if binding.is_there:
                    source.bindings[binding.kind, binding.res_model, binding.res_id] = binding
        by_id = {source.on_account.on_account_xero_id: source for source in sources.values() if source.on_account}
        back = [("connection_id", "=", connection.id), ("kind", "=", "payment"), ("parent_xero_id", "in", list(by_id))]
        for binding in self.env["xero.binding"].search(back) if by_id else ():
            if binding.is_there:
                by_id[binding.parent_xero_id].refunds.append(("payment", binding.owner_model, binding.owner_id))

    # === DECISION === #

    def _movement(self, source, reading):
        """What is decided about: plain values.

        :rtype: Movement
        """
        covered = {res_id for binding in source.bindings.values() for res_id in binding.covers or ()}
        parts = tuple(self._part(parts, reading) for key, parts in source.parts.items() if key not in covered)
        movement = Movement(source.key, is_posted=source.is_posted, parts=parts, paid_back=source.paid_back, refunds=tuple(source.refunds))
        movement.batches = reading.connection.batch_payments and source.is_money
        movement.there = {key: self._counterpart(key, binding, source, reading) for key, binding in source.bindings.items()}
        if source.is_posted:
            self._describe(movement, source, reading)
        return movement

    def _describe(self, movement, source, reading):
        residuals = ("amount_residual", "amount_residual_currency")
        movement.digest = source.digest
        movement.recorded_in_xero = source.journal.id in reading.recorded_in_xero and not source.was_there
        if not source.is_money:
            return  # what of it is matched with no document is not about money
        movement.rest = source.beside or any(line[name] for line in source.lines for name in residuals)
        too_early = reading.connection.sync_from and source.entry.date < reading.connection.sync_from
        movement.may_stand = reading.connection.unmatched_payments != "wait" and not too_early
        if movement.is_open or source.on_account:
            movement.why_not = self._why_not_on_account(source, reading)
        movement.untold_bank_transaction = source.why_no_bank_transaction
        movement.is_direct = bool(source.direct) and (not too_early or bool(source.bindings))
        if source.write_off:
            kind = self._kind_of_whole(source, reading) if source.direct else source.write_off.kind
            movement.difference = Difference(kind, source.entry.id, self._difference_digest(source.write_off)) if kind else None

    def _kind_of_whole(self, source, reading):
        """What money without a debt is in Xero; what it is there already, it stays until it leaves."""
        there = next((key[0] for key in source.bindings if key[0] in WHOLE), None)
        account = reading.table.journal(source.journal.id)
        return there or ("cash_entry" if account and account.type != "BANK" else "bank_transaction")

    def _part(self, parts, reading):
        entry, currency = parts.invoice, parts.invoice.currency_id
        other, document = self._key_of(entry), reading.documents.get(entry.id)
        return Part(
            id=parts.partial.id,
            document=entry.id,
            kind="money" if other else self._kind_of(entry),
            is_debt=not other and not self._is_credit_note(entry),
            standing=self._standing_on_account(reading.sources[other], reading) if other else document.standing,
            digest=part_digest(parts),
            amount=exact_amount(parts.amount, currency),
            share=exact_amount(parts.written_off, currency),
            currency=currency.id,
            xero_id=document.binding.xero_id if document and document.binding else "",
        )

    def _standing_on_account(self, source, reading):
        """How money on account stands, for the money that pays it back."""
        if not source.movement:
            source.movement = Movement(source.key)  # two movements that pay each other back
            source.movement = self._movement(source, reading)
        movement, key = source.movement, ("on_account", *source.key)
        if movement.form != ON_ACCOUNT:
            held = Standing.HELD if movement.unsaid else Standing.ABSENT
            return Standing.CHANGING if source.on_account else held
        if not source.on_account:
            return Standing.COMING
        return Standing.CHANGING if any(step.operation == "remove" and step.key == key for step in movement.steps()) else Standing.THERE

    def _counterpart(self, key, binding, source, reading):
        digest = binding.sent or False
        if key[0] == "allocation":
            digest = self._allocated_amount(binding, source.parts.get(key[2]), reading)
        if not source.parts.keys() >= set(binding.covers or ()):
            digest = ""  # a part of what it pays is matched no more
        documents = tuple(binding.line_ids or ()) if key[0] == "write_off" else ()
        return Counterpart(key, binding.xero_id, digest, binding.figures or "", documents)

    def _allocated_amount(self, binding, parts, reading):
        """The amount of an allocation as ``Part`` words it; '' if it is to another document than that of its match."""
        document = reading.documents.get(parts.invoice.id) if parts else None
        if not document or not document.binding or document.binding.xero_id != binding.parent_xero_id:
            return ""
        return str(exact_amount(binding.xero_total, parts.invoice.currency_id))

    def _difference_digest(self, write_off):
        """Fingerprint of what Odoo says; not of the mapping, which may change without what was sent by then."""
        lines = [
            [line.account_id.id, line.tax_ids.ids, f"{line.amount_currency:.3f}", f"{line.balance:.3f}", line.analytic_distribution or {}]
            for line in (write_off.lines + write_off.taxes).sorted("id")
        ]
        return fingerprint({"lines": lines, "date": str(write_off.move.date), "partner": write_off.partner.id})


def part_digest(parts):
    """Of what a payment says in Odoo; not of the mapping, which may change without the payments made by then."""
    amounts = {"amount": str(parts.amount), "company_amount": str(round(parts.company_amount, 4))}
    shifted = parts.bank_amount != exact_amount(parts.company_amount, parts.invoice.company_currency_id)
    cents = {"bank_amount": str(parts.bank_amount)} if shifted else {}  # only then: what others have sent before says no more
    return fingerprint({"date": str(parts.date), "journal": parts.journal.id, **amounts, **cents})


def credit_source(binding):
    """What money on account is in Xero, by its binding."""
    return "Prepayment" if (binding.xero_type or "").endswith("PREPAYMENT") else "Overpayment"
