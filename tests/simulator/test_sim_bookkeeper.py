"""A bookkeeper by lot: of every verb something comes, each time the same, and the books stay in balance whatever is done."""

import random
from collections import Counter

import pytest
from ledger_helpers import balances
from simulator_helpers import check_tables

from xero_simulator.app import create_app
from xero_simulator.person import Impossible
from xero_simulator.person.bookkeeper import WEIGHTS, Banks, Bookkeeper, Nothing
from xero_simulator.testing import Person

STEPS = 500


def books(clock):
    """An app whose organisation has invoices and bills, some alike, credit notes, and a foreign invoice."""
    app = create_app(("NZ",), clock=clock, minute_limit=None, day_limit=None)
    rita = Person(app, "NZ", "Rita Mills")
    app.world.organisation("NZ").add_currency("USD")
    names = [rita.write_contact(name)["Name"] for name in ("Ann", "Bob")]
    for number, name in enumerate(names * 8):
        rita.write_invoice(name, 100 + number, number=f"INV-{number}")
        rita.write_bill(name, 50 + number)
        rita.write_credit_note(name, 30 + number, side=("sale", "purchase")[number % 2])
    rita.write_invoice(names[0], 80, currency="USD", rate="0.6")
    return app


def play(app, seed):
    """What was done, with how often."""
    organisation = app.world.organisation("NZ")
    generator, done, words = random.Random(seed), Counter(), []
    bookkeeper = Bookkeeper(app.world, organisation, generator, Banks(("090",)), lambda: organisation.today(app.world.now()))
    for verb in generator.choices(list(WEIGHTS), list(WEIGHTS.values()), k=STEPS):
        try:
            words.append(f"{verb}: {bookkeeper.do(verb)}")
            done[verb] += 1
        except Nothing:
            done["nothing"] += 1
    return done, words


@pytest.mark.parametrize("seed", [1, 2])
def test_something_comes_of_every_verb_and_the_books_balance(clock, seed):
    app = books(clock)
    done, _words = play(app, seed)
    assert set(WEIGHTS) <= set(done), set(WEIGHTS) - set(done)
    check_tables(app.world.organisation("NZ"))


def test_the_same_lot_does_the_same(clock):
    first, second, other = (play(books(clock), seed)[1] for seed in (1, 1, 2))
    assert first == second != other


def test_over_http(api, app, control):
    rita = Person(app, "NZ", "Rita Mills")
    invoice = rita.write_invoice(rita.write_contact("Ann")["Name"], 100, number="INV-1")
    answer = control("organisations/NZ/bookkeeper", {"verb": "pay", "lot": "3", "banks": ["090"]}).json()
    assert (answer["verb"], "INV-1" in answer["did"]) == ("pay", True)
    assert api.read(invoice)["AmountDue"] < 115
    assert balances(api)["090"] != "0.00"
    answer = control("organisations/NZ/bookkeeper", {"verb": "refund", "lot": "7", "banks": ["090"]}).json()
    assert (answer["did"], bool(answer["why"])) == ("", True)


def test_an_unknown_verb_is_told(clock):
    bookkeeper = Bookkeeper(create_app().world, None, random.Random(1), Banks(()), clock)
    with pytest.raises(Impossible, match="does not dance"):
        bookkeeper.do("dance")
