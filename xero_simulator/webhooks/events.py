"""What of a write is told to apps: contacts, invoices, credit notes, prepayments and overpayments, and nothing else [READ]."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .. import wire
from ..store import Record
from ..tables import Tables

if TYPE_CHECKING:
    from ..call import Call

# By category: the name in an address, and the table.
CATEGORIES = {
    "CONTACT": ("Contacts", "contacts"), "INVOICE": ("Invoices", "invoices"), "CREDITNOTE": ("CreditNotes", "credit_notes"),
    "PREPAYMENT": ("Prepayments", "prepayments"), "OVERPAYMENT": ("Overpayments", "overpayments"),
}  # fmt: skip
# By the prefix of a kind of document.
OF_DOCUMENTS = {"INV": "INVOICE", "CN": "CREDITNOTE", "PP": "PREPAYMENT", "OP": "OVERPAYMENT"}
HOST = "https://api.xero.com/api.xro/2.0"


def happened(call: Call, category: str, key: str, is_new: bool = False) -> None:
    """Note it in the organisation, where it is undone with a write that is; nothing if nobody listens."""
    webhooks = call.world.webhooks
    if not webhooks.subscriptions:
        return
    webhooks.events += 1
    kind = "CREATE" if is_new else "UPDATE"
    record = {"EventID": str(webhooks.events), "Category": category, "ResourceID": key, "Kind": kind, "DateUTC": call.now}
    call.organisation.events.put(record)


def to_document(call: Call, prefix: str, key: str, fires: bool = True) -> None:
    """A document was changed by what was done to it; whether that is told is a switch."""
    if fires:
        happened(call, OF_DOCUMENTS[prefix], key)


def payload(organisation: Tables, event: Record, tenant_id: str, overpayment_data: str) -> dict[str, Any]:
    """As it is sent, but for its sequence and the case of its type."""
    name, table = CATEGORIES[event["Category"]]
    record = getattr(organisation, table).get(event["ResourceID"]) or {}
    told = {
        "resourceUrl": f"{HOST}/{name}/{event['ResourceID']}",
        "resourceId": event["ResourceID"],
        "tenantId": tenant_id,
        "tenantType": "ORGANISATION",
        "eventCategory": event["Category"],
        "eventType": event["Kind"],
        "eventDateUtc": moment(event["DateUTC"]),
    }
    data = _data(event["Category"], record, overpayment_data)
    return {**told, "data": data} if data else told


def moment(value: datetime) -> str:
    """[READ] ISO with milliseconds, without a zone."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}"


def _data(category: str, record: Record, overpayment_data: str) -> dict[str, str]:
    """[READ] The newer categories tell type and status; of overpayments it is presumed (switch `overpayment_event_data`)."""
    if not record or category in ("CONTACT", "INVOICE") or (category == "OVERPAYMENT" and overpayment_data == "none"):
        return {}
    told = {"Type": record["Type"], "Status": record["Status"]}
    return told if category == "CREDITNOTE" else {**told, "UpdatedDateUTCString": wire.utc_string(record["UpdatedDateUTC"])}
