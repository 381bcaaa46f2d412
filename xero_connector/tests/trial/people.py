from collections import Counter
from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import UserError, ValidationError

FIRST_DAY = date(2026, 9, 1)
DOCUMENT_TYPES = ("out_invoice", "in_invoice", "out_refund", "in_refund", "out_receipt", "in_receipt")
DEBTS = ("asset_receivable", "liability_payable")
# what people do, and how often
WEIGHTS = {
    "invoice": 22, "edit": 9, "post": 9, "reset": 7, "cancel": 4, "revive": 2, "delete_draft": 3, "credit": 6, "refund": 3,
    "pay": 14, "pay_several": 4, "pay_with_write_off": 3, "unreconcile": 8, "match": 8, "money_on_account": 5,
    "reset_payment": 4, "cancel_payment": 3, "repost_payment": 4,
    "rename_partner": 2, "rename_document": 2, "due_date": 3, "reference": 2, "sync": 2, "sync_now": 2,
}  # fmt: skip


class Nothing(Exception):
    """There is nothing to do this with."""


class People:
    """Does random things the way Odoo's screens do them. ``log``: what was done, newest last."""

    def __init__(self, test, generator):
        self.test, self.env, self.random = test, test.env, generator
        self.connection, self.company = test.connection, test.env.company
        self.log, self.refused, self.counts = [], Counter(), Counter()
        self.types = [name for name in DOCUMENT_TYPES if name == "out_invoice" or "xero.handler.allocation" in self.env]
        self.partners = self.env["res.partner"].create([{"name": f"Trial Partner {n}", "is_company": True} for n in range(6)])
        self.bank = test.company_data["default_journal_bank"]
        self.weights = {name: weight for name, weight in WEIGHTS.items() if self._is_possible(name)}

    def _is_possible(self, name):
        return not (name in ("credit", "refund") and "out_refund" not in self.types)

    def act(self):
        """One step; what Odoo itself refuses leaves nothing behind."""
        name = self.random.choices(list(self.weights), list(self.weights.values()))[0]
        try:
            with self.env.cr.savepoint():
                told = getattr(self, f"_do_{name}")()
                self.env.flush_all()
        except Nothing:
            return
        except (UserError, ValidationError) as refusal:
            self.env.invalidate_all()
            self.refused[name, str(refusal).split("\n")[0][:90]] += 1
            return
        self.counts[name] += 1
        self.log.append(f"{len(self.log)} {name}: {told}")

    # === CHOICES === #

    def _one(self, records):
        if not records:
            raise Nothing()
        return records[self.random.randrange(len(records))]

    def _moves(self, *conditions, types=None):
        domain = [("company_id", "=", self.company.id), ("move_type", "in", types or self.types), *conditions]
        return self.env["account.move"].search(domain, order="id desc", limit=25)

    def _payments(self, *states):
        return self.env["account.payment"].search(
            [("company_id", "=", self.company.id), ("state", "in", states)], order="id desc", limit=20
        )

    def _day(self):
        return FIRST_DAY + timedelta(days=self.random.randrange(40))

    def _debts(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)

    # === DOCUMENTS === #

    def _do_invoice(self):
        moves = self.env["account.move"].create([self._values() for _ in range(self.random.choice((1, 1, 1, 2)))])
        told = ", ".join(
            f"{move.move_type} {move.id} of {move.partner_id.name} {move.amount_total} {move.currency_id.name}" for move in moves
        )
        if self.random.random() < 0.9:
            moves.action_post()
            return f"{told}, posted as {', '.join(moves.mapped('name'))}"
        return f"{told}, left as draft"

    def _values(self, move_type=None):
        move_type = move_type or self.random.choices(self.types, [3 if name.endswith("invoice") else 1 for name in self.types])[0]
        day = self._day()
        return {
            "move_type": move_type,
            "partner_id": self._one(self.partners).id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day + timedelta(days=self.random.randrange(30)),
            "invoice_payment_term_id": False,
            "currency_id": self._currency().id,
            "ref": f"R{self.random.randrange(10**6)}" if move_type.startswith("in_") else "",
            "invoice_line_ids": [Command.create(self._line(move_type)) for _ in range(self.random.choice((1, 1, 2, 3)))],
        }

    def _currency(self):
        return self.test.foreign if self.random.random() < 0.15 else self.company.currency_id

    def _line(self, move_type):
        sale = move_type.startswith("out_")
        data = self.test.company_data
        taxes = data["default_tax_sale"] if sale else data["default_tax_purchase"]
        return {
            "name": "Work",
            "quantity": self.random.choice((1, 2, 3, 0.5, 7)),
            "price_unit": round(self.random.uniform(1, 400), 2),
            "discount": self.random.choice((0, 0, 0, 10)) if sale else 0,
            "account_id": (data["default_account_revenue"] if sale else data["default_account_expense"]).id,
            "tax_ids": [Command.set(taxes.ids if self.random.random() < 0.8 else [])],
        }

    def _do_reset(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.button_draft()
        return f"{move.name} ({move.id})"

    def _do_edit(self):
        """Reset, change a price, a line or the day, and mostly confirm again."""
        move = self._one(self._moves(("state", "in", ("posted", "draft"))))
        if move.state == "posted":
            move.button_draft()
        change = self.random.choice(("price", "line", "remove"))
        lines = move.invoice_line_ids
        if change == "remove" and len(lines) > 1:
            move.write({"invoice_line_ids": [Command.delete(lines[0].id)]})
        elif change == "line":
            move.write({"invoice_line_ids": [Command.create(self._line(move.move_type))]})
        else:
            move.write({"invoice_line_ids": [Command.update(lines[0].id, {"price_unit": round(self.random.uniform(1, 400), 2)})]})
        if self.random.random() < 0.8:
            move.action_post()
        return f"{move.name} ({move.id}), {change}: now {move.amount_total}, {move.state}"

    def _do_post(self):
        move = self._one(self._moves(("state", "=", "draft")))
        move.action_post()
        return f"{move.name} ({move.id})"

    def _do_cancel(self):
        move = self._one(self._moves(("state", "in", ("posted", "draft"))))
        move.button_cancel()
        return f"{move.name} ({move.id})"

    def _do_revive(self):
        move = self._one(self._moves(("state", "=", "cancel")))
        move.button_draft()
        move.action_post()
        return f"{move.name} ({move.id}) of {move.amount_total}"

    def _do_delete_draft(self):
        move = self._one(self._moves(("state", "=", "draft")))
        told = f"{move.name} ({move.id})"
        move.unlink()
        return told

    def _do_due_date(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.invoice_date_due = move.invoice_date + timedelta(days=self.random.randrange(60))
        return f"{move.name} ({move.id}): {move.invoice_date_due}"

    def _do_reference(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.ref = f"Changed {self.random.randrange(10**6)}"
        return f"{move.name} ({move.id}): {move.ref}"

    def _do_rename_document(self):
        """A posted document takes another number: reset, renumber, confirm."""
        move = self._one(self._moves(("state", "=", "posted")))
        old = move.name
        move.button_draft()
        move.name = f"{old}R" if not old.endswith("R") else old[:-1]
        move.action_post()
        return f"{old} ({move.id}) is {move.name}"

    def _do_credit(self):
        """The dialog Credit Note: of all of it; sometimes matched at once, sometimes with a new invoice."""
        moves = self._moves(("state", "=", "posted"), types=[name for name in self.types if name.endswith("invoice")])
        move = self._one(moves)
        context = {"active_model": "account.move", "active_ids": move.ids}
        wizard = self.env["account.move.reversal"].with_context(**context).create({"journal_id": move.journal_id.id, "date": self._day()})
        modify = self.random.random() < 0.3
        action = wizard.refund_moves() if not modify else wizard.modify_moves()
        made = self.env["account.move"].browse(action.get("res_id") or [])
        reversals = move.reversal_move_ids.filtered(lambda one: one.state == "draft")
        if reversals and self.random.random() < 0.8:
            reversals.action_post()
        return f"{move.name} ({move.id}): {reversals.mapped('name')} {modify and made.id or ''}"

    # === MONEY === #

    def _open_moves(self, *conditions, types=None):
        return self._moves(("state", "=", "posted"), ("payment_state", "in", ("not_paid", "partial")), *conditions, types=types)

    def _register(self, moves, **values):
        context = {"active_model": "account.move", "active_ids": moves.ids}
        values = {"payment_date": self._day(), "journal_id": self.bank.id, **values}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def _do_pay(self):
        move = self._one(self._open_moves())
        amount = round(move.amount_residual * self.random.choice((1, 1, 0.5, 0.3)), 2)
        if not amount:
            raise Nothing()
        payment = self._register(move, amount=amount)
        return f"{amount} for {move.name} ({move.id}): {payment.mapped('name')}"

    def _do_pay_several(self):
        one = self._one(self._open_moves(types=[name for name in self.types if not name.endswith("refund")]))
        kinds = [name for name in self.types if name[:2] == one.move_type[:2] and not name.endswith("refund")]
        moves = self._open_moves(("currency_id", "=", one.currency_id.id), types=kinds)
        together = self.random.random() < 0.6 and one.currency_id == self.company.currency_id
        if together:
            moves = moves.filtered(lambda move: move.commercial_partner_id == one.commercial_partner_id)
        moves = moves[: self.random.randint(2, 4)] | one
        payments = self._register(moves, group_payment=together)
        return f"{moves.mapped('name')}: {payments.mapped('name')}"

    def _do_pay_with_write_off(self):
        move = self._one(self._open_moves(("currency_id", "=", self.company.currency_id.id)))
        amount = round(move.amount_residual - self.random.choice((0.01, 1, 5)), 2)
        if amount <= 0:
            raise Nothing()
        account = self.test.company_data["default_account_expense"]
        handling = {"payment_difference_handling": "reconcile", "writeoff_account_id": account.id, "writeoff_label": "Written off"}
        payment = self._register(move, amount=amount, **handling)
        return f"{amount} for {move.name} ({move.id}), the rest of {move.amount_total} written off: {payment.name}"

    def _do_money_on_account(self):
        incoming = self.random.random() < 0.7 or "in_invoice" not in self.types
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound" if incoming else "outbound",
                "partner_type": "customer" if incoming else "supplier",
                "partner_id": self._one(self.partners).id,
                "amount": round(self.random.uniform(10, 900), 2),
                "date": self._day(),
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return f"{payment.name} {payment.partner_type} {payment.partner_id.name} {payment.amount}"

    def _do_refund(self):
        move = self._one(self._open_moves(types=[name for name in self.types if name.endswith("refund")]))
        payment = self._register(move)
        return f"{move.name} ({move.id}) {move.amount_total}: {payment.mapped('name')}"

    def _do_unreconcile(self):
        move = self._one(self._moves(("state", "=", "posted"), ("payment_state", "in", ("paid", "in_payment", "partial", "reversed"))))
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

    # === OTHERS === #

    def _do_rename_partner(self):
        partner = self._one(self.partners)
        partner.name = f"Trial Partner {partner.id} {self.random.randrange(10**6)}"
        return partner.name

    def _do_sync(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.action_xero_sync()
        return f"{move.name} ({move.id})"

    def _do_sync_now(self):
        self.connection.action_sync_now()
        return "by hand"
