"""How a payment looks: in a listing, and alone."""

from __future__ import annotations

from ... import wire
from ...call import Call
from ...store import Record
from ..invoicing import document_view as show
from ..invoicing.credit_notes import CREDIT_NOTE
from ..invoicing.document_currency import told_rate
from ..invoicing.documents import DocumentKind
from ..invoicing.invoices import INVOICE
from .prepaid import OVERPAYMENT, PREPAYMENT


def kind_of(payment: Record) -> DocumentKind:
    return next(kind for kind in (INVOICE, CREDIT_NOTE, OVERPAYMENT, PREPAYMENT) if kind.prefix == payment["Document"])


def document_of(call: Call, payment: Record) -> Record:
    found = kind_of(payment).table(call).get(payment["DocumentID"])
    assert found is not None
    return found


def document_type(document: Record) -> str:
    """Money paid too much or too early has other names here: RECEIVE-OVERPAYMENT is AROVERPAYMENT."""
    side, _, name = document["Type"].partition("-")
    return f"{'AR' if side == 'RECEIVE' else 'AP'}{name}" if name else side


def batch(call: Call, batch_id: str) -> dict:
    """The batch a payment belongs to, as a payment tells it."""
    found = call.organisation.batch_payments.get(batch_id)
    if found is None:
        return {}
    shown = {
        "Account": {"AccountID": found["AccountID"]},
        "BatchPaymentID": batch_id,
        "Date": wire.ms_date(found["Date"]),
        "Type": found["Type"],
        "Status": found["Status"],
        "TotalAmount": found["TotalAmount"],
        "UpdatedDateUTC": wire.ms_date(found["UpdatedDateUTC"]),
        "IsReconciled": found["IsReconciled"],
    }
    return {"BatchPaymentID": batch_id, "BatchPayment": shown}


def _base(call: Call, payment: Record, account_name: bool) -> dict:
    account = call.organisation.accounts.get(payment["AccountID"])
    assert account is not None
    named = {"AccountID": account["AccountID"], **({"Code": account["Code"]} if account["Code"] else {})}
    if account_name:
        named["Name"] = account["Name"]
    shown = {
        "PaymentID": payment["PaymentID"],
        **batch(call, payment.get("BatchPaymentID", "")),
        "Date": wire.ms_date(payment["Date"]),
        "BankAmount": payment["BankAmount"],
        "Amount": payment["Amount"],
        "Reference": payment["Reference"],
    }
    return {
        **shown,
        "CurrencyRate": told_rate(call, payment["CurrencyRate"]),
        "PaymentType": payment["PaymentType"],
        "Status": payment["Status"],
        "UpdatedDateUTC": wire.ms_date(payment["UpdatedDateUTC"]),
        "UpdatedDateUTCString": wire.utc_string(payment["UpdatedDateUTC"]),
        "HasAccount": True,
        "IsReconciled": payment["IsReconciled"],
        "Account": named,
    }


def listed(call: Call, payment: Record, _full: bool) -> dict:
    """In a listing the document is named but its totals are not told."""
    document = document_of(call, payment)
    invoice = {
        "Type": document_type(document),
        "InvoiceID": document["DocumentID"],
        "InvoiceNumber": document["Number"],
        "Payments": [],
        "CreditNotes": [],
    }
    invoice |= {
        "Prepayments": [],
        "Overpayments": [],
        "IsDiscounted": False,
        "HasErrors": False,
        "Contact": show.contact(call, document, False),
    }
    invoice |= {"LineItems": [], "CurrencyCode": document["CurrencyCode"]}
    return {**_base(call, payment, False), "Invoice": invoice, "HasValidationErrors": False}


def view(call: Call, payment: Record) -> dict:
    """After a write, and fetched alone: with the document as it stands now."""
    document = document_of(call, payment)
    contact = show.contact(call, document, False)
    reference = {"Reference": document["Reference"]} if document["Type"].startswith("ACCREC") else {}
    paid_on = {"FullyPaidOnDate": wire.ms_date(document["FullyPaidOnDate"])} if document["FullyPaidOnDate"] else {}
    invoice = {
        "Type": document_type(document),
        "InvoiceID": document["DocumentID"],
        "InvoiceNumber": document["Number"],
        **reference,
        "Prepayments": [],
        "Overpayments": [],
        "AmountDue": document["AmountDue"],
        "AmountPaid": document["AmountPaid"],
        "SentToContact": document["SentToContact"],
        "CurrencyRate": document["CurrencyRate"],
        "IsDiscounted": bool(document["TotalDiscount"]),
        "HasErrors": False,
        "Contact": {key: contact[key] for key in ("ContactID", "Name", "ContactPersons", "HasValidationErrors")},
        **show.days(document, "Date", "DueDate"),
        "Status": document["Status"],
        "LineAmountTypes": document["LineAmountTypes"],
        "LineItems": show.lines(call, document),
        **show.totals(document),
        "UpdatedDateUTC": wire.ms_date(document["UpdatedDateUTC"]),
        "CurrencyCode": document["CurrencyCode"],
        **paid_on,
    }
    return {**_base(call, payment, True), "Invoice": invoice, "HasValidationErrors": False}
