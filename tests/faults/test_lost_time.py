"""What a restored backup has forgotten: what apps have made since, and nothing that people have made in Xero meanwhile."""

from datetime import datetime

import pytest

from tests.faults.facts import mark
from tests.faults.lost_time import TABLES, LostTime

BORN = datetime(2026, 9, 14, 8, 30)  # noqa: DTZ001 - as the database has it


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def state(payments=(), notes=()):
    empty = dict.fromkeys(TABLES, ())
    history = [{"OwnerID": owner, "User": user, "Details": details} for owner, user, details in notes]
    return {"organisations": [{**empty, "tenant_id": "t", "payments": list(payments), "history": history}]}


def payment(key, reference="", amount=10):
    return {"PaymentID": key, "Reference": reference, "Amount": amount, "Status": "AUTHORISED", "IsReconciled": False}


def query(statement):
    return [{"id": 1, "create_date": BORN}] if "account_payment" in statement else []


BY_APP = ("System Generated", "Received through the Xero API from Odoo")
RITA, XERO = ("Rita Mills", ""), ("System Generated", "")


def test_what_apps_have_made_is_forgotten_and_what_people_have_made_is_not():
    ours = f"BNK/1 #{mark('account.payment', 1, BORN)}"
    made = [payment("known", ours), payment("forgotten", "BNK/2 #aaaaaaaaaaaa"), payment("rita"), payment("xero")]
    notes = [("known", *BY_APP), ("forgotten", *BY_APP), ("rita", *RITA), ("xero", *XERO), ("forgotten", *RITA)]
    lost = LostTime(state([payment("before")]), state([payment("before"), *made], notes), query)
    assert set(lost.strangers) == {"forgotten"}
    assert lost.changed == {"known"}


@pytest.mark.parametrize(
    ("by", "blamed"), [(BY_APP, True), (RITA, False), (XERO, False), (("System Generated", "Payment of 10 on 1-Sep-2026."), True)]
)
def test_what_people_change_of_it_is_their_affair(by, blamed):
    first = [("forgotten", *BY_APP)]
    lost = LostTime(state(), state([payment("forgotten")], first), query)
    changed = state([payment("forgotten", amount=11)], [*first, ("forgotten", *by)])
    assert bool(list(lost.altered(changed))) is blamed


@pytest.mark.parametrize("told", ["BNK/2", "INV/7 BNK/2"])
@pytest.mark.parametrize(("origin", "number", "blamed"), [("odoo", "BNK/3", True), ("odoo", "BNK/2", False), ("xero", "BNK/3", False)])
def test_who_may_take_what_is_forgotten(told, origin, number, blamed):
    lost = LostTime(state(), state([payment("forgotten", f"{told} #aaaaaaaaaaaa")], [("forgotten", *BY_APP)]), query)
    taken = lost.taken([{"xero_id": "forgotten", "origin": origin, "names": [number]}])
    assert bool(taken) is bool(lost.strangers) is blamed
    assert lost.changed == ({"forgotten"} if (origin, number) == ("odoo", "BNK/2") else set())
