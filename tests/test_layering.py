"""The rules of the design that a machine can check: who may import whom, and who may know what."""

import ast
import re
from functools import cache

import pytest
from source import ADDON, at, dotted, name, nodes, sources, tree

CORE = ADDON / "xero_core"
RING_3 = ("models", "wizards", "controllers")
ODOO_WORDS = {  # also words of Odoo's own interface, so no sign of knowing Xero's JSON
    "Account", "Accounts", "Address", "Amount", "Bank", "Body", "Changes", "City", "Class", "Code", "Contact", "Contacts", "Country",
    "Currencies", "Currency", "Date", "Description", "Details", "Email", "Invoice", "Invoices", "Items", "Label", "Message",
    "Name", "Number", "Option", "Options", "Organisation", "Payment", "Payments", "Phone", "Phones", "Quantity", "Rate", "Reference",
    "Region", "Status", "Tax", "Taxes", "Timezone", "Title", "Total", "Tracking", "Type", "Update", "Url", "Version",
}  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


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
    "words": (),
    "refusal": (),
    "xero_core": (),
    "access": ("xero_core",),
    "mapping": ("const", "refusal", "xero_core", "access"),
    "handlers": ("const", "words", "refusal", "xero_core", "access", "mapping"),
    "engine": ("const", "xero_core", "access", "handlers"),
    "models": ("const", "words", "refusal", "xero_core", "access", "mapping", "handlers"),
    "wizards": ("const", "words", "refusal", "xero_core"),
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


@cache
def xero_words() -> frozenset[str]:
    """Xero's statuses, types and classes: words in capitals that rings 1 and 2 say, other than those of HTTP and SQL."""
    folders = [f"xero_connector/{folder}" for folder in ("xero_core/resources", "mapping", "handlers")]
    texts = {node.value for _path, node in nodes(ast.Constant, *folders) if isinstance(node.value, str)}
    return frozenset(text for text in texts if text.isalpha() and text.isupper() and len(text) > 3) - {"POST", "TRUE", "FALSE", "NULL"}


def words_of_xero_in(text: str) -> set[str]:
    return xero_words() & set(re.findall(r"\w+", text))


def test_ring_3_sees_no_word_of_xero():
    """Neither alone nor within a statement: what they mean is asked of ring 1 and 2, or of a column (``is_there``)."""
    assert {"DELETED", "VOIDED", "ARCHIVED", "AUTHORISED", "SUBMITTED", "DRAFT", "BANK", "REVENUE"} <= xero_words()
    assert words_of_xero_in("SELECT id FROM xero_binding WHERE xero_status NOT IN ('DELETED', 'VOIDED')") == {"DELETED", "VOIDED"}
    folders = [f"xero_connector/{folder}" for folder in RING_3]
    texts = [(path, node) for path, node in nodes(ast.Constant, *folders) if isinstance(node.value, str)]
    assert not [f"{at(path, node)} {found}" for path, node in texts if (found := words_of_xero_in(node.value))]


def test_views_see_no_word_of_xero():
    found = [(path, word) for path in sorted(ADDON.rglob("*.xml")) for word in words_of_xero_in(path.read_text())]
    assert not [f"{name(path)} {word}" for path, word in found]


def test_odoo_finds_every_test():
    """Odoo's own loader takes the modules that the tests' package imports, pytest those on disk."""
    tests = ADDON / "tests"
    imports = [node for node in ast.walk(tree(tests / "__init__.py")) if isinstance(node, ast.ImportFrom)]
    found = {(node.module, alias.name) for node in imports for alias in node.names}
    assert {(path.parent.name, path.stem) for path in tests.rglob("test_*.py")} == found


# --- models ------------------------------------------------------------------------------------------


def attribute(definition: ast.ClassDef, wanted: str):
    """The literal that a class gives to an attribute, ``None`` if none."""
    for node in definition.body:
        if isinstance(node, ast.Assign) and [dotted(target) for target in node.targets] == [wanted]:
            return ast.literal_eval(node.value) if isinstance(node.value, ast.Constant | ast.List | ast.Tuple) else None
    return None


def models(*folders: str):
    """``(path, class, model, whether it adds to a model that is there already)`` of all classes of models."""
    for path, node in nodes(ast.ClassDef, *folders):
        parents, own = attribute(node, "_inherit") or (), attribute(node, "_name")
        parents = (parents,) if isinstance(parents, str) else tuple(parents)
        if parents or own:
            yield path, node, own or parents[0], not own or own in parents


def test_each_model_of_odoo_is_extended_once_in_a_file_of_its_name():
    found = [(path, model) for path, _node, model, adds in models("xero_connector") if adds and not model.startswith("xero.")]
    rooms = [ADDON / "models" / "extensions", ADDON / "wizards"]
    assert len(found) > 10
    assert not [name(path) for path, model in found if path.parent not in rooms or path.stem != model.replace(".", "_")]
    assert len({model for _path, model in found}) == len(found)


def super_calls(function: ast.FunctionDef) -> bool:
    """Whether a method calls what it overrides."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return any(call.attr == function.name and isinstance(call.value, ast.Call) and dotted(call.value.func) == "super" for call in calls)


def test_what_we_add_to_a_model_overrides_nothing_of_ours():
    methods = {}
    for path, node, model, _adds in models("xero_connector/models"):
        for function in (each for each in node.body if isinstance(each, ast.FunctionDef)):
            methods.setdefault((model, function.name), []).append((path, function))
    wrong = [
        f"{at(path, function)} {function.name}"
        for group in methods.values()
        if len(group) > 1
        for path, function in group
        if super_calls(function)
    ]
    assert not wrong


def kinds() -> frozenset[str]:
    """What jobs and bindings call the kinds: the ``_kind`` of each handler."""
    return frozenset(kind for _path, node in nodes(ast.ClassDef, "xero_connector/handlers") if (kind := attribute(node, "_kind")))


# a problem may be removed on the screen of a contact
MAY_NAME_KINDS = ("xero_connector/models/queue/xero_problem.py", "xero_connector/models/queue/xero_problem_fix.py")


def test_only_handlers_know_kinds():
    known = kinds()
    assert {"invoice", "payment", "contact", "attachment", "summary"} <= known
    wrong = [
        f"{at(path, node)} {node.value[:60]}"
        for path, node in nodes(ast.Constant, "xero_connector/models", "xero_connector/engine", "xero_connector/wizards")
        if isinstance(node.value, str) and name(path) not in MAY_NAME_KINDS
        if any(node.value == kind or f"'{kind}'" in node.value for kind in known)
    ]
    assert not wrong


# what is called as a kind and is none: the way to a screen, and parts of fingerprints that are kept in databases
NO_KINDS = {
    "xero_connector/handlers/causes.py": {"contact"},
    "xero_connector/handlers/money/allocation.py": {"invoice"},
    "xero_connector/handlers/money/reading.py": {"journal"},
    "xero_connector/handlers/money/source.py": {"journal"},
}


def families():
    """``{kind: family}``"""
    return {
        kind: path.relative_to(ADDON / "handlers").parts[0]
        for path, node in nodes(ast.ClassDef, "xero_connector/handlers")
        if (kind := attribute(node, "_kind"))
    }


def test_handlers_name_no_kind_of_another_family():
    families_of, wrong = families(), []
    assert len(families_of) > 12
    for path, node in nodes(ast.Constant, "xero_connector/handlers"):
        family, text = path.relative_to(ADDON / "handlers").parts[0], node.value if isinstance(node.value, str) else ""
        named = {kind for kind in families_of if text == kind or f"'{kind}'" in text and " " in text}
        wrong += [f"{at(path, node)} {kind}" for kind in named - NO_KINDS.get(name(path), set()) if families_of[kind] != family]
    assert not wrong


def test_extensions_only_ring():
    wrong = [
        at(path, node)
        for path, node in nodes(ast.Constant, "xero_connector/models/extensions", "xero_connector/wizards")
        if isinstance(node.value, str) and (node.value in ("xero.job", "xero.binding") or node.value.startswith("xero.handler"))
        if "/wizards/xero_" not in name(path)
    ]
    assert not wrong
