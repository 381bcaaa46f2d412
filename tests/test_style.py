"""How big things may get, and what nobody does."""

import ast
import statistics

import pytest
from source import ROOT, SHIPPED, at, dotted, functions, name, nodes, sources, tree

MAX_FUNCTION, MAX_MEDIAN, MAX_FILE, MAX_TEST_FILE, MAX_COMPLEXITY = 40, 10, 300, 400, 10

MAY_COMMIT = ("xero_connector/engine/transactions.py",)
MAY_CATCH_ALL = ("xero_connector/engine/guard.py", "xero_connector/controllers/webhook.py")
REQUEST_CALLS = ("get", "post", "put", "patch", "delete", "head", "options", "request", "urlopen")
HTTP_NAMES = ("requests", "session", "_session", "urllib", "httpx")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


# --- size --------------------------------------------------------------------------------------------


def length(function) -> int:
    first = function.decorator_list[0].lineno if function.decorator_list else function.lineno
    return function.end_lineno - first + 1


def test_files_are_short():
    sizes = {name(path): len(path.read_text().splitlines()) for path in sources(*SHIPPED)}
    assert not {path: size for path, size in sizes.items() if size > MAX_FILE}


def test_test_files_are_short():
    tests = [path for folder in (*SHIPPED, "tests") for path in (ROOT / folder).rglob("*.py") if "tests" in path.relative_to(ROOT).parts]
    sizes = {name(path): len(path.read_text().splitlines()) for path in tests}
    assert sizes and not {path: size for path, size in sizes.items() if size > MAX_TEST_FILE}


def test_functions_are_short():
    wrong = [
        f"{at(path, node)} {node.name} {length(node)}"
        for path in sources(*SHIPPED)
        for node in functions(path)
        if length(node) > MAX_FUNCTION
    ]
    assert not wrong


def test_half_of_the_functions_are_very_short():
    assert statistics.median(length(node) for path in sources(*SHIPPED) for node in functions(path)) <= MAX_MEDIAN


BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.comprehension, ast.match_case)


def conditions(node) -> int:
    """How many `and` and `or` stand in the condition of a branch; `x or default` is a value, not a branch."""
    tests = node.ifs if isinstance(node, ast.comprehension) else [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    return sum(len(each.values) - 1 for test in tests for each in ast.walk(test) if isinstance(each, ast.BoolOp))


def complexity(function) -> int:
    """McCabe's number with conditions: one, and one more for every branch, loop and handler, and every `and` and `or` in a condition."""
    found = [node for statement in function.body for node in ast.walk(statement)]
    return 1 + sum(isinstance(node, BRANCHES) + conditions(node) for node in found)


def test_functions_are_simple():
    wrong = [
        f"{at(path, node)} {node.name} {complexity(node)}"
        for path in sources(*SHIPPED)
        for node in functions(path)
        if complexity(node) > MAX_COMPLEXITY
    ]
    assert not wrong


# --- habits ------------------------------------------------------------------------------------------


def test_nobody_sleeps():
    calls = [at(path, node) for path, node in nodes(ast.Call, "xero_connector") if dotted(node.func) in ("time.sleep", "sleep")]
    names = [
        at(path, node)
        for path, node in nodes(ast.ImportFrom, "xero_connector")
        if node.module == "time" and any(alias.name == "sleep" for alias in node.names)
    ]
    assert not calls + names


def catches_all(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or dotted(kind) in ("Exception", "BaseException") for kind in kinds)


def test_nobody_catches_everything():
    wrong = [
        at(path, node) for path, node in nodes(ast.ExceptHandler, "xero_connector") if catches_all(node) and name(path) not in MAY_CATCH_ALL
    ]
    assert not wrong


def test_refusals_have_our_dialog():
    """E14: Odoo's own is titled "Invalid Operation"."""
    raised = [node.exc for _path, node in nodes(ast.Raise, "xero_connector", "xero_connector_hr_expense") if isinstance(node.exc, ast.Call)]
    assert not [ast.unparse(call) for call in raised if dotted(call.func) == "UserError"]
    assert any(dotted(call.func) == "Refusal" for call in raised)


def test_only_the_transactions_commit():
    calls = [(path, node) for path, node in nodes(ast.Call, "xero_connector") if isinstance(node.func, ast.Attribute)]
    commits = [(path, node) for path, node in calls if node.func.attr in ("commit", "_commit_progress")]
    others = [(path, node) for path, node in commits if not dotted(node.func).endswith("_transactions.commit")]
    assert not [at(path, node) for path, node in others if name(path) not in MAY_COMMIT]
    assert "xero_connector/engine/transactions.py" in {name(path) for path, _node in others}


def test_every_request_has_a_timeout():
    wrong = []
    for path, node in nodes(ast.Call, *SHIPPED):
        *owners, verb = dotted(node.func).split(".")
        is_request = verb in REQUEST_CALLS and bool(set(owners) & set(HTTP_NAMES))
        if is_request and not any(keyword.arg == "timeout" for keyword in node.keywords):
            wrong.append(at(path, node))
    assert not wrong


# --- names -------------------------------------------------------------------------------------------

# methods of a recordset that return another one of the same rights
SAME_RIGHTS = frozenset(
    ["browse", "copy", "create", "exists", "filtered", "filtered_domain", "new", "search", "search_fetch", "sorted"]
    + ["with_company", "with_context", "with_prefetch", "_get_active"]
)


def is_sudo(node) -> bool:
    """Whether an expression is a sudo recordset: `x.sudo()`, and what methods of recordsets make of it."""
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return is_sudo(node.elt)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr == "sudo" or node.func.attr in SAME_RIGHTS and is_sudo(node.func.value)


def named(path):
    """``(node, name, what it is)`` of all that a file gives names to; several names of one expression one by one."""
    for node in ast.walk(tree(path)):
        pairs = [(target, node.value) for target in node.targets] if isinstance(node, ast.Assign) else []
        pairs += [(node.target, node.value)] if isinstance(node, ast.AnnAssign | ast.NamedExpr) else []
        pairs += [(node.target, node.iter)] if isinstance(node, ast.For | ast.comprehension) else []
        for target, value in pairs:
            for each in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(each, ast.Name):
                    yield target, each.id, value


def test_names_of_sudo_recordsets_say_so():
    paths = sources("xero_connector", "test_xero_connector")
    assert is_sudo(ast.parse("self.env['xero.job'].sudo().search(domain)", mode="eval").body)
    assert not is_sudo(ast.parse("self.sudo().job_count", mode="eval").body)
    found = [f"{at(path, node)} {given}" for path in paths for node, given, value in named(path) if is_sudo(value)]
    assert len(found) > 20
    assert not [each for each in found if not each.endswith("_sudo")]
