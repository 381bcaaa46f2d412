from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.rules import XeroRuleCommon


@tagged("post_install", "-at_install")
class TestRulesShown(XeroRuleCommon):
    """A rule reads as a sentence, says what it catches, and what is the matter with it."""

    def _reads(self, *domain):
        rule = self._rule(domain=domain)
        sentence = rule.sentence
        rule.unlink()
        return sentence

    def test_the_example_of_the_drawing(self):
        currency = self.env.company.currency_id
        currency.symbol = "A$"
        own = ("currency_id", "=", currency.id)
        words = ("payment_ref", "ilike", "CARD FEE")
        self.assertEqual(
            self._reads(words, ("amount", "<", 0), ("amount", ">", -10.0), own),
            "Text contains CARD FEE and the amount paid is below A$ 10",
        )
        self.assertEqual(
            self._reads(words, ("amount", ">=", 0), ("amount", "<", 12.5), own),
            "Text contains CARD FEE and the amount received is below A$ 12.50",
        )

    def test_sentences(self):
        partner, journal = self.partner, self.bank
        for domain, said in (
            ([], "Every bank line"),
            ([("amount", "<", 0)], "Money goes out"),
            ([("amount", ">", 0)], "Money comes in"),
            ([("amount", "<", 50)], "The amount is below 50"),
            ([("amount", "=", 50)], "The amount is 50"),
            ([("amount", "<=", -5), ("amount", ">=", -7.5)], "The amount paid is at least 5 and the amount paid is at most 7.50"),
            ([("partner_id", "=", partner.id)], "Partner is Azure Interior"),
            ([("partner_id", "=", False)], "Partner is empty"),
            ([("partner_id", "!=", False)], "Partner is filled in"),
            ([("partner_id", "in", [partner.id, journal.company_id.partner_id.id])], None),
            ([("partner_id.is_company", "=", True)], "Partner: Is a Company is ticked"),
            ([("partner_id.name", "not ilike", "Azure")], "Partner: Name does not contain Azure"),
            ([("journal_id", "=", journal.id)], f"Journal is {journal.display_name}"),
            ([("date", ">=", "2026-11-01")], "Date is not before 11/01/2026"),
            (["!", ("payment_ref", "ilike", "A")], "Text does not contain A"),
            (["|", ("payment_ref", "ilike", "A"), ("payment_ref", "ilike", "B")], "Text contains A or text contains B"),
            (
                [("amount", "<", 0), "|", ("payment_ref", "ilike", "A"), ("payment_ref", "=like", "B%")],
                "(text contains A or text looks like B%) and money goes out",
            ),
            ([("partner_id", "any", [("name", "ilike", "A")])], "Partner is one of which: Name contains A"),
            ([("partner_id", "child_of", partner.id)], "Partner is Azure Interior or below it"),
        ):
            with self.subTest(domain):
                sentence = self._reads(*domain)
                self.assertEqual(sentence, said or sentence)
                self.assertNotRegex(sentence, r"ilike|\[|payment_ref|_id\b|!=|%\(")

    def test_names_that_one_may_not_see(self):
        other = self.setup_other_company()
        hidden = self.env["res.partner"].sudo().create({"name": "Their secret", "company_id": other["company"].id})
        rule = self._rule(domain=[("partner_id", "=", hidden.id)])
        self.env.user.company_ids -= other["company"]
        self.env.invalidate_all()
        self.assertEqual(rule.with_context(allowed_company_ids=self.env.company.ids).sentence, "Partner is something that you cannot see")

    def test_outcome(self):
        self.assertEqual(self._rule().outcome, f"{self.fees.name}, no tax")
        self.assertEqual(self._rule(taxes=self.purchase_tax).outcome, f"{self.fees.name}, {self.purchase_tax.name}")

    # === COUNTS === #

    def test_counts_and_what_is_behind_them(self):
        rule = self._rule()
        recent = self._line("CARD FEE NOV") | self._line("CARD FEE DONE")
        old = self._line("CARD FEE OLD", date="2025-01-10")
        self._line("RENT")
        with patch.object(type(rule), "_recent_since", lambda self: recent[0].date.replace(day=1)):
            recent[1]._seek_for_lines()[1].account_id = self.fees
            self.assertTrue(recent[1].is_reconciled)
            self.env.invalidate_all()
            self.assertEqual((rule.recent_count, rule.waiting_count), (2, 2))
            shown = {
                name: self.env["account.bank.statement.line"].search(getattr(rule, f"action_show_{name}")()["domain"])
                for name in ("recent", "waiting")
            }
        self.assertEqual(shown, {"recent": recent.sorted(), "waiting": (recent[0] | old).sorted()})

    # === WHAT IS THE MATTER === #

    def test_contradiction(self):
        """Both say so, and the order decides; what says the same is none."""
        self._line("CARD FEE")
        first, second = self._rule("First"), self._rule("Second", [("amount", "<", 0)], account_id=self.income.id, sequence=20)
        self._rule("The same", [("amount", "<", 0)], sequence=30)
        self.assertEqual(first.warning, "“Second” says otherwise of some of these; this rule comes first.")
        self.assertEqual(second.warning.split("\n")[0], "“First” comes first and says otherwise of some of these.")
        second.active = False
        self.env.invalidate_all()
        self.assertFalse(first.warning)

    def test_what_never_meets_is_no_contradiction(self):
        self._line("CARD FEE")
        first = self._rule("First")
        self._rule("Second", [("payment_ref", "ilike", "RENT")], account_id=self.income.id)
        self.assertFalse(first.warning)

    def test_everything(self):
        """Warned, and never by itself."""
        rule = self._rule(domain=())
        self.assertEqual(rule.warning, "It catches every one there is.")
        with self.assertRaises(ValidationError):
            rule.how = "book"
        with self.assertRaises(ValidationError):
            self._rule(domain=(), how="book")
        with self.assertRaises(ValidationError):
            self._rule(domain=["|", (1, "=", 1), ("amount", "<", 0)], how="book")

    def test_everything_there_is(self):
        """A condition that happens to exclude nothing; a few lines are too few to say so."""
        rule = self._rule(domain=[("amount", "!=", 0)], how="book")
        for number in range(10):
            self.assertEqual(rule._by_itself(self.connection, "bank"), rule)
            self._line(f"LINE {number}")
        self.assertFalse(rule._by_itself(self.connection, "bank"))
        self.env.invalidate_all()
        self.assertIn("Until it is narrower it only suggests.", rule.warning)

    def test_ended(self):
        rule = self._rule(until="2020-01-31")
        self.assertEqual(rule.warning, "It ended on 31 Jan 2020; only what is older is still caught.")

    def test_said_before_it_books_unseen(self):
        self._line("CARD FEE")
        rule = self._rule(domain=[("payment_ref", "ilike", "RENT")])
        self.assertIsNone(rule.new({"how": "book"}, origin=rule)._onchange_how())
        self.assertIn(": 1", self._rule().new({"how": "book"}, origin=self._rule())._onchange_how()["warning"]["message"])

    def test_rule_from_this_one(self):
        rule = self._rule(taxes=self.purchase_tax)
        made = self.env["xero.rule"].browse(rule.action_from_this()["res_id"])
        self.assertEqual((made.active, made.domain, made.account_id, made.tax_ids), (False, rule.domain, self.fees, self.purchase_tax))
        self.assertFalse(made.does_nothing)
