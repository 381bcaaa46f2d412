from ast import literal_eval

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.rules import XeroRuleCommon


class BookCommon(XeroRuleCommon):
    def _dialog(self, line, user=None):
        """The dialog *Book…* about a line, as a person sees it."""
        wizards = self.env["xero.bank.book"].with_user(user or self.env.user)
        return Form(wizards.with_context(**wizards._open(line.with_env(wizards.env))["context"]))

    def _book(self, line, account=None, taxes=None, partner=None, user=None):
        """Book a line by hand; returns the question that follows, as its context, or None."""
        form = self._dialog(line, user)
        form.account_id = account or self.fees
        form.partner_id = partner or self.env["res.partner"]
        wizard = form.save()
        wizard.tax_ids = [Command.set(taxes.ids if taxes else [])]
        notice = wizard.action_book()
        self.assertTrue(line.is_reconciled)
        return notice["params"]["next"].get("context")

    def _items(self, line):
        """``{account: balance}`` of what a line was for."""
        items = line.move_id.line_ids - line._seek_for_lines()[0]
        return sorted((item.account_id.id, item.balance, tuple(item.tax_ids.ids)) for item in items)


@tagged("post_install", "-at_install")
class TestBook(BookCommon):
    """A line that nothing is open for goes straight to an account, with its tax."""

    def test_without_tax(self):
        line = self._line("CARD FEE NOV")
        self._book(line)
        self.assertEqual(self._items(line), [(self.fees.id, 9.5, ())])

    def test_with_tax_and_partner(self):
        line = self._line("RENT DEC", -110)
        self._book(line, taxes=self.purchase_tax, partner=self.partner)
        tax_account = self.purchase_tax.invoice_repartition_line_ids.account_id
        expected = [(self.fees.id, 100, tuple(self.purchase_tax.ids)), (tax_account.id, 10, ())]
        self.assertEqual(self._items(line), sorted(expected))
        self.assertEqual((line.move_id.line_ids - line._seek_for_lines()[0]).partner_id, self.partner)

    def test_twice(self):
        line = self._line("CARD FEE NOV")
        first, second = self._dialog(line), self._dialog(line)
        for form in (first, second):
            form.account_id = self.fees
        first.save().action_book()
        with self.assertRaises(UserError):
            second.save().action_book()
        self.assertEqual(self._items(line), [(self.fees.id, 9.5, ())])

    def test_another_companys_account(self):
        other, line = self.setup_other_company(), self._line("CARD FEE")
        for name, value in (
            ("account_id", other["default_account_expense"].id),
            ("tax_ids", [Command.set(other["default_tax_purchase"].ids)]),
            ("partner_id", self.env["res.partner"].create({"name": "Theirs", "company_id": other["company"].id}).id),
        ):
            values = {"line_id": line.id, "account_id": self.fees.id, name: value}
            with self.subTest(name), self.assertRaises(UserError):
                self.env["xero.bank.book"].create(values).action_book()
        self.assertFalse(line.is_reconciled)

    def test_who_may(self):
        line = self._line("CARD FEE")
        user = new_test_user(self.env, "book_user", groups="xero_connector.group_xero_user", company_id=self.env.company.id)
        self.assertIsNone(self._book(line, user=user), "who makes no rules is not asked for one")
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "book_stranger", groups="xero_connector.group_xero_user", company_id=other.id)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            wizard = self.env["xero.bank.book"].with_user(stranger).create({"line_id": line.id, "account_id": self.fees.id})
            wizard.action_book()

    def test_what_a_rule_says_is_filled_in(self):
        rule = self._rule(taxes=self.purchase_tax, partner_id=self.partner.id)
        form = self._dialog(self._line("CARD FEE"))
        self.assertEqual((form.account_id, form.tax_ids[:], form.partner_id), (self.fees, self.purchase_tax, self.partner))
        self.assertEqual(form.why, "Your rule “Card fees”.")
        rule.unlink()


@tagged("post_install", "-at_install")
class TestMakeTheRule(BookCommon):
    """ "Do the same for lines like this?": a rule made from the line that was just booked."""

    def _make(self, question, **values):
        wizard = self.env["xero.rule.make"].with_context(**question).create(values)
        before = self.env["xero.rule"].search([])
        wizard.action_make()
        return self.env["xero.rule"].search([]) - before

    def test_from_booking_to_rule(self):
        self.env.company.currency_id.symbol = "A$"
        self._line("CARD FEE OCT")
        question = self._book(self._line("CARD FEE NOV"), taxes=self.purchase_tax, partner=self.partner)
        wizard = self.env["xero.rule.make"].with_context(**question).create({})
        self.assertEqual(wizard.sentence, "Text contains CARD FEE and the amount paid is below A$ 10")
        self.assertEqual((wizard.waiting_count, wizard.how, wizard.name), (1, "suggest", "Card fee"))
        rule = self._make(question)
        self.assertEqual((rule.account_id, rule.tax_ids, rule.partner_id), (self.fees, self.purchase_tax, self.partner))
        self.assertEqual((rule.domain, rule.how, rule.active), (question["default_domain"], "suggest", True))
        self.assertEqual(
            self._first(self._line("CARD FEE DEC"), self._line("CARD FEE", 5), self._line("CARD FEE", -300)), ["Card fee", None, None]
        )

    def test_the_condition_can_be_changed_first(self):
        question = self._book(self._line("CARD FEE NOV"))
        with Form(self.env["xero.rule.make"].with_context(**question)) as form:
            form.domain = "[('payment_ref', 'ilike', 'ANYTHING')]"
            self.assertEqual(form.sentence, "Text contains ANYTHING")
            form.domain = "[('vanished', '=', 1)]"
            self.assertIn("no longer there", form.warning)
            form.domain = "[('payment_ref', 'ilike', 'ANYTHING')]"

    def test_not_asked_again(self):
        self._rule()
        self.assertIsNone(self._book(self._line("CARD FEE NOV")))
        self.assertTrue(self._book(self._line("CARD FEE NOV"), account=self.income), "the rule says otherwise")

    def test_before_the_rule_that_said_otherwise(self):
        """Else it would never be asked."""
        self._rule("Money out", [("amount", "<", 0)])
        rule = self._make(self._book(self._line("CARD FEE NOV"), account=self.income))
        self.assertEqual(self._first(self._line("CARD FEE DEC"), self._line("RENT")), [rule.name, "Money out"])
        self.assertEqual(rule.warning, "“Money out” says otherwise of some of these; this rule comes first.")

    def test_nothing_to_go_by(self):
        self.assertIsNone(self._book(self._line("4471 8821")))

    def test_lists_behind_the_counts(self):
        waiting = self._line("CARD FEE OCT")
        question = self._book(self._line("CARD FEE NOV"))
        wizard = self.env["xero.rule.make"].with_context(**question).create({})
        action = wizard.action_show_waiting()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), waiting)

    def test_from_a_line_that_is_booked_already(self):
        line = self._line("CARD FEE NOV")
        self.assertEqual(line.action_xero_rule()["params"]["type"], "warning")
        self._book(line, taxes=self.purchase_tax, partner=self.partner)
        rule = self._make(line.action_xero_rule()["context"])
        self.assertEqual((rule.account_id, rule.tax_ids, rule.partner_id), (self.fees, self.purchase_tax, self.partner))
        matched = self._line("PAYMENT", -110, partner_id=self.partner.id)
        self._match_line(matched, self._bill(100))
        self.assertEqual(matched.action_xero_rule()["params"]["type"], "warning")

    def test_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        journal = self.env["account.journal"].create({"name": "Euro", "type": "bank", "code": "EURB", "currency_id": euro.id})
        question = self._book(self._line("CARD FEE NOV", journal_id=journal.id))
        self.assertIn(("currency_id", "=", euro.id), literal_eval(question["default_domain"]))
        wizard = self.env["xero.rule.make"].with_context(**question).create({})
        self.assertIn("the amount paid is below 10 €", wizard.sentence)
