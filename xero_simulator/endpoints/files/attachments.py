"""Files attached to a record: raw bytes in, raw bytes out, ten to a record, one per name."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from urllib.parse import quote

from ... import history, wire
from ...call import Call, Route
from ...errors import NotFound, NotSimulated, Refused, validation_exception
from ...idempotency import Answer
from ...store import Record, Table

# Where files can be attached, and the table of the organisation that holds the records.
OWNERS = {
    "Invoices": "invoices",
    "CreditNotes": "credit_notes",
    "Contacts": "contacts",
    "ManualJournals": "manual_journals",
    "BankTransactions": "bank_transactions",
}
ONLINE = ("Invoices", "CreditNotes")
SALES = ("ACCREC", "ACCRECCREDIT")
FORBIDDEN_CHARACTERS = '<>:"/\\|?*+'
# [3P] What Xero takes; anything else gets the refusal seen from a live organisation.
TYPES = (
    "7z", "bmp", "csv", "doc", "docx", "eml", "gif", "jpeg", "jpg", "keynote", "msg", "numbers", "odf", "ods", "odt", "pages", "pdf",
    "png", "ppt", "pptx", "rar", "rtf", "tif", "tiff", "txt", "xls", "xlsx", "zip",
)  # fmt: skip
WRONG_TYPE = "The file couldn't be uploaded because it isn't a supported file type."
BINARY = "application/octet-stream"


def of(call: Call, owner_id: str) -> list[Record]:
    return call.organisation.attachments.find("owner", owner_id)


def view(row: Record) -> dict:
    shown = {
        "AttachmentID": row["AttachmentID"],
        "FileName": row["FileName"],
        "Url": f"https://api.xero.com/api.xro/2.0/{row['Endpoint']}/{row['OwnerID']}/Attachments/{quote(row['FileName'])}",
        "MimeType": row["MimeType"],
        "ContentLength": row["ContentLength"],
    }
    return {**shown, "IncludeOnline": True} if row["IncludeOnline"] else shown


def views(call: Call, owner_id: str) -> list[dict]:
    return [view(row) for row in of(call, owner_id)]


def _table(call: Call, endpoint: str) -> Table:
    table = getattr(call.organisation, OWNERS[endpoint], None)
    if table is None:
        raise NotSimulated(f"/{endpoint} exists in Xero but not in this simulator", 501)
    return table


def _owner(call: Call, endpoint: str) -> Record:
    record = _table(call, endpoint).get(call.path["id"].lower())
    if record is None:
        raise NotFound()
    return record


def _listing(endpoint: str) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        _owner(call, endpoint)
        return call.envelope("Attachments", views(call, call.path["id"].lower()))

    return handler


def _content(endpoint: str) -> Callable[[Call], Answer]:
    """By name or by id."""

    def handler(call: Call) -> Answer:
        _owner(call, endpoint)
        key = call.path["file"].lower()
        for row in of(call, call.path["id"].lower()):
            if key in (row["FileName"].lower(), row["AttachmentID"]):
                return Answer(200, row["Content"], row["MimeType"])
        raise NotFound()

    return handler


def _upload(endpoint: str) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        owner = _owner(call, endpoint)
        row = _row(call, endpoint, owner)
        if message := _problem(call, row):
            names = ("FileName", "MimeType", "ContentLength")
            echo = {"AttachmentID": wire.ZERO_ID, **{name: row[name] for name in names}}
            raise validation_exception([{**echo, "ValidationErrors": [{"Message": message}]}])
        with call.organisation.transaction():
            call.organisation.attachments.put(row)
            told = f"Attached the file {row['FileName']} through the Xero API using {call.provider}"
            history.add(call, row["OwnerID"], "Attached a file", told)
            if call.switches.attachment_moves_stamp:
                _table(call, endpoint).put({**owner, "UpdatedDateUTC": call.now})
        return call.envelope("Attachments", [view(row)])

    return handler


def _row(call: Call, endpoint: str, owner: Record) -> Record:
    """The file as sent; one of the same name is replaced and keeps its id."""
    owner_id, name = call.path["id"].lower(), call.path["file"]
    before = next((row for row in of(call, owner_id) if row["FileName"].lower() == name.lower()), {})
    kind = (call.headers.get("Content-Type") or BINARY).split(";")[0]
    return {
        "AttachmentID": before.get("AttachmentID") or call.organisation.new_id(),
        "OwnerID": owner_id,
        "Endpoint": endpoint,
        "FileName": name,
        "MimeType": kind if kind != BINARY else mimetypes.guess_type(name)[0] or BINARY,
        "ContentLength": len(call.data),
        "IncludeOnline": _online(call, owner),
        "Content": call.data,
    }


def _online(call: Call, owner: Record) -> bool:
    """Only the customer of a sale ever sees a file."""
    wanted = call.flag("IncludeOnline", False)
    if wanted and owner["Type"] not in SALES:
        if call.switches.include_online_on_bills == "refused":
            raise validation_exception([{"ValidationErrors": [{"Message": "IncludeOnline is only supported for sales invoices."}]}])
        return False
    return wanted


def _problem(call: Call, row: Record) -> str:
    if any(character in FORBIDDEN_CHARACTERS for character in row["FileName"]):
        return call.switches.attachment_name_message
    extension = row["FileName"].rpartition(".")[2].lower() if "." in row["FileName"] else ""
    if extension not in TYPES and call.switches.attachment_types == "listed":
        return WRONG_TYPE
    if not call.data:
        return "The file couldn't be uploaded because it is empty."  # [?] text unknown
    others = [other for other in of(call, row["OwnerID"]) if other["AttachmentID"] != row["AttachmentID"]]
    if len(others) >= call.switches.attachments_per_record:
        return call.switches.attachment_count_message
    return ""


def check_size(call: Call) -> None:
    """Seen from a live organisation with a file of 14 MB."""
    if len(call.data) <= call.switches.attachment_limit:
        return
    if call.switches.too_large_status != 413:
        raise Refused(call.switches.too_large_status, "", "text/plain; charset=utf-8")
    told = {"Title": "RequestEntityTooLarge", "Status": 413, "Detail": "PayloadTooLarge", "Instance": call.organisation.new_id()}
    raise Refused(413, {**told, "Extensions": {}})


def _routes(endpoint: str) -> list[Route]:
    path, scope = f"/{endpoint}/{{id}}/Attachments", "accounting.attachments"
    online = ("IncludeOnline",) if endpoint in ONLINE else ()
    return [
        Route("GET", path, _listing(endpoint), scope),
        Route("GET", f"{path}/{{file*}}", _content(endpoint), scope, raw=True),
        Route("PUT", f"{path}/{{file*}}", _upload(endpoint), scope, online, raw=True),
        Route("POST", f"{path}/{{file*}}", _upload(endpoint), scope, online, raw=True),
    ]


ROUTES = [route for endpoint in OWNERS for route in _routes(endpoint)]
