"""What nobody knows of Xero must not matter: every switch of the simulator is run under every value by a test of the connector."""

import ast
from pathlib import Path

import pytest

from xero_simulator.switches import NAMES, values

ROOT = Path(__file__).parent.parent
# Tests of the addon turn switches by `every_value`, those of its core, which know no Odoo, by parametrizing over `values`.
PLACES = ("xero_connector/tests", "tests/core")
MARKS = ("every_value", "values")
# What no test of the connector has to turn, and why.
ELSEWHERE = {
    "request_limit": "engine/test_too_much.py turns it much lower: what is divided at 60,000 bytes is divided at any number",
    "negative_total": "Odoo posts no document with a negative total, so none is ever sent",
    "post_by_number": "documents are made by PUT and changed by their id: POST without an id is never sent",
    "contact_number_unique": "the number of a contact is a mark that no other contact has, so Xero never has to refuse it",
    "bank_accounts_updatable": "accounts are made, never changed",
    "demo_email_limit": "Xero is never asked to send an e-mail",
    "online_invoice_refusal": "the link for paying online is not asked for yet",
    "include_online_on_bills": "files are sent without IncludeOnline",
    "unbalanced_draft_journal": "an entry of Odoo balances, and so does its journal",
    "report_blank": "reports are not read yet",
    "report_id": "reports are not read yet",
    "report_zero_accounts": "reports are not read yet",
    "report_archived_accounts": "reports are not read yet",
    "bank_summary_currency": "reports are not read yet",
    "bank_summary_gain_column": "reports are not read yet",
    "unknown_fields": "all of the addon's tests run with it refused, which is the strict one",
    "reconciled_edit": "bank transactions are made and deleted, never changed",
    "journal_order_unpaged": "manual journals are asked for without an order",
    "note_moves_stamp": "no notes are written into the history",
    "history_user_for_other_apps": "the history of a record is not read yet",
}


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def turned():
    """`{switch: tests that run under every value of it}`."""
    found = {}
    for path in sorted(path for place in PLACES for path in (ROOT / place).rglob("test_*.py")):
        tests = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
        for test in (test for test in tests if test.name.startswith("test_")):
            for name in names(test):
                found.setdefault(name, []).append(f"{path.relative_to(ROOT)}::{test.name}")
    return found


def names(test):
    calls = (node for decorator in test.decorator_list for node in ast.walk(decorator) if isinstance(node, ast.Call))
    marks = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in MARKS)
    return [argument.value for call in marks for argument in call.args if isinstance(argument, ast.Constant)]


def test_every_switch_is_turned_or_has_a_reason():
    several = {name for name in NAMES if len(values(name)) > 1}
    found = turned()
    assert sorted(several - set(found) - set(ELSEWHERE)) == [], "neither turned by a test nor listed with a reason"
    assert sorted(set(ELSEWHERE) & set(found)) == [], "listed though a test turns it"
    assert sorted((set(found) | set(ELSEWHERE)) - several) == [], "no switch of several values"


def test_reasons_are_sentences():
    assert [name for name, reason in ELSEWHERE.items() if len(reason.split()) < 4] == []
