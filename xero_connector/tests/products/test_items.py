from odoo import Command
from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestItems(XeroPushCommon):
    """Products in use become untracked items, and no document waits for long for one."""

    def _prepare(self):
        super()._prepare()
        self.connection.sync_item = "auto"
        self.chair = self._product("CH-1", "Chair", list_price=49.5, standard_price=20)

    def _product(self, code, name="Thing", **values):
        own = {"company_id": self.env.company.id, "taxes_id": [Command.set(self.tax.ids)]}
        return self.env["product.product"].create({"name": name, "default_code": code, **own, **values})

    def _sell(self, *products, post=True, **values):
        """An invoice with a line per product."""
        move = self._invoice(*(10 + number for number, _product in enumerate(products)), post=False, **values)
        for line, product in zip(move.invoice_line_ids, products, strict=True):
            price, taxes = line.price_unit, line.tax_ids
            line.product_id = product
            line.write({"price_unit": price, "tax_ids": [Command.set(taxes.ids)]})
        if post:
            move.action_post()
        return move

    def _items(self):
        return {item["Code"]: item for item in self.xero.organisation("AU").items}

    def _codes(self, move):
        return [line["ItemCode"] for line in self.xero.organisation("AU").invoices.get(self._binding(move).xero_id)["Lines"]]

    def _in_xero(self, code, **values):
        """An item that somebody made in Xero."""
        self._xero().create_items([{"Code": code, "Name": "Made in Xero", **values}], f"made {code}")
        return self._items()[code]

    def test_products_in_use_arrive_before_the_document(self):
        bench, unused = self._product("B-2", "Bench"), self._product("U-3")
        invoices = [self._sell(self.chair, bench), self._sell(bench)]
        self._run()
        for invoice, codes in zip(invoices, (["CH-1", "B-2"], ["B-2"]), strict=True):
            self._assert_in_step(invoice)
            self.assertEqual(self._codes(invoice), codes)
        self.assertEqual(set(self._items()), {"CH-1", "B-2"})
        self.assertFalse(self._binding(unused))
        self.assertEqual(self._calls("PUT /Items"), 1)

    def test_what_an_item_says(self):
        self.chair.write({"description_sale": "Made of wood", "description_purchase": "By the dozen"})
        self._sell(self.chair)
        self._run()
        item = self._items()["CH-1"]
        self.assertEqual((item["Name"], item["Description"]), ("Chair", "Chair\nMade of wood"))
        self.assertEqual(item["PurchaseDescription"], "Chair\nBy the dozen")
        self.assertEqual(float(item["SalesDetails"]["UnitPrice"]), 49.5)
        self.assertEqual(float(item["PurchaseDetails"]["UnitPrice"]), 20)
        account = self.chair._get_product_accounts()["income"]
        self.assertEqual(item["SalesDetails"]["AccountCode"], self.connection._mapping_table().account(account.id).code)
        self.assertFalse(item["InventoryAssetAccountCode"])

    def test_price_with_tax_is_sent_without(self):
        tax = self.tax.copy({"name": "GST included", "price_include_override": "tax_included"})
        product = self._product("INC", list_price=110, taxes_id=[Command.set(tax.ids)])
        self._sell(product)
        self._run()
        self.assertEqual(float(self._items()["INC"]["SalesDetails"]["UnitPrice"]), 100)

    def test_price_in_another_currency_is_left_out(self):
        product = self._product("USD", list_price=110, company_id=False)
        self.assertNotEqual(product.currency_id, self.env.company.currency_id)
        self._sell(product)
        self._run()
        self.assertNotIn("UnitPrice", self._items()["USD"]["SalesDetails"])

    def test_line_keeps_its_own_account_and_price(self):
        invoice = self._sell(self.chair)
        self._run()
        line = self.xero.organisation("AU").invoices.get(self._binding(invoice).xero_id)["Lines"][0]
        self.assertEqual((float(line["UnitAmount"]), line["Description"]), (10, invoice.invoice_line_ids.name))

    def test_off_sends_none(self):
        self.connection.sync_item = "off"
        invoice = self._sell(self.chair)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), [""])
        self.assertFalse(self._items())

    def test_product_without_reference_goes_without(self):
        invoice = self._sell(self._product(False), self._product("  "))
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["", ""])
        self.assertFalse(self.env["xero.problem"].search([("state", "=", "open")]))

    @every_value("item_code_case")
    def test_long_and_double_references_do_not_stop_the_document(self):
        first, second, long = self._product("AB"), self._product("ab"), self._product("x" * 31)
        invoice = self._sell(first, second, long)
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["AB", "", ""])
        held = [self._job(product) for product in (second, long)]
        self.assertEqual([job.problem_id.code for job in held], ["item_refused"] * 2)
        self.assertEqual(held[0].problem_id.fix_label, "Open the Product")
        second.default_code = "CD"
        self._run()
        self.assertIn("CD", self._items())

    @every_value("item_code_case", "item_name_as_description")
    def test_item_that_xero_has_is_taken_as_it_is(self):
        made = self._in_xero("mine")
        product = self._product("mine", "Other name")
        invoice = self._sell(product)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["mine"])
        self.assertEqual(self._binding(product).xero_id, made["ItemID"])
        self.assertEqual(self._items()["mine"]["Name"], "Made in Xero")

    def test_tracked_items_are_left_alone(self):
        inventory = self._inventory_account()
        self._in_xero(
            "STOCK", InventoryAssetAccountCode=inventory, PurchaseDetails={"COGSAccountCode": "310"}, SalesDetails={"AccountCode": "200"}
        )
        product = self._product("STOCK", "Something in stock")
        invoice = self._sell(product)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), [""])
        product.name = "Renamed"
        self._run()
        self.assertEqual(self._items()["STOCK"]["Name"], "Made in Xero")
        self.assertFalse(self._job(product).problem_id)

    def _inventory_account(self):
        accounts = self.xero.organisation("AU").accounts
        found = [row["Code"] for row in accounts if row["Type"] == "INVENTORY"]
        if not found:
            self._xero().create_account({"Code": "631", "Name": "Stock", "Type": "INVENTORY"}, "inventory")
        return (found or ["631"])[0]

    def test_renamed_and_repriced_products_are_updated(self):
        self._sell(self.chair)
        self._run()
        xero_id = self._items()["CH-1"]["ItemID"]
        self.chair.product_tmpl_id.write({"name": "Armchair", "list_price": 55.25})
        self.chair.default_code = "CH-9"
        self._run()
        self.assertEqual(set(self._items()), {"CH-9"})
        item = self._items()["CH-9"]
        self.assertEqual((item["ItemID"], item["Name"], float(item["SalesDetails"]["UnitPrice"])), (xero_id, "Armchair", 55.25))
        before = self._calls("Items")
        self.chair.name = "Armchair"
        self._run()
        self.assertEqual(self._calls("Items"), before)
        invoice = self._sell(self.chair)
        self._run()
        self.assertEqual(self._codes(invoice), ["CH-9"])

    def test_new_code_that_another_item_has(self):
        self._in_xero("TAKEN")
        self._sell(self.chair)
        self._run()
        self.chair.default_code = "TAKEN"
        self._run()
        self.assertEqual(self._job(self.chair).problem_id.code, "item_refused")
        invoice = self._sell(self.chair)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["CH-1"])

    def test_archived_and_deleted_products_change_nothing(self):
        self._sell(self.chair)
        gone = self._product("GONE")
        invoice = self._sell(gone, post=False)
        invoice.action_post()
        self._run()
        before = self._calls("Items")
        self.chair.active = False
        invoice.button_draft()
        invoice.invoice_line_ids.product_id = False
        gone.unlink()
        self._run()
        self.assertEqual(self._calls("Items"), before)
        self.assertEqual(set(self._items()), {"CH-1", "GONE"})
        successor = self._product("GONE", "Successor")
        again = self._sell(successor)
        self._run()
        self._assert_in_step(again)
        self.assertEqual(self._codes(again), ["GONE"])

    def test_item_deleted_in_xero_is_made_anew(self):
        self._sell(self.chair)
        self._run()
        self.xero.organisation("AU").items.remove(self._items()["CH-1"]["ItemID"])
        invoice = self._sell(self.chair)
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["CH-1"])
        self.xero.organisation("AU").items.remove(self._items()["CH-1"]["ItemID"])
        self.chair.name = "Armchair"
        self._run()
        self._later()
        self._run()
        self.assertEqual(self._items()["CH-1"]["Name"], "Armchair")

    @every_value("unsold_items")
    def test_items_that_are_not_sold(self):
        self._in_xero("not", IsSold=False)
        taken, own = self._product("not"), self._product("own", sale_ok=False)
        invoice = self._sell(taken, own, self.chair)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["", "", "CH-1"])

    def test_item_that_is_no_longer_sold_since(self):
        self.xero.switches.set({"unsold_items": "refused"})
        self._sell(self.chair)
        self._run()
        self.xero.organisation("AU").items.put({**self._items()["CH-1"], "IsSold": False})
        invoice = self._sell(self.chair)
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), [""])

    @every_value("item_write_scope")
    def test_either_scope_is_enough(self):
        self._sell(self._product("S"))
        self._run()
        self.assertIn("S", self._items())

    def test_an_item_alone_changes_no_document_in_xero(self):
        self.connection.sync_item = "off"
        invoice = self._sell(self.chair)
        self._run()
        self.connection.sync_item = "auto"
        self._sell(self.chair)
        self._run()
        before = self._calls("POST /Invoices")
        invoice.action_xero_sync()
        self._run()
        self.assertEqual(self._calls("POST /Invoices"), before)
        self.assertEqual(self._codes(invoice), [""])

    def test_lost_answers_make_no_second_item(self):
        for number, kind in enumerate(("timeout_before", "timeout_after", "reset_after", "error_500_after", "empty_200")):
            product = self._product(f"L-{number}")
            self._order_fault(kind, method="PUT", path="Items")
            invoice = self._sell(product)
            for _run in range(3):
                self._run()
                self._later()
            self._run()
            self._assert_in_step(invoice)
            self.assertEqual(sum(item["Code"] == f"L-{number}" for item in self.xero.organisation("AU").items), 1, kind)
            self.assertEqual(self._binding(product).number, f"L-{number}")

    def test_split_lines_carry_the_code(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        north, south = self.env["account.analytic.account"].create([{"name": name, "plan_id": plan.id} for name in ("North", "South")])
        self.connection._propose_mapping()
        self.connection.action_confirm_mapping()
        invoice = self._sell(self.chair, post=False)
        invoice.invoice_line_ids.analytic_distribution = {str(north.id): 60, str(south.id): 40}
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(self._codes(invoice), ["CH-1", "CH-1"])
