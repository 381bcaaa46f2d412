from odoo import Command
from odoo.tests import tagged

from ..common.engine import EngineCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestAmounts(EngineCase):
    def _product_line(self, **values):
        return {
            "name": "line",
            "account_id": self.company_data["default_account_revenue"].id,
            "tax_ids": [Command.set(self.tax.ids)],
            **values,
        }

    def _lines(self, *lines, **values):
        invoice = self._invoice(post=False, **values)
        invoice.invoice_line_ids = [Command.clear()] + [Command.create(self._product_line(**line)) for line in lines]
        invoice.action_post()
        return invoice

    def _xero_lines(self, invoice):
        return self.xero.organisation("AU").invoices.get(self._xero_invoice(invoice).xero_id)["Lines"]

    def test_tax_included(self):
        included = self.tax.copy({"name": "GST incl.", "price_include_override": "tax_included"})
        mapping = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "=", self.tax.id)], limit=1)
        self.connection._propose_mapping()
        line = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "in", included.ids)])
        line = line or mapping.copy({"tax_ids": [Command.set(included.ids)]})
        line.xero_tax_rate_id = mapping.xero_tax_rate_id
        line.confirmed = True
        taxes = {"tax_ids": [Command.set(included.ids)]}
        invoice = self._lines(
            {"price_unit": 100, "quantity": 7, **taxes},
            {"price_unit": 19.99, "quantity": 3, "discount": 12.5, **taxes},
            {"price_unit": -5, "quantity": 1, **taxes},
        )
        self._run()
        self._assert_in_step(invoice)
        for row in self._xero_lines(invoice):
            self.assertNotRegex(row["Description"], r"\d\.\d{5}")

    @every_value("discount_rate_places", "emoji")
    def test_discounts_of_many_decimals_and_signs_beyond_the_basic_plane(self):
        self.env["decimal.precision"].search([("name", "=", "Discount")]).digits = 6
        invoice = self._lines(
            {"price_unit": 1234.56, "quantity": 7, "discount": 12.345678, "name": "Chair \N{CHAIR} of oak"},
            {"price_unit": 99999, "quantity": 3, "discount": 33.333333, "name": "\N{CHAIR}"},
        )
        self._run()
        self._assert_in_step(invoice)

    def test_discounts_and_negative_lines(self):
        invoice = self._lines(
            {"price_unit": 33.333, "quantity": 3, "discount": 33.33},
            {"price_unit": 10, "quantity": 0.333, "discount": 100},
            {"price_unit": -12.345, "quantity": 2},
            {"price_unit": 0.004, "quantity": 1000},
            {"price_unit": 50, "quantity": 0},
        )
        self._run()
        self._assert_in_step(invoice)

    def test_sections_notes_and_nothing_else(self):
        invoice = self._invoice(post=False)
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create(self._product_line(price_unit=10)),
            Command.create({"display_type": "line_note", "name": "Note"}),
        ]
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual([row["Description"] for row in self._xero_lines(invoice)], ["Section", "line", "Note"])

    def _cash_rounding(self, strategy):
        account = self.company_data["default_account_revenue"]
        return self.env["account.cash.rounding"].create(
            {
                "name": strategy, "rounding": 0.05, "strategy": strategy, "rounding_method": "HALF-UP",
                "profit_account_id": account.id, "loss_account_id": account.id,
            }
        )  # fmt: skip

    def test_cash_rounding(self):
        for strategy in ("biggest_tax", "add_invoice_line"):
            with self.subTest(strategy):
                invoice = self._invoice(10.02, 7.77, invoice_cash_rounding_id=self._cash_rounding(strategy).id)
                self._run()
                if invoice.xero_state == "blocked":
                    self.assertEqual(invoice.xero_problem_id.code, "tax_unmapped", invoice.xero_message)
                    continue
                self._assert_in_step(invoice)
                self.assertFalse([row for row in self._xero_lines(invoice) if row["Quantity"] is None])

    def test_yen(self):
        self.xero.organisation("AU").add_currency("JPY")
        self.connection._read_reference_data()
        jpy = self.env.ref("base.JPY")
        jpy.active = True
        jpy.rate_ids = [Command.create({"name": "2026-01-01", "rate": 95.5, "company_id": self.env.company.id})]
        invoice = self._invoice(333, 1001, currency_id=jpy.id)
        payment = self._pay(invoice)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).status), ("synced", "PAID"), payment.xero_message)

    def test_early_payment_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
                "early_pay_discount_computation": "mixed", "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )  # fmt: skip
        invoice = self._invoice(100, invoice_payment_term_id=term.id)
        self._run()
        self.assertIn(invoice.xero_state, ("synced", "blocked"))
        if invoice.xero_state == "synced":
            self._assert_in_step(invoice)
