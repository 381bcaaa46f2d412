from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_book import BookCommon


@tagged("post_install", "-at_install")
class TestBookByItself(BookCommon):
    """What a rule books unseen is said on the entry, undone like any match, and never stops anything else."""

    def _by_itself(self, name="Card fees", **values):
        return self._rule(name, how="book", **values)

    def _told(self, line):
        return [body for body in line.move_id.message_ids.mapped("body") if "rule" in body]

    def test_booked_in_the_next_run(self):
        rule, line, other = self._by_itself(taxes=self.purchase_tax), self._line("CARD FEE NOV", -11), self._line("RENT")
        self._run()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(sum(balance for _account, balance, _taxes in self._items(line)), 11)
        self.assertEqual((line.xero_rule_id, line.xero_booked_by), (rule, "rule"))
        self.assertEqual(self._told(line), ["<span>Booked by the rule “Card fees”.</span>"])
        self.assertFalse(other.is_reconciled)

    def test_new_lines_need_not_wait(self):
        """The run comes at once if there is a rule that acts by itself, else as always."""
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self._rule()
        self._line("CARD FEE NOV")
        self.assertFalse(triggers.search([]))
        self._by_itself("By itself")
        triggers.search([]).unlink()
        self._line("CARD FEE DEC")
        self.assertEqual(triggers.search([]).cron_id, self.connection.cron_id)

    def test_suggest_only(self):
        self._rule()
        line = self._line("CARD FEE NOV")
        self._run()
        self.assertFalse(line.is_reconciled)

    def test_an_earlier_rule_that_only_suggests_goes_first(self):
        self._by_itself(sequence=20)
        self._rule("To look at", [("amount", "<", -9)], account_id=self.income.id, sequence=10)
        line = self._line("CARD FEE NOV")
        self._run()
        self.assertFalse(line.is_reconciled)

    def test_undone_stays_undone(self):
        rule, line = self._by_itself(), self._line("CARD FEE NOV")
        self._run()
        self.env["xero.bank.settling"]._undo(line)
        self.assertFalse(line.is_reconciled)
        self._run()
        self.assertFalse(line.is_reconciled)
        self.assertEqual(rule.waiting_count, 1, "it still suggests")

    def test_closed_period(self):
        """Said once, and booked when the period is open again."""
        self._by_itself()
        closed, open_ = self._line("CARD FEE OCT", date="2026-10-20"), self._line("CARD FEE NOV")
        with patch.object(type(self.env.company), "_validate_locks"):  # Odoo closes no period with lines that wait
            self.env.company.fiscalyear_lock_date = "2026-10-31"
        self._run()
        self._run()
        self.assertEqual((closed.is_reconciled, open_.is_reconciled), (False, True))
        self.assertEqual(len(self._told(closed)), 1)
        self.assertRegex(closed.xero_rule_message, "The rule “Card fees” could not book it: .*closed up to")
        self.env.company.fiscalyear_lock_date = False
        self._run()
        self.assertEqual((closed.is_reconciled, closed.xero_rule_message), (True, False))

    def test_one_lines_trouble_is_its_own(self):
        self._by_itself()
        first, second, third = self._line("CARD FEE 1"), self._line("CARD FEE 2"), self._line("CARD FEE 3")
        booking = type(self.env["xero.bank.booking"])
        book = booking._book

        def sometimes(self, line, *args, **kwargs):
            book(self, line, *args, **kwargs)
            if line.id == second.id:
                raise ZeroDivisionError

        with patch.object(booking, "_book", sometimes), mute_logger("odoo.addons.xero_connector.handlers.banking.booking"):
            self._run()
        self.assertEqual([line.is_reconciled for line in (first, second, third)], [True, False, True])
        self.assertIn("could not book it", second.xero_rule_message)

    def test_somebody_else_is_at_it(self):
        """A person matches the line in this very moment: it is left alone, without a word, and the others go on."""
        self._by_itself()
        first, second = self._line("CARD FEE 1"), self._line("CARD FEE 2")
        lines = type(first)
        lock = lines.try_lock_for_update
        busy = patch.object(lines, "try_lock_for_update", lambda self, **kwargs: lock(self - first, **kwargs))
        with busy:
            self._run()
        self.assertEqual((first.is_reconciled, second.is_reconciled, first.xero_rule_message), (False, True, False))
        self._run()
        self.assertTrue(first.is_reconciled)

    def test_documents_go_whatever_is_the_matter_with_rules(self):
        self._by_itself()
        invoice = self._invoice(100)
        due = patch.object(type(self.env["xero.bank.booking"]), "_due", side_effect=ZeroDivisionError)
        with due, mute_logger("odoo.addons.xero_connector.engine.by_rules"):
            self._run()
        self.assertEqual(invoice.xero_state, "synced")

    def test_too_wide(self):
        self._rule(domain=[("amount", "!=", 0)], how="book")
        lines = [self._line(f"LINE {number}") for number in range(10)]
        self._run()
        self.assertFalse(any(line.is_reconciled for line in lines))

    def test_changed_while_it_runs(self):
        """A rule that was switched off after the first lines books no more of them."""
        rule = self._by_itself()
        lines = [self._line(f"CARD FEE {number}") for number in range(3)]
        booking = type(self.env["xero.bank.booking"])
        book = booking._book_by_rule

        def switch_off(self, line, given):
            book(self, line, given)
            rule.with_env(self.env).active = False

        with patch.object(booking, "_book_by_rule", switch_off), patch("odoo.addons.xero_connector.engine.by_rules.AT_ONCE", 1):
            self._run()
        self.assertEqual(sum(line.is_reconciled for line in lines), 1)

    def test_no_calls(self):
        self._by_itself()
        self._line("CARD FEE NOV")
        before = self._calls()
        connection, line = self.connection, self._line("CARD FEE DEC")
        connection._set_state("paused", "x")
        self._run()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(self._calls(), before)


@tagged("post_install", "-at_install")
class TestLearnt(BookCommon):
    """What people book alike three times, and never otherwise, is what they will be offered."""

    def _learnt(self, *lines):
        lines = self.env["account.bank.statement.line"].union(*lines)
        found = self.env["xero.bank.booking"]._learnt(lines)
        return [found[line.id][:3] if line.id in found else None for line in lines]

    def _booked(self, *texts, **values):
        for text in texts:
            self._book(self._line(text), **values)

    def test_three_times(self):
        line = self._line("CARD FEE DEC")
        self._booked("CARD FEE SEP", "CARD FEE OCT", taxes=self.purchase_tax)
        self.assertEqual(self._learnt(line), [None])
        self._booked("CARD FEE NOV", taxes=self.purchase_tax)
        self.assertEqual(self._learnt(line), [(self.fees, self.purchase_tax, self.env["res.partner"])])
        self.assertEqual(self.env["xero.bank.booking"]._learnt(line)[line.id][3], "Booked so every time before, last on 24 Nov.")
        self.assertFalse(self.env["xero.rule"].search([]), "it is no rule")
        self._run()
        self.assertFalse(line.is_reconciled)

    def test_never_otherwise(self):
        line = self._line("CARD FEE DEC")
        self._booked(*["CARD FEE NOV"] * 3)
        self._booked("CARD FEE OCT", account=self.income)
        self.assertEqual(self._learnt(line), [None])

    def test_another_side_currency_or_text(self):
        self._booked(*["CARD FEE NOV"] * 3)
        self.assertEqual(self._learnt(self._line("CARD FEE", 9.5), self._line("CARD RENT"), self._line("1234")), [None] * 3)

    def test_what_was_matched_is_otherwise(self):
        line = self._line("CARD FEE DEC")
        self._booked(*["CARD FEE NOV"] * 3)
        bill = self._bill(100)
        self._match_line(self._line("CARD FEE NOV", -110, partner_id=self.partner.id), bill)
        self.assertEqual(self._learnt(line), [None])

    def test_what_a_rule_booked_is_nobodys_habit(self):
        self._rule(how="book")
        for month in ("SEP", "OCT", "NOV"):
            self._line(f"CARD FEE {month}")
        self._run()
        self.env["xero.rule"].search([]).unlink()
        self.assertEqual(self._learnt(self._line("CARD FEE DEC")), [None])

    def test_account_archived_since(self):
        account = self.fees.copy({"code": "999991", "name": "For a while"})
        self._booked(*["CARD FEE NOV"] * 3, account=account)
        line = self._line("CARD FEE DEC")
        self.assertEqual(self._learnt(line)[0][0], account)
        account.active = False
        self.assertEqual(self._learnt(line), [None])

    def test_queries(self):
        self._booked(*["CARD FEE NOV"] * 3)
        lines = self.env["account.bank.statement.line"].union(*(self._line(f"CARD FEE {number}") for number in range(8)))
        counts = []
        for some in (lines, lines[:1], lines):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(self._learnt(*some)))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
