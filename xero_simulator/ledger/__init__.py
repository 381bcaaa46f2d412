"""The general ledger, derived: what each document in its present state books, in base currency. Nothing is kept but the documents.

books.py (the organisation's documents as the ledger reads them) -> documents.py, money.py, journals.py, stock.py (entries) -> balances.py
"""

from __future__ import annotations

from collections.abc import Iterator

from . import documents, journals, money, stock
from .books import Books
from .posting import Entry

_SOURCES = (documents.entries, money.entries, journals.entries, stock.entries)


def entries(books: Books) -> Iterator[Entry]:
    """All entries there are. Those of one source are on one day and add up to nothing, so the whole balances on every day."""
    for source in _SOURCES:
        yield from source(books)
