# pylint: disable=print-used
import os
import random
import secrets
from collections import Counter

from odoo.tests import tagged

from xero_simulator.control_organisation import change_organisation

from ..handlers.kinds import DOCUMENTS
from .common_push import XeroPushCommon
from .trial.comparison import ON_ITS_WAY, Comparison, is_on_its_way
from .trial.people import People

STEPS = int(os.environ.get("TRIAL_STEPS") or 200)
BURST = 6  # steps between two rests, on average
ROUNDS = 12  # runs until a rest
SHOWN = 25


@tagged("post_install", "-at_install")
class TestTrial(XeroPushCommon):
    """Random things happen to random documents; whenever all is at rest, Xero's books say what Odoo's say.

    TRIAL_SEED repeats a trial, TRIAL_STEPS makes it longer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("USD", rates=[("2020-01-01", 0.66)])

    def setUp(self):
        super().setUp()
        self.xero.switches.set(dict.fromkeys(("minute_limit", "day_limit", "app_minute_limit"), None))
        self.organisation = self.xero.organisation("AU")
        self.organisation.add_currency("USD")
        self.connection.day_budget = 10**6
        self.connection.action_refresh_reference_data()

    def test_trial(self):
        seed = os.environ.get("TRIAL_SEED") or str(secrets.randbelow(10**6))
        people = People(self, random.Random(seed))  # noqa: S311 - repeatable, no secrets
        steps, rests, held = 0, 0, Counter()
        while steps < STEPS:
            for _ in range(people.random.randint(1, 2 * BURST)):
                people.act()
                steps += 1
            self._come_to_rest()
            comparison = self._compare(seed, people)
            rests, held = rests + 1, held + Counter(comparison.held)
        self._tell(seed, people, rests, held, comparison)

    def _tell(self, seed, people, rests, held, comparison):
        done = ", ".join(f"{count} {name}" for name, count in sorted(people.counts.items(), key=lambda pair: -pair[1]))
        print(f"\nTrial, seed {seed}: {sum(people.counts.values())} steps ({done}), {rests} rests, difference 0.00.")
        print(f"At the end {len(comparison.odoo.moves)} posted documents, {len(comparison.odoo.payments)} payments in Odoo;")
        calls = sum(self.xero.calls.values())
        print(f"{len(comparison.xero.documents)} documents, {len(comparison.xero.payments)} payments in Xero; {calls} calls.")
        print(f"Held with a reason, added up over all rests: {dict(held)}; at the end: {Counter(comparison.held)}.")

    def _compare(self, seed, people):
        comparison = Comparison(self.connection, self.organisation)
        if comparison.differences:
            last, found = "\n".join(people.log[-SHOWN:]), "\n".join(comparison.differences[:SHOWN])
            self.fail(f"TRIAL_SEED={seed} TRIAL_STEPS={STEPS}: after {len(people.log)} steps, the last of them\n{last}\n\n{found}")
        return comparison

    # === UNTIL ALL IS AT REST === #

    def _come_to_rest(self):
        """Let the sync run; press Retry, and do what the messages say, where a person would."""
        # nothing is committed, so PostgreSQL counts nothing by itself, and Odoo's query for payment states takes minutes
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile")
        self._settle()
        for _round in range(3):
            if not self._help():
                break
            self._settle()

    def _settle(self):
        for _round in range(ROUNDS):
            self._run()
            if not any(map(is_on_its_way, self.env["xero.job"].sudo().search([("state", "in", ON_ITS_WAY)]))):
                return
            self._later()

    def _help(self):
        """Returns whether there was anything to press."""
        held = self.env["xero.job"].search([("state", "in", ("blocked", "failed"))])
        for job in held.filtered(lambda job: job.kind in DOCUMENTS and job.state == "failed"):
            self._undo_matches(job)
        self._void_money(held.filtered(lambda job: job.problem_id.code == "money_in_use"))
        held.exists().action_retry()
        return bool(held)

    def _void_money(self, jobs):
        """Money on account has changed in Odoo, and Xero lets no program void it: a person does so there, as the message says."""
        for job in jobs:
            bindings = self.env["xero.binding"].sudo().search([("kind", "=", "prepaid"), ("res_model", "=", job.res_model)])
            xero_id = bindings.filtered(lambda row, job=job: row.res_id == job.res_id).xero_id
            change_organisation(self.organisation, {"void_prepaid": [xero_id]}, self.xero.now())

    def _undo_matches(self, job):
        """Xero refuses to change a document that has payments: people undo the matches, as its message says, and match again."""
        move = job._document()
        lines = move.line_ids.filtered(lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable"))
        partials = lines.matched_credit_ids | lines.matched_debit_ids
        counterparts = (partials.debit_move_id | partials.credit_move_id) - lines
        partials.unlink()
        job.action_retry()
        self._settle()
        for line in counterparts.filtered(lambda line: line.parent_state == "posted" and not line.reconciled):
            if move.state == "posted":
                move.js_assign_outstanding_line(line.id)
