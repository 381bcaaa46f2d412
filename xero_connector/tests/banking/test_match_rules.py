from odoo.tests import tagged

from .test_book import BookCommon


@tagged("post_install", "-at_install")
class TestMatchByRule(BookCommon):
    """What a rule suggests is booked by a click as the rule says then, or not at all."""

    def _prepare(self):
        super()._prepare()
        self.rule = self._rule(taxes=self.purchase_tax, label="Fees of cards")

    def _suggested(self, text="CARD FEE NOV", amount=-11):
        line = self._line(text, amount)
        self.env["xero.bank.match"]._refresh(self.connection)
        match = self.env["xero.bank.match"].search([("line_id", "=", line.id)])
        self.assertEqual(match.sureness, "likely")
        return match

    def _refused(self, match):
        answer = match.action_match()
        self.assertEqual(answer["params"]["message"], "What was suggested has changed meanwhile. Look again.")
        self.assertFalse(match.line_id.is_reconciled)

    def test_by_a_click(self):
        match = self._suggested()
        match.action_match()
        tax_account = self.purchase_tax.invoice_repartition_line_ids.account_id
        self.assertEqual(self._items(match.line_id), sorted([(self.fees.id, 10, tuple(self.purchase_tax.ids)), (tax_account.id, 1, ())]))
        self.assertIn("Fees of cards", match.line_id.move_id.line_ids.mapped("name"))
        self.assertFalse(match.line_id.xero_booked_by, "a person has looked at it")

    def test_the_rules_tax_was_changed_meanwhile(self):
        match = self._suggested()
        self.rule.tax_ids = False
        self._refused(match)

    def test_the_rules_tax_is_gone(self):
        """Else it would be booked without tax."""
        tax = self.purchase_tax.copy({"name": "GST for a while"})
        self.rule.tax_ids = tax
        match = self._suggested()
        tax.unlink()
        self.env.invalidate_all()
        self._refused(match)

    def test_another_rule_comes_first_meanwhile(self):
        match = self._suggested()
        self._rule("Other", [("amount", "<", 0)], account_id=self.income.id, sequence=1)
        self._refused(match)

    def test_a_habit_whose_tax_is_gone(self):
        self.rule.active = False
        tax = self.purchase_tax.copy({"name": "GST for a while"})
        for _time in range(3):
            self._book(self._line("TOLL 1"), taxes=self.purchase_tax)
        match = self._suggested("TOLL 2")
        tax.active = False  # another one: nothing of this
        self.purchase_tax.active = False
        self.env.invalidate_all()
        self._refused(match)
        self.purchase_tax.active = True
        match.action_match()
        self.assertTrue(match.line_id.is_reconciled)
