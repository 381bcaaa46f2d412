from decimal import Decimal
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..common.entries import XeroEntriesCommon


@tagged("post_install", "-at_install")
class TestDailySummaries(XeroEntriesCommon):
    """One summary a day per journal; what comes late or changes makes a further one."""

    policy = "day"

    def _next_day(self):
        """Let the day end at which the last summaries were built."""
        self.connection.sudo().summarised_until = fields.Date.subtract(self.connection._last_day_over(), days=1)
        self._run()

    def _summaries(self):
        return self.env["xero.journal.summary"].search([("connection_id", "=", self.connection.id)], order="id")

    def test_one_a_day(self):
        entries = self._entry() | self._entry(("wages", 50), ("owed", -30), ("loan", -20)) | self._entry(date="2026-10-02")
        self._next_day()
        self.assertEqual([len(summary.entry_ids) for summary in self._summaries()], [2, 1])
        first, second = sorted(self._journals(), key=lambda journal: journal["Date"])
        self.assertEqual([str(first["Date"]), str(second["Date"])], ["2026-10-01", "2026-10-02"])
        self.assertEqual(len(first["Lines"]), 3, "one line per account")
        self.assertEqual(self._sums(), {"477": Decimal(250), "825": Decimal(-230), "900": Decimal(-20)})
        self.assertEqual(set(entries.mapped("xero_state")), {"synced"})
        self.assertIn("Part of the summary", entries[0].xero_message)
        self.assertEqual(entries[0].xero_id, first["DocumentID"])
        self.assertEqual(self._calls("PUT /ManualJournals"), 1)

    def test_nothing_twice(self):
        self._entry()
        self._next_day()
        self._next_day()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._journals(None)), 1)

    def test_today_waits_until_the_day_is_over(self):
        self._entry(date=fields.Date.add(self.connection._last_day_over(), days=1))
        self._next_day()
        self.assertFalse(self._journals())
        self.connection.action_summarise_now()
        self._run()
        self.assertEqual(len(self._journals()), 1)

    def test_the_day_ends_where_the_company_is(self):
        moment = fields.Datetime.to_datetime("2026-10-01 14:30:00")  # in Sydney half past midnight on the 2nd
        for zone, last_day in (("Australia/Sydney", "2026-10-01"), ("Europe/London", "2026-09-30")):
            self.env.company.partner_id.tz = zone
            with patch.object(fields.Datetime, "now", lambda: moment):
                self.assertEqual(str(self.connection._last_day_over()), last_day)

    def test_entry_cannot_be_sent_by_itself(self):
        entry = self._entry()
        self.assertIn("summary of its day", entry.action_xero_sync()["params"]["message"])

    def test_late_entry_makes_a_further_summary(self):
        self._entry()
        self._next_day()
        [before] = self._journals()
        late = self._entry(("super", 7), ("owed", -7))
        self._run()
        self.assertEqual(len(self._journals()), 1, "not before the day is over")
        self._next_day()
        self.assertEqual(len(self._journals()), 2)
        self.assertIn(before, self._journals(), "the first one is untouched")
        self.assertEqual(self._sums(), {"477": Decimal(100), "478": Decimal(7), "825": Decimal(-107)})
        self.assertIn("further summary 2", late.xero_message)

    def test_changed_entry_carries_the_difference(self):
        entry, other = self._entry(), self._entry()
        self._next_day()
        entry.button_draft()
        entry.line_ids = [Command.update(line.id, {"balance": line.balance * 1.5}) for line in entry.line_ids]
        entry.action_post()
        self.assertIn("further summary will carry", entry.xero_message)
        self.assertNotIn("further summary will carry", other.xero_message)
        self._next_day()
        self.assertEqual(len(self._journals()), 2)
        self.assertEqual(self._sums(), {"477": Decimal(250), "825": Decimal(-250)})
        difference = max(self._journals(), key=lambda journal: journal["UpdatedDateUTC"])
        self.assertEqual(sorted(line["LineAmount"] for line in difference["Lines"]), [-50, 50])

    def test_reset_and_posted_again_unchanged_costs_nothing(self):
        entry = self._entry()
        self._next_day()
        entry.button_draft()
        entry.action_post()
        self._next_day()
        self.assertEqual(len(self._journals(None)), 1)

    def test_cancelled_and_deleted_entries_are_taken_back(self):
        cancelled, deleted = self._entry(), self._entry(("super", 7), ("owed", -7))
        self._next_day()
        (cancelled | deleted).button_draft()
        cancelled.button_cancel()
        deleted.with_context(force_delete=True).unlink()
        self._next_day()
        self.assertFalse(self._sums())
        self.assertEqual([journal["Status"] for journal in self._journals(None)], ["POSTED", "POSTED"])
        cancelled.button_draft()
        cancelled.action_post()
        self._next_day()
        self.assertEqual(self._sums(), {"477": Decimal(100), "825": Decimal(-100)})

    def test_moved_to_another_day(self):
        entry = self._entry()
        self._next_day()
        entry.button_draft()
        entry.name = False
        entry.date = "2026-09-15"
        entry.action_post()
        self._next_day()
        by_day = {}
        for journal in self._journals():
            by_day[str(journal["Date"])] = by_day.get(str(journal["Date"]), 0) + sum(line["LineAmount"] for line in journal["Lines"][:1])
        self.assertEqual(by_day["2026-10-01"], 0)
        self.assertEqual(abs(by_day["2026-09-15"]), 100)
        self.assertEqual(self._sums(), {"477": Decimal(100), "825": Decimal(-100)})

    def test_held_summary_follows_its_entries(self):
        self.accounts["new"] = self._account("new", "expense")
        entry = self._entry(("new", 10), ("owed", -10))
        self._entry()
        self._next_day()
        self.assertEqual((entry.xero_state, entry.xero_problem_id.code), ("blocked", "account_unmapped"))
        self.assertFalse(self._journals())
        self.assertIn(entry, self.env["account.move"].search([("xero_state", "=", "blocked")]))
        entry.button_draft()
        entry.line_ids.filtered(lambda line: line.account_id == self.accounts["new"]).account_id = self.accounts["super"]
        entry.action_post()
        self._run()
        self.assertEqual(entry.xero_state, "synced", entry.xero_message)
        self.assertEqual(len(self._journals()), 1)
        self.assertEqual(self._sums(), {"477": Decimal(100), "478": Decimal(10), "825": Decimal(-110)})

    def test_ignored_summary_stays_out(self):
        self._set_policy("day")
        entry = self._entry(("debtors", 10, {"partner_id": self.partner.id}), ("owed", -10))
        self._next_day()
        job = self._job(self._summaries())
        self.assertEqual(job.problem_id.code, "account_forbidden")
        job.action_ignore()
        self._clearing()
        self._next_day()
        self.assertFalse(self._journals())
        self.assertEqual(entry.xero_state, "ignored")

    def test_what_may_be_in_xero_is_not_put_together_anew(self):
        """Xero would not say whether it has the summary: it stays as it was sent, and a change of its entry is a difference."""
        entry = self._entry()
        self._order_fault("timeout_after", method="PUT", path="ManualJournals", times=1)
        self._next_day()
        job = self._job(self._summaries()).sudo()
        self.assertEqual(job.state, "uncertain")
        job.tries = 7
        self._later()
        self.xero.organisation("AU").reports_permission = False
        self._run()
        self.xero.organisation("AU").reports_permission = True
        self.assertEqual(job.state, "failed", job.message)
        entry.button_draft()
        entry.button_cancel()
        self._next_day()
        self.assertEqual([len(summary.entry_ids) for summary in self._summaries()], [1, 1])
        self.assertFalse(self._sums(), "what is in Xero and the difference cancel out")

    def test_taxes_are_kept_apart(self):
        self._taxed(100)
        self._taxed(50)
        self._entry(("sales", -20), ("loan", 20))
        self._next_day()
        [journal] = self._journals()
        self.assertEqual(len(journal["Lines"]), 3, "taxed sales, untaxed sales, loan")
        self.assertEqual(self._sums(), {"200": Decimal(-170), "900": Decimal(185), "tax": Decimal(-15)})

    def test_tracking_is_kept_apart(self):
        north, south, east = self._track()
        self.connection.create_options = True
        for account, amount in ((north, 10), (south, 20), (north, 5), (east, 1)):
            self._entry(("wages", amount, {"analytic_distribution": {str(account.id): 100}}), ("owed", -amount))
        self._entry(("wages", 7), ("owed", -7))
        self._next_day()
        for _run in range(3):
            self._later()
            self._run()
        expected = {"North": Decimal(15), "South": Decimal(20), "Far East": Decimal(1), "": Decimal(7)}
        self.assertEqual(self._option_sums("477"), expected)
        self.assertEqual(len(self._journals()), 1)

    def test_what_cancels_out_needs_no_call(self):
        self._entry(("wages", 10), ("owed", -10))
        self._entry(("wages", -10), ("owed", 10))
        self._next_day()
        self.assertFalse(self._journals(None))
        self.assertFalse(self._calls("PUT /ManualJournals"))

    def test_lost_answers_make_nothing_twice(self):
        for number, fault in enumerate(("timeout_after", "reset_after", "error_500_after", "truncated_200", "timeout_before")):
            with self.subTest(fault):
                entry = self._entry(date=f"2026-10-{number + 1:02}")
                self._order_fault(fault, method="PUT", path="ManualJournals", times=1)
                self._next_day()
                self._later()
                self._run()
                self._later()
                self._run()
                self.assertEqual(entry.xero_state, "synced", entry.xero_message)
        self.assertEqual(len(self._journals(None)), 5)

    def test_entry_touched_while_its_summary_is_uncertain(self):
        entry = self._entry()
        self._order_fault("timeout_after", method="PUT", path="ManualJournals", times=1)
        self._next_day()
        entry.button_draft()
        entry.button_cancel()
        self._later()
        self._run()
        self._next_day()
        self._later()
        self._run()
        self.assertFalse(self._sums())
        self.assertEqual(len(self._journals(None)), 2)

    def test_policy_change_sends_nothing_twice(self):
        summarised = self._entry()
        self._next_day()
        self._set_policy("each")
        own = self._entry()
        self._run()
        self._set_policy("day")
        self._next_day()
        own.button_draft()
        own.action_post()
        summarised.ref = "changed"
        self.connection.action_sync_now()
        self._run()
        self._next_day()
        self.assertEqual(len(self._journals(None)), 2)
        self.assertEqual(self._sums(), {"477": Decimal(200), "825": Decimal(-200)})

    def test_states_are_searchable(self):
        entry, waiting = self._entry(), self._entry(journal=self.journal.copy({"code": "OTH"}))
        self._next_day()
        Move = self.env["account.move"]
        self.assertIn(entry, Move.search([("xero_state", "=", "synced")]))
        self.assertNotIn(entry, Move.search([("xero_state", "=", False)]))
        self.assertIn(waiting, Move.search([("xero_state", "=", False)]))
        groups = dict(Move._read_group([("id", "in", (entry | waiting).ids)], ["xero_state"], ["__count"]))
        self.assertEqual(groups, {"synced": 1, False: 1})

    def test_locked_day_is_held(self):
        self.xero.organisation("AU").period_lock_date = fields.Date.to_date("2026-10-31")
        self.connection._read_reference_data()
        entry = self._entry()
        self._next_day()
        self.assertEqual((entry.xero_state, entry.xero_problem_id.code), ("blocked", "lock_date"))
