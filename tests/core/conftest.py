"""Ring 1 is imported as the plain package `xero_core`: `xero_connector` itself needs Odoo."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))
sys.path.insert(0, str(ROOT / "xero_connector"))
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """Instead of pytest-odoo's fixture of this name: nothing here needs a registry, or a database."""


@pytest.fixture
def wire():
    """A client whose answers the test writes."""
    from fakes import Wire

    return Wire()
