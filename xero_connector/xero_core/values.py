"""Single values as Xero writes and wants them: moments, dates, numbers, ids, texts and links."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from urllib.parse import quote
from uuid import UUID

from dateutil.parser import isoparse

UTC = datetime.timezone.utc
PLAIN_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
MICROSOFT_DATE = re.compile(r"^/Date\((-?\d+)(?:[+-]\d{4})?\)/$")
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ZERO_GUID = "00000000-0000-0000-0000-000000000000"
LINK_HOST = "https://go.xero.com"

SECRET_NAMES = "access_token|refresh_token|id_token|client_secret|code_verifier|code|token|assertion"
# what to look for, what to put there, and small letters without which there is nothing to be found: most bodies have none of them
REDACTIONS = (
    (re.compile(rf'("(?:{SECRET_NAMES})"\s*:\s*")[^"]*'), r"\1***", tuple(f'"{name}"' for name in SECRET_NAMES.split("|"))),
    (re.compile(rf"(^|[&?])({SECRET_NAMES})=[^&\s]*"), r"\1\2=***", ("=",)),
    (re.compile(r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+"), r"\1 ***", ("bearer", "basic")),
    (re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "***", ("eyj",)),
)


def utcnow() -> datetime.datetime:
    """The present moment, aware, in UTC."""
    return datetime.datetime.now(UTC)


def parse_datetime(value) -> datetime.datetime | None:
    """Read any of Xero's ways to write a moment, as aware UTC; None for nothing or nonsense.

    `/Date(ms+0000)/`, `/Date(ms)/` (recorded in envelopes and write answers; the offset is decoration, the number is always UTC)
    and ISO 8601 with or without a zone (without: UTC). Never give it a nested contact's `UpdatedDateUTC`: that one was seen in local time.
    """
    if not isinstance(value, str):
        return None
    match = MICROSOFT_DATE.match(value)
    if match:
        return datetime.datetime(1970, 1, 1, tzinfo=UTC) + datetime.timedelta(milliseconds=int(match[1]))
    return _parse_iso(value)


def _parse_iso(value: str) -> datetime.datetime | None:
    try:
        # what Python's own reader takes as well, it reads in a tenth of the time; 3.10's refuses seven decimals and the Z
        moment = datetime.datetime.fromisoformat(value) if PLAIN_MOMENT.fullmatch(value) else isoparse(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse_date(value) -> datetime.date | None:
    """Read a document date: the organisation's calendar day, which Xero writes as that day's midnight in UTC.

    None for the first day Microsoft's dates count from: it stands on voided documents that have no date any more (tap-xero 1.0.3).
    """
    moment = parse_datetime(value)
    return moment.date() if moment and moment.timestamp() else None


def format_date(value: datetime.date) -> str:
    """Write a calendar date the only way Xero takes for writing, YYYY-MM-DD."""
    return value.isoformat()


def to_decimal(value, default: Decimal | None = Decimal(0)) -> Decimal | None:
    """Read a number, which Xero's samples also write as text; `default` for nothing or nonsense."""
    if value is None or isinstance(value, bool):
        return default
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return default
    return number if number.is_finite() else default


def clean_guid(value) -> str:
    """Lower-case id, '' for nothing, nonsense, and the all-zero id that stands in refused elements."""
    if not value:
        return ""
    if isinstance(value, str) and GUID.fullmatch(value):  # as Xero writes nearly all of them; a page has thousands
        return "" if value == ZERO_GUID else value
    try:
        guid = str(UUID(str(value)))
    except ValueError:
        return ""
    return "" if guid == ZERO_GUID else guid


def to_text(value) -> str:
    """Read a text field: '' for null or a missing key."""
    return value if isinstance(value, str) else ""


def clean_text(text: str | None, limit: int) -> str:
    """One line without `<`, `>` and control characters, single spaces, stripped and at most `limit` characters long.

    Xero refuses contact names that break any of these rules (Accounting API, Contacts).
    """
    printable = "".join(" " if char in "<>" or not char.isprintable() else char for char in text or "")
    return " ".join(printable.split())[:limit].rstrip()


def clean_lines(text: str | None, limit: int) -> str:
    """Like `clean_text` for descriptions: line breaks and `<>` stay, and all that separates words is a space."""
    spaced = ("".join(" " if char.isspace() else char for char in line) for line in (text or "").splitlines())
    lines = ("".join(char for char in line if char.isprintable()) for line in spaced)
    return "\n".join(lines).strip()[:limit].rstrip()


def redact(text: str) -> str:
    """Blank every token, secret and code in a body, query or message."""
    small = text.lower()
    for pattern, replacement, signs in REDACTIONS:
        if any(sign in small for sign in signs):
            text = pattern.sub(replacement, text)
    return text


# --- links into Xero's web pages (developer.xero.com, deep linking) --------------------------------


def deep_link(short_code: str, path: str) -> str:
    """Address of a page in Xero; with the organisation's short code, Xero switches to that organisation first."""
    if not short_code:
        return LINK_HOST + path
    return f"{LINK_HOST}/organisationlogin/default.aspx?shortcode={quote(short_code, safe='')}&redirecturl={quote(path, safe='')}"


def invoice_url(short_code: str, xero_id: str) -> str:
    """Page of a sales invoice."""
    return deep_link(short_code, f"/AccountsReceivable/View.aspx?InvoiceID={xero_id}")


def bill_url(short_code: str, xero_id: str) -> str:
    """Page of a purchase bill."""
    return deep_link(short_code, f"/AccountsPayable/Edit.aspx?InvoiceID={xero_id}")


def credit_note_url(short_code: str, xero_id: str, sales: bool = True) -> str:
    """Page of a credit note, given to a customer (`sales`) or received from a supplier."""
    ledger = "AccountsReceivable" if sales else "AccountsPayable"
    return deep_link(short_code, f"/{ledger}/ViewCreditNote.aspx?creditNoteID={xero_id}")


def journal_url(short_code: str, xero_id: str) -> str:
    """Page of a manual journal; Xero documents none, this is where its own lists lead."""
    return deep_link(short_code, f"/Journal/View.aspx?invoiceID={xero_id}")


def document_url(short_code: str, kind: str, xero_id: str) -> str:
    """Page of a document of Xero's type `kind`: 'ACCREC' (also if it is not known), 'ACCPAY', 'ACCRECCREDIT' or 'ACCPAYCREDIT'."""
    if kind.endswith("CREDIT"):
        return credit_note_url(short_code, xero_id, sales=kind == "ACCRECCREDIT")
    return bill_url(short_code, xero_id) if kind == "ACCPAY" else invoice_url(short_code, xero_id)


def bank_transaction_url(short_code: str, xero_id: str) -> str:
    """Page of a bank transaction, also of one that made an overpayment or prepayment."""
    return deep_link(short_code, f"/Bank/ViewTransaction.aspx?bankTransactionID={xero_id}")


def bank_account_url(short_code: str, xero_id: str) -> str:
    """Page of a bank account, with its statement lines; Xero documents none, this is where its own lists lead."""
    return deep_link(short_code, f"/Bank/BankTransactions.aspx?accountID={xero_id}")


def contact_url(short_code: str, xero_id: str) -> str:
    """Page of a contact."""
    return deep_link(short_code, f"/Contacts/View/{xero_id}")


def lock_dates_url(short_code: str) -> str:
    """Where people set the lock dates [?]."""
    return deep_link(short_code, "/Settings/FinancialSettings")
