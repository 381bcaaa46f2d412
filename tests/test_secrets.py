"""C2: secrets are read by functions of the room ``access``; no method of a model hands on what they give."""

import ast

import pytest
from source import at, dotted, functions, nodes, sources, tree

GIVES_SECRETS = {"clients.xero", "clients.tokens", "clients.oauth", "clients.client_secret", "clients.webhook_keys", "clients.in_own_row"}


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def model_methods():
    """``(path, function)`` of all methods of models of the addon."""
    for path in sources("xero_connector"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and any("Model" in dotted(base) for base in node.bases):
                yield from ((path, function) for function in functions(path) if function in node.body)


def secrets_in(expression):
    """Calls that give a secret, or what holds one, as the value of an expression rather than as something it is made with."""
    if isinstance(expression, ast.Call):
        return [expression] if dotted(expression.func) in GIVES_SECRETS else []
    if isinstance(expression, ast.Attribute | ast.Await | ast.Starred):
        return secrets_in(expression.value)
    return [found for child in ast.iter_child_nodes(expression) for found in secrets_in(child)]


def names_of_secrets(function):
    """The names that a method gives to what holds a secret."""
    given = (node for node in ast.walk(function) if isinstance(node, ast.Assign) and secrets_in(node.value))
    return {name.id for node in given for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def test_no_method_returns_what_holds_a_secret():
    wrong, seen = [], 0
    for path, function in model_methods():
        seen += 1
        names = names_of_secrets(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                bare = isinstance(node.value, ast.Name) and node.value.id in names
                if bare or secrets_in(node.value):
                    wrong.append(f"{at(path, node)} {function.name}")
    assert seen > 500
    assert not wrong


def test_no_method_lets_a_caller_work_with_the_row_of_secrets():
    wrong, seen = [], 0
    for path, function in model_methods():
        given = {argument.arg for argument in function.args.args}
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and dotted(node.func) == "clients.in_own_row":
                seen += 1
                work = node.args[1]
                if isinstance(work, ast.Name) and work.id in given:
                    wrong.append(at(path, node))
    assert seen > 3
    assert not wrong


def test_only_the_room_decrypts():
    wrong = [
        at(path, node)
        for path, node in nodes(ast.Call, "xero_connector/mapping", "xero_connector/handlers", "xero_connector/engine")
        if dotted(node.func).endswith((".secret", ".decrypt"))
    ]
    assert not wrong
