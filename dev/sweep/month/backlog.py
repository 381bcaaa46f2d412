"""What Odoo's demo data has under way in a company: finished, invoiced, billed, paid out."""

from dev.demo_books import MOVES
from dev.sweep.month.expenses import EXPENSE, Expenses
from dev.sweep.month.purchases import ORDER as PURCHASE
from dev.sweep.month.sales import ADVANCE
from dev.sweep.month.sales import ORDER as SALE
from dev.sweep.month.trade import PICKINGS

WITHOUT_LOTS = ("!", ("move_ids.product_id.tracking", "in", ("lot", "serial")))  # of the others somebody would have to type the numbers


class Backlog(Expenses):
    title = "What the demo data has under way"

    def enter_deliveries_and_receipts(self):
        own = ("company_id", "=", self.company_id)
        for kind in ("incoming", "outgoing"):
            domain = [own, ("state", "=", "assigned"), ("picking_type_id.code", "=", kind), *WITHOUT_LOTS]
            for picking in self.person.search_read(PICKINGS, domain, ["id"]):
                self._validate(picking["id"])

    def enter_invoices(self):
        """One for each order, half of them paid."""
        for number, order in enumerate(self._to_invoice(SALE)):
            context = {"active_model": SALE, "active_ids": [order], "active_id": order}
            values = {"advance_payment_method": "delivered", "sale_order_ids": [(6, 0, [order])]}
            [wizard] = self.person.call(ADVANCE, "create", [values], context=context)
            self.person.call(ADVANCE, "create_invoices", [wizard], context=context)
            self._post_of(SALE, order, number)

    def enter_bills(self):
        for number, order in enumerate(self._to_invoice(PURCHASE)):
            self.person.call(PURCHASE, "action_create_invoice", [order])
            self._post_of(PURCHASE, order, number)

    def enter_expenses_approved(self):
        domain = [("company_id", "=", self.company_id), ("state", "=", "approved"), ("payment_mode", "=", "own_account")]
        for expense in self.person.search_read(EXPENSE, domain, ["id"]):
            self._post_own([expense["id"]], 20)

    def _to_invoice(self, model):
        domain = [("company_id", "=", self.company_id), ("invoice_status", "=", "to invoice")]
        return [row["id"] for row in self.person.search_read(model, domain, ["id"], order="id")]

    def _post_of(self, model, order, number):
        """Post the drafts of an order; every second is paid."""
        domain = [("id", "in", self._read(model, order, "invoice_ids")), ("state", "=", "draft"), ("amount_total", ">", 0)]
        for move in self.person.search_read(MOVES, domain, ["move_type"]):
            values = {"ref": f"D-{move['id']}"} if move["move_type"].startswith("in_") else {}
            self._post(move["id"], self._day(24), **values)
            if number % 2 and self._residual(move["id"]):
                self.person.pay(move["id"], self._residual(move["id"]))
