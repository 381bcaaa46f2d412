"""Sending a sales invoice to its contact, and the public address of it."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

from ... import history
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...store import Record
from ...webhooks import events
from .document_sent import stamp
from .invoices import INVOICE

EMAILED = ("SUBMITTED", "AUTHORISED", "PAID")
DAY = timedelta(days=1)


def _invoice(call: Call) -> Record:
    record = call.organisation.invoices.get(call.path["id"].lower())
    if record is None:
        raise NotFound()
    return record


def _addresses(call: Call, invoice: Record) -> list[str]:
    """The contact's own, and those of its persons who are included."""
    contact = call.organisation.contacts.get(invoice["ContactID"])
    assert contact is not None
    persons = [person.get("EmailAddress") for person in contact["ContactPersons"] if person.get("IncludeInEmails")]
    return [address for address in (contact.get("EmailAddress"), *persons) if address]


def _check(call: Call, invoice: Record, addresses: list[str]) -> None:
    organisation, switches = call.organisation, call.switches
    if invoice["Type"] != "ACCREC" or invoice["Status"] not in EMAILED:
        raise Invalid(switches.email_status_message)
    if not addresses:
        raise Invalid("Email address must be valid.")  # [?] text unknown
    limit = switches.demo_email_limit if organisation.is_demo else switches.email_day_limit
    if limit is not None and sum(call.now - email["SentUTC"] < DAY for email in organisation.emails) >= limit:
        raise Invalid(switches.email_limit_message)


def email(call: Call) -> Answer:
    invoice = _invoice(call)
    addresses = _addresses(call, invoice)
    _check(call, invoice, addresses)
    sent = {"EmailID": call.organisation.new_id(), "InvoiceID": invoice["DocumentID"], "To": tuple(addresses), "SentUTC": call.now}
    new = {**invoice, "SentToContact": True}
    with call.organisation.transaction():
        call.organisation.emails.put(sent)
        history.add(call, invoice["DocumentID"], "Invoice sent", f"This invoice has been sent to {', '.join(addresses)}")
        events.to_document(call, INVOICE.prefix, invoice["DocumentID"])
        moved = stamp(call, invoice, new, INVOICE.settled(call, invoice))
        call.organisation.invoices.put({**new, "UpdatedDateUTC": moved})
    return Answer(204, "", "")


def online(call: Call) -> Answer:
    """The same address every time: whoever has it sees the invoice."""
    invoice = _invoice(call)
    if invoice["Type"] != "ACCREC" or invoice["Status"] not in EMAILED:
        if call.switches.online_invoice_refusal == 404:
            raise NotFound()
        raise Invalid("There is no online invoice for this document.")
    secret = base64.urlsafe_b64encode(hashlib.sha256(invoice["DocumentID"].encode()).digest()).decode()
    address = f"https://in.xero.com/{secret.replace('-', 'x').replace('_', 'y')[:40]}"
    return call.envelope("OnlineInvoices", [{"OnlineInvoiceUrl": address}])


ROUTES = [
    Route("POST", "/Invoices/{id}/Email", email, "accounting.invoices"),
    Route("GET", "/Invoices/{id}/OnlineInvoice", online, "accounting.invoices"),
]
