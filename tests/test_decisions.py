"""Deciding writes nothing: what a decision of a handler may call neither writes nor asks for anything."""

import ast

import pytest
from source import at, dotted, functions, name, nodes, sources

DECISIONS = ("_decide", "_decide_step")
ACTS = frozenset(
    [
        "write",
        "create",
        "unlink",
        "copy",
        "commit",
        "rollback",
        "flush_all",
        "xero",
        "_set_state",
        "_hold",
        "_release",
        "_let_go",
        "_ask",
        "_wait",
        "_back_off",
    ]
)
READ = frozenset(
    [
        "binding",
        "job",
        "jobs",
        "move",
        "moves",
        "partner",
        "product",
        "account",
        "reading",
        "source",
        "connection",
        "record",
        "document",
        "parts",
        "context",
    ]
)
MUTATORS = frozenset(["add", "append", "update", "setdefault", "pop", "remove", "clear", "extend", "discard"])


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def decision_functions():
    """``(path, function)`` of all that a decision of a handler may call, by the names of methods; those of other modules are Odoo's."""
    defined = {}
    for folder in ("xero_connector/handlers", "test_xero_connector/handlers"):
        for path in sources(folder):
            for node in functions(path):
                defined.setdefault(node.name, []).append((path, node))
    reached, waiting = set(), list(DECISIONS)
    while waiting:
        method = waiting.pop()
        if method in reached:
            continue
        reached.add(method)
        for _path, function in defined.get(method, ()):
            calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            waiting += [call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls]
    return [found for method in sorted(reached) for found in defined.get(method, ())]


def acts(function):
    """The lines of a function on which something is written, asked for, or changed that others read."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, verb = dotted(node.func.value).split(".")[0], node.func.attr
            if verb in ACTS or verb.startswith(("_enqueue", "_ask_for")) or (owner in READ and verb in MUTATORS):
                yield node
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        yield from (each for each in targets if not isinstance(each, ast.Name) and dotted(each).split(".")[0] in READ)


def test_deciding_writes_nothing():
    found = decision_functions()
    assert len(found) > 100, "the closure has lost its way"
    assert not [f"{at(path, node)} {function.name}" for path, function in found for node in acts(function)]


def test_every_decision_has_its_table():
    decisions = [
        (path, node) for path, node in decision_functions() if node.name == "_decide" and "NotImplementedError" not in ast.dump(node)
    ]
    assert len(decisions) > 8
    assert not [at(path, node) for path, node in decisions if "| then" not in (ast.get_docstring(node) or "")]


def test_what_leaves_xero_is_checked_in_one_place():
    """Nothing is taken out of a closed period, whatever it is."""
    made = [(path, node) for path, node in nodes(ast.Call, "xero_connector", "test_xero_connector") if dotted(node.func) == "Outgoing"]
    values = [(path, [*node.args, *(each.value for each in node.keywords)]) for path, node in made]
    removing = {name(path) for path, given in values if any(isinstance(each, ast.Constant) and each.value == "remove" for each in given)}
    assert len(made) > 8
    assert removing == {"xero_connector/handlers/removal.py"}
