"""Overpayments and prepayments: money received or spent too much, or too early. Made by bank transactions, allocated to invoices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ... import look_ups, wire
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...listing import Listing, answer, words
from ...organisation import Organisation
from ...selection import Selection
from ...store import Record
from ...webhooks import events
from ..invoicing import document_view as show
from ..invoicing.credit_notes import allocation_view
from ..invoicing.documents import DocumentKind, resettle
from ..invoicing.invoices import document_fields

HELD = "This document cannot be voided as it has a payment or an allocation."  # [?] text


def _kind(envelope: str, name: str, prefix: str) -> DocumentKind:
    types = (f"RECEIVE-{name.upper()}", f"SPEND-{name.upper()}")
    return DocumentKind(envelope, f"{name}ID", "", types, types[0], prefix, (), (), frozenset())


OVERPAYMENT = _kind("Overpayments", "Overpayment", "OP")
PREPAYMENT = _kind("Prepayments", "Prepayment", "PP")
KINDS = {kind_type: kind for kind in (OVERPAYMENT, PREPAYMENT) for kind_type in kind.types}


def make(call: Call, transaction: Record) -> Record:
    """What a bank transaction of one of these types leaves to be allocated."""
    kind = KINDS[transaction["Type"]]
    same = ("Type", "ContactID", "Date", "Reference", "LineAmountTypes", "Lines", "SubTotal", "TotalTax", "Total", "TotalDiscount")
    same += ("CurrencyCode", "CurrencyRate", "Status")
    record = {
        "DocumentID": call.organisation.new_id(),
        "BankTransactionID": transaction["BankTransactionID"],
        "Number": _number(call, transaction),
        **{name: transaction[name] for name in same},
        "BrandingThemeID": call.organisation.standard_theme()["BrandingThemeID"],
        "SentToContact": False,
        "Allocations": (),
        "FullyPaidOnDate": None,
        "UpdatedDateUTC": call.now,
    }
    kind.table(call).put(record)
    events.happened(call, events.OF_DOCUMENTS[kind.prefix], record["DocumentID"], is_new=True)
    return resettle(call, kind, record["DocumentID"])


def _number(call: Call, transaction: Record) -> str:
    """A prepayment received is a document for the customer and takes a number of the invoices' (switch `prepayment_number`)."""
    if transaction["Type"] != PREPAYMENT.sale or call.switches.prepayment_number == "none":
        return ""
    return call.organisation.next_number("INV", call.organisation.invoices, "ACCREC")


def void(organisation: Organisation, transaction: Record, now: datetime) -> Record:
    """Both are void; raises Invalid as long as something holds on to it. Gives the transaction."""
    table = organisation.overpayments if transaction["Type"] in OVERPAYMENT.types else organisation.prepayments
    record = table.get(transaction["PrepaidID"])
    assert record is not None
    if record["Allocations"] or organisation.payments_of(record["DocumentID"]):
        raise Invalid(HELD)
    table.put({**record, "Status": "VOIDED", "UpdatedDateUTC": now})
    return organisation.bank_transactions.put({**transaction, "Status": "VOIDED", "UpdatedDateUTC": now})


def _line(shown: dict) -> dict:
    """These lines are told without ids, and always with the flag of discounts."""
    kept = {name: value for name, value in shown.items() if name not in ("LineItemID", "AccountID")}
    return {**kept, "DiscountEnteredAsPercent": True}


def view(call: Call, kind: DocumentKind, record: Record, with_lines: bool, alone: bool) -> dict:
    shown = {kind.id_field: record["DocumentID"], "ID": record["DocumentID"]}
    shown |= {"CurrencyRate": record["CurrencyRate"]} if alone else {}
    shown |= {"Type": record["Type"]}
    if alone and record["Type"] == PREPAYMENT.sale:
        shown["BrandingThemeID"] = record["BrandingThemeID"]
    if record["Number"]:
        shown |= {"Reference": record["Number"], "InvoiceNumber": record["Number"]}
    elif record["Reference"]:
        shown["Reference"] = record["Reference"]
    return {
        **shown,
        "RemainingCredit": show.due(record),
        "Allocations": [allocation_view(call, part, listed=not alone) for part in record["Allocations"]],
        "Payments": show.payments(call, record),
        "HasAttachments": False,
        "Contact": show.contact(call, record, alone),
        **show.days(record, "Date"),
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "LineItems": [_line(line) for line in show.lines(call, record, listed=not alone)] if with_lines else [],
        **show.totals(record),
        "UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]),
        "UpdatedDateUTCString": wire.utc_string(record["UpdatedDateUTC"]),
        "CurrencyCode": record["CurrencyCode"],
    }


def _lister(kind: DocumentKind, parameter: str, field: str) -> Callable[[Call], Answer]:
    """`parameter` is the one list filter of this kind, on `field`."""

    def handler(call: Call) -> Answer:
        fields = document_fields(call, kind.id_field, "InvoiceNumber")
        fields["RemainingCredit"] = lambda record: record["AmountDue"]
        found_by = look_ups.documents(call.organisation, kind.table(call), kind.id_field, "InvoiceNumber", kind.types)
        names = words(call, parameter)
        asked = None if names is None else [name.strip('"') for name in names]
        rows = Selection(kind.table(call)).only(field, asked, found_by["Reference" if field == "Reference" else "InvoiceNumber"])
        listing = Listing(
            kind.envelope, kind.id_field[:-2], fields, lambda call, row, full: view(call, kind, row, full, False), look_ups=found_by
        )
        return answer(call, listing, rows)

    return handler


def _getter(kind: DocumentKind) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        record = kind.table(call).get(call.path["id"].lower())
        if record is None:
            raise NotFound()
        return call.envelope(kind.envelope, [view(call, kind, record, True, True)])

    return handler


_SCOPE = "accounting.payments"
_LIST = ("where", "order", "page", "pageSize", "unitdp")
ROUTES = [
    Route("GET", "/Overpayments", _lister(OVERPAYMENT, "References", "Reference"), _SCOPE, (*_LIST, "References"), modified_since=True),
    Route("GET", "/Overpayments/{id}", _getter(OVERPAYMENT), _SCOPE, ("unitdp",)),
    Route("GET", "/Prepayments", _lister(PREPAYMENT, "InvoiceNumbers", "Number"), _SCOPE, (*_LIST, "InvoiceNumbers"), modified_since=True),
    Route("GET", "/Prepayments/{id}", _getter(PREPAYMENT), _SCOPE, ("unitdp",)),
]
