"""What pytest does for the registry tests, as a plugin of it: python -m pytest -p dev.registry_tests ...

Odoo's own runner does without, only slower.
"""

from collections import Counter

import pytest

# Few tests that take minutes: at the end, one core would wait for them.
LONG = {"TestMoneyProperty", "TestRefusals", "TestTooMuch", "TestTrial", "TestJournalTrial", "TestMappingProposals", "TestScale"}


@pytest.fixture(scope="session", autouse=True)
def kept_company(load_registry):
    """The company of all tests, made once in the test database: its chart of accounts takes seconds, and there are a hundred classes."""
    from odoo.addons.xero_connector.tests.common.connected import XeroCommon  # noqa: PLC0415 - Odoo is not configured before

    XeroCommon.keep_company()


@pytest.fixture(scope="session", autouse=True)
def files_stay(load_registry):
    """The workers' databases share one file store, which Odoo clears after each class of what that worker's database does not know."""
    from odoo.tests.common import TransactionCase  # noqa: PLC0415 - Odoo is not configured before

    TransactionCase._gc_filestore = classmethod(lambda cls: None)


def pytest_collection_modifyitems(items):
    """The longest classes first, so that the cores end together; within a class the order stays."""
    tests = Counter(item.cls for item in items)
    items.sort(key=lambda item: (item.cls is None or item.cls.__name__ not in LONG, -tests[item.cls], str(item.cls)))
