"""C9: what is installed is pinned with its hashes, so that nobody who can change a package registry changes what runs here."""

import re

import pytest
from source import ROOT

FILES = sorted([ROOT / "dev" / "requirements.txt", *ROOT.glob("tests/clients/*/requirements.txt")])


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry."""


def test_there_are_files():
    assert len(FILES) > 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_requirement_is_pinned_with_hashes(path):
    lines = path.read_text().replace("\\\n", " ").splitlines()
    requirements = [line for line in lines if line.strip() and not line.startswith("#")]
    assert requirements
    assert not [line[:60] for line in requirements if not re.fullmatch(r"[\w.\-\[\]]+==[\w.]+(\s+--hash=sha256:[0-9a-f]{64})+\s*", line)]
