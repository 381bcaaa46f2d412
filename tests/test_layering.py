"""The rules of the design that a machine can check: who may import whom, who may know what, and how big things may get.

Everything is read from the source; nothing is imported. A failure names the file and line.
"""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "xero_connector"
CORE = ADDON / "xero_core"
SHIPPED = ("xero_connector", "test_xero_connector", "xero_simulator", "dev", "benchmarks")
RING_3 = ("models", "wizards", "controllers")

MAX_FUNCTION, MAX_MEDIAN, MAX_FILE, MAX_TEST_FILE, MAX_COMPLEXITY = 40, 10, 300, 400, 10

MAY_COMMIT = ("xero_connector/engine/transactions.py",)
MAY_CATCH_ALL = ("xero_connector/engine/guard.py",)
ODOO_WORDS = {  # also words of Odoo's own interface, so no sign of knowing Xero's JSON
    "Account", "Accounts", "Address", "Amount", "Bank", "Body", "City", "Class", "Code", "Contact", "Contacts", "Country",
    "Currencies", "Currency", "Date", "Description", "Details", "Email", "Invoice", "Invoices", "Items", "Label", "Message",
    "Name", "Number", "Option", "Options", "Organisation", "Payment", "Payments", "Phone", "Phones", "Quantity", "Rate", "Reference",
    "Region", "Status", "Tax", "Taxes", "Timezone", "Title", "Total", "Tracking", "Type", "Update", "Url", "Version",
}  # fmt: skip
REQUEST_CALLS = ("get", "post", "put", "patch", "delete", "head", "options", "request", "urlopen")
HTTP_NAMES = ("requests", "session", "_session", "urllib", "httpx")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "tests" not in path.relative_to(ROOT).parts and path.name != "__manifest__.py"]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def at(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{node.lineno}"


def nodes(kinds, *folders: str):
    for path in sources(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, kinds):
                yield path, node


def functions(path: Path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression of names and attributes, '' for others."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


# --- rings -----------------------------------------------------------------------------------------


def imported(node) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if node.level == 0 else []


def test_ring_1_does_not_know_odoo():
    wrong = [
        at(path, node)
        for path, node in nodes((ast.Import, ast.ImportFrom), "xero_connector/xero_core")
        if any(module.split(".")[0] == "odoo" for module in imported(node))
    ]
    assert not wrong


def test_ring_1_imports_nothing_from_outside_itself():
    wrong = []
    for path, node in nodes(ast.ImportFrom, "xero_connector/xero_core"):
        depth = len(path.relative_to(CORE).parts)
        if node.level > depth:
            wrong.append(at(path, node))
    assert not wrong


def test_the_connector_does_not_know_the_simulator():
    wrong = [
        at(path, node)
        for path, node in nodes((ast.Import, ast.ImportFrom), "xero_connector")
        if any(module.split(".")[0] in ("xero_simulator", "dev") for module in imported(node))
    ]
    assert not wrong


# which rooms of the addon a room may import; a room's own files always
ROOMS = {
    "const": (),
    "xero_core": (),
    "mapping": ("const", "xero_core"),
    "handlers": ("const", "xero_core", "mapping"),
    "engine": ("const", "xero_core", "handlers"),
    "models": ("const", "xero_core", "mapping", "handlers"),
    "wizards": ("const", "xero_core"),
    "controllers": ("const", "xero_core"),
}


def internal_imports():
    """Imports within the addon, as ``(path, node, from, to)`` with both as parts of the path below the addon."""
    for path, node in nodes(ast.ImportFrom, "xero_connector"):
        parts = path.relative_to(ADDON).parts
        if node.level and len(parts) > 1 and parts[0] != "migrations":
            base = parts[: len(parts) - node.level]
            for alias in node.names:
                yield path, node, parts, (*base, *(node.module or "").split("."), alias.name)


def test_rooms_import_inwards():
    wrong = []
    for path, node, source, target in internal_imports():
        room = next(filter(None, target))
        if room != source[0] and room not in ROOMS[source[0]]:
            wrong.append(f"{at(path, node)} {room}")
    assert not wrong


def test_families_of_kinds_know_each_other_by_the_registry_only():
    families = {path.name for path in (ADDON / "handlers").iterdir() if path.is_dir()}
    wrong = []
    for path, node, source, target in internal_imports():
        if source[0] == target[0] == "handlers" and target[1] in families and source[1] in families and source[1] != target[1]:
            wrong.append(f"{at(path, node)} {target[1]}")
    assert not wrong


def test_every_file_is_in_a_room():
    assert {path.relative_to(ADDON).parts[0].removesuffix(".py") for path in sources("xero_connector")} <= {
        *ROOMS, "__init__", "hooks", "migrations",
    }  # fmt: skip


def xero_keys() -> frozenset[str]:
    """The JSON keys the mappings write and read: words with a capital, other than those Odoo's own texts use."""
    texts = {
        node.value
        for path in [CORE / "client.py", *sorted((CORE / "resources").glob("*.py"))]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return frozenset(text for text in texts if text.isalnum() and text[0].isupper() and not text.isupper()) - ODOO_WORDS


def test_there_are_keys_to_look_for():
    assert {"ContactID", "InvoiceNumber", "LineItems", "DueDate", "UnitAmount"} <= xero_keys()


def test_ring_3_sees_no_xero_key():
    keys = xero_keys()
    folders = [f"xero_connector/{folder}" for folder in RING_3]
    wrong = [f"{at(path, node)} {node.value}" for path, node in nodes(ast.Constant, *folders) if node.value in keys]
    assert not wrong


def test_views_see_no_xero_key():
    keys = xero_keys()
    found = [(path, word) for path in sorted(ADDON.rglob("*.xml")) for word in path.read_text().replace('"', " ").replace("'", " ").split()]
    assert not [f"{name(path)} {word}" for path, word in found if word in keys]


def test_odoo_finds_every_test():
    """Odoo's own loader takes the modules that the tests' package imports, pytest those on disk."""
    tests = ADDON / "tests"
    imports = [node for node in ast.walk(tree(tests / "__init__.py")) if isinstance(node, ast.ImportFrom)]
    found = {(node.module, alias.name) for node in imports for alias in node.names}
    assert {(path.parent.name, path.stem) for path in tests.rglob("test_*.py")} == found


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


def complexity(function) -> int:
    """McCabe's number: one, and one more for every branch, loop and handler; `x or default` is a value, not a branch."""
    return 1 + sum(isinstance(node, BRANCHES) for statement in function.body for node in ast.walk(statement))


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


# --- deciding writes nothing ---------------------------------------------------------------------------

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
        "_client",
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
            if verb in ACTS or verb.startswith("_enqueue") or (owner in READ and verb in MUTATORS):
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
