"""Orders, deliveries, invoices, what comes back, and money for all that."""

from dev.demo_books import MOVES
from dev.sweep.month.trade import Trade

ORDER, ADVANCE = "sale.order", "sale.advance.payment.inv"


class Sales(Trade):
    title = "Sales"

    def enter_order_in_full(self):
        order = self._order(("Lamp", 6, 89.9), ("Advice", 2, 120))
        self._deliver(order)
        invoice = self._invoice(order, 3)
        self.person.pay(invoice, self._residual(invoice))

    def enter_order_in_parts(self):
        order = self._order(("Lamp", 8, 85), ("Table", 8, 249))
        self._deliver(order, 3)
        self._invoice(order, 6)
        self._deliver(order)
        self._invoice(order, 12)

    def enter_order_with_down_payment(self):
        order = self._order(("Table", 2, 255), ("Advice", 1, 150))
        first = self._invoice(order, 7, advance_payment_method="percentage", amount=30)
        self.person.pay(first, self._residual(first))
        self._deliver(order)
        self._invoice(order, 16)

    def enter_order_sent_back(self):
        """Two of five lamps come back; their credit note is matched with the invoice."""
        order = self._order(("Lamp", 5, 92.5))
        self._deliver(order)
        invoice = self._invoice(order, 10)
        self._return(self._read(ORDER, order, "picking_ids")[0], 2)
        note = self._refund(invoice, self._day(13), [2])
        self.person.call(MOVES, "js_assign_outstanding_line", [invoice], self._debt(note))

    def enter_order_in_euros(self):
        """Paid at another rate than invoiced."""
        euros = self._pricelist(self._one("res.currency", ("name", "=", "EUR")))
        order = self._order(("Lamp", 3, 55.55), pricelist_id=euros)
        self._deliver(order)
        invoice = self._invoice(order, 9)
        self.person.pay(invoice, self._residual(invoice))

    def enter_order_delivered_not_invoiced(self):
        self._deliver(self._order(("Lamp", 4, 88)))

    def enter_order_invoiced_twice_a_month(self):
        """A dozen small orders on one invoice of each half."""
        for half in (14, 27):
            orders = [self._order(("Screw", self.random.randrange(5, 40), 1.2)) for _ in range(4)]
            for order in orders:
                self._deliver(order)
            self._invoice(orders, half)

    def enter_credit_left_open(self):
        self._enter("out_refund", [(1, 64.25)], self.customers[1])

    # === HOW THINGS ARE DONE === #

    def _order(self, *lines, **values):
        rows = [
            (0, 0, {"product_id": self._product(name), "product_uom_qty": quantity, "price_unit": price}) for name, quantity, price in lines
        ]
        values = {"pricelist_id": self._pricelist(self.currency), **values}
        order = self._create(ORDER, partner_id=self.customers[0], order_line=rows, **values)
        self.person.call(ORDER, "action_confirm", [order])
        return order

    def _pricelist(self, currency):
        """One of the company in this currency; the demo's own is in the first company's."""
        own = [("company_id", "=", self.company_id), ("currency_id", "=", currency)]
        found = self.person.search_read("product.pricelist", own, ["id"], limit=1)
        values = {"name": f"Prices {self.company_id}", "currency_id": currency, "company_id": self.company_id}
        return found[0]["id"] if found else self._create("product.pricelist", **values)

    def _deliver(self, order, quantity=None):
        for picking in self._pickings(ORDER, order):
            self._validate(picking, quantity)

    def _invoice(self, order, day, **values):
        """The invoice of what is to be invoiced of an order, or of several."""
        orders = order if isinstance(order, list) else [order]
        before = set(self._read(ORDER, orders[0], "invoice_ids"))
        context = {"active_model": ORDER, "active_ids": orders, "active_id": orders[0]}
        values = {"advance_payment_method": "delivered", "sale_order_ids": [(6, 0, orders)], **values}
        [wizard] = self.person.call(ADVANCE, "create", [values], context=context)
        self.person.call(ADVANCE, "create_invoices", [wizard], context=context)
        [invoice] = set(self._read(ORDER, orders[0], "invoice_ids")) - before
        return self._post(invoice, self._day(day))
