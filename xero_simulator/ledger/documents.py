"""Invoices, bills and credit notes; and what stands open of any document for money to take off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..arithmetic import ZERO
from ..store import Record
from .books import IN_FORCE, SIGNS, Books, Use
from .posting import Entry, Posting


@dataclass(frozen=True)
class Part:
    """A share of a document's total on one account, positive as the total is."""

    account: str
    amount: Decimal  # base currency
    foreign: Decimal  # the document's currency


def control(books: Books, document: Record) -> str:
    """What customers owe, or what is owed to suppliers."""
    sales = document["Type"].startswith(("ACCREC", "RECEIVE"))
    return books.system["DEBTORS" if sales else "CREDITORS"]


def parts(books: Books, document: Record) -> list[Part]:
    """Lines net of tax, the tax, and the cents that the conversion of each to base currency leaves over: together the total."""
    rate, inclusive = document["CurrencyRate"], document["LineAmountTypes"] == "Inclusive"
    found = []
    for line in document["Lines"]:
        net = line["LineAmount"] - (line["TaxAmount"] if inclusive else ZERO)
        if net:
            found.append(Part(line["AccountID"], books.base(net, rate), net))
    if document["TotalTax"]:
        found.append(Part(books.system["GST"], books.base(document["TotalTax"], rate), document["TotalTax"]))
    over = books.base(document["Total"], rate) - sum((part.amount for part in found), ZERO)
    return [*found, Part(books.system["ROUNDING"], over, ZERO)] if over else found


def held(books: Books, document: Record, due: Decimal) -> list[Part]:
    """Where the part of a document that is due stands: on the control account.

    Money paid too early stands on the accounts of its lines, and on a cash basis everything does.
    """
    if books.cash or not document["Type"].startswith("ACC"):
        return _shares(books, document, due)
    return [Part(control(books, document), books.base(due, document["CurrencyRate"]), due)]


def _shares(books: Books, document: Record, due: Decimal) -> list[Part]:
    """Of each part of the total the same share; the cents left over are on the largest."""
    whole = sorted(parts(books, document), key=lambda part: abs(part.amount))
    money, total = books.rule.money, document["Total"]
    shares = [Part(part.account, money(part.amount * due / total), money(part.foreign * due / total)) for part in whole[:-1]]
    amount = books.base(due, document["CurrencyRate"]) - sum((share.amount for share in shares), ZERO)
    return [*shares, Part(whole[-1].account, amount, due - sum((share.foreign for share in shares), ZERO))]


def relieve(books: Books, posting: Posting, use: Use) -> None:
    """Take off what a payment or an allocation settles, at the document's own rate."""
    document = use.document
    sign = SIGNS[document["Type"]]
    for before, after in zip(held(books, document, use.before), held(books, document, use.after), strict=True):
        posting.add(
            before.account, -sign * (before.amount - after.amount), document["CurrencyCode"], -sign * (before.foreign - after.foreign)
        )


def add_parts(books: Books, posting: Posting, document: Record, sign: int) -> None:
    for part in parts(books, document):
        posting.add(part.account, sign * part.amount, document["CurrencyCode"], sign * part.foreign)


def entries(books: Books) -> Iterator[Entry]:
    """Of what is approved, and not voided since: Xero takes a voided document back on the day it had."""
    for name, table in (("Invoice", books.organisation.invoices), ("CreditNote", books.organisation.credit_notes)):
        for document in table:
            if document["Status"] in IN_FORCE and not (books.cash and document["Total"]):
                yield from _document(books, name, document)


def _document(books: Books, name: str, document: Record) -> list[Entry]:
    posting = Posting((name, document["DocumentID"]), document["Date"], document["ContactID"])
    sign = SIGNS[document["Type"]]
    total = document["Total"]
    posting.add(control(books, document), sign * books.base(total, document["CurrencyRate"]), document["CurrencyCode"], sign * total)
    add_parts(books, posting, document, -sign)
    return posting.close(books.system["ROUNDING"], books.currency)
