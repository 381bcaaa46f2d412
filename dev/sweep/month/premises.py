"""What a company has before it can work: a warehouse, products, people."""

from dev.sweep.month.trade import Trade

# name -> (category, cost, price, values)
PRODUCTS = {
    "Lamp": ("Average", 40, 89.9, {"is_storable": True}),
    "Table": ("Standard", 100, 249, {"is_storable": True}),
    "Screw": ("Average", 0.5, 1.2, {"is_storable": True}),
    "Shelf": ("Average", 0, 59, {"is_storable": True}),
    "Advice": (None, 0, 120, {"type": "service", "invoice_policy": "order"}),
    "Travel": (None, 0, 0, {"type": "service", "can_be_expensed": True, "expense_policy": "cost"}),
    "Meals": (None, 0, 0, {"type": "service", "can_be_expensed": True}),
}


class Premises(Trade):
    """Goods are valued perpetually, at average and at standard cost; what goes into production, or is lost, is booked as it happens."""

    title = "Warehouse, products and people"

    def enter_warehouse(self):
        own = [("company_id", "=", self.company_id)]
        if not self.person.search_read("stock.warehouse", own, ["id"]):
            self._create("stock.warehouse", name="Main Warehouse", code=f"W{self.company_id}", company_id=self.company_id)

    def enter_places(self):
        """Goods that go into production, or are lost, have an account."""
        for usage, name, kind in (
            ("production", "Work in Production", "asset_current"),
            ("inventory", "Goods Lost", "expense_direct_cost"),
        ):
            account = self._new_account(name, kind)
            for row in self.person.search_read("stock.location", [("company_id", "=", self.company_id), ("usage", "=", usage)], ["id"]):
                self._write("stock.location", row["id"], valuation_account_id=account)

    def enter_categories(self):
        for cost in ("Average", "Standard"):
            category = self._create(
                "product.category", name=f"{cost} {self.company_id}", property_valuation="real_time", property_cost_method=cost.lower()
            )
            if cost == "Standard":
                account = self._new_account("Price Differences", "expense_direct_cost")
                self._write("product.category", category, property_price_difference_account_id=account)

    def enter_products(self):
        for name, (category, cost, price, special) in PRODUCTS.items():
            own = {"categ_id": self._one("product.category", ("name", "=", f"{category} {self.company_id}"))} if category else {}
            values = {"type": "consu", "invoice_policy": "delivery", "purchase_method": "receive", **special, **own}
            self._create(
                "product.product",
                name=f"{name} {self.company_id}",
                company_id=self.company_id,
                standard_price=cost,
                list_price=price,
                **values,
            )

    def enter_people(self):
        for name in ("Kim Baker", "Ali Mason"):
            self._create("hr.employee", name=f"{name} {self.company_id}", company_id=self.company_id)
