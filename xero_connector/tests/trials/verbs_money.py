from odoo import Command

from .verbs_documents import INVOICES

RECEIPTS = ("out_receipt", "in_receipt")
REFUNDS = ("out_refund", "in_refund")


class Money:
    """What people do with payments, bank statement lines and matches."""

    def _open_moves(self, *conditions, types=None):
        return self._moves(("state", "=", "posted"), ("payment_state", "in", ("not_paid", "partial")), *conditions, types=types)

    def _own_moves(self, *conditions, types=None):
        """Open documents in the company's currency."""
        return self._open_moves(("currency_id", "=", self.company.currency_id.id), *conditions, types=types)

    # === PAYING === #

    def _register(self, moves, **values):
        context = {"active_model": "account.move", "active_ids": moves.ids}
        values = {"payment_date": self._day(), "journal_id": self.desk.bank.id, **values}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def _do_pay(self):
        move = self._one(self._open_moves())
        amount = round(move.amount_residual * self.random.choice((1, 1, 0.5, 0.3)), 2)
        if not amount:
            raise self.Nothing()
        payment = self._register(move, amount=amount)
        return f"{amount} for {move.name} ({move.id}): {payment.mapped('name')}"

    def _do_pay_foreign(self):
        """A foreign document from the bank of its currency, or from the company's own at the rate of the day."""
        move = self._one(self._open_moves(("currency_id", "=", self.desk.foreign.id)))
        bank = self.random.choice((self.desk.foreign_bank, self.desk.bank))
        amount = round(move.amount_residual * self.random.choice((1, 1, 0.4)), 2)
        payment = self._register(move, amount=amount, journal_id=bank.id, currency_id=self.desk.foreign.id)
        return f"{amount} for {move.name} ({move.id}) from {bank.name}: {payment.mapped('name')}"

    def _do_pay_several(self):
        one = self._one(self._open_moves(types=[*INVOICES, *RECEIPTS]))
        kinds = [name for name in (*INVOICES, *RECEIPTS) if name[:2] == one.move_type[:2]]
        moves = self._open_moves(("currency_id", "=", one.currency_id.id), types=kinds)
        together = self.random.random() < 0.6
        if together:
            moves = moves.filtered(lambda move: move.commercial_partner_id == one.commercial_partner_id)
        moves = moves[: self.random.randint(2, 4)] | one
        payments = self._register(moves, group_payment=together)
        return f"{moves.mapped('name')}: {payments.mapped('name')}"

    def _do_pay_with_write_off(self):
        """Less than is owed, or more; the difference is written off, or kept."""
        moves = self._own_moves(types=[*INVOICES, *RECEIPTS])
        move = self._one(moves)
        amount = round(move.amount_residual - self.random.choice((0.01, 1, 5, -1)), 2)
        if amount <= 0:
            raise self.Nothing()
        handling = {"payment_difference_handling": "reconcile", "writeoff_account_id": self.desk.expense.id, "writeoff_label": "Difference"}
        payment = self._register(move, amount=amount, **handling)
        return f"{amount} for {move.name} ({move.id}), the rest of {move.amount_total} written off: {payment.name}"

    def _do_refund(self):
        move = self._one(self._open_moves(types=REFUNDS))
        payment = self._register(move)
        return f"{move.name} ({move.id}) {move.amount_total}: {payment.mapped('name')}"

    # === ON ACCOUNT === #

    def _payment(self, incoming, customer, amount, partner):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound" if incoming else "outbound",
                "partner_type": "customer" if customer else "supplier",
                "partner_id": partner.id,
                "amount": amount,
                "date": self._day(),
                "journal_id": self.desk.bank.id,
            }
        )
        payment.action_post()
        return payment

    def _do_money_on_account(self):
        incoming = self.random.random() < 0.7
        payment = self._payment(incoming, incoming, round(self.random.uniform(10, 900), 2), self._one(self._partners()))
        return f"{payment.name} {payment.partner_type} {payment.partner_id.name} {payment.amount}"

    def _do_pay_back(self):
        """Some money on account goes back, and is matched with it."""
        first = self._one(self._payments("in_process", "paid").filtered(lambda one: self._open_lines(one.move_id)))
        line = self._open_lines(first.move_id)[:1]
        amount = round(abs(line.amount_residual) * self.random.choice((1, 0.5)), 2)
        if not amount or line.currency_id != self.company.currency_id:
            raise self.Nothing()
        back = self._payment(first.payment_type == "outbound", first.partner_type == "customer", amount, first.partner_id)
        (line + self._open_lines(back.move_id)).reconcile()
        return f"{amount} of {first.name} ({first.id}): {back.name}"

    def _open_lines(self, moves):
        return self._debts(moves).filtered(lambda line: not line.reconciled)

    # === MATCHES === #

    def _do_unreconcile(self):
        states = ("paid", "in_payment", "partial", "reversed")
        move = self._one(self._moves(("state", "=", "posted"), ("payment_state", "in", states)))
        lines = self._debts(move)
        partial = self._one(lines.matched_credit_ids | lines.matched_debit_ids)
        told = f"{move.name} ({move.id}) and {(partial.debit_move_id | partial.credit_move_id).move_id.mapped('name')}, #{partial.id}"
        move.js_remove_outstanding_partial(partial.id)
        return told

    def _do_match(self):
        """Match an open document with open money or an open credit note of the same partner."""
        move = self._one(self._open_moves())
        lines = self._debts(move)
        domain = [
            ("company_id", "=", self.company.id), ("parent_state", "=", "posted"), ("reconciled", "=", False),
            ("account_id", "in", lines.account_id.ids), ("partner_id.commercial_partner_id", "=", move.commercial_partner_id.id),
            ("balance", "<" if sum(lines.mapped("balance")) > 0 else ">", 0), ("id", "not in", lines.ids),
        ]  # fmt: skip
        line = self._one(self.env["account.move.line"].search(domain, order="id desc", limit=10))
        move.js_assign_outstanding_line(line.id)
        return f"{move.name} ({move.id}) with {line.move_id.name}"

    # === PAYMENTS CHANGE === #

    def _do_reset_payment(self):
        payment = self._one(self._payments("in_process", "paid"))
        payment.action_draft()
        return f"{payment.name} ({payment.id})"

    def _do_cancel_payment(self):
        payment = self._one(self._payments("in_process", "paid", "draft"))
        if payment.state != "draft":
            payment.action_draft()
        payment.action_cancel()
        return f"{payment.name} ({payment.id})"

    def _do_repost_payment(self):
        payment = self._one(self._payments("draft"))
        if self.random.random() < 0.5:
            payment.amount = round(payment.amount + self.random.choice((1, -1, 0.01)), 2) or 1
        payment.action_post()
        return f"{payment.name} ({payment.id}) of {payment.amount}"

    def _do_delete_payment(self):
        payment = self._one(self._payments("draft"))
        told = f"{payment.name} ({payment.id})"
        payment.unlink()
        return told

    # === BANK STATEMENT LINES === #

    def _line_of(self, journal, amount, partner=None):
        values = {"journal_id": journal.id, "date": self._day(), "payment_ref": "from the bank", "amount": amount}
        return self.env["account.bank.statement.line"].create({**values, "partner_id": partner.id if partner else False})

    def _do_statement_line(self):
        """A bank line matched directly: with one or two documents, the rest on account, kept, a fee, or left open."""
        one = self._one(self._own_moves(types=INVOICES))
        moves = self._own_moves(types=[one.move_type]).filtered(lambda move: move.partner_id == one.partner_id)[:2]
        debts = self._open_lines(moves[: self.random.choice((1, 2))])
        owed = round(sum(debts.mapped("amount_residual")), 2)
        rest = self.random.choice(("none", "none", "account", "fee", "open"))
        more = {"account": 25, "fee": -2, "open": 10}.get(rest, 0) * (1 if owed > 0 else -1)
        line = self._line_of(self.desk.bank, round(owed + more, 2), one.partner_id)
        self._match_line(line, debts, rest, more)
        return f"{line.move_id.name} ({line.id}) {line.amount} for {debts.move_id.mapped('name')}, rest {rest}"

    def _match_line(self, line, debts, rest, more):
        """As bank reconciliation does: lines for the debts in place of the suspense line, then they are matched."""
        _liquidity, suspense, _other = line._seek_for_lines()
        commands = [Command.create(self._counter(debt.account_id, debt.partner_id, -debt.amount_residual)) for debt in debts]
        if rest == "account":
            commands.append(Command.create(self._counter(debts[:1].account_id, debts[:1].partner_id, -more)))
        elif rest == "fee":
            commands.append(Command.create(self._counter(self.desk.expense, debts[:1].partner_id, -more)))
        keeps = rest == "open"
        first = Command.update(suspense.id, {"balance": -more, "amount_currency": -more}) if keeps else Command.delete(suspense.id)
        line.move_id.with_context(force_delete=True, skip_readonly_check=True).write({"line_ids": [first, *commands]})
        for debt in debts:
            own = self._open_lines(line.move_id).filtered(lambda each, debt=debt: each.balance == -debt.amount_residual)
            (own[:1] + debt).reconcile()

    def _counter(self, account, partner, balance):
        return {"name": "matched", "account_id": account.id, "partner_id": partner.id, "balance": balance, "amount_currency": balance}

    def _do_undo_statement_line(self):
        domain = [("company_id", "=", self.company.id), ("is_reconciled", "=", True)]
        line = self._one(self.env["account.bank.statement.line"].search(domain, order="id desc", limit=10))
        line.action_undo_reconciliation()
        return f"{line.move_id.name} ({line.id})"

    # === TRANSFERS === #

    def _do_transfer(self):
        """Money goes from one own bank to another: a line at each, matched on the transfer account."""
        amount, account = round(self.random.uniform(5, 500), 2), self.company.transfer_account_id
        legs = self.env["account.move.line"]
        for journal, side in ((self.desk.bank, -1), (self.desk.savings, 1)):
            line = self._line_of(journal, side * amount)
            line._seek_for_lines()[1].account_id = account
            legs += line.move_id.line_ids.filtered(lambda each: each.account_id == account)
        legs.reconcile()
        return f"{amount}: {legs.move_id.mapped('name')}"

    def _do_undo_transfer(self):
        domain = [("company_id", "=", self.company.id), ("account_id", "=", self.company.transfer_account_id.id), ("reconciled", "=", True)]
        line = self._one(self.env["account.move.line"].search(domain, order="id desc", limit=6))
        line.remove_move_reconcile()
        return line.move_id.name
