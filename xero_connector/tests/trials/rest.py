from xero_simulator.control_organisation import change_organisation

from ..common.decisions import EveryDecisionTwice
from ..common.push import XeroPushCommon
from .comparison import Comparison, is_on_its_way
from .desk import Desk
from .people import People

DOCUMENTS = ("invoice", "bill", "credit_note")

ROUNDS = 14  # runs until a rest
SHOWN = 25


class TrialCase(EveryDecisionTwice, XeroPushCommon):
    """Two companies, each connected to an organisation; plays histories and compares the books whenever everything is at rest.

    On the way each decision is taken twice: it must not write, nor depend on having been taken before.
    """

    organisations = ("AU", "NZ")
    people, desk, comparison = People, Desk, Comparison

    def _prepare(self):
        self.foreign = self.setup_other_currency("USD", rates=[("2020-01-01", 0.66), ("2026-09-15", 0.61), ("2026-10-01", 0.7)])
        country = self.env.ref("base.nz")
        other = self.env["res.company"].create({"name": "Trial NZ", "country_id": country.id, "currency_id": self.env.ref("base.NZD").id})
        self._use_chart_template(other, "nz")
        self.env.user.company_ids += other
        for company in self.env.company + other:
            rates = self.foreign.rate_ids.filtered(lambda rate: rate.company_id == self.env.company)
            if company != self.env.company:
                for rate in rates:
                    rate.copy({"company_id": company.id})
        self.other_data = self.collect_company_accounting_data(other)
        super()._prepare()

    def setUp(self):
        super().setUp()
        self.watch_decisions()
        self.xero.switches.set(dict.fromkeys(("minute_limit", "day_limit", "app_minute_limit"), None))
        self.desks = [self._desk(self.company_data, "AU"), self._desk(self.other_data, "NZ")]

    def _desk(self, data, country):
        organisation = self.xero.organisation(country)
        organisation.add_currency("USD")
        connection = self._connect(country, data["company"]).with_company(data["company"])
        return self.desk(self, data, connection, organisation)

    # === PLAYING === #

    def play(self, history):
        """Let the history happen.

        :raise AssertionError: the books differ at a rest, with the last steps and what differs
        :return: what was done, how often
        """
        people = self.people(self, self.desks, history)
        rests = 0
        for number, name in history.steps:
            if name == "rest":
                self._come_to_rest()
                self._compare(people)
                rests += 1
            else:
                people.act(number, name)
        return {**people.counts, "rest": rests}

    def _compare(self, people):
        found = [f"{desk.company.name}: {each}" for desk in self.desks for each in self.comparison(desk).differences]
        if found:
            last = "\n".join(people.log[-SHOWN:])
            self.fail(f"after {len(people.log)} steps, the last of them\n{last}\n\n" + "\n".join(found[:SHOWN]))

    # === UNTIL ALL IS AT REST === #

    def _run_of(self, desk):
        """Let the connection's cron run."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            desk.connection.cron_id.sudo().method_direct_trigger()
        self.env.invalidate_all()

    def _come_to_rest(self):
        """Nothing goes wrong any more; let the sync run, press Retry, and do what the messages say, where a person would."""
        self.xero.faults.clear()
        # nothing is committed, so PostgreSQL counts nothing by itself, and Odoo's query for payment states takes minutes
        self.env.cr.execute("ANALYZE account_move, account_move_line, account_payment, account_partial_reconcile")
        for desk in self.desks:
            self._settle_desk(desk)
            for _round in range(4):
                if not self._help(desk):
                    break
                self._settle_desk(desk)

    def _settle_desk(self, desk):
        for _round in range(ROUNDS):
            self._run_of(desk)
            if not any(map(is_on_its_way, self._jobs_of(desk, "pending", "sending", "uncertain"))):
                return
            self._pass(desk)

    def _jobs_of(self, desk, *states):
        return self.env["xero.job"].sudo().search([("connection_id", "=", desk.connection.id), ("state", "in", states)])

    def _pass(self, desk):
        """A minute or so goes by for what waits to be tried again; drafts are still given their hour."""
        self.connection = desk.connection
        self._later(100)

    def _help(self, desk):
        """Returns whether there was anything to press."""
        held = self._jobs_of(desk, "blocked", "failed")
        for job in held.filtered(lambda job: job.kind in DOCUMENTS and job.state == "failed"):
            self._undo_matches(desk, job)
        self._void_money(desk, held.filtered(lambda job: job.problem_id.code == "money_in_use"))
        held.exists().with_env(desk.env).sudo().action_retry()
        return bool(held)

    def _void_money(self, desk, jobs):
        """Money on account has changed in Odoo, and Xero lets no program void it: a person does so there, as the message says."""
        for job in jobs:
            record = [("kind", "=", "on_account"), ("res_model", "=", job.res_model), ("res_id", "=", job.res_id)]
            for binding in self.env["xero.binding"].sudo().search(record):
                change_organisation(desk.organisation, {"void_prepaid": [binding.xero_id]}, self.xero.now())

    def _undo_matches(self, desk, job):
        """Xero refuses to change a document that has payments: people undo the matches, as its message says, and match again."""
        move = job._document()
        if not move:
            return
        lines = move.line_ids.filtered(lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable"))
        partials = lines.matched_credit_ids | lines.matched_debit_ids
        counterparts = (partials.debit_move_id | partials.credit_move_id) - lines
        partials.unlink()
        job.action_retry()
        self._settle_desk(desk)
        for line in counterparts.exists().filtered(lambda line: line.parent_state == "posted" and not line.reconciled):
            if move.state == "posted":
                move.with_env(desk.env).js_assign_outstanding_line(line.id)
