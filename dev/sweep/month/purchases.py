"""Orders, receipts and bills."""

from dev.demo_books import MOVES
from dev.sweep.month.trade import Trade

ORDER = "purchase.order"


class Purchases(Trade):
    title = "Purchases"

    def enter_goods_received_and_billed(self):
        order = self._order(1, ("Lamp", 40, 40), ("Table", 10, 100), ("Screw", 500, 0.5))
        self._receive(order)
        self.person.pay(self._bill(order, 2), 500)

    def enter_goods_in_parts(self):
        order = self._order(4, ("Lamp", 30, 42))
        self._receive(order, 10)
        first = self._bill(order, 5)
        self._receive(order)
        self._bill(order, 9)
        self.person.pay(first, self._residual(first))

    def enter_goods_at_another_price(self):
        """At standard cost the difference has an account of its own; at average cost it becomes part of the cost."""
        for name, ordered, billed in (("Table", 100, 108), ("Lamp", 42, 45.5)):
            order = self._order(8, (name, 6, ordered))
            self._receive(order)
            self._bill(order, 10, billed)

    def enter_goods_sent_back(self):
        order = self._order(11, ("Lamp", 10, 41))
        self._receive(order)
        bill = self._bill(order, 12)
        self._return(self._read(ORDER, order, "picking_ids")[0], 3)
        note = self._refund(bill, self._day(14), [3])
        self.person.call(MOVES, "js_assign_outstanding_line", [bill], self._debt(note))

    def enter_goods_in_euros(self):
        currency = self._one("res.currency", ("name", "=", "EUR"))
        order = self._order(13, ("Lamp", 8, 23.75), currency_id=currency)
        self._receive(order)
        bill = self._bill(order, 15)
        self.person.pay(bill, self._residual(bill))

    def enter_goods_not_billed_yet(self):
        self._receive(self._order(20, ("Lamp", 5, 44), ("Screw", 100, 0.55)))

    def enter_bill_before_goods(self):
        order = self._order(21, ("Advice", 3, 95))
        self._write("purchase.order.line", self._read(ORDER, order, "order_line")[0], qty_received=3)
        self._bill(order, 21)

    # === HOW THINGS ARE DONE === #

    def _order(self, day, *lines, **values):
        rows = [
            (0, 0, {"product_id": self._product(name), "product_qty": quantity, "price_unit": price}) for name, quantity, price in lines
        ]
        vendor = self.vendors[self.random.randrange(len(self.vendors))]
        order = self._create(ORDER, partner_id=vendor, date_order=f"{self._day(day)} 09:00:00", order_line=rows, **values)
        self.person.call(ORDER, "button_confirm", [order])
        return order

    def _receive(self, order, quantity=None):
        for picking in self._pickings(ORDER, order):
            self._validate(picking, quantity)

    def _bill(self, order, day, price=None):
        before = set(self._read(ORDER, order, "invoice_ids"))
        self.person.call(ORDER, "action_create_invoice", [order])
        [bill] = set(self._read(ORDER, order, "invoice_ids")) - before
        for line in self._read(MOVES, bill, "invoice_line_ids") if price else ():
            self._write(MOVES, bill, invoice_line_ids=[(1, line, {"price_unit": price})])
        return self._post(bill, self._day(day), ref=f"V-{self.company_id}-{bill}")
