"""A cashier by lot: of every verb something comes, each time the same, nothing but what is asked for is touched, and the books balance."""

import random
from collections import Counter

from simulator_helpers import check_tables

from xero_simulator.app import create_app
from xero_simulator.person.bookkeeper import Banks, Nothing
from xero_simulator.person.cashier import WEIGHTS, Cashier
from xero_simulator.testing import Person

STEPS = 300
CODINGS = {"SPEND": [("400", "INPUT2"), ("400", "NONE")], "RECEIVE": [("200", "OUTPUT2"), ("400", "INPUT2")]}


def play(clock, seed):
    """The app, what was done, and how often."""
    app = create_app(("NZ",), clock=clock, minute_limit=None, day_limit=None)
    rita = Person(app, "NZ", "Rita Mills")
    organisation = app.world.organisation("NZ")
    template = next(row for row in organisation.accounts if row["Type"] == "BANK")
    for code in ("091", "092"):
        names = {"AccountID": organisation.new_id(), "Code": code, "Name": f"Bank {code}", "BankAccountNumber": code * 3}
        organisation.accounts.put({**template, **names})
    rita.spend_money(rita.write_contact("Ann")["Name"], 70, account="092")
    generator, done, words = random.Random(seed), Counter(), []
    banks = Banks((template["Code"], "091"))
    cashier = Cashier(app.world, organisation, generator, banks, lambda: organisation.today(app.world.now()), codings=CODINGS)
    for verb in generator.choices(list(WEIGHTS), list(WEIGHTS.values()), k=STEPS):
        try:
            words.append(f"{verb}: {cashier.do(verb)}")
            done[verb] += 1
        except Nothing:
            done["nothing"] += 1
    return organisation, done, words


def test_something_comes_of_every_verb_and_the_books_balance(clock):
    organisation, done, _words = play(clock, 1)
    assert set(WEIGHTS) <= set(done), set(WEIGHTS) - set(done)
    check_tables(organisation)
    rows = list(organisation.bank_transactions)
    assert {row["Status"] for row in rows} == {"AUTHORISED", "DELETED"}
    other = next(row["AccountID"] for row in organisation.accounts if row["Code"] == "092")
    assert [(row["Total"], row["Status"]) for row in rows if row["AccountID"] == other] == [(70, "AUTHORISED")]
    coded = {(line["AccountCode"], line["TaxType"]) for row in rows if row["AccountID"] != other for line in row["Lines"]}
    assert {("400", "INPUT2"), ("400", "NONE"), ("200", "OUTPUT2")} <= coded


def test_the_same_lot_does_the_same(clock):
    first, second, other = (play(clock, seed)[2] for seed in (1, 1, 2))
    assert first == second != other
