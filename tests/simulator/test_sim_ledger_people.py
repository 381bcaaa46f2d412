"""The random trade of test_sim_ledger_random with people at work in Xero beside the apps: the same always holds of the ledger."""

import test_sim_ledger_random as apps
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from simulator_helpers import check_tables

from xero_simulator.person import Impossible
from xero_simulator.testing import Person

numbers, cents, days, pick = apps.numbers, apps.cents, apps.days, apps.pick
CREDITS = ("credit_notes", "overpayments", "prepayments")


def keys(rows, field="DocumentID"):
    return [row[field] for row in rows]


class People(apps.Trade):
    """What a screen refuses changes nothing."""

    def act(self, verb, *arguments, **named):
        before = {place: list(table) for place, table in self.api.app.world.tables()}
        try:
            getattr(Person(self.api.app, "NZ", "Rita Mills"), verb)(*arguments, **named)
        except Impossible:
            assert {place: list(table) for place, table in self.api.app.world.tables()} == before

    @apps.some("invoices")
    @rule(number=numbers, amount=cents, day=days, bank=numbers)
    def overpay(self, number, amount, day, bank):
        account = pick(self.banks(), bank)["AccountID"]
        self.act("overpay", pick(self.in_force("invoices"), number)["DocumentID"], amount, account=account, date=day)

    @apps.some("invoices")
    @rule(number=numbers, amount=cents, day=days)
    def batch_deposit(self, number, amount, day):
        rows = [row for row in self.in_force("invoices") if row["Type"] == pick(("ACCREC", "ACCPAY"), number)][:2]
        money = [{"contact": pick(self.contacts, number), "amount": amount}]
        self.act("batch_deposit", [{"document": key} for key in keys(rows)], money, account="090", date=day)

    @precondition(lambda self: len(self.organisation.bank_transactions) + len(self.organisation.payments))
    @rule(number=numbers, verb=st.sampled_from(("reconcile", "unreconcile", "remove_and_redo", "delete", "void")), table=numbers)
    def take(self, number, verb, table):
        names = ("payments", "batch_payments", "bank_transactions", "bank_transfers")
        rows = [row[found.id_field] for name in names for found in [getattr(self.organisation, name)] for row in found]
        self.act(verb, pick(rows, number * 4 + table))

    @apps.some(*CREDITS)
    @rule(number=numbers)
    def free(self, number):
        self.act("unallocate", pick(self.in_force(*CREDITS), number)["DocumentID"])

    @precondition(lambda self: len(self.organisation.invoices))
    @rule(number=numbers, code=st.sampled_from(("200", "260", "270", "400", "404")))
    def code_anew(self, number, code):
        self.act("edit_line_account", pick(self.organisation.invoices, number)["DocumentID"], code)

    @rule(amount=cents, sign=st.sampled_from(("", "-")), who=numbers, method=st.sampled_from(("match", "receive", "memory")), day=days)
    def bank_line(self, amount, sign, who, method, day):
        payee = self.organisation.contacts.get(pick(self.contacts, who))["Name"]
        self.act("bank_line", sign + amount, payee, account="090", date=day, jax=method)
        self.api.get("Organisation")  # as soon as anybody looks
        assert not self.organisation.statement_lines.find("waiting", True)

    @precondition(lambda self: self.in_force("invoices"))
    @rule(number=numbers, day=days)
    def due_line(self, number, day):
        """One that fits."""
        row = pick(self.in_force("invoices"), number)
        payee = self.organisation.contacts.get(row["ContactID"])["Name"]
        amount = row["AmountDue"] if row["Type"] == "ACCREC" else -row["AmountDue"]
        if amount:
            self.act("bank_line", str(amount), payee, account="090", date=day, jax="match")
            self.api.get("Organisation")

    @rule(number=numbers)
    def merge(self, number):
        """A third contact comes, trades and goes."""
        made = self.api.put("Contacts", {"Contacts": [{"Name": f"Third {len(self.organisation.contacts)}"}]}).json()["Contacts"][0]
        self.act("write_invoice", made["ContactID"], "12.34")
        self.act("prepay", made["ContactID"], "5.00", kind="overpayment")
        self.act("merge", made["ContactID"], pick(self.contacts, number))
        assert not self.organisation.invoices.find("contact", made["ContactID"])

    def teardown(self):
        check_tables(self.organisation)
        super().teardown()


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
