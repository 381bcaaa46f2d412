"""What invoices and credit notes share: reading, checking, totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ... import arithmetic, elements, stock
from ...arithmetic import ZERO
from ...call import Call
from ...errors import Invalid
from ...store import Record, Table
from ..contacts import contact_save
from . import document_currency as currency
from . import document_sent, document_settled
from .document_lines import Lines, refuse_given_totals
from .document_states import STATUSES, WRONG_STATUS, lock_message, problems

Element = dict[str, Any]
NUMBER_LENGTH = REFERENCE_LENGTH = 255
LINE_TYPES = ("Exclusive", "Inclusive", "NoTax")


_TABLES = {"INV": "invoices", "CN": "credit_notes", "OP": "overpayments", "PP": "prepayments"}


@dataclass(frozen=True)
class DocumentKind:
    """What tells an invoice from a credit note, or from money paid too much or too early. `sale` is the type on the sales side."""

    envelope: str
    id_field: str
    number_field: str
    types: tuple[str, ...]
    sale: str
    prefix: str
    known: tuple[str, ...]
    read_only: tuple[str, ...]
    free_when_paid: frozenset[str]

    def table(self, call: Call) -> Table:
        return getattr(call.organisation, _TABLES[self.prefix])

    def named(self, call: Call, key: str) -> str:
        """The id of the document whose id or, on the sales side, whose number this is; else what was given."""
        found = self.table(call).find("number", (self.sale, key.lower()))
        return found[0]["DocumentID"] if found and self.table(call).get(key.lower()) is None else key.lower()

    def target(self, call: Call, element: Element) -> Record | None:
        """The document a change is meant for: by id, else by its number on the sales side."""
        if element.get(self.id_field):
            return self.table(call).get(str(element[self.id_field]).lower())
        number = str(element.get(self.number_field, "")).lower()
        found = self.table(call).find("number", (self.sale, number)) if number and element.get("Type", self.sale) == self.sale else []
        return found[0] if found else None

    @property
    def gives_credit(self) -> bool:
        """Allocated to invoices, instead of having others allocated to it."""
        return self.prefix != "INV"

    def settled(self, call: Call, record: Record) -> bool:
        """Whether payments or credits hold on to the document."""
        if call.organisation.payments_of(record["DocumentID"]):
            return True
        return bool(record["Allocations"]) if self.gives_credit else bool(call.organisation.allocations_to(record["DocumentID"]))


def save(call: Call, kind: DocumentKind, element: Element, old: Record | None) -> Record:
    """Create (`old` None) or update one document; raises Invalid."""
    elements.check_fields(call, element, kind.envelope, kind.known, kind.read_only)
    status = elements.choice(element, "Status", STATUSES, old["Status"] if old else "DRAFT")
    is_settled = bool(old) and kind.settled(call, old)
    messages = problems(call, old, str((old or element).get("Type", "")), status, is_settled)
    if messages:
        raise Invalid([*messages, *_line_problems(call, kind, old)])
    if status in ("VOIDED", "DELETED"):
        return _end(call, kind, old, status)
    if old and is_settled:
        allowed = {*kind.free_when_paid, kind.id_field, "Type", "Status"}
        document_settled.check_edit(call, element, old, set(element) & set(kind.known) - allowed, kind.gives_credit)
    new = _headers(call, kind, element, old)
    new["Status"] = status
    new["SentToContact"] = document_sent.read(call, element, new)
    new = _checked(call, kind, element, new, old)
    if old and is_settled and call.person:
        document_settled.check_coded_anew(old, new)
    new = _settle(call, kind, new)
    moved = document_sent.stamp(call, old, new, bool(old) and kind.settled(call, new))
    kind.table(call).put({**new, "UpdatedDateUTC": moved})
    if not call.flag("allowBackorders", False):
        stock.check(call.organisation, new)
    return {**new, "UpdatedDateUTC": moved}


def _checked(call: Call, kind: DocumentKind, element: Element, new: Record, old: Record | None) -> Record:
    """With its lines; raises Invalid with all that is wrong at once."""
    messages = [*_check_number(call, kind, new), *currency.check(call, new), *_check_dates(call, new, old)]
    try:
        new = _with_lines(call, kind, element, new, old)
    except Invalid as invalid:
        raise Invalid([*messages, *invalid.messages], invalid.lines) from invalid
    messages += _check_total(call, new)
    if messages:
        raise Invalid(messages)
    return new


def _line_problems(call: Call, kind: DocumentKind, old: Record | None) -> list[str]:
    """What the lines of a draft lack for another status, told beside a status that is refused."""
    if old is None or old["Status"] != "DRAFT":
        return []
    lines = Lines(call, old["LineAmountTypes"], old["CurrencyCode"], False, old["Type"] == kind.sale, True, {})
    lines.read([{name: value for name, value in _resent(line).items() if name != "LineItemID"} for line in old["Lines"]])
    return list(dict.fromkeys(message for messages in lines.errors.values() for message in messages))


def _end(call: Call, kind: DocumentKind, old: Record | None, status: str) -> Record:
    """Void or delete; the amounts stay as they were: AmountDue still says Total."""
    if old is None:
        raise Invalid(WRONG_STATUS)
    return kind.table(call).put({**old, "Status": status, "UpdatedDateUTC": call.now})


def _headers(call: Call, kind: DocumentKind, element: Element, old: Record | None) -> Record:
    new = {**old, "Warnings": ()} if old else _blank(call, kind, element)
    if "Contact" in element or not old:
        new["ContactID"] = contact_save.of_document(call, element)["ContactID"]
    if kind.number_field in element:
        new["Number"] = elements.text(element, kind.number_field, NUMBER_LENGTH)
    # a bill keeps its reference beside its number (recorded 2022); credit notes received have none [DOC]
    if "Reference" in element and new["Type"] != "ACCPAYCREDIT":
        new["Reference"] = elements.text(element, "Reference", REFERENCE_LENGTH)
    for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"):
        new[name] = elements.day(element, name) or new.get(name)
    if "LineAmountTypes" in element:
        new["LineAmountTypes"] = elements.choice(element, "LineAmountTypes", LINE_TYPES, "Exclusive")
    currency.read(call, element, new, old)
    _theme_and_url(call, element, new)
    return new


def _blank(call: Call, kind: DocumentKind, element: Element) -> Record:
    if not element.get("Type"):
        raise Invalid("Type must be given.")
    today = call.organisation.today(call.now)
    return {
        "DocumentID": call.organisation.new_id(),
        "App": call.token.client_id,
        "Type": elements.choice(element, "Type", kind.types, ""),
        "Number": "",
        "Reference": "",
        "Date": today,
        "DueDate": None,
        "CurrencyCode": call.organisation.region.currency,
        "CurrencyRate": Decimal(1),
        "LineAmountTypes": "Exclusive",
        "SentToContact": False,
        "Url": "",
        "BrandingThemeID": call.organisation.standard_theme()["BrandingThemeID"],
        "Lines": (),
        "Allocations": (),
        "FullyPaidOnDate": None,
        "Warnings": (),
    }


def _theme_and_url(call: Call, element: Element, new: Record) -> None:
    if "BrandingThemeID" in element:
        theme = call.organisation.themes.get(elements.text(element, "BrandingThemeID").lower())
        if theme is None:
            raise Invalid("The BrandingThemeID is not valid.")
        new["BrandingThemeID"] = theme["BrandingThemeID"]
    if "Url" in element:
        new["Url"] = read_url(element)


def read_url(element: Element) -> str:
    """The link back to the document's source."""
    url = elements.text(element, "Url")
    if url and (not url.startswith(("http://", "https://")) or "xero" in url.lower()):
        raise Invalid("The Url is not valid.")
    return url


def _with_lines(call: Call, kind: DocumentKind, element: Element, new: Record, old: Record | None) -> Record:
    """Lines as sent (those left out are deleted), or the old ones; totals anew."""
    alters = call.switches.sent_to_contact_alters_discounts and set(element) == {kind.id_field, "SentToContact"}
    rows = _rows(element, new, alters)
    draft = new["Status"] == "DRAFT"
    if not rows and not draft:
        raise Invalid("One or more line items must be specified")
    keep = {line["LineItemID"]: line for line in old["Lines"]} if old else {}
    discounts = new["Type"] == "ACCREC"
    lines = Lines(call, new["LineAmountTypes"], new["CurrencyCode"], draft, new["Type"] == kind.sale, discounts, keep)
    unchanged = "LineItems" not in element and old and old["LineAmountTypes"] == new["LineAmountTypes"] and old["Status"] == new["Status"]
    read = new["Lines"] if unchanged and not alters else lines.read(rows)
    if lines.errors:
        raise Invalid([], lines.errors)
    totals = arithmetic.totals(list(read), new["LineAmountTypes"])
    refuse_given_totals(element, totals)
    return {
        **new,
        "Warnings": (*new["Warnings"], *lines.warnings),
        "Lines": read,
        "SubTotal": totals.subtotal,
        "TotalTax": totals.tax,
        "Total": totals.total,
        "TotalDiscount": totals.discount,
    }


def _rows(element: Element, new: Record, alters: bool) -> list[Element]:
    """The lines that were sent, or the old ones (`alters`: with their discounts as rates)."""
    if "LineItems" in element:
        return elements.rows(element, "LineItems")
    rows = [_resent(line) for line in new["Lines"]]
    return [_with_rate(row) for row in rows] if alters else rows


def _with_rate(row: Element) -> Element:
    """Its discount as a rate of two decimals, whose amount may differ by cents."""
    if not row.get("DiscountAmount") or not row["Quantity"] * row["UnitAmount"]:
        return row
    rate = (row["DiscountAmount"] * 100 / (row["Quantity"] * row["UnitAmount"])).quantize(Decimal("0.01"))
    return {**{name: value for name, value in row.items() if name != "DiscountAmount"}, "DiscountRate": rate}


def _resent(line: Record) -> Element:
    names = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountID", "TaxType", "DiscountRate", "DiscountAmount", "ItemCode")
    return {name: line[name] for name in names if line.get(name)}


def _check_number(call: Call, kind: DocumentKind, new: Record) -> list[str]:
    """Numbers are unique on the sales side only; one that is missing there is drawn from the sequence."""
    if new["Type"] != kind.sale:
        return []
    table = kind.table(call)
    if not new["Number"]:
        new["Number"] = call.organisation.next_number(kind.prefix, table, new["Type"])
        return []
    for other in table.find("number", (new["Type"], new["Number"].lower())):
        free = other["Status"] in ("VOIDED", "DELETED") and call.switches.reuse_voided_numbers
        if other["DocumentID"] != new["DocumentID"] and not free:
            return ["Invoice # must be unique." if kind.prefix == "INV" else "Credit note # must be unique."]
    return []


def _check_dates(call: Call, new: Record, old: Record | None) -> list[str]:
    if new["DueDate"] is None and new["Status"] != "DRAFT" and new["Type"] in ("ACCREC", "ACCPAY"):
        new["DueDate"] = new["Date"]
    message = lock_message(call, new["Date"]) if new["Status"] != "DRAFT" else ""  # a draft in a locked period was taken (recorded 2018)
    return [message] if message and (old is None or old["Date"] != new["Date"]) else []


def _check_total(call: Call, new: Record) -> list[str]:
    if new["Total"] < 0 and call.switches.negative_total == "refused":
        return ["The document total must not be negative."]
    return []


def _settle(call: Call, kind: DocumentKind, new: Record) -> Record:
    paid = sum((payment["Amount"] for payment in call.organisation.payments_of(new["DocumentID"])), ZERO)
    credited = credited_amount(call, kind, new)
    due = new["Total"] - paid - credited
    new = {**new, "AmountPaid": paid, "AmountCredited": credited, "AmountDue": due}
    if new["Status"] == "AUTHORISED" and due == 0 and (new["Total"] or call.switches.zero_total_is_paid):
        return {**new, "Status": "PAID", "FullyPaidOnDate": _last_day(call, kind, new)}
    if new["Status"] == "PAID" and due:
        return {**new, "Status": "AUTHORISED", "FullyPaidOnDate": None}
    return new


def credited_amount(call: Call, kind: DocumentKind, record: Record) -> Decimal:
    """Invoices: what was allocated to it. Credit notes and their like: what has been allocated of it."""
    if kind.gives_credit:
        return sum((part["Amount"] for part in record["Allocations"]), ZERO)
    return sum((part["Amount"] for _note, part in call.organisation.allocations_to(record["DocumentID"])), ZERO)


def _last_day(call: Call, kind: DocumentKind, record: Record) -> date:
    days = [payment["Date"] for payment in call.organisation.payments_of(record["DocumentID"])]
    parts = record["Allocations"] if kind.gives_credit else [part for _note, part in call.organisation.allocations_to(record["DocumentID"])]
    return max([*days, *(part["Date"] for part in parts)], default=record["Date"])


def resettle(call: Call, kind: DocumentKind, document_id: str, moves_stamp: bool = True) -> Record:
    """After a payment or an allocation came or went: what is due, and whether the document is paid."""
    record = kind.table(call).get(document_id)
    assert record is not None
    stamp = call.now if moves_stamp else record["UpdatedDateUTC"]
    return kind.table(call).put({**_settle(call, kind, record), "UpdatedDateUTC": stamp})
