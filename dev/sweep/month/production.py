"""Goods that are made, counted and thrown away, and the month's end of the stock."""

from dev.sweep.month.trade import Trade

PRODUCTION, QUANT, SCRAP = "mrp.production", "stock.quant", "stock.scrap"


class Production(Trade):
    title = "Production and stock"

    def enter_shelves(self):
        """Made of screws and a lamp; of the second lot less is made than was planned."""
        product = self._product("Shelf")
        parts = [(0, 0, {"product_id": self._product(name), "product_qty": quantity}) for name, quantity in (("Screw", 8), ("Lamp", 1))]
        template = self._read("product.product", product, "product_tmpl_id")[0]
        bill = self._create("mrp.bom", product_tmpl_id=template, product_qty=1, bom_line_ids=parts, company_id=self.company_id)
        for planned in (5, 3):
            self._produce(product, bill, planned)

    def enter_count(self):
        """More screws than thought, and a lamp less."""
        for name, difference in (("Screw", 12), ("Lamp", -1)):
            product = self._product(name)
            domain = [("product_id", "=", product), ("location_id.usage", "=", "internal"), ("company_id", "=", self.company_id)]
            [quant] = self.person.search_read(QUANT, domain, ["quantity"], limit=1)
            context = {"inventory_mode": True}
            self.person.call(QUANT, "write", [quant["id"]], {"inventory_quantity": quant["quantity"] + difference}, context=context)
            self.person.call(QUANT, "action_apply_inventory", [quant["id"]], context=context)

    def enter_scrap(self):
        scrap = self._create(SCRAP, product_id=self._product("Lamp"), scrap_qty=1, company_id=self.company_id)
        self.person.call(SCRAP, "action_validate", [scrap])

    def enter_closing_of_stock(self):
        """What was received and not billed, or delivered and not invoiced, is set right for the month."""
        self.person.call("res.company", "action_close_stock_valuation", [self.company_id], auto_post=True)

    def _produce(self, product, bill, quantity):
        order = self._create(PRODUCTION, product_id=product, product_qty=quantity, bom_id=bill, company_id=self.company_id)
        self.person.call(PRODUCTION, "action_confirm", [order])
        self._write(PRODUCTION, order, qty_producing=quantity)
        for move in self.person.search_read("stock.move", [("raw_material_production_id", "=", order)], ["product_uom_qty"]):
            self._write("stock.move", move["id"], quantity=move["product_uom_qty"], picked=True)
        self.person.call(PRODUCTION, "button_mark_done", [order], context={"skip_consumption": True, "skip_backorder": True})
