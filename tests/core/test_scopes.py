"""What is asked for at consent is what the calls need: nothing missing, nothing superfluous."""

import ast
import inspect
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from xero_core.http import scopes
from xero_python.accounting import AccountingApi

RESOURCES = Path(__file__).parents[2] / "xero_connector" / "xero_core" / "resources"


def methods():
    """Names of the SDK's methods that the pages use, as attributes of `_api` or in tables of names."""
    found = set()
    for path in RESOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.attr if isinstance(node, ast.Attribute) else node.value if isinstance(node, ast.Constant) else ""
            if isinstance(name, str) and name.isidentifier() and "_" in name.strip("_") and callable(getattr(AccountingApi, name, None)):
                found.add(name)
    return sorted(found)


def address(name):
    """The address that the SDK's method calls."""
    client = MagicMock()
    client.call_api.side_effect = lambda path, *_args, **_kwargs: path
    method = getattr(AccountingApi(client, base_url="https://api.xero.com/api.xro/2.0"), name)
    needed = [each for each in inspect.signature(method).parameters.values() if each.default is each.empty]
    method(*(MagicMock() for _each in needed))
    client.call_api.assert_called_once()
    url = client.get_resource_url.call_args.args[0] if client.get_resource_url.called else client.call_api.call_args.args[0]
    return url if "api.xro" in str(url) else f"https://api.xero.com/api.xro/2.0{url}"


def test_there_are_methods_to_look_at():
    assert {"create_manual_journals", "get_items", "get_branding_themes", "create_credit_note_allocation"} <= set(methods())


@pytest.mark.parametrize("name", methods())
def test_every_call_has_its_scope(name):
    assert scopes.needed(address(name)) in scopes.SCOPES


def test_no_scope_is_asked_for_in_vain():
    assert {scopes.needed(address(name)) for name in methods()} == set(scopes.SCOPES) - {"offline_access"}


def test_files_have_a_scope_of_their_own():
    assert scopes.needed("https://api.xero.com/api.xro/2.0/Invoices/1/Attachments/a.pdf") == "accounting.attachments"
    assert scopes.needed("https://api.xero.com/api.xro/2.0/Unheard") == ""
