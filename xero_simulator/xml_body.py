"""Bodies in XML, which Xero reads as it reads JSON: older clients send nothing else."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

# What is a list in JSON, with the name of its elements in XML: `<LineItems><LineItem>...</LineItem></LineItems>`.
LISTS = {
    "Accounts": "Account", "Addresses": "Address", "Allocations": "Allocation", "BankTransactions": "BankTransaction",
    "BankTransfers": "BankTransfer", "BatchPayments": "BatchPayment", "ContactPersons": "ContactPerson", "Contacts": "Contact",
    "CreditNotes": "CreditNote", "Currencies": "Currency", "HistoryRecords": "HistoryRecord", "Invoices": "Invoice", "Items": "Item",
    "JournalLines": "JournalLine", "LineItems": "LineItem", "ManualJournals": "ManualJournal", "Options": "Option",
    "Overpayments": "Overpayment", "Payments": "Payment", "Phones": "Phone", "Prepayments": "Prepayment", "TaxComponents": "TaxComponent",
    "TaxRates": "TaxRate", "Tracking": "TrackingCategory", "TrackingCategories": "TrackingCategory",
    "ValidationErrors": "ValidationError", "Warnings": "Warning",
}  # fmt: skip
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def loads(body: bytes) -> Any:
    """The body as JSON would have it, all values texts: `<Invoices>` an object with a list in it, `<Invoice>` an object.

    :raise ValueError: no XML
    """
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  what a developer sends to a server of his own
    except (ElementTree.ParseError, LookupError) as error:  # not well formed; in an encoding that nobody knows
        raise ValueError(str(error)) from error
    return {root.tag: _value(root)} if root.tag in LISTS else _value(root)


def _value(element: ElementTree.Element) -> Any:
    if element.get(_NIL) == "true":
        return None
    if element.tag in LISTS:
        return [_value(child) for child in element if child.tag == LISTS[element.tag]]
    if len(element):
        return {child.tag: _value(child) for child in element}
    return element.text or ""
