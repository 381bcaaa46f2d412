"""The states of invoices and credit notes, and what stands in the way of a change.

DRAFT -> SUBMITTED, AUTHORISED, DELETED      SUBMITTED -> DRAFT, AUTHORISED, DELETED
AUTHORISED -> VOIDED (nothing paid or credited)      PAID: set by Xero only      VOIDED, DELETED: the end
"""

from __future__ import annotations

from datetime import date

from ...call import Call
from ...store import Record

TRANSITIONS = {
    "": ("DRAFT", "SUBMITTED", "AUTHORISED"),
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
    "PAID": ("PAID",),
}
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "DELETED", "VOIDED")
WRONG_STATUS = "Invoice not of valid status for modification"
CANNOT_VOID = "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
TOO_MANY = "You have reached the limit of invoices you can approve"
_APPROVALS = {"ACCREC": "CreateApprovedInvoice", "ACCPAY": "CreateApprovedBill"}


def problems(call: Call, old: Record | None, kind: str, status: str, is_settled: bool) -> list[str]:
    """All that stands in the way, not only the first: recorded 2018, in this order. `kind` is the document's type."""
    before = old["Status"] if old else ""
    stays_draft = before == status == "DRAFT"
    locked = lock_message(call, old["Date"]) if old and not stays_draft else ""
    if status not in TRANSITIONS.get(before, ()):
        refused = WRONG_STATUS
    elif status == "VOIDED" and is_settled:
        refused = CANNOT_VOID
    else:
        refused = _approval_refusal(call, kind, before, status)
    return [message for message in (locked, refused) if message]


def _approval_refusal(call: Call, kind: str, before: str, status: str) -> str:
    """Some plans allow a few approvals a month; invoices and bills are counted apart."""
    wanted = status == "AUTHORISED" and before != "AUTHORISED"
    return TOO_MANY if wanted and _APPROVALS.get(kind) in call.organisation.forbidden_actions else ""


def lock_message(call: Call, day: date) -> str:
    """Xero's refusal of a date in a locked period, or "". An adviser is held by the year-end lock only."""
    organisation = call.organisation
    period = None if organisation.adviser else organisation.period_lock_date
    locks = (("end of year lock date", organisation.year_end_lock_date), ("period lock date", period))
    for name, lock in locks:
        if lock and day <= lock:
            return call.switches.lock_message.format(lock=name, day=f"{lock:%d-%b-%Y}")
    return ""
