from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from ...handlers.dispatch import Outgoing
from ...handlers.trace import LinesTrace
from ..common.amounts import AmountsCommon
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestMoney(AmountsCommon):
    """What stands on a document arrives in Xero to the cent; how, the administrator decides."""

    def _of(self, *lines, **values):
        """A posted customer invoice with lines ``(price, names of taxes, other values)``."""
        account = self.company_data["default_account_revenue"]
        commands = [
            Command.create(
                {
                    "name": "Work",
                    "price_unit": price,
                    "account_id": account.id,
                    "tax_ids": [Command.set([self.taxes["sale"][name].id for name in names])],
                    **(others[0] if others else {}),
                }
            )
            for price, names, *others in lines
        ]
        move = self._invoice(post=False, invoice_line_ids=commands, **values)
        move.action_post()
        return move

    def _thirds(self):
        """Xero's own example, its tax rounded over the document: a cent more than Xero makes of it."""
        self.company.tax_calculation_rounding_method = "round_globally"
        move = self._of((25.06, ["fifteen"]), (25.61, ["fifteen"]), (25.63, ["fifteen"]))
        self.assertEqual((move.amount_tax, move.amount_total), (11.45, 87.75))
        return move

    def _in_xero(self, move):
        return self.organisation.invoices.get(move.xero_id)

    # === POLICIES === #

    @every_value("tax_amount_limit")
    def test_tax_amounts(self):
        move = self._thirds()
        self._run()
        self._assert_in_step(move)
        self.assertEqual(self._binding(move).correction, "tax_amounts")

    def test_rounding_line(self):
        self.connection.rounding_policy = "rounding_line"
        move = self._thirds()
        self._run()
        record = self._in_xero(move)
        self.assertEqual((record["Total"], record["TotalTax"]), (Decimal("87.75"), Decimal("11.44")))
        line = record["Lines"][-1]
        self.assertEqual((line["AccountCode"], line["LineAmount"], line["Description"]), ("860", Decimal("0.01"), "Rounding"))
        self.assertEqual((move.xero_state, self._binding(move).correction), ("synced", "rounding_line"))
        document = self.env["xero.document"].search([("res_model", "=", "account.move"), ("res_id", "=", move.id)])
        self.assertEqual(document.correction, "rounding_line")

    def test_no_rounding_account(self):
        self.env["xero.account"].search([("system_account", "=", "ROUNDING")]).sudo().active = False
        self.connection.rounding_policy = "rounding_line"
        move = self._thirds()
        self._run()
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("blocked", "totals_differ"))
        self.assertIn("rounding account", move.xero_problem_id.help)

    def test_hold_until_the_settings_change(self):
        self.connection.rounding_policy = "hold"
        move = self._thirds()
        self._run()
        self.assertEqual(move.xero_state, "blocked")
        self.assertIn("87.75", move.xero_message)
        self.assertIn("87.74", move.xero_message)
        self.connection.rounding_policy = "tax_amounts"
        move.xero_problem_id.action_retry()
        self._run()
        self._assert_in_step(move)

    def test_more_than_the_tolerance(self):
        move = self._with_tax_changed(10.06)
        self._run()
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("blocked", "totals_differ"))
        self.connection.rounding_tolerance = 0.1
        move.xero_problem_id.action_retry()
        self._run()
        self._assert_in_step(move)

    def _with_tax_changed(self, tax):
        """An invoice of 100 whose tax a person has changed."""
        move = self._invoice(100, post=False, taxes=self.taxes["sale"]["ten"])
        line = move.line_ids.filtered("tax_line_id")
        move.write({"line_ids": [Command.update(line.id, {"amount_currency": -tax})]})
        move.action_post()
        self.assertEqual(move.amount_tax, tax)
        return move

    @every_value("ties")
    def test_halves_arrive_whatever_xero_does_with_them(self):
        move = self._of((12.45, ["ten"]), (12.55, ["ten"]))
        self._run()
        self._assert_in_step(move)

    @every_value("tax_amount_limit")
    def test_a_tax_of_many_cheap_pieces(self):
        """More tax on the line than one piece costs."""
        self.company.tax_calculation_rounding_method = "round_globally"
        move = self._of(*[(0.33, ["fifteen"], {"quantity": 37})] * 7)
        self._run()
        self._assert_in_step(move)

    def test_a_tax_that_xero_computes_otherwise_is_a_problem(self):
        """Tax may not be given, and Xero rounds halves otherwise than the settings say."""
        self.connection.write({"rounding_policy": "hold", "tie_rounding": "half_up"})
        self.xero.switches.set({"ties": "half_even"})
        move = self._of((12.45, ["ten"]))
        self._run()
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("failed", "totals_differ"))
        self.assertFalse(self._binding(move).sent)

    def test_the_same_total_with_another_tax_is_a_problem(self):
        move = self._of((110, ["ten in the price"]))
        trace = LinesTrace(total=Decimal("110.00"), tax=Decimal("10.01"), number=move.name)
        item = Outgoing(self._job(move).id, move.id, "create", {}, "", trace=trace, kind="invoice", res_model="account.move")
        remote = type("Remote", (), {"total": Decimal("110.00"), "total_tax": Decimal("10.00"), "number": move.name})
        held = self.env["xero.handler.invoice"]._disagreement(item, remote)
        self.assertIn("10.01", held.message)
        self.assertTrue(held.failed)

    # === LINES === #

    def test_prices_that_include_tax_are_kept(self):
        move = self._of((11.99, ["ten in the price"], {"quantity": 3, "discount": 10}), (5, []))
        self._run()
        self._assert_in_step(move)
        record = self._in_xero(move)
        self.assertEqual((record["LineAmountTypes"], record["Lines"][0]["UnitAmount"]), ("Inclusive", Decimal("11.99")))
        self.assertEqual(self._binding(move).correction, "plain")

    def test_an_amount_per_piece_is_a_line_taxed_like_the_others(self):
        move = self._of((100, ["eco", "ten"], {"quantity": 3}))
        self.assertEqual(move.amount_total, 331.65)
        self._run()
        work, eco = self._in_xero(move)["Lines"]
        self.assertEqual((work["LineAmount"], work["TaxAmount"]), (Decimal("300.00"), Decimal("30.00")))
        self.assertEqual((eco["Description"], eco["LineAmount"], eco["TaxAmount"]), ("eco (sale)", Decimal("1.50"), Decimal("0.15")))
        self.assertEqual((move.xero_state, self._binding(move).correction), ("synced", "plain"))

    def test_what_is_withheld_is_a_line_on_its_own_account(self):
        move = self._of((100, ["ten", "withheld"]))
        self._run()
        work, withheld = self._in_xero(move)["Lines"]
        self.assertEqual((work["TaxAmount"], withheld["LineAmount"]), (Decimal("10.00"), Decimal("-3.00")))
        self.assertEqual(withheld["AccountCode"], self.codes[self.company_data["default_account_assets"].id])
        self.assertEqual(self._in_xero(move)["Total"], Decimal("107.00"))

    def test_without_an_account_for_it_the_document_is_held(self):
        mapping = self.env["xero.account.mapping"].search([("account_id", "=", self.company_data["default_account_assets"].id)])
        mapping.unlink()
        move = self._of((100, ["ten", "withheld"]))
        self._run()
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("blocked", "account_unmapped"))

    def test_a_division_that_no_rate_comes_to_is_a_line(self):
        rate = self.env["xero.tax.rate"].search([("tax_type", "=", "TAX10")])
        mapping = self.env["xero.tax.mapping"].search([("tax_ids", "=", self.taxes["sale"]["division"].id)])
        mapping.sudo().write({"xero_tax_rate_id": rate.id, "reason": "chosen", "confirmed": True})
        move = self._of((90, ["division"]))
        self.assertEqual(move.amount_total, 100)
        self._run()
        self.assertEqual([line["LineAmount"] for line in self._in_xero(move)["Lines"]], [Decimal("90.00"), Decimal("10.00")])

    def test_a_long_description_is_told_in_full(self):
        text = "a word " * 900
        move = self._of((100, ["ten"], {"name": text}))
        self._run()
        lines = self._in_xero(move)["Lines"]
        self.assertEqual(len(lines), 2)
        self.assertTrue(" ".join(line["Description"] for line in lines).split() == text.split())

    @every_value("currency_decimals")
    def test_yen_arrive_whatever_xero_does_with_cents(self):
        move = self._of((333, ["ten"]), (33.5, ["ten"], {"quantity": 3}), currency_id=self.currencies["JPY"].id)
        self._run()
        self._assert_in_step(move)

    def test_a_third_decimal_is_held_and_says_so(self):
        move = self._of((1.235, []), currency_id=self.currencies["KWD"].id)
        self._run()
        self.assertEqual((move.xero_state, move.xero_problem_id.code), ("blocked", "totals_differ"))
        self.assertIn("KWD", move.xero_problem_id.help)
