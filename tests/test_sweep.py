"""The sweep's comparison, with figures made by hand: nothing wrong may pass for explained."""

from collections import Counter
from decimal import Decimal

import pytest

from dev.sweep.books import Comparison
from dev.sweep.compare import (
    AGREES,
    CONVERSION,
    HELD,
    LOST,
    NOT_FOR_XERO,
    ON_CLEARING,
    ROUNDING,
    SYNCED,
    WRONG,
    Place,
    Standing,
    Unit,
    rows,
)
from dev.sweep.odoo_side import Counterparts
from dev.sweep.report import show
from dev.sweep.units import MOVE, PARTIAL, Pairing
from dev.sweep.xero_side import XeroBooks

DEBTORS, SALES, TAX, BANK, STOCK = Place("610 Debtors", "Ann"), Place("200 Sales"), Place("820 GST"), Place("090 Bank"), Place("630 Stock")
INVOICE = {DEBTORS: "110", SALES: "-100", TAX: "-10"}
IN_XERO, HELD_BACK = Standing("INV/1", SYNCED), Standing("INV/1", HELD, "Waits for its tax rate")
LEFT_OUT = Standing("INV/1", NOT_FOR_XERO, "It is dated before the sync starts")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def amounts(figures):
    return {place: Decimal(amount) for place, amount in figures.items()}


def unit(odoo, xero, *standings):
    return Unit("INV/1", "invoice", amounts(odoo), amounts(xero), list(standings))


def half(figures):
    return {place: str(Decimal(amount) / 2) for place, amount in figures.items()}


# --- converted by each side ---------------------------------------------------------------------------


def converted(xero, *standings, foreign=True):
    found = unit({DEBTORS: "110", SALES: "-110"}, xero, *standings)
    found.converted = foreign
    return found.verdict


def test_cents_of_a_conversion():
    cent = {DEBTORS: "109.99", SALES: "-110", TAX: "0.01"}
    assert converted(cent, IN_XERO) == CONVERSION
    assert converted(cent, IN_XERO, foreign=False) == WRONG, "nothing is converted"
    assert converted(cent) == WRONG, "nobody says that it is in Xero"
    assert converted(cent, IN_XERO, HELD_BACK) == WRONG
    assert converted({DEBTORS: "109.97", SALES: "-110", TAX: "0.03"}, IN_XERO) == WRONG, "more than rounding makes"


CENTS = Place("860 Rounding")


def test_cents_on_the_rounding_account():
    missing, many, elsewhere = {TAX: "-10.01", CENTS: "0.02"}, {TAX: "-10.03", CENTS: "0.03"}, {TAX: "-10.01", SALES: "-99.99"}
    for xero, verdict in (({TAX: "-10.01", CENTS: "0.01"}, ROUNDING), (missing, WRONG), (many, WRONG), (elsewhere, WRONG)):
        found, untold = (unit(INVOICE, {**INVOICE, **xero}, *standings) for standings in ([IN_XERO], []))
        found.rounding = untold.rounding = CENTS.account
        assert (found.verdict, untold.verdict) == (verdict, WRONG)


# --- on the clearing account ---------------------------------------------------------------------------

OPENING = Standing("MISC/1", SYNCED, "On the clearing account in Xero: Debtors 110.00")
CLEARING = Place("850 Suspense")


def opening(xero, *standings, odoo=None):
    found = unit(odoo or {DEBTORS: "110", SALES: "-110"}, xero, *standings)
    found.clearing, found.apart = CLEARING.account, frozenset([DEBTORS.account, BANK.account])
    return found.verdict


def test_what_an_entry_says_stands_on_the_clearing_account():
    assert opening({CLEARING: "110", SALES: "-110"}, OPENING) == ON_CLEARING
    assert opening({DEBTORS: "60", CLEARING: "50", SALES: "-110"}, OPENING) == ON_CLEARING, "part of it was settled"
    assert opening({}, OPENING, odoo={BANK: "110", DEBTORS: "-110"}) == ON_CLEARING, "both sides stand there, and make nothing"
    assert opening({CLEARING: "110", SALES: "-110"}, OPENING._replace(why="")) == WRONG, "not a word"
    assert opening({CLEARING: "110", SALES: "-110"}, OPENING, HELD_BACK) == WRONG
    assert opening({CLEARING: "100", SALES: "-110"}, OPENING) == WRONG, "not all of it"
    assert opening({CLEARING: "110", TAX: "-110"}, OPENING) == WRONG, "another account"
    assert opening({DEBTORS: "160", CLEARING: "-50", SALES: "-110"}, OPENING) == WRONG, "more than there is"


# --- classes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("odoo", "xero", "standings", "verdict"),
    [
        (INVOICE, INVOICE, [IN_XERO], AGREES),
        ({}, {}, [], AGREES),
        (INVOICE, {}, [HELD_BACK], HELD),
        (INVOICE, half(INVOICE), [HELD_BACK, IN_XERO], HELD),
        (INVOICE, {}, [LEFT_OUT], NOT_FOR_XERO),
        (INVOICE, {}, [LEFT_OUT, LEFT_OUT], NOT_FOR_XERO),
        (INVOICE, {}, [HELD_BACK, LEFT_OUT], HELD),
        # nobody says why
        (INVOICE, {}, [], WRONG),
        (INVOICE, {}, [IN_XERO], WRONG),
        (INVOICE, {}, [Standing("INV/1", LOST, "On its way")], WRONG),
        ({}, INVOICE, [], WRONG),
        # a reason is no reason without words
        (INVOICE, {}, [HELD_BACK._replace(why="")], WRONG),
        (INVOICE, {}, [LEFT_OUT._replace(why="")], WRONG),
        # a reason does not explain more than it says: not for Xero, and yet there
        (INVOICE, INVOICE | {SALES: "-90", TAX: "-20"}, [LEFT_OUT], WRONG),
        (INVOICE, half(INVOICE), [LEFT_OUT], WRONG),
        # one of two is not for Xero; of the other nobody says anything
        (INVOICE, {}, [LEFT_OUT, IN_XERO], WRONG),
        (INVOICE, {}, [LEFT_OUT, Standing("INV/2", LOST)], WRONG),
        (INVOICE, {}, [HELD_BACK, Standing("INV/2", LOST)], WRONG),
        # held, and yet Xero has more than Odoo, the other sign, another account, or another contact
        (INVOICE, {DEBTORS: "220", SALES: "-200", TAX: "-20"}, [HELD_BACK], WRONG),
        (INVOICE, {DEBTORS: "-110", SALES: "100", TAX: "10"}, [HELD_BACK], WRONG),
        (INVOICE, {DEBTORS: "110", BANK: "-110"}, [HELD_BACK, IN_XERO], WRONG),
        (INVOICE, {Place("610 Debtors", "Bob"): "110", SALES: "-100", TAX: "-10"}, [HELD_BACK], WRONG),
        # synced, but the cost of what was sold is not there
        (INVOICE | {STOCK: "-40", Place("310 Cost"): "40"}, INVOICE, [IN_XERO], WRONG),
        # synced, but with the wrong tax by a cent
        (INVOICE, INVOICE | {SALES: "-100.01", TAX: "-9.99"}, [IN_XERO], WRONG),
    ],
)  # fmt: skip
def test_class(odoo, xero, standings, verdict):
    assert unit(odoo, xero, *standings).verdict == verdict


def test_amount_is_what_is_missing_or_too_much():
    assert unit(INVOICE, {}, HELD_BACK).amount == 110
    assert unit({}, INVOICE).amount == 110
    assert unit(INVOICE, INVOICE | {SALES: "-99", TAX: "-11"}).amount == 1
    assert unit(INVOICE, {DEBTORS: "110"}).amount == 110  # what balances on neither side counts with its larger one


def test_reason_is_that_of_the_class():
    assert unit(INVOICE, {}, IN_XERO._replace(why="no reason"), HELD_BACK).why() == HELD_BACK.why
    assert unit(INVOICE, {}, IN_XERO).why() == SYNCED
    assert "nothing in Odoo" in unit({}, INVOICE).why()


# --- rows --------------------------------------------------------------------------------------------


def row(units, odoo, xero, name="610 Debtors", key="account"):
    return next(one for one in rows(units, amounts(odoo), amounts(xero), key) if one.name == name)


def test_classes_add_up_to_the_difference():
    units = [unit(INVOICE, {}, HELD_BACK), unit(INVOICE, {}, LEFT_OUT), unit(INVOICE, INVOICE, IN_XERO), unit({DEBTORS: "7"}, {}, IN_XERO)]
    found = row(units, {"610 Debtors": "337"}, {"610 Debtors": "110"})
    assert found.difference == -227
    assert found.parts == {HELD: -110, NOT_FOR_XERO: -110, WRONG: -7}
    assert found.verdict == WRONG


def test_what_no_unit_accounts_for_is_wrong():
    found = row([unit(INVOICE, {}, HELD_BACK)], {"610 Debtors": "110"}, {"610 Debtors": "0.01"})
    assert found.parts == {HELD: -110, WRONG: Decimal("0.01")}
    assert found.verdict == WRONG


def test_totals_that_agree_do_not_hide_units_that_differ():
    """The books agree by accident: held here what is wrong there."""
    units = [unit(INVOICE, {}, HELD_BACK), unit({}, INVOICE)]
    found = row(units, {"610 Debtors": "110"}, {"610 Debtors": "110"})
    assert (found.difference, found.verdict) == (0, WRONG)


def test_an_explained_difference():
    assert row([unit(INVOICE, {}, HELD_BACK)], {"610 Debtors": "110"}, {}).verdict == HELD
    assert row([unit(INVOICE, INVOICE, IN_XERO)], {"610 Debtors": "110"}, {"610 Debtors": "110"}).verdict == AGREES


def test_contacts():
    """Money that stands with another contact is wrong, though the account agrees."""
    units = [unit({DEBTORS: "5"}, {Place("610 Debtors", "Bob"): "5"}, IN_XERO)]
    assert row(units, {"610 Debtors": "5"}, {"610 Debtors": "5"}).difference == 0
    assert row(units, {"Ann": "5"}, {}, "Ann", "contact").parts == {WRONG: -5}
    assert row(units, {}, {"Bob": "5"}, "Bob", "contact").parts == {WRONG: 5}


# --- units -------------------------------------------------------------------------------------------


class Odoo:
    """An invoice 1, its payment 2 with exchange difference 3, a credit note 4 matched with invoice 5, an entry 6 in a summary."""

    moves = {
        number: {"move_type": kind, "is_money": number == 2}
        for number, kind in enumerate(("out_invoice", "entry", "entry", "out_refund", "out_invoice", "entry"), 1)
    }
    move_of_line = {10: 1, 20: 2, 40: 4, 50: 5}
    move_of_record = {("account.payment", 22): 2}
    partials = {
        7: {"id": 7, "debit_move_id": [10], "credit_move_id": [20], "exchange_move_id": [3]},
        8: {"id": 8, "debit_move_id": [50], "credit_move_id": [40], "exchange_move_id": False},
    }
    summaries = {9: [6]}

    def __init__(self, *documents):
        names = ("kind", "res_model", "res_id", "xero_id")
        self.documents = [dict(zip(names, values, strict=True)) for values in documents]


class Xero:
    batches, transactions, allocations = {"B": ["P"]}, {"O": "T"}, {"W": ["A"]}

    def __init__(self, *sources):
        self.found = sources

    def sources(self):
        return self.found


def joined(documents, *sources):
    return {frozenset(group) for group in Pairing(Odoo(*documents), Xero(*sources)).joined().values()}


def test_pairs():
    groups = joined(
        [
            ("invoice", MOVE, 1, "I"), ("payment", PARTIAL, 7, "P"), ("allocation", PARTIAL, 8, "L"), ("contact", "res.partner", 1, "C"),
            ("summary", "xero.journal.summary", 9, "S"), ("bill", MOVE, 5, False),
        ],
        ("Invoice", "I"), ("Payment", "P"), ("Allocation", "L"), ("ManualJournal", "S"), ("Payment", "nobody's"),
    )  # fmt: skip
    assert groups == {
        frozenset({(MOVE, 1), ("Invoice", "I")}),
        frozenset({(MOVE, 2), (MOVE, 3), ("Payment", "P")}),
        frozenset({(PARTIAL, 8), ("Allocation", "L")}),
        frozenset({(MOVE, 4)}),
        frozenset({(MOVE, 5)}),
        frozenset({(MOVE, 6), ("xero.journal.summary", 9), ("ManualJournal", "S")}),
        frozenset({("Payment", "nobody's")}),
    }


@pytest.mark.parametrize(
    ("document", "nodes"),
    [
        (("batch_payment", "account.payment", 22, "B"), {("Payment", "P")}),
        (("on_account", "account.payment", 22, "O"), {("BankTransaction", "T")}),
        (("on_account", "account.payment", 22, "T"), {("BankTransaction", "T")}),
        (("write_off", MOVE, 2, "W"), {("CreditNote", "W"), ("Allocation", "A")}),
    ],
)
def test_money_as_a_whole(document, nodes):
    assert frozenset({(MOVE, 2), (MOVE, 3), *nodes}) in joined([document])


# --- the two sides -----------------------------------------------------------------------------------

ACCOUNTS = [
    {"AccountID": code, "Code": code, "Name": name, "Class": klass, "SystemAccount": system}
    for code, name, klass, system in (
        ("200", "Sales", "REVENUE", ""), ("610", "Debtors", "ASSET", "DEBTORS"), ("800", "Creditors", "LIABILITY", "CREDITORS"),
        ("820", "GST", "LIABILITY", "GST"), ("499", "Gains", "EXPENSE", "REALISEDCURRENCYGAIN"),
        ("960", "Retained", "EQUITY", "RETAINEDEARNINGS"), ("090", "Bank", "ASSET", ""), ("091", "Till", "ASSET", ""),
    )
]  # fmt: skip


class ControlPlane:
    """Ann owes 30 and is owed 30; 5 are owed by nobody known; sales of last year have become retained earnings."""

    ENTRIES = [
        ("610", "a", 30), ("800", "a", -30), ("610", "", 5), ("200", "", -5),
    ]  # fmt: skip
    LISTS = ("payments", "overpayments", "prepayments", "credit_notes")

    def call(self, _method, path):
        if path.endswith("entries"):
            rows = [
                {"source": "Invoice", "source_id": str(number), "account_id": account, "contact_id": contact, "amount": amount}
                for number, (account, contact, amount) in enumerate(self.ENTRIES)
            ]
            return {"entries": rows}
        if "balances" in path:
            contacts = [{"contact_id": "a", "control": control, "balance": due} for control, due in (("DEBTORS", 30), ("CREDITORS", -30))]
            rows = [{"account_id": account, "balance": balance} for account, balance in (("610", 35), ("800", -30), ("960", -5))]
            return {"accounts": rows, "contacts": contacts}
        return {"accounts": ACCOUNTS, "contacts": [{"ContactID": "a", "Name": "Ann"}], **dict.fromkeys(self.LISTS, ())}


def test_totals_of_the_ledger():
    books = XeroBooks(ControlPlane(), "AU")
    assert books.account_totals() == {"610 Debtors": 35, "800 Creditors": -30, "200 Sales": -5}


def test_what_somebody_owes_is_not_set_off():
    """Against what is owed to them, as long as the books do not."""
    expected = {"Ann (a), receivable": 30, "Ann (a), payable": -30, "(nobody), receivable": 5}
    books = XeroBooks(ControlPlane(), "AU")
    assert books.contact_totals() == expected
    found = {place.contact: amount for place, amount in places(books).items() if place.contact}
    assert found == expected


def places(books):
    return {books.place(entry): entry["amount"] for entry in books.entries}


class Keyboard:
    """What the connector's mapping and Odoo's books say over RPC; journal 1 is the bank, 2 the till, 3 has no counterpart."""

    ROWS = {
        "account.account": [
            {"id": number, "code": str(number), "name": kind, "account_type": kind}
            for number, kind in enumerate(
                ("income", "asset_receivable", "liability_payable", "asset_cash", "asset_cash", "asset_current", "liability_current",
                 "income_other", "expense", "expense"), 1,
            )
        ],
        "xero.account": [{"id": number, "xero_id": row["AccountID"]} for number, row in enumerate(ACCOUNTS)],
        "xero.account.mapping": [
            {"account_id": [1], "xero_account_id": [0], "confirmed": True}, {"account_id": [9], "xero_account_id": [0], "confirmed": False}
        ],
        "xero.journal.mapping": [
            {"journal_id": [1], "xero_account_id": [6], "confirmed": True}, {"journal_id": [2], "xero_account_id": [7], "confirmed": True}
        ],
        "account.journal": [{"id": 1, "default_account_id": [4]}, {"id": 2, "default_account_id": [5]}],
        "account.payment": [{"outstanding_account_id": [6]}, {"outstanding_account_id": [5]}, {"outstanding_account_id": False}],
        "account.tax.repartition.line": [{"account_id": [7]}, {"account_id": [10]}],
    }  # fmt: skip

    def search_read(self, model, _domain, _fields, **_options):
        return self.ROWS[model]

    def call(self, _model, _method, _ids, _names):
        return [{"income_currency_exchange_account_id": [8], "expense_currency_exchange_account_id": False}]


@pytest.mark.parametrize(
    ("account", "journal", "expected"),
    [
        (1, 9, "200 Sales"),
        (2, 9, "610 Debtors"),
        (3, 9, "800 Creditors"),
        (4, 1, "090 Bank"),
        (4, 9, "090 Bank"),  # whatever the journal
        (5, 1, "091 Till"),  # outstanding payments that stand on another bank's account at once
        (6, 1, "090 Bank"),  # outstanding payments: the bank's of their journal
        (6, 2, "091 Till"),
        (6, 3, "6 asset_current (Odoo's, no counterpart)"),
        (7, 9, "820 GST"),
        (8, 9, "499 Gains"),
        (9, 9, "9 expense (Odoo's, no counterpart)"),  # not confirmed
        (10, 9, "10 expense (Odoo's, no counterpart)"),  # tax that is a cost
        (77, 9, "77 (Odoo's, no counterpart)"),
    ],
)
def test_counterparts(account, journal, expected):
    assert Counterparts(Keyboard(), 4, 1, XeroBooks(ControlPlane(), "AU")).label(account, journal) == expected


# --- the verdict -------------------------------------------------------------------------------------


def comparison(*units, lost=()):
    odoo, xero = {}, {}
    for one in units:
        for side, totals in ((one.odoo, odoo), (one.xero, xero)):
            for place, amount in side.items():
                totals[place.account] = totals.get(place.account, 0) + amount
    return Comparison("AU Company", "Demo", list(units), rows(units, odoo, xero, "account"), [], Counter(), list(lost))


@pytest.mark.parametrize(
    ("found", "is_right"),
    [
        (comparison(unit(INVOICE, INVOICE, IN_XERO)), True),
        (comparison(unit(INVOICE, {}, HELD_BACK), unit(INVOICE, {}, LEFT_OUT)), True),
        (comparison(unit(INVOICE, {}, HELD_BACK), unit(INVOICE, {}, IN_XERO)), False),
        (comparison(unit(INVOICE, INVOICE, IN_XERO), lost=[Standing("INV/2", LOST)]), False),
    ],
)
def test_it_is_right_only_if_nothing_is_wrong(found, is_right, capsys):
    assert show([found]) is is_right
    assert "All 1 companies" in capsys.readouterr().out.splitlines()[-1]
