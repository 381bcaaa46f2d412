from decimal import Decimal

from odoo import Command, fields

from ..common.entries import XeroEntriesCommon

FAULTS = ("timeout_after", "timeout_before", "reset_after", "error_500_after", "truncated_200", "missing_element_200")
ACCOUNTS = ("wages", "super", "owed", "loan", "debtors", "bank")


class JournalTrialCase(XeroEntriesCommon):
    """Random steps with entries of two journals, one sent by the entry, one by the day; at every rest the accounts equal Odoo's."""

    def _prepare(self):
        super()._prepare()
        self.xero.switches.set(dict.fromkeys(("minute_limit", "day_limit", "app_minute_limit"), None))
        self.connection.day_budget = 10**6
        self.daily = self.journal.copy({"code": "DAY", "name": "By the day"})
        self._set_policy("day", self.daily)
        self._clearing()
        self.codes = {"wages": "477", "super": "478", "owed": "825", "loan": "900", "debtors": "850", "bank": "850", "sales": "200"}
        self.entries = self.env["account.move"]

    def play(self, history):
        """Let the history happen.

        :raise AssertionError: the accounts differ at a rest
        """
        for number, name in history.steps:
            self.chance = history.generator(number)
            if name == "rest":
                self._rest()
                self.assertEqual(self._sums(), self._books(), f"after step {number}")
            else:
                getattr(self, f"_step_{name}")()

    # === STEPS === #

    def _step_post(self):
        values = {"journal": self.chance.choice((self.journal, self.daily)), "date": f"2026-10-{self.chance.randint(1, 5):02}"}
        amount = self.chance.randint(1, 99999) / 100
        if self.chance.random() < 0.3:
            net = float(self.chance.randint(1, 999))
            self.entries |= self._taxed(self.chance.choice((net, -net)), **values)
            return
        one, two, three = self.chance.sample(ACCOUNTS, 3)
        part = round(amount * self.chance.random(), 2)
        lines = [(one, amount), (two, -part), (three, round(part - amount, 2))]
        self.entries |= self._entry(*((name, each, self._partner(name)) for name, each in lines if each), **values)

    def _partner(self, name):
        return {"partner_id": self.partner.id} if name == "debtors" else {}

    def _some(self, state):
        found = self.entries.exists().filtered(lambda move: move.state == state)
        return found and found.browse(self.chance.choice(found.ids))

    def _step_reset(self):
        move = self._some("posted") or self._some("cancel")
        if move:
            move.button_draft()

    def _step_repost(self):
        move = self._some("draft")
        if not move:
            return
        if not move.line_ids.tax_ids and self.chance.random() < 0.7:
            factor = self.chance.randint(2, 5)
            move.line_ids = [Command.update(line.id, {"balance": line.balance * factor}) for line in move.line_ids]
        move.action_post()

    def _step_cancel(self):
        move = self._some("draft")
        if move:
            move.button_cancel()

    def _step_delete(self):
        move = self._some("draft")
        if move:
            move.with_context(force_delete=True).unlink()

    def _step_run(self):
        if self.chance.random() < 0.5:
            self._order_fault(self.chance.choice(FAULTS), path="ManualJournals", times=1)
        if self.chance.random() < 0.5:
            self._day_ends()
        self._run()

    # === REST === #

    def _day_ends(self):
        self.connection.sudo().summarised_until = fields.Date.subtract(self.connection._last_day_over(), days=1)

    def _rest(self):
        """Nobody touches anything until all is done."""
        self.xero.faults.clear()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '1 hour' WHERE state = 'draft'")
        self.env.invalidate_all()
        self._day_ends()
        for _attempt in range(12):
            self._run()
            self._later()
            open_jobs = [("kind", "in", ("journal", "summary")), ("is_open", "=", True)]
            if not self.env["xero.job"].sudo().search_count(open_jobs):
                return
        jobs = self.env["xero.job"].sudo().search(open_jobs)
        self.fail(f"not at rest: {[(job.state, job.message, job.xero_messages) for job in jobs]}")

    def _books(self):
        """What Odoo's posted entries say, by the account of Xero; tax under 'tax'."""
        sums, names = {}, {account: name for name, account in self.accounts.items()}
        for line in self.entries.exists().filtered(lambda move: move.state == "posted").line_ids:
            code = "tax" if line.tax_line_id else self.codes[names[line.account_id]]
            sums[code] = sums.get(code, Decimal(0)) + Decimal(f"{line.balance:.2f}")
        return {code: amount for code, amount in sums.items() if amount}
