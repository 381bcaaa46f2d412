"""Manual journals: in base currency, debits positive already."""

from __future__ import annotations

from collections.abc import Iterator

from ..arithmetic import ZERO
from ..store import Record
from .books import Books
from .posting import Entry, Posting


def entries(books: Books) -> Iterator[Entry]:
    for journal in books.organisation.manual_journals:
        if journal["Status"] == "POSTED" and (journal["ShowOnCashBasisReports"] or not books.cash):
            yield from _journal(books, journal)


def _journal(books: Books, journal: Record) -> list[Entry]:
    posting = Posting(("ManualJournal", journal["DocumentID"]), journal["Date"])
    inclusive = journal["LineAmountTypes"] == "Inclusive"
    for line in journal["Lines"]:
        net = line["LineAmount"] - (line["TaxAmount"] if inclusive else ZERO)
        posting.add(line["AccountID"], net, books.currency, net)
        posting.add(books.system["GST"], line["TaxAmount"], books.currency, line["TaxAmount"])
    return posting.close(books.system["ROUNDING"], books.currency)
