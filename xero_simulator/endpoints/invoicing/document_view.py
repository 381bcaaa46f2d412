"""How invoices and credit notes look; and payments inside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import arithmetic, wire
from ...call import Call
from ...store import Record
from ..contacts import contact_view
from . import line_items
from .document_currency import told_rate

NO_DATE = "/Date(0+0000)/"


def days(record: Record, *names: str) -> dict:
    shown: dict[str, str] = {}
    for name in names:
        if record.get(name):
            shown[f"{name}String"] = wire.day_string(record[name])
            shown[name] = wire.ms_date(record[name])
    return shown


def own_days(call: Call, record: Record, *names: str) -> dict:
    """Those of an invoice or credit note; of a voided one perhaps without its date."""
    shown = days(record, *names)
    if record["Status"] != "VOIDED" or not call.switches.voided_date_epoch:
        return shown
    return {**{name: text for name, text in shown.items() if name != "DateString"}, "Date": NO_DATE}


def lines(call: Call, record: Record, listed: bool = False) -> list[dict]:
    return [_line(call, record, line, listed) for line in record["Lines"]]


def tracking(line: Record, listed: bool) -> list[dict]:
    """Lists name the option of a line, but not its id (recorded by the SDK's authors, 36 of 36 entries)."""
    if not listed:
        return [{**entry} for entry in line["Tracking"]]
    return [{name: entry[name] for name in ("Name", "Option", "TrackingCategoryID")} | {"Options": []} for entry in line["Tracking"]]


def _line(call: Call, record: Record, line: Record, listed: bool) -> dict:
    shown: dict[str, Any] = {"Description": line["Description"]} if line["Description"] else {}
    if line["UnitAmount"] is not None:
        rule = arithmetic.rounding(call.switches, record["CurrencyCode"])
        shown["UnitAmount"] = rule.to(line["UnitAmount"], call.unit_places())
        shown |= {"TaxType": line["TaxType"], "TaxAmount": line["TaxAmount"]} if line["TaxType"] else {}
        shown["LineAmount"] = line["LineAmount"]
        shown |= {name: line[name] for name in ("AccountCode", "DiscountRate", "DiscountAmount") if line.get(name)}
    if line.get("ItemCode"):
        shown |= line_items.view(call, line["ItemCode"])
    shown["Tracking"] = tracking(line, listed)
    if line["Quantity"] is not None:
        shown["Quantity"] = line["Quantity"]
    shown["LineItemID"] = line["LineItemID"]
    if line["AccountID"]:
        shown["AccountID"] = line["AccountID"]
    return shown if listed else {**shown, "ValidationErrors": []}


def contact(call: Call, record: Record, full: bool) -> dict:
    found = call.organisation.contacts.get(record["ContactID"])
    assert found is not None
    return contact_view.written(call, found) if full else contact_view.in_listing(found)


def payments(call: Call, record: Record) -> list[dict]:
    """Payments in force: neither status nor account are told here."""
    shown = []
    for payment in call.organisation.payments_of(record["DocumentID"]):
        batch = {"BatchPaymentID": payment["BatchPaymentID"]} if payment.get("BatchPaymentID") else {}
        shown.append(
            {
                "PaymentID": payment["PaymentID"],
                **batch,
                "Date": wire.ms_date(payment["Date"]),
                "Amount": payment["Amount"],
                "Reference": payment["Reference"],
                "CurrencyRate": told_rate(call, payment["CurrencyRate"]),
                "HasAccount": False,
                "HasValidationErrors": False,
            }
        )
    return shown


def paid(call: Call, record: Record, alone: bool) -> dict:
    """Of a document that is fetched alone no payments are not told as an empty list; in a list even those there are may be one."""
    shown = payments(call, record) if alone or call.switches.nested_payments == "full" else []
    return {} if alone and not shown else {"Payments": shown}


def credit_notes(call: Call, record: Record) -> list[dict]:
    """What credit notes took off an invoice."""
    return [
        {
            "CreditNoteID": note["DocumentID"],
            "CreditNoteNumber": note["Number"],
            "ID": note["DocumentID"],
            "HasErrors": False,
            "AppliedAmount": amount,
            "DateString": wire.day_string(part["Date"]),
            "Date": wire.ms_date(part["Date"]),
            "LineItems": [],
            "Total": note["Total"],
        }
        for note, part, amount in _applied(call.organisation.allocations_from(call.organisation.credit_notes, record["DocumentID"]))
    ]


def prepaid(id_field: str, found: list[tuple[Record, Record]]) -> list[dict]:
    """What overpayments, or prepayments, took off an invoice; `found` are the pairs of `allocations_from`."""
    return [
        {
            id_field: credit["DocumentID"],
            "ID": credit["DocumentID"],
            "AppliedAmount": amount,
            "DateString": wire.day_string(part["Date"]),
            "Date": wire.ms_date(part["Date"]),
            "LineItems": [],
            "Total": credit["Total"],
        }
        for credit, part, amount in _applied(found)
    ]


def _applied(found: list[tuple[Record, Record]]) -> list[tuple[Record, Record, Decimal]]:
    """(credit, its last allocation to the invoice, sum of them)."""
    sums: dict[str, tuple[Record, Record, Decimal]] = {}
    for credit, part in found:
        before = sums.get(credit["DocumentID"])
        sums[credit["DocumentID"]] = (credit, part, part["Amount"] + (before[2] if before else 0))
    return list(sums.values())


def due(record: Record) -> Decimal:
    """What reading tells of it: nothing is due on what was voided (recorded of a bill), though the answer to the voiding says its total."""
    return arithmetic.ZERO if record["Status"] in ("VOIDED", "DELETED") else record["AmountDue"]


def warnings(record: Record) -> dict:
    return {"Warnings": [{"Message": message} for message in record["Warnings"]]} if record["Warnings"] else {}


def totals(record: Record) -> dict:
    discount = {"TotalDiscount": record["TotalDiscount"]} if record["TotalDiscount"] else {}
    return {"SubTotal": record["SubTotal"], "TotalTax": record["TotalTax"], "Total": record["Total"], **discount}
