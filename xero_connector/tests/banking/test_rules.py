from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.rules import XeroRuleCommon


@tagged("post_install", "-at_install")
class TestWhichRule(XeroRuleCommon):
    """The first rule that fits decides; one that cannot be followed as it was meant is passed over, and says so."""

    def test_the_first_that_fits(self):
        fee, rent = self._line("CARD FEE NOV"), self._line("RENT", -2000)
        self._rule("All out", [("amount", "<", 0)], sequence=20)
        card = self._rule(sequence=10)
        self.assertEqual(self._first(fee, rent), ["Card fees", "All out"])
        card.sequence = 30
        self.assertEqual(self._first(fee, rent), ["All out", "All out"])

    def test_nothing_fits(self):
        self._rule()
        self.assertEqual(self._first(self._line("RENT")), [None])
        self.assertEqual(self.env["xero.rule"]._first(self.env["account.bank.statement.line"]), {})

    def test_switched_off(self):
        rule, line = self._rule(), self._line("CARD FEE")
        rule.active = False
        self.assertEqual(self._first(line), [None])

    def test_until(self):
        self._rule(until="2026-11-24")
        self.assertEqual(self._first(self._line("CARD FEE"), self._line("CARD FEE", date="2026-11-25")), ["Card fees", None])

    def test_texts_are_no_patterns(self):
        """Regular expressions, other scripts."""
        self._rule("Dots", [("payment_ref", "ilike", ".*")])
        self._rule("Cyrillic", [("payment_ref", "ilike", "ЗАРПЛАТА")])
        self._rule("Kanji", [("payment_ref", "ilike", "手数料")])
        texts = ("FEE", "FEE (a|b).*", "зарплата за ноябрь", "手数料 11月", "")
        self.assertEqual(self._first(*map(self._line, texts)), [None, "Dots", "Cyrillic", "Kanji", None])

    def test_amounts_of_another_currency(self):
        """Ten euros are no ten dollars: a rule that names the currency of its amounts is about no others."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        journal = self.env["account.journal"].create({"name": "Euro", "type": "bank", "code": "EURB", "currency_id": euro.id})
        here, there = self._line("CARD FEE"), self._line("CARD FEE", journal_id=journal.id)
        self._rule("Dollars", [("amount", ">", -10), ("currency_id", "=", self.env.company.currency_id.id)])
        self.assertEqual(self._first(here, there), ["Dollars", None])
        self._rule("Euros", [("amount", ">", -10), ("currency_id", "=", euro.id)])
        self.assertEqual(self._first(here, there), ["Dollars", "Euros"])

    def test_queries_do_not_grow_with_lines(self):
        lines = self.env["account.bank.statement.line"].union(*(self._line(f"CARD FEE {number}") for number in range(8)))
        self._rule()
        self._rule("Rent", [("payment_ref", "ilike", "RENT")])
        counts = []
        for some in (lines, lines[:1], lines):  # the first time more is read, and kept
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self.env["xero.rule"]._first(some)), len(some))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    # === WHAT IS GONE === #

    def test_account_gone(self):
        account = self.fees.copy({"code": "999991", "name": "For a while"})
        rule, line = self._rule(account_id=account.id), self._line("CARD FEE")
        self.assertEqual(self._first(line), ["Card fees"])
        account.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._first(line), [None])
        self.assertTrue(rule.does_nothing)
        self.assertEqual(rule.warning, "Its account is gone. Choose another one.")

    def test_account_archived(self):
        account = self.fees.copy({"code": "999991", "name": "For a while"})
        rule, line = self._rule(account_id=account.id), self._line("CARD FEE")
        account.active = False
        self.assertEqual(self._first(line), [None])
        self.assertEqual(rule.warning, f"Its account “{account.display_name}” is archived. Choose another one.")

    def test_tax_gone_or_archived(self):
        """A rule without one of its taxes would book other amounts than it was made for."""
        tax = self.purchase_tax.copy({"name": "GST for a while"})
        rule, line = self._rule(taxes=tax | self.purchase_tax), self._line("CARD FEE")
        tax.active = False
        self.assertEqual(self._first(line), [None])
        self.assertIn("is archived", rule.warning)
        tax.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._first(line), [None])
        self.assertEqual(rule.warning, "A tax of it is gone. Choose its taxes again.")
        rule.tax_ids = [Command.set(self.purchase_tax.ids)]
        self.assertEqual(self._first(line), ["Card fees"])
        self.assertFalse(rule.warning)

    def test_partner_gone_or_archived(self):
        partner = self.env["res.partner"].create({"name": "The bank"})
        rule, line = self._rule(partner_id=partner.id), self._line("CARD FEE")
        self.assertEqual(self._first(line), ["Card fees"])
        partner.active = False
        self.assertEqual(self._first(line), [None])
        self.assertIn("is archived", rule.warning)
        partner.unlink()
        self.env.invalidate_all()
        self.assertEqual(self._first(line), [None])
        self.assertIn("partner is gone", rule.warning)
        rule.partner_id = False
        self.assertEqual(self._first(line), ["Card fees"])

    def test_vanished_field(self):
        """As after a module was uninstalled: the others go on."""
        rule, line = self._rule(), self._line("CARD FEE")
        self._rule("All out", [("amount", "<", 0)], sequence=20)
        self.cr.execute("UPDATE xero_rule SET domain = %s WHERE id = %s", ["[('x_colour', '=', 'red')]", rule.id])
        self.env.invalidate_all()
        self.assertEqual(self._first(line), ["All out"])
        self.assertIn("“x_colour”, which is no longer there", rule.warning)
        self.assertEqual((rule.does_nothing, rule.waiting_count, rule.recent_count), (True, 0, 0))

    def test_nonsense_in_the_database(self):
        rule, line = self._rule(), self._line("CARD FEE")
        for text in ("", "[", "[('amount', '=')]", "__import__('os')", "[('amount', '>', 'much')]", "[('amount', '>', 1e400)]", "7"):
            self.cr.execute("UPDATE xero_rule SET domain = %s WHERE id = %s", [text, rule.id])
            self.env.invalidate_all()
            with self.subTest(text), mute_logger("odoo.sql_db"):
                self.assertEqual(self._first(line), ["Card fees"] if not text else [None])
                self.assertTrue(rule.sentence and rule.warning)

    # === COMPANIES === #

    def test_other_companies(self):
        other = self.setup_other_company()
        self.connection_there = self._new_connection(other["company"])
        rule = self._rule("Ours", [("amount", "<", 0)])
        theirs = self.env["account.bank.statement.line"].create(
            {"journal_id": other["default_journal_bank"].id, "date": "2026-11-24", "payment_ref": "CARD FEE", "amount": -9.5}
        )
        mine = self._line("CARD FEE")
        self.assertEqual(self._first(mine, theirs), ["Ours", None])
        self.assertEqual(rule._caught(), set(mine.ids))
        self._rule("Theirs", [("amount", "<", 0)], connection_id=self.connection_there.id, account_id=other["default_account_expense"].id)
        self.assertEqual(self._first(mine, theirs), ["Ours", "Theirs"])

    def test_nobody_of_another_company_sees_it(self):
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "rules_stranger", groups="xero_connector.group_xero_admin", company_id=other.id)
        rule = self._rule()
        self.assertFalse(self.env["xero.rule"].with_user(stranger).search([]))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            rule.with_user(stranger).read(["name", "sentence"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            rule.with_user(stranger).write({"sequence": 1})

    def test_account_of_another_company(self):
        other = self.setup_other_company()
        with self.assertRaises(UserError):
            self._rule(account_id=other["default_account_expense"].id)
        with self.assertRaises(UserError):
            self._rule(taxes=other["default_tax_purchase"])
        partner = self.env["res.partner"].create({"name": "Theirs", "company_id": other["company"].id})
        with self.assertRaises(UserError):
            self._rule(partner_id=partner.id)
        rule, line = self._rule(partner_id=self.partner.id), self._line("CARD FEE")
        self.assertEqual(self._first(line), ["Card fees"])
        self.partner.company_id = other["company"]
        self.assertEqual(self._first(line), [None])
        self.assertIn("belongs to another company", rule.warning)

    # === WHAT A PERSON MAY ASK === #

    def test_what_no_condition_asks(self):
        """It is asked with the rights of the system: nobody gets to what they may not read by counting what it catches."""
        for field in (
            ("move_id.line_ids.balance", ">", 0),
            ("create_uid.password", "=like", "a%"),
            ("journal_id.company_id.xero_connection_id.client_id", "!=", False),
            ("partner_id.child_ids.name", "ilike", "x"),
            ("partner_id.user_ids", "!=", False),
            ("partner_id", "any", [("user_ids.login", "ilike", "a")]),
            ("partner_id", "ANY!", [("name", "ilike", "a")]),
            ("partner_id.parent_id.name", "ilike", "a"),
            ("nothing_of_the_kind", "=", 1),
        ):
            with self.subTest(field), self.assertRaises(ValidationError):
                self._rule(domain=[field])
        for field in (
            ("partner_id", "ilike", "Azure"),
            ("partner_id.country_id", "=", False),
            ("partner_id.category_id", "ilike", "Bank"),
            ("journal_id.code", "=", "BNK1"),
            ("date", ">=", "2026-11-01"),
        ):
            with self.subTest(field):
                self._rule(domain=[field])

    def test_values_only(self):
        for text in ("[('amount', '<', uid)]", "[('date', '>', context_today())]", "[('payment_ref', 'in', (x for x in 'ab'))]"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self._rule().domain = text

    def test_who_may(self):
        rule = self._rule()
        user = new_test_user(self.env, "rules_user", groups="xero_connector.group_xero_user", company_id=self.env.company.id)
        seen = rule.with_user(user)
        self.assertEqual((seen.name, seen.recent_count, bool(seen.sentence)), ("Card fees", 0, True))
        for write in (lambda: seen.write({"name": "x"}), seen.copy, seen.unlink, seen.action_from_this):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_model"):
                write()

    def test_form(self):
        with Form(self.env["xero.rule"]) as form:
            form.name = "Card fees"
            form.account_id = self.fees
            form.domain = "[('payment_ref', 'ilike', 'CARD')]"
        self.assertEqual((form.record.connection_id, form.record.how), (self.connection, "suggest"))
