"""Manual journals.

DRAFT -> POSTED, DELETED      POSTED -> VOIDED      VOIDED, DELETED: the end
"""

from __future__ import annotations

from typing import Any

from ... import elements, look_ups, wire
from ...access import check_report
from ...call import Call, Route
from ...errors import Invalid, NotFound, NotSimulated
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...where import Getter
from ...writes import NOT_FOUND, Kind, refused_element, unknown, write
from ..files import attachments
from ..invoicing.document_states import lock_message
from ..invoicing.document_view import tracking
from ..invoicing.documents import LINE_TYPES, read_url
from .manual_journal_lines import JournalLines, check_balance

Element = dict[str, Any]
TRANSITIONS = {"": ("DRAFT", "POSTED"), "DRAFT": ("DRAFT", "POSTED", "DELETED"), "POSTED": ("POSTED", "VOIDED")}
STATUSES = ("DRAFT", "POSTED", "DELETED", "VOIDED")
_KNOWN = (
    "ManualJournalID", "Narration", "JournalLines", "Date", "LineAmountTypes", "Status", "Url", "ShowOnCashBasisReports",
)  # fmt: skip
_READ_ONLY = ("HasAttachments", "Attachments", "UpdatedDateUTC", "StatusAttributeString", "ValidationErrors", "Warnings", "DateString")


def _save(call: Call, element: Element, old: Record | None) -> Record:
    elements.check_fields(call, element, "ManualJournal", _KNOWN, _READ_ONLY)
    before = old["Status"] if old else ""
    status = elements.choice(element, "Status", STATUSES, before or "DRAFT")
    if status not in TRANSITIONS.get(before, ()):
        raise Invalid(call.switches.journal_status_message)
    if old and (locked := lock_message(call, old["Date"])):
        raise Invalid(locked)
    if old and status in ("DELETED", "VOIDED"):
        return _put(call, {**old, "Status": status, "Warnings": ()})
    new = {**_headers(call, element, old), "Status": status}
    if locked := lock_message(call, new["Date"]):
        raise Invalid(locked)
    return _put(call, _with_lines(call, element, new, old))


def _put(call: Call, record: Record) -> Record:
    return call.organisation.manual_journals.put({**record, "UpdatedDateUTC": call.now})


def _headers(call: Call, element: Element, old: Record | None) -> Record:
    new = dict(old) if old else _blank(call)
    if "Narration" in element:
        new["Narration"] = elements.text(element, "Narration")
    if not new["Narration"].strip():
        raise Invalid("Narration must be given.")
    new["Date"] = elements.day(element, "Date") or new["Date"]
    if "LineAmountTypes" in element:
        new["LineAmountTypes"] = elements.choice(element, "LineAmountTypes", LINE_TYPES, "NoTax")
    new["ShowOnCashBasisReports"] = elements.flag(element, "ShowOnCashBasisReports", new["ShowOnCashBasisReports"])
    if "Url" in element:
        new["Url"] = read_url(element)
    return new


def _blank(call: Call) -> Record:
    return {
        "DocumentID": call.organisation.new_id(),
        "Narration": "",
        "Date": call.organisation.today(call.now),
        "LineAmountTypes": "NoTax",
        "ShowOnCashBasisReports": True,
        "Url": "",
        "Lines": (),
    }


def _with_lines(call: Call, element: Element, new: Record, old: Record | None) -> Record:
    """Lines are replaced as a whole; none sent, none changed."""
    draft = new["Status"] == "DRAFT"
    rows = elements.rows(element, "JournalLines") or [_resent(line) for line in new["Lines"]]
    if len(rows) < 2:
        raise Invalid("A manual journal must have at least two lines.")
    currency = call.organisation.region.currency
    lines = JournalLines(call, new["LineAmountTypes"], currency, draft, sale=False, discounts=False, old={})
    read = lines.read(rows)
    if lines.errors:
        raise Invalid([], lines.errors)
    if not draft or call.switches.unbalanced_draft_journal == "refused":
        check_balance(read, new["LineAmountTypes"])
    return {**new, "Lines": read, "Warnings": tuple(lines.warnings)}


def _resent(line: Record) -> Element:
    names = ("Description", "LineAmount", "AccountID", "TaxType", "TaxAmount", "Tracking")
    return {**{name: line[name] for name in names if line[name] != ""}, "Tracking": list(line["Tracking"])}


def _create(call: Call, element: Element) -> Record:
    if "ManualJournalID" in element:
        raise NotSimulated("PUT /ManualJournals with a ManualJournalID: what Xero does is not known; POST updates", 400)
    return _save(call, element, None)


def _create_or_update(call: Call, element: Element) -> Record:
    if not element.get("ManualJournalID"):
        return _save(call, element, None)
    old = _stored(call, element)
    if old is None:
        raise unknown(call, NOT_FOUND)
    return _save(call, element, old)


def _stored(call: Call, element: Element) -> Record | None:
    return call.organisation.manual_journals.get(str(element.get("ManualJournalID", "")).lower())


def view(call: Call, record: Record, with_lines: bool = True, fetched: bool = False, single: bool = False) -> dict:
    shown: dict[str, Any] = {
        "Date": wire.ms_date(record["Date"]),
        "Status": record["Status"],
        "LineAmountTypes": record["LineAmountTypes"],
        "UpdatedDateUTC": wire.ms_date(record["UpdatedDateUTC"]),
        "ManualJournalID": record["DocumentID"],
        "Narration": record["Narration"],
        "JournalLines": [_line(line, fetched and not single) for line in record["Lines"]] if with_lines else [],
        "ShowOnCashBasisReports": record["ShowOnCashBasisReports"],
    }
    shown |= {"Url": record["Url"]} if record["Url"] else {}
    if fetched:
        files = attachments.views(call, record["DocumentID"])
        return {**shown, "HasAttachments": bool(files), **({"Attachments": files} if single else {})}
    warnings = {"Warnings": [{"Message": message} for message in record["Warnings"]]} if record["Warnings"] else {}
    return {**shown, **warnings, "ValidationErrors": []}


def _line(line: Record, listed: bool) -> dict:
    texts = {name: line[name] for name in ("Description", "AccountCode", "AccountID", "TaxType") if line[name]}
    amounts = {"LineAmount": line["LineAmount"], "TaxAmount": line["TaxAmount"]}
    return {**texts, **amounts, "Tracking": tracking(line, listed), "IsBlank": False}


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    invalid = Invalid([*invalid.messages, *(message for texts in invalid.lines.values() for message in texts)])
    old = _stored(call, element)
    shown = refused_element(element, invalid, call, "ManualJournalID", stored=view(call, old) if old else None)
    shown.pop("HasValidationErrors")
    return shown


def _field(name: str) -> Getter:
    return lambda record: record[name]


FIELDS: dict[str, Getter] = {
    **{
        name: _field(name) for name in ("Narration", "Date", "Status", "LineAmountTypes", "ShowOnCashBasisReports", "Url", "UpdatedDateUTC")
    },
    "ManualJournalID": _field("DocumentID"),
}


def _may(call: Call) -> None:
    """The permission is asked of whoever connected an app, not of people at their screens."""
    if not call.person:
        check_report(call.organisation)


def list_journals(call: Call) -> Answer:
    _may(call)
    listing = Listing(
        "ManualJournals",
        "ManualJournal",
        FIELDS,
        lambda call, record, full: view(call, record, full, fetched=True),
        look_ups=look_ups.manual_journals(call.organisation),
        order_unpages=call.switches.journal_order_unpaged,
    )
    return answer(call, listing, call.organisation.manual_journals)


def _existing(call: Call) -> Record:
    _may(call)
    record = call.organisation.manual_journals.get(call.path["id"].lower())
    if record is None:
        raise NotFound()
    return record


def get_journal(call: Call) -> Answer:
    return call.envelope("ManualJournals", [view(call, _existing(call), fetched=True, single=True)])


def create_journals(call: Call) -> Answer:
    _may(call)
    return write(call, Kind("ManualJournals", _create, view, _refused))


def save_journals(call: Call) -> Answer:
    _may(call)
    return write(call, Kind("ManualJournals", _create_or_update, view, _refused))


def save_journal(call: Call) -> Answer:
    _may(call)
    row = {**elements.read(call, "ManualJournals", single=True)[0], "ManualJournalID": call.path["id"]}
    return write(call, Kind("ManualJournals", _create_or_update, view, _refused), [row], summarize=True)


_SCOPE = "accounting.manualjournals"
ROUTES = [
    Route("GET", "/ManualJournals", list_journals, _SCOPE, ("where", "order", "page", "pageSize"), modified_since=True),
    Route("GET", "/ManualJournals/{id}", get_journal, _SCOPE),
    Route("PUT", "/ManualJournals", create_journals, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/ManualJournals", save_journals, _SCOPE, ("summarizeErrors",)),
    Route("POST", "/ManualJournals/{id}", save_journal, _SCOPE),
]
