"""Contacts."""

from __future__ import annotations

from ... import elements, look_ups
from ...call import Call, Route
from ...errors import NotFound
from ...idempotency import Answer
from ...listing import Listing, answer, words
from ...selection import Selection
from ...store import Record
from ...where import Getter
from ...writes import Kind, write
from . import contact_save, contact_view

_TEXTS = (
    "Name",
    "ContactNumber",
    "AccountNumber",
    "EmailAddress",
    "CompanyNumber",
    "TaxNumber",
    "FirstName",
    "LastName",
    "ContactStatus",
    "ContactID",
)
_SEARCHED = ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress")


def _text(name: str) -> Getter:
    return lambda record: record.get(name) or None


def _listing(call: Call) -> Listing:
    organisation = call.organisation
    fields: dict[str, Getter] = {name: _text(name) for name in _TEXTS}
    fields["UpdatedDateUTC"] = lambda record: record["UpdatedDateUTC"]
    fields["IsCustomer"] = lambda record: contact_view.has_documents(organisation, record, "ACCREC")
    fields["IsSupplier"] = lambda record: contact_view.has_documents(organisation, record, "ACCPAY")
    summary = call.flag("summaryOnly", False)

    def view(call: Call, record: Record, full: bool) -> dict:
        return contact_view.summary(call, record) if summary else contact_view.fetched(call, record, single=False, full=full)

    return Listing("Contacts", "Contact", fields, view, accent_fold=frozenset(("name",)), look_ups=look_ups.contacts(organisation))


def _selected(call: Call) -> Selection:
    """Archived contacts are hidden unless asked for."""
    selection = Selection(call.organisation.contacts, hidden=call.flag("includeArchived", False))
    selection.only("ContactID", words(call, "IDs"), look_ups.by_id)
    if term := call.query.get("searchTerm", "").lower():
        selection.that(lambda record: any(term in (record.get(name) or "").lower() for name in _SEARCHED))
    return selection


def list_contacts(call: Call) -> Answer:
    return answer(call, _listing(call), _selected(call), force_page=call.flag("summaryOnly", False))


def get_contact(call: Call) -> Answer:
    """By id or by contact number."""
    key = call.path["id"]
    record = call.organisation.contacts.get(key.lower()) or call.organisation.contact_by_number(key)
    if record is None:
        raise NotFound()
    return call.envelope("Contacts", [contact_view.fetched(call, record, single=True)])


def create_contacts(call: Call) -> Answer:
    return write(call, Kind("Contacts", contact_save.create, contact_view.written, contact_view.refused))


def save_contacts(call: Call) -> Answer:
    return write(call, Kind("Contacts", contact_save.upsert, contact_view.written, contact_view.refused))


def save_contact(call: Call) -> Answer:
    row = elements.read(call, "Contacts", single=True)[0]
    kind = Kind("Contacts", contact_save.upsert, contact_view.written, contact_view.refused)
    return write(call, kind, [{**row, "ContactID": call.path["id"]}], summarize=True)


_SCOPE = "accounting.contacts"
_LIST = ("where", "order", "IDs", "page", "pageSize", "includeArchived", "summaryOnly", "searchTerm")
ROUTES = [
    Route("GET", "/Contacts", list_contacts, _SCOPE, _LIST, modified_since=True),
    Route("GET", "/Contacts/{id}", get_contact, _SCOPE),
    Route("PUT", "/Contacts", create_contacts, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/Contacts", save_contacts, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/Contacts/{id}", save_contact, _SCOPE),
]
