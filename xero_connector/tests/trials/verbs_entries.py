from odoo import Command


class Entries:
    """What people book by hand: entries that settle documents without money, and payments for which something was bought at once."""

    def _do_settle_by_entry(self):
        """A bad debt, or a bill that somebody else has paid: part of a document, or all of it, is booked against a cost or income."""
        move = self._one(self._own_moves())
        [debt] = self._open_lines(move)[:1] or [None]
        amount = debt and round(debt.amount_residual * self.random.choice((1, 1, 0.4)), 2)
        if not amount:
            raise self.Nothing()
        partner = {"partner_id": debt.partner_id.id, "name": "Settled"}
        lines = [(debt.account_id, -amount), (self.desk.expense, amount)]
        commands = [Command.create({**partner, "account_id": account.id, "balance": balance}) for account, balance in lines]
        journal = self.desk.data["default_journal_misc"]
        values = {"move_type": "entry", "date": self._day(), "journal_id": journal.id, "line_ids": commands}
        entry = self.env["account.move"].create(values)
        entry.action_post()
        (debt + self._open_lines(entry)).reconcile()
        return f"{amount} of {move.name} ({move.id}): {entry.name} ({entry.id})"

    def _do_spend(self):
        """An expense that the company has paid."""
        journal, tax = self.desk.bank, self.desk.data["default_tax_purchase"]
        price = round(self.random.uniform(1, 200), 2)
        amount = round(price * tax.amount / 100, 2)
        repartition = tax.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        lines = [
            {"account_id": self.desk.expense.id, "name": "Taxi", "balance": price, "tax_ids": [Command.set(tax.ids)]},
            {"account_id": repartition.account_id.id, "name": tax.name, "balance": amount, "tax_repartition_line_id": repartition.id},
            {"account_id": journal.default_account_id.id, "name": "Taxi", "balance": -price - amount},
        ]
        partner, day = self._one(self._partners()), self._day()
        same = {"date": day, "journal_id": journal.id, "partner_id": partner.id}
        move = self.env["account.move"].create({**same, "line_ids": [Command.create(line) for line in lines]})
        values = {**same, "amount": price + amount, "payment_type": "outbound", "partner_type": "supplier", "move_id": move.id}
        payment = self.env["account.payment"].create(values)
        move.update({"origin_payment_id": payment.id, "journal_id": journal.id})
        payment.action_post()
        return f"{payment.name} ({payment.id}) {payment.amount} to {partner.name}"
