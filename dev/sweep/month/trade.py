"""What the people of all trades do alike: find things, validate deliveries, post documents on their days."""

import random
from datetime import timedelta

from dev.demo_books import DAY, MOVES, Accountant

MONTH = 28  # days
PICKINGS = "stock.picking"


class Trade(Accountant):
    """One trade: its pieces are the methods ``enter_...``, in the order in which they are written."""

    title = ""

    def __init__(self, person, company, connection_id):
        super().__init__(person, company, connection_id)
        self.random = random.Random(f"{self.title} {company['name']}")

    def _look_around(self):
        super()._look_around()
        self.currency = self._read("res.company", self.company_id, "currency_id")[0]

    # === FIND === #

    def _one(self, model, *domain, order="id"):
        """The id of the first record.

        :raise RuntimeError: if there is none
        """
        found = self.person.search_read(model, list(domain), ["id"], limit=1, order=order)
        if not found:
            raise RuntimeError(f"there is no {model} with {domain}")
        return found[0]["id"]

    def _read(self, model, record_id, name):
        return self.person.call(model, "read", [record_id], [name])[0][name]

    def _create(self, model, **values):
        return self.person.call(model, "create", [values])[0]

    def _write(self, model, record_id, **values):
        self.person.call(model, "write", [record_id], values)

    def _product(self, name):
        return self._one("product.product", ("name", "=", f"{name} {self.company_id}"))

    def _account(self, kind, position=0):
        """An account of a type, the n-th by code; small charts have too few, and get one."""
        found = self._accounts(("account_type", "=", kind))
        return found[position]["id"] if position < len(found) else self._new_account(f"More of {kind}", kind)

    def _new_account(self, name, kind):
        """An account with the first number that is free after its kind's last one."""
        taken = {row["code"] for row in self._accounts()}
        last = [row["code"] for row in self._accounts(("account_type", "=", kind))] or sorted(taken)
        number = int(last[-1]) + 1
        while str(number) in taken:
            number += 1
        return self._create("account.account", name=name, code=str(number), account_type=kind)

    def _accounts(self, *domain):
        return self.person.search_read("account.account", [*domain, ("company_ids", "in", [self.company_id])], ["code"], order="code")

    def _debts_of(self, partner, kind="receivable"):
        """The account of what a customer owes, or of what is owed to a vendor (``payable``)."""
        return self._read("res.partner", partner, f"property_account_{kind}_id")[0]

    def _day(self, number):
        """The n-th day of the month."""
        return str(DAY - timedelta(days=MONTH - number))

    # === GOODS === #

    def _pickings(self, model, order):
        found = self._read(model, order, "picking_ids")
        return [
            row["id"] for row in self.person.search_read(PICKINGS, [("id", "in", found), ("state", "not in", ("done", "cancel"))], ["id"])
        ]

    def _validate(self, picking, quantity=None):
        """Move all of it, or so many of each product and the rest later."""
        moves = self.person.search_read("stock.move", [("picking_id", "=", picking)], ["product_uom_qty"])
        for move in moves:
            self._write("stock.move", move["id"], quantity=quantity or move["product_uom_qty"], picked=True)
        self.person.call(PICKINGS, "button_validate", [picking], context={"skip_backorder": True, "skip_sms": True})

    def _return(self, picking, quantity):
        """Some of what was moved comes, or goes, back."""
        context = {"active_model": PICKINGS, "active_id": picking, "active_ids": [picking]}
        [wizard] = self.person.call("stock.return.picking", "create", [{"picking_id": picking}], context=context)
        for line in self._read("stock.return.picking", wizard, "product_return_moves"):
            self._write("stock.return.picking.line", line, quantity=quantity)
        action = self.person.call("stock.return.picking", "action_create_returns", [wizard], context=context)
        self._validate(action["res_id"])

    # === DOCUMENTS === #

    def _post(self, move, day, **values):
        self._write(MOVES, move, invoice_date=day, date=day, **values)
        self.person.call(MOVES, "action_post", [move])
        return move

    def _refund(self, move, day, lines=()):
        """A credit note for a document.

        :param lines: quantities by position; the rest of the lines are taken out
        """
        values = {"move_ids": [(6, 0, [move])], "date": day, "reason": "Returned", "journal_id": self._read(MOVES, move, "journal_id")[0]}
        context = {"active_model": MOVES, "active_ids": [move]}
        [wizard] = self.person.call("account.move.reversal", "create", [values], context=context)
        note = self.person.call("account.move.reversal", "refund_moves", [wizard], context=context)["res_id"]
        for line in self._read(MOVES, note, "invoice_line_ids") if lines else ():
            self._write(MOVES, note, invoice_line_ids=[(1, line, {"quantity": lines[0]})])
        ref = {"ref": f"RET-{note}"} if self._read(MOVES, note, "move_type") == "in_refund" else {}
        return self._post(note, day, **ref)

    def _journal_entry(self, ref, day, *lines):
        """A posted entry of (account, partner or None, balance); returns its id and those of its lines in this order."""
        rows = [
            (0, 0, {"account_id": account, "partner_id": partner, "name": ref, "debit": max(balance, 0), "credit": max(-balance, 0)})
            for account, partner, balance in lines
        ]  # fmt: skip
        journal = self._one("account.journal", ("company_id", "=", self.company_id), ("code", "=", "MISC"))
        entry = self._create(MOVES, move_type="entry", ref=ref, date=day, journal_id=journal, line_ids=rows)
        self.person.call(MOVES, "action_post", [entry])
        return entry, [row["id"] for row in self.person.search_read("account.move.line", [("move_id", "=", entry)], ["id"], order="id")]

    def _reconcile(self, *lines):
        self.person.call("account.move.line", "reconcile", list(lines))
