from odoo import fields, models
from odoo.exceptions import UserError

from ....const import QUIET
from ...amounts import exact_amount
from ..parts import amount_of, debt_lines, partials_of
from .facts import ALLOCATION, BATCH, ON_ACCOUNT, PAYMENT

SIDES = {"asset_receivable": "customer", "liability_payable": "supplier"}


class NotAsTold(UserError):
    """Odoo books it otherwise than Xero has it: then it is not booked at all."""


class XeroTaking(models.AbstractModel):
    """Books money that was made in Xero as a person would: a payment on the journal of its bank, matched with what it is for."""

    _inherit = "xero.taking"

    def _book(self, connection, told):
        """Book it, and remember the pair.

        :return: the payment, or the match of an allocation
        :raise UserError: Odoo does not take it so; whoever calls undoes what was begun
        """
        bindings = self._about(connection, told)
        shares = [(self._entry_of(bindings[share.xero_id]), share) for share in told.shares]
        if told.kind == ALLOCATION:
            return self._allocate(connection, told, bindings, shares)
        journal, _recorder = self._bank(connection, told, self.env["account.move"].union(*(entry for entry, _share in shares)))
        payment = self._create_payment(connection, told, shares, journal)
        payment.action_post()
        self._check_booked(told, payment)
        partials = [self._match(debt_lines(payment.move_id), entry, share) for entry, share in shares]
        self._remember(connection, told, payment, partials, bindings)
        return payment

    # === PAYMENTS === #

    def _create_payment(self, connection, told, shares, journal):
        company = shares[0][0].company_id if shares else journal.company_id
        payments = self.env["account.payment"].with_company(company).with_context(**QUIET)
        about = self._of_debts(shares, journal) if shares else self._on_account(connection, told)
        where = {"company_id": company.id, "journal_id": journal.id}  # a branch's own, in the bank of the company above
        return payments.create({**about, **where, "date": told.date, "memo": told.reference or about["memo"]})

    def _of_debts(self, shares, journal):
        """What a payment of these documents says: in their currency, and with what the bank had in its own.

        The bank's currency is theirs, or the company's (``Debt.is_other_currency``).
        """
        lines = self.env["account.move.line"].union(*(debt_lines(entry) for entry, _share in shares))
        line, entry = lines[:1], shares[0][0]
        amount = sum(share.amount for _entry, share in shares)
        received = sum(lines.mapped("balance")) > 0
        return {
            "payment_type": "inbound" if received else "outbound",
            "partner_type": SIDES[line.account_id.account_type],
            "partner_id": line.partner_id.id,
            "destination_account_id": line.account_id.id,
            "memo": ", ".join(entry.payment_reference or entry.ref or entry.name or "" for entry, _share in shares),
            **self._in_currencies(journal, shares, line.currency_id, entry.company_currency_id, amount),
        }

    def _in_currencies(self, journal, shares, currency, company_currency, amount):
        """``amount`` and ``currency_id`` of the payment; of a foreign document what the bank had is told, not reckoned at a rate.

        :raise NotAsTold: Xero does not say what the bank had
        """
        own = {"currency_id": currency.id, "amount": float(amount)}
        if currency == (journal.currency_id or company_currency):
            return own
        booked = [share.bank_amount for _entry, share in shares]
        if None in booked:
            raise NotAsTold(self.env._("Xero does not say how much the bank had for it."))
        return {**own, "force_balance": float(sum(booked))}

    def _on_account(self, connection, told):
        partner = self._partner_of(connection, told)
        side = (
            {"payment_type": "outbound", "partner_type": "supplier"}
            if told.is_out
            else {"payment_type": "inbound", "partner_type": "customer"}
        )
        currency = self.env["res.currency"].search([("name", "=", told.currency)], limit=1) if told.currency else None
        return {
            **side,
            "partner_id": partner.id,
            "amount": float(told.amount),
            "memo": "",
            **({"currency_id": currency.id} if currency else {}),
        }

    def _check_booked(self, told, payment):
        """Odoo moves what is in a closed period to another day without a word; what cannot stand as in Xero does not stand at all."""
        if payment.move_id.date != told.date:
            raise NotAsTold(
                self.env._("Odoo would book it on %(odoo)s; in Xero it is of %(xero)s.",
                           odoo=fields.Date.to_string(payment.move_id.date), xero=fields.Date.to_string(told.date))
            )  # fmt: skip

    # === MATCHES === #

    def _match(self, money, entry, share):
        """Match as much of the money (journal items) as Xero says with a document; returns the reconciliations, the oldest first.

        :raise NotAsTold: another amount would be matched
        """
        lines = debt_lines(entry).filtered(lambda line: not line.reconciled).sorted(lambda line: (line.date_maturity or line.date, line.id))
        return self._match_lines(lines, money.filtered(lambda line: not line.reconciled), share.amount, entry)

    def _match_lines(self, lines, money, amount, entry):
        before = partials_of(money)
        self._reconcile_up_to(lines, money, float(amount))
        found = (partials_of(money) - before).filtered(lambda each: (each.debit_move_id | each.credit_move_id) & lines).sorted("id")
        line_of = {each: (each.debit_move_id | each.credit_move_id) & lines for each in found}
        matched = sum(amount_of(each, line_of[each]) for each in found)
        if exact_amount(matched, lines[:1].currency_id) != amount:
            raise NotAsTold(
                self.env._("Odoo would match %(odoo)s with %(document)s; in Xero it is %(xero)s.",
                           odoo=f"{matched:.2f}", xero=f"{amount:.2f}", document=entry.name)
            )  # fmt: skip
        return found

    def _reconcile_up_to(self, lines, money, amount):
        """Reconcile, the oldest instalment first, but no more than ``amount`` in the currency of ``lines``; Odoo takes all there is."""
        offered, currency = {}, lines[:1].currency_id
        for line in lines:
            part = min(abs(line.amount_residual_currency), amount - sum(offered.values()))
            if currency.compare_amounts(part, 0) > 0:
                offered[line.id] = currency.round(part)
        some = lines.filtered(lambda line: line.id in offered) + money
        some.with_context(xero_offered=offered, **QUIET).reconcile()

    # === ALLOCATIONS === #

    def _allocate(self, connection, told, bindings, shares):
        """Match a credit with a document; the credit is a credit note's, or money on account."""
        [(entry, share)] = shares
        credit = self._entry_of(bindings[told.credit_id])
        found = self._match(debt_lines(credit), entry, share)
        owner = credit.origin_payment_id or credit.statement_line_id
        self._remember_one(connection, told, found[:1], owner, covers=found[1:], xero_type=bindings[share.xero_id].xero_type)
        return found[:1]

    # === THE PAIR === #

    def _remember(self, connection, told, payment, partials, bindings, origin="xero"):
        if told.kind == PAYMENT:
            [found] = partials
            xero_type = bindings[told.shares[0].xero_id].xero_type
            self._remember_one(connection, told, found[:1], payment, covers=found[1:], xero_type=xero_type, origin=origin)
        else:
            self._remember_one(connection, told, payment, payment, origin=origin)
        self._note_sent(connection, told, payment)

    def _remember_one(self, connection, told, record, owner, *, covers=None, xero_type=False, origin="xero"):
        """Made in Xero, so that nothing of it goes there; the state it was read in is what was agreed."""
        values = {
            "connection_id": connection.id,
            "kind": told.kind,
            "res_model": record._name,
            "res_id": record.id,
            "xero_id": told.xero_id,
            "number": told.reference[:80] or False,
            "xero_status": "AUTHORISED",
            "xero_type": xero_type,
            "xero_total": float(told.total),
            "origin": origin,
            "date": told.date,
            "last_sync": fields.Datetime.now(),
            "covers": covers.ids if covers else False,
            **self._kept_of(told),
            **({"owner_model": owner._name, "owner_id": owner.id} if owner else {}),
            **({"payment_id": owner.id} if owner and owner._name == "account.payment" else {}),
        }
        return self.env["xero.binding"].sudo().create(values)

    def _kept_of(self, told):
        ids = [share.xero_id for share in told.shares]
        kept = {"parent_xero_id": ids[0]} if ids else {}
        if told.kind == BATCH:
            kept["line_ids"] = ids
        elif told.kind == ON_ACCOUNT:
            side = "SPEND" if told.is_out else "RECEIVE"
            made = "PREPAYMENT" if told.is_prepayment else "OVERPAYMENT"
            kept |= {"on_account_xero_id": told.on_account_id, "xero_type": f"{side}-{made}"}
        elif told.kind == ALLOCATION:
            kept["credit"] = f"{told.credit},{told.credit_id}"
        return kept

    def _note_sent(self, connection, told, payment):
        """What is here counts as sent: a later change by a person in Odoo is one like any other, and until then there is nothing to do."""
        source = self.env["xero.handler.payment"]._movements(connection, [(payment._name, payment.id)]).sources[payment._name, payment.id]
        digests = {
            PAYMENT: lambda: next(part.digest for part in source.movement.parts),
            BATCH: lambda: source.movement.batch_digest,
            ON_ACCOUNT: lambda: source.digest,
        }
        own = [("connection_id", "=", connection.id), ("kind", "=", told.kind), ("xero_id", "=", told.xero_id)]
        self.env["xero.binding"].sudo().search(own).sent = digests[told.kind]()
