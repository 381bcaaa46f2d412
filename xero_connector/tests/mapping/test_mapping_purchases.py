from odoo.fields import Command
from odoo.tests import tagged

from .test_mapping import MappingCase


@tagged("post_install", "-at_install")
class TestMappingPurchases(MappingCase):
    """What bills, credit notes and the lines Odoo adds by itself need of the mapping, and what nothing uses yet."""

    def _document(self, account, taxes, move_type="in_invoice", **values):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner_a.id,
                "invoice_date": "2026-10-01",
                "date": "2026-10-01",
                "invoice_line_ids": [
                    Command.create({"name": "line", "price_unit": 10.02, "account_id": account.id, "tax_ids": [Command.set(taxes.ids)]})
                ],
                **values,
            }
        )
        move.action_post()
        self.connection._propose_mapping()
        return move

    def _class_line(self, taxes, account_class):
        return self.connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == taxes and line.account_class == account_class)

    def test_what_bills_use_is_needed(self):
        rent, tax = self._line("62300"), self.tax_purchase_a
        self.assertEqual((rent.needed, rent.state, rent.reason), (False, "proposed", "same_name"))
        self._document(rent.account_id, tax)
        self.assertTrue(rent.needed)
        line = self._tax_line(tax)
        self.assertEqual((line.needed, line.xero_tax_rate_id.tax_type, line.tax_use), (True, "INPUT", "purchase"))

    def test_bills_that_are_not_sent_need_nothing(self):
        default = self.company_data["company"].expense_account_id
        self._document(self._line("62300").account_id, self.tax_purchase_a)
        self.assertTrue(self._line(default.code).needed)
        self.connection.sudo().write({"sync_bill": "off", "sync_credit_note": "off"})
        self.connection._propose_mapping()
        self.assertFalse(self._line("62300").needed or self._line(default.code).needed or self._tax_line(self.tax_purchase_a).needed)

    def test_a_class_on_which_the_tax_is_not_allowed(self):
        """A sale on an expense account: Xero has no sales rate for it, and a purchase rate would be another box of the return."""
        before = self.connection.mapping_missing_count
        self._document(self._line("62300").account_id, self.tax_sale_a, "out_invoice")
        line = self._class_line(self.tax_sale_a, "EXPENSE")
        self.assertEqual((line.state, line.reason, line.needed), ("missing", "not_allowed", True))
        self.assertEqual(self.connection.mapping_missing_count, before + 1)
        self._document(self._line("21600").account_id, self.tax_sale_a, "out_invoice")
        self.assertFalse(self._class_line(self.tax_sale_a, "LIABILITY"), "deposits take the general rate")

    def test_the_rate_of_the_same_percentage_that_the_class_takes(self):
        organisation = self.xero.organisation("AU")
        output = organisation.tax_rates.get("OUTPUT")
        organisation.tax_rates.put({**output, "CanApplyTo": frozenset({"REVENUE", "ASSET"})})
        own = {"TaxType": "TAX001", "Name": "GST on deposits", "CanApplyTo": frozenset({"REVENUE", "LIABILITY"}), "System": False}
        organisation.tax_rates.put({**output, **own})
        self.connection._read_reference_data()
        self._document(self._line("21600").account_id, self.tax_sale_a, "out_invoice")
        line = self._class_line(self.tax_sale_a, "LIABILITY")
        self.assertEqual((line.xero_tax_rate_id.tax_type, line.reason, line.state), ("TAX001", "for_class", "proposed"))
        self.connection.action_confirm_mapping()
        table = self.connection._mapping_table()
        self.assertEqual(table.tax(self.tax_sale_a.ids, "LIABILITY").tax_type, "TAX001")
        self.assertEqual(table.tax(self.tax_sale_a.ids, "REVENUE").tax_type, "OUTPUT")
        self.connection._propose_mapping()
        self.assertEqual(line.exists().state, "confirmed", "what was agreed stays")

    def test_withheld_taxes_are_lines_on_their_account(self):
        tax = self.env["account.tax"].search([("company_id", "=", self.env.company.id), ("name", "=", "No ABN")])
        self._document(self._line("62300").account_id, self.tax_purchase_a + tax)
        withheld = self._line("21380")
        self.assertEqual((withheld.needed, withheld.xero_account_id.name), (True, "PAYG Withholdings Payable"))
        self.assertFalse(self._tax_line(self.tax_purchase_a + tax), "the rate stands for the GST alone")
        self.assertTrue(self._tax_line(self.tax_purchase_a).needed)
        self.assertEqual((self._tax_line(tax).reason, self._tax_line(tax).state), ("withheld", "unused"))

    def test_cash_rounding_and_write_offs(self):
        account = self._line("61620").account_id
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": account.id,
                "loss_account_id": account.id,
                "rounding_method": "UP",
            }
        )
        sales = self._line("41110").account_id
        invoice = self._document(sales, self.env["account.tax"], "out_invoice", invoice_cash_rounding_id=rounding.id)
        self.assertEqual((self._line("61620").needed, self._line("61620").state), (True, "missing"))
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        given = self._line("61610").account_id
        values = {"amount": 10, "payment_difference_handling": "reconcile", "writeoff_account_id": given.id}
        self.env["account.payment.register"].with_context(**context).create(values)._create_payments()
        self.connection._propose_mapping()
        self.assertTrue(self._line("61610").needed)

    def test_create_in_xero_has_the_class_of_the_account(self):
        for code, kind, account_class in (
            ("61300", "EXPENSE", "EXPENSE"), ("13410", "FIXED", "ASSET"), ("21600", "CURRLIAB", "LIABILITY"), ("31200", "EQUITY", "EQUITY")
        ):  # fmt: skip
            line = self._line(code)
            self.assertTrue(line.can_create, code)
            line.action_create_in_xero()
            self.assertEqual((line.xero_account_id.type, line.xero_account_id.account_class), (kind, account_class))
        self.assertFalse(self._line("21310").can_create, "GST: Xero books it itself")
