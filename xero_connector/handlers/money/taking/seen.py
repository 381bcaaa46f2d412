from datetime import timedelta

from odoo import models

from ....const import ON_THE_WIRE, PARTIAL
from ...amounts import exact_amount
from ..parts import amount_of, debt_lines, partials_of, payment_parts
from .facts import ALLOCATION, BANK, BATCH, ON_ACCOUNT, PAYMENT, Debt, Facts, Gone, Recorder

DAYS = timedelta(days=5)  # apart, at most, that two records of one movement of money are booked


class XeroTaking(models.AbstractModel):
    """Reads what has to be known of money that was made in Xero: what it is for here, where it would be booked, and what is like it."""

    _name = "xero.taking"
    _description = "Money That Was Made in Xero"

    def _facts(self, connection, money, told):
        """:param money: the ``xero.money`` row of what Xero has ``told`` (``Told``)"""
        bindings = self._about(connection, told)
        moves = [self._entry_of(binding) for binding in bindings.values()]
        entries = self.env["account.move"].union(*moves)
        journal, recorder = self._bank(connection, told, entries)
        needs_bank, company = told.kind != ALLOCATION, entries[:1].company_id or connection.company_id
        return Facts(
            debts=tuple(self._debt(told, xero_id, self._entry_of(binding), journal) for xero_id, binding in bindings.items()),
            strangers=len(self._wanted_ids(told)) - len(bindings),
            is_known=self._is_known(connection, told),
            is_on_the_wire=self._is_on_the_wire(connection, entries) or self._is_matched_alike(connection, told, bindings),
            unmapped_bank=self._account_name(connection, told.account_id) if needs_bank and not journal else "",
            recorder=recorder if needs_bank else Recorder(connection.records_allocations or ""),
            alike="" if money.is_another else self._lookalike(connection, told, entries, journal)[1],
            is_said=money.is_said,
            locked=self._locked(company, told.date, journal) if journal or not needs_bank and self._writes_entry(entries) else None,
            refusal=self._foreseen(connection, told, entries, journal),
            lacks=self._lacking(connection, told),
            tax=self._tax_of(connection, told),
            needs_bank=needs_bank,
        )

    # === WHAT IT IS FOR === #

    def _wanted_ids(self, told):
        """Xero ids of all that has to be known here for it to be booked."""
        ids = {share.xero_id for share in told.shares}
        return ids | {told.credit_id} if told.kind == ALLOCATION else ids

    def _about(self, connection, told):
        """``{Xero id: binding}`` of the documents, and of money on account, that it is for."""
        ids = list(self._wanted_ids(told))
        Binding, own = self.env["xero.binding"].sudo(), [("connection_id", "=", connection.id), ("is_there", "=", True)]
        kinds = [*self.env["xero.handler"]._document_kinds()]
        found = {each.xero_id: each for each in Binding.search([*own, ("kind", "in", kinds), ("xero_id", "in", ids)])}
        stands = Binding.search([*own, ("kind", "=", ON_ACCOUNT), ("on_account_xero_id", "in", ids)])
        found |= {each.on_account_xero_id: each for each in stands}
        return {xero_id: binding for xero_id, binding in found.items() if self._entry_of(binding)}

    def _entry_of(self, binding):
        record = self.env[binding.res_model].browse(binding.res_id).exists()
        return record if record._name == "account.move" else record.move_id

    def _debt(self, told, xero_id, entry, journal):
        """How a document stands; of money on account, what of it is left."""
        lines = debt_lines(entry)
        currency = lines[:1].currency_id or entry.currency_id
        amount = sum(share.amount for share in told.shares if share.xero_id == xero_id) or told.total
        bank = journal.currency_id or journal.company_id.currency_id
        return Debt(
            name=entry.name or entry.display_name,
            is_posted=entry.state == "posted",
            open=exact_amount(abs(sum(lines.mapped("amount_residual_currency"))), currency),
            amount=amount,
            is_other_currency=bool(journal) and bank not in (currency, entry.company_currency_id),
        )

    def _lacking(self, connection, told):
        """What has no place in Odoo, in a sentence; '' if all has."""
        if told.kind != ON_ACCOUNT:
            return ""
        if not self._partner_of(connection, told):
            return self.env._("Its contact is none of Odoo's yet.")
        return ""

    def _tax_of(self, connection, told):
        """The tax of a prepayment as people read it; '' if it has none."""
        if not told.tax:
            return ""
        currency = self.env["res.currency"].search([("name", "=", told.currency)], limit=1) or connection.company_id.currency_id
        return currency.format(float(told.tax))

    def _partner_of(self, connection, told):
        own = [("connection_id", "=", connection.id), ("res_model", "=", "res.partner"), ("xero_id", "=", told.contact_id)]
        binding_sudo = self.env["xero.binding"].sudo().search(own, limit=1)
        return self.env["res.partner"].browse(binding_sudo.res_id).exists()

    # === WHERE IT IS BOOKED === #

    def _bank(self, connection, told, entries):
        """``(the journal of its bank account, who records payments of that)``; of several that for which somebody has said so."""
        lines_sudo = connection.sudo().journal_mapping_ids.filtered(
            lambda line: line.confirmed and line.xero_account_id.xero_id == told.account_id
        )
        company = entries[:1].company_id or connection.company_id
        usable_sudo = lines_sudo.filtered(lambda line: line.journal_id.company_id in company.parent_ids)
        is_line = told.kind == BANK
        line_sudo = usable_sudo.sorted(
            lambda line: (not line.journal_id.active, is_line and line.bank_lines != "xero", not line.recorded_in, line.id)
        )[:1]
        return line_sudo.journal_id.sudo(False), Recorder(line_sudo.recorded_in or "")

    def _account_name(self, connection, account_id):
        own = [("connection_id", "=", connection.id), ("xero_id", "=", account_id)]
        account_sudo = self.env["xero.account"].sudo().with_context(active_test=False).search(own, limit=1)
        return account_sudo.display_name or self.env._("An account that has not been read from Xero yet")

    def _locked(self, company, day, journal):
        """The last day of a closed period that ``day`` is in; ``None`` if it is in none."""
        locks = company._get_violated_lock_dates(day, False, journal) if day else []
        return max((lock[0] for lock in locks), default=None)

    # === WHAT IS HERE ALREADY === #

    def _is_known(self, connection, told):
        own = [("connection_id", "=", connection.id), ("kind", "in", (told.kind, BATCH)), ("xero_id", "in", (told.xero_id, told.batch_id))]
        return bool(self.env["xero.binding"].sudo().search_count(own, limit=1))

    def _is_on_the_wire(self, connection, entries):
        """Whether something is being sent that may be this very money."""
        lines = debt_lines(entries)
        partials = partials_of(lines)
        others = (partials.debit_move_id | partials.credit_move_id).move_id
        records = {(PARTIAL, each) for each in partials.ids} | {("account.payment", each) for each in others.origin_payment_id.ids}
        records |= {("account.bank.statement.line", each) for each in others.statement_line_id.ids}
        own = [("connection_id", "=", connection.id), ("res_id", "in", [res_id for _model, res_id in records])]
        jobs_sudo = self.env["xero.job"].sudo().search([*own, ("state", "in", ON_THE_WIRE)]) if records else ()
        return any((job.res_model, job.res_id) in records for job in jobs_sudo)

    def _is_matched_alike(self, connection, told, bindings):
        """Whether a credit is matched here as in Xero, and it is not known that the two are one: who sends the match finds that out."""
        if told.kind != ALLOCATION or len(bindings) < 2:
            return False
        [share] = told.shares
        entry, credit = self._entry_of(bindings[share.xero_id]), self._entry_of(bindings[told.credit_id])
        lines = debt_lines(entry)
        for partial in partials_of(lines) & partials_of(debt_lines(credit)):
            line = (partial.debit_move_id | partial.credit_move_id) & lines
            if exact_amount(amount_of(partial, line), line.currency_id) == share.amount and not self._has_binding(connection, partial):
                return True
        return False

    def _has_binding(self, connection, partial):
        own = [("connection_id", "=", connection.id), ("res_model", "=", PARTIAL), ("res_id", "=", partial.id), ("is_there", "=", True)]
        return bool(self.env["xero.binding"].sudo().search_count(own, limit=1))

    def _lookalike(self, connection, told, entries, journal):
        """``(record, name)`` of money here that Xero does not know and that looks like it: amount, days apart, and the same documents,
        or the same partner if it is matched with nothing."""
        if told.kind == ALLOCATION or not told.date:
            return None, ""
        for parts in filter(None, map(payment_parts, partials_of(debt_lines(entries)))):
            entry, whole = parts.line.move_id, told.kind == BATCH and parts.payment
            amount, currency = (whole.amount, whole.currency_id) if whole else (parts.amount, parts.invoice.currency_id)
            if self._is_like(told, entry, amount, currency) and not self._is_told(connection, entry, parts.partial):
                return parts.payment or entry.statement_line_id or entry, parts.name
        for payment in self._unmatched(connection, told, entries, journal):
            if self._is_like(told, payment.move_id, payment.amount, payment.currency_id) and not self._is_told(connection, payment.move_id):
                return payment, payment.name
        return None, ""

    def _unmatched(self, connection, told, entries, journal):
        """Payments of the same partner and bank, some days apart at most, that are matched with nothing."""
        partner = entries[:1].commercial_partner_id or self._partner_of(connection, told)
        near = [("date", ">=", told.date - DAYS), ("date", "<=", told.date + DAYS), ("is_reconciled", "=", False)]
        about = [("partner_id", "child_of", partner.ids), ("journal_id", "=", journal.id), ("state", "in", ("in_process", "paid"))]
        return self.env["account.payment"].search([*near, *about]) if partner and journal else self.env["account.payment"]

    def _is_like(self, told, entry, amount, currency):
        return entry.state == "posted" and abs(entry.date - told.date) <= DAYS and exact_amount(amount, currency) == told.total

    def _is_told(self, connection, entry, partial=None):
        """Whether Xero knows of it."""
        own = [("connection_id", "=", connection.id), ("is_there", "=", True)]
        record = entry.origin_payment_id or entry.statement_line_id
        about = ["|", "&", ("owner_model", "=", record._name), ("owner_id", "=", record.id)]
        about += ["&", ("res_model", "=", PARTIAL), ("res_id", "=", partial.id if partial else 0)]
        return bool(self.env["xero.binding"].sudo().search_count([*own, *about], limit=1))

    # === WHAT IS GONE THERE === #

    def _facts_gone(self, connection, binding, money):
        """Of money that is booked here and was removed in Xero; ``binding`` remembers it."""
        if binding.kind == ALLOCATION:
            return self._facts_gone_allocation(connection, binding, money)
        payment = self._booked_as(binding)
        entry, partials = payment.move_id, self._matches_of(binding)
        _kind, model, res_id = binding._decider()
        handler, records = self.env["xero.handler.payment"], {(model, res_id), (binding.res_model, binding.res_id)}
        mapping = connection.sudo().journal_mapping_ids.filtered(lambda line: line.journal_id == payment.journal_id)[:1]
        matched_on_bank = entry.line_ids.filtered(lambda line: line.account_id == payment.outstanding_account_id)
        return Gone(
            is_ours=binding.origin == "odoo",
            is_said=money.is_said,
            recorder=Recorder(mapping.recorded_in or ""),
            is_on_the_wire=handler._waits(connection, records),
            is_in_part=self._is_in_part(connection, binding, money, payment, partials),
            is_matched=bool(partials_of(matched_on_bank)),
            is_hashed=bool(entry.inalterable_hash),
            locked=self._locked(entry.company_id, entry.date, entry.journal_id) if entry else None,
        )

    def _facts_gone_allocation(self, connection, binding, money):
        """Nothing but the match is undone."""
        _kind, model, res_id = binding._decider()
        return Gone(
            is_ours=binding.origin == "odoo",
            is_said=money.is_said,
            recorder=Recorder(connection.records_allocations or ""),
            is_on_the_wire=self.env["xero.handler.payment"]._waits(connection, {(model, res_id), (binding.res_model, binding.res_id)}),
        )

    def _is_in_part(self, connection, binding, money, payment, partials):
        """Whether more was booked than is gone: other matches of the payment, or payments of the batch that are still there."""
        if not payment or partials_of(debt_lines(payment.move_id)) - partials - self._exchanges_of(partials):
            return True
        if binding.kind != BATCH or money.kind == BATCH:  # the batch itself is gone
            return False
        own = [("connection_id", "=", connection.id), ("kind", "=", PAYMENT), ("is_gone", "=", True)]
        documents = (partials.debit_move_id | partials.credit_move_id).move_id
        gone_sudo = self.env["xero.money"].sudo().search([*own, ("move_id", "in", documents.ids)])
        return len(gone_sudo.filtered(lambda row: row._told().batch_id == binding.xero_id)) < len(binding.line_ids or ())

    def _booked_as(self, binding):
        """The payment that the counterpart is of."""
        if binding.res_model == "account.payment":
            return self.env["account.payment"].browse(binding.res_id).exists()
        return self.env["account.payment"].browse(binding.owner_id if binding.owner_model == "account.payment" else 0).exists()

    def _matches_of(self, binding):
        """The reconciliations that the counterpart stands for: of a batch all of its payment."""
        if binding.res_model == PARTIAL:
            return self.env[PARTIAL].browse([binding.res_id, *(binding.covers or ())]).exists()
        return partials_of(debt_lines(self._booked_as(binding).move_id))

    def _exchanges_of(self, partials):
        """What belongs to these matches: the gain or loss on foreign debts."""
        return partials_of(partials.exchange_move_id.line_ids)
