from datetime import timedelta

from odoo import Command

DOCUMENT_TYPES = ("out_invoice", "in_invoice", "out_refund", "in_refund", "out_receipt", "in_receipt")
INVOICES = ("out_invoice", "in_invoice")


class Documents:
    """What people do with documents, the way Odoo's screens do it. Each verb returns what it did, in words."""

    def _do_invoice(self):
        moves = self.env["account.move"].create([self._values() for _ in range(self.random.choice((1, 1, 1, 2)))])
        named = [f"{move.move_type} {move.id} of {move.partner_id.name} {move.amount_total} {move.currency_id.name}" for move in moves]
        if self.random.random() < 0.9:
            moves.action_post()
            return f"{', '.join(named)}, posted as {', '.join(moves.mapped('name'))}"
        return f"{', '.join(named)}, left as draft"

    def _values(self):
        move_type = self.random.choices(DOCUMENT_TYPES, [3 if name in INVOICES else 1 for name in DOCUMENT_TYPES])[0]
        day = self._day()
        return {
            "move_type": move_type,
            "partner_id": self._one(self._partners()).id,
            "invoice_date": day,
            "date": day,
            "invoice_date_due": day + timedelta(days=self.random.randrange(30)),
            "invoice_payment_term_id": False,
            "currency_id": (self.desk.foreign if self.random.random() < 0.2 else self.company.currency_id).id,
            "ref": f"R{self.random.randrange(10**6)}" if move_type.startswith("in_") else "",
            "invoice_line_ids": [Command.create(self._line(move_type)) for _ in range(self.random.choice((1, 1, 2, 3)))],
        }

    def _line(self, move_type):
        sale, data = move_type.startswith("out_"), self.desk.data
        taxes = data["default_tax_sale"] if sale else data["default_tax_purchase"]
        return {
            "name": "Work",
            "quantity": self.random.choice((1, 2, 3, 0.5, 7)),
            "price_unit": round(self.random.uniform(1, 400), 2),
            "discount": self.random.choice((0, 0, 0, 10)) if sale else 0,
            "account_id": (self.desk.revenue if sale else self.desk.expense).id,
            "tax_ids": [Command.set(taxes.ids if self.random.random() < 0.8 else [])],
            "analytic_distribution": self._distribution(),
        }

    def _distribution(self):
        if self.random.random() < 0.7:
            return False
        accounts = self.random.sample(self.desk.analytic.ids, self.random.choice((1, 1, 2)))
        return {str(accounts[0]): 100} if len(accounts) == 1 else {str(accounts[0]): 60, str(accounts[1]): 40}

    def _do_reset(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.button_draft()
        return f"{move.name} ({move.id})"

    def _do_edit(self):
        """Reset, change a price, a line, the partner or the day, and mostly confirm again."""
        move = self._one(self._moves(("state", "in", ("posted", "draft"))))
        if move.state == "posted":
            move.button_draft()
        change = self.random.choice(("price", "price", "line", "remove", "partner", "day"))
        self._change(move, change)
        if self.random.random() < 0.8:
            move.action_post()
        return f"{move.name} ({move.id}), {change}: now {move.amount_total}, {move.state}"

    def _change(self, move, change):
        lines = move.invoice_line_ids
        if change == "remove" and len(lines) > 1:
            move.write({"invoice_line_ids": [Command.delete(lines[0].id)]})
        elif change == "line":
            move.write({"invoice_line_ids": [Command.create(self._line(move.move_type))]})
        elif change == "partner":
            move.partner_id = self._one(self._partners())
        elif change == "day":
            move.invoice_date = move.date = self._day()
        else:
            move.write({"invoice_line_ids": [Command.update(lines[0].id, {"price_unit": round(self.random.uniform(1, 400), 2)})]})

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

    def _do_coding(self):
        """The text, or the analytic distribution, of a posted line."""
        move = self._one(self._moves(("state", "=", "posted")))
        line = self._one(move.invoice_line_ids)
        if self.random.random() < 0.5:
            line.name = f"Work {self.random.randrange(1000)}"
        else:
            line.analytic_distribution = self._distribution()
        return f"{move.name} ({move.id}): {line.name}, {line.analytic_distribution}"

    def _do_attach(self):
        move = self._one(self._moves())
        values = {"name": f"note {self.random.randrange(1000)}.txt", "raw": b"a note", "res_model": move._name, "res_id": move.id}
        return f"{move.name} ({move.id}): {self.env['ir.attachment'].create(values).name}"

    def _do_rename_document(self):
        """A posted document takes another number: reset, renumber, confirm."""
        move = self._one(self._moves(("state", "=", "posted")))
        old = move.name
        move.button_draft()
        move.name = f"{old}R" if not old.endswith("R") else old[:-1]
        move.action_post()
        return f"{old} ({move.id}) is {move.name}"

    def _do_resequence(self):
        """The wizard Resequence: the last few documents of a journal get new numbers, in the order of their days."""
        last = self._one(self._moves(("state", "=", "posted"), types=INVOICES))
        moves = self._moves(("state", "=", "posted"), ("journal_id", "=", last.journal_id.id), types=[last.move_type])[:3]
        wizard = self.env["account.resequence.wizard"].create(
            {"move_ids": [Command.set(moves.ids)], "first_name": moves.sorted("name")[0].name, "ordering": "date"}
        )
        old = moves.mapped("name")
        wizard.resequence()
        return f"{old} are {moves.mapped('name')}"

    def _do_credit(self):
        """The dialog Credit Note: of all of it; sometimes matched at once, sometimes with a new invoice."""
        move = self._one(self._moves(("state", "=", "posted"), types=INVOICES))
        context = {"active_model": "account.move", "active_ids": move.ids}
        wizard = self.env["account.move.reversal"].with_context(**context).create({"journal_id": move.journal_id.id, "date": self._day()})
        modify = self.random.random() < 0.3
        action = wizard.refund_moves() if not modify else wizard.modify_moves()
        made = self.env["account.move"].browse(action.get("res_id") or [])
        reversals = move.reversal_move_ids.filtered(lambda one: one.state == "draft")
        if reversals and self.random.random() < 0.8:
            reversals.action_post()
        return f"{move.name} ({move.id}): {reversals.mapped('name')} {modify and made.id or ''}"
