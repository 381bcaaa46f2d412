"""What is remembered of documents on the wire: every class of trace comes back from its JSON, and older JSON is read."""

import ast
import dataclasses
import datetime
import importlib.util
import json
from decimal import Decimal
from typing import get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pure import ADDON, load

trace = load("handlers.trace")
ROOMS = sorted(path.parent.name for path in (ADDON / "handlers").glob("*/trace.py"))
MODULES = [trace, *(load(f"handlers.{room}.trace") for room in ROOMS)]
CLASSES = [each for module in MODULES for each in vars(module).values() if isinstance(each, type) and issubclass(each, trace.Trace)]
CLASSES = sorted({*CLASSES}, key=lambda each: each.__name__)
# as version 19.0.1.0.0 kept them
OLD = {
    "LinesTrace": {
        "tax": "0.80", "url": "https://odoo.example/odoo/account.move/31", "date": "2026-10-01", "keys": ["82"], "type": "ACCRECCREDIT",
        "total": "8.80", "number": "RINV/0002", "others": [], "figures": "b764", "partner": "Azure Interior", "tracking": [["o1", "o2"]],
        "options": {"o1": "North", "o2": "Red"}, "contact_id": "c1", "correction": "plain", "partner_id": 6, "xero_id": "gone",
    },
    "BatchPaymentTrace": {"date": "2026-10-01", "amounts": {"i1": "10.50"}, "references": ["a #1"], "mark": "P7", "type": "ACCREC"},
    "PaymentTrace": {
        "invoice_id": "i1", "type": "ACCREC", "draft": False, "reference": "a #1", "amount": "1.00", "invoice_total": "9.00",
        "owner": ["account.payment", 7],
    },
}  # fmt: skip


amounts = st.decimals(allow_nan=False, allow_infinity=False)
PLAIN = {str: st.text(max_size=5), int: st.integers(), bool: st.booleans(), Decimal: amounts, datetime.date: st.dates()}


def of(hint):
    """Values of a field, as its type says."""
    if hint in PLAIN:
        return PLAIN[hint]
    first, last = get_args(hint)[0], get_args(hint)[-1]
    if get_origin(hint) is tuple:
        return st.lists(of(first), max_size=3).map(tuple)
    return st.dictionaries(of(first), of(last), max_size=3) if get_origin(hint) is dict else st.none() | of(first)


def made(kind):
    return st.builds(kind, **{each.name: of(each.type) for each in dataclasses.fields(kind)})


def test_there_are_traces():
    assert {"Trace", "LinesTrace", "PaymentTrace", "ContactTrace", "FileTrace", "TransferTrace", "JournalTrace"} <= {
        each.__name__ for each in CLASSES
    }


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_it_comes_back_from_its_json(kind, data):
    one = data.draw(made(kind))
    assert kind.from_json(json.loads(json.dumps(one.to_json()))) == one


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_nothing_said_is_nothing_kept(kind):
    assert kind().to_json() == {}
    assert kind.from_json({}) == kind.from_json({"never heard of": 1}) == kind()


def test_what_an_older_version_has_kept():
    [note], [batch], [payment] = ([kind for kind in CLASSES if kind.__name__ == name] for name in OLD)
    read = note.from_json(OLD["LinesTrace"])
    assert (read.total, read.tax, read.date) == (Decimal("8.80"), Decimal("0.80"), datetime.date(2026, 10, 1))
    assert (read.tracking, read.keys, read.partner_id, read.correction) == ((("o1", "o2"),), ("82",), 6, "plain")
    assert batch.from_json(OLD["BatchPaymentTrace"]).amounts == {"i1": Decimal("10.50")}
    assert payment.from_json(OLD["PaymentTrace"]).invoice_total == 9


def test_what_is_no_amount_is_not_taken_for_one():
    with pytest.raises(ArithmeticError):
        trace.Trace.from_json({"total": "ten"})


def test_an_amount_is_compared_or_it_is_not():
    assert trace.Trace.from_json({"tracking": []}).tracking == ()
    assert trace.Trace.from_json({}).tracking is None


def test_a_misspelt_name_is_an_error():
    with pytest.raises(TypeError):
        trace.Trace(nubmer="1")
    with pytest.raises(AttributeError):
        _ = trace.Trace().nubmer


def test_handlers_read_what_there_is():
    """Every `trace.<name>` of handlers and engine is a field, or a method, of a trace."""
    known = {each.name for kind in CLASSES for each in dataclasses.fields(kind)} | {"to_json", "from_json"}
    wrong, seen = [], 0
    for room in ("handlers", "engine"):
        for path in (ADDON / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and _is_trace(node.value):
                    seen += 1
                    wrong += [] if node.attr in known else [f"{path.name}:{node.lineno} {node.attr}"]
    assert seen > 50
    assert not wrong


def _is_trace(node):
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "trace"


def test_the_upgrade_renames_what_is_kept():
    path = ADDON / "migrations" / "19.0.1.3.0" / "post-migration.py"
    spec = importlib.util.spec_from_file_location("migration", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    [transfer] = [kind for kind in CLASSES if kind.__name__ == "TransferTrace"]
    names = {each.name for each in dataclasses.fields(transfer)}
    assert set(module.RENAMED.values()) <= names
    assert not set(module.RENAMED) & names
