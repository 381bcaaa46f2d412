"""What people read of a state is said once, in ``xero_connector/words.py``: no second list of it in Python, views, scripts or filters."""

import ast
import re

import pytest
from lxml import etree
from source import ADDON, at, name, sources, tree

WORDS = ADDON / "words.py"
# words that say something else too: the button's verb, the end of a wizard, how documents arrive in Xero
OTHER_MEANINGS = {"Reconnect", "Done", "Approved"}
COLORS = {"green", "blue", "amber", "red", "grey"}


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def words():
    """``(label, colour, icon)`` of every state."""
    calls = [node for node in ast.walk(tree(WORDS)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Word"]
    return [(call.args[0].args[0].value, call.args[1].value, call.args[2].value) for call in calls]


LABELS = frozenset(label for label, _color, _icon in words())


def test_the_words_are_read():
    assert {"Not in Xero", "Waiting", "Held", "Left Out", "Voided", "Agrees", "Sure", "On Hold", "Undone"} <= LABELS
    assert {color for _label, color, _icon in words()} <= COLORS
    assert all(icon for _label, _color, icon in words())


def test_python_has_no_label_of_its_own():
    wrong = [
        f"{at(path, node)} {node.value}"
        for path in sources("xero_connector")
        if path != WORDS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in LABELS - OTHER_MEANINGS
    ]
    assert not wrong


def is_title(node):
    """A screen may be called as what it lists."""
    return node.get("name") == "name" and node.getparent().get("model") == "ir.actions.act_window"


def test_views_have_no_label_of_their_own():
    wrong = []
    for path in ADDON.rglob("*.xml"):
        for node in etree.parse(path).iter(etree.Element):
            said = {(node.text or "").strip(), node.get("string"), node.get("title")}
            if node.tag != "button" and not is_title(node) and (found := said & LABELS):
                wrong.append(f"{name(path)}:{node.sourceline} {found}")
    assert not wrong


def test_scripts_and_styles_have_no_label_of_their_own():
    quoted = re.compile("|".join(rf"""["'`>]{re.escape(label)}["'`<]""" for label in LABELS))
    files = [path for kind in ("*.js", "*.scss") for path in (ADDON / "static").rglob(kind)]
    assert files
    wrong = [f"{name(path)} {found.group()}" for path in files if (found := quoted.search(path.read_text()))]
    assert not wrong


def test_every_colour_has_a_badge():
    styles = (ADDON / "static/src/xero.scss").read_text()
    assert not {color for color in COLORS if f"&.o_xero_{color}" not in styles}
