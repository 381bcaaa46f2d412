"""The kinds of document that travel to Xero, in the order in which they go: nothing before what it names."""

from typing import NamedTuple


class Kind(NamedTuple):
    """``setting`` is the field of the connection that says when documents of this kind are sent; '' for what follows from others."""

    code: str
    label: str
    setting: str = ""


KINDS = (
    Kind("option", "Tracking Option"),
    Kind("contact", "Contact", "sync_contact"),
    Kind("item", "Product", "sync_item"),
    Kind("invoice", "Customer Invoice", "sync_invoice"),
    Kind("bill", "Vendor Bill", "sync_bill"),
    Kind("credit_note", "Credit Note", "sync_credit_note"),
    Kind("journal", "Journal Entry"),
    Kind("summary", "Daily Summary"),
    Kind("transfer", "Bank Transfer", "sync_payment"),
    Kind("payment", "Payment", "sync_payment"),
    # counterparts of payments: what one movement of money is made of in Xero; no job names them
    Kind("prepaid", "Unmatched Payment", "sync_payment"),
    Kind("batch", "Batch Payment", "sync_payment"),
    Kind("write_off", "Write-Off", "sync_payment"),
    Kind("surplus", "Payment Difference", "sync_payment"),
    Kind("allocation", "Credit Allocation", "sync_payment"),
    Kind("attachment", "Attachment", "sync_attachment"),
)
CODES = tuple(kind.code for kind in KINDS)
SELECTION = [(kind.code, kind.label) for kind in KINDS]
SETTINGS = {kind.code: kind.setting for kind in KINDS}
# what is made of an invoice-like entry
DOCUMENTS = ("invoice", "bill", "credit_note")
# what is sent with calls that nothing else is likely to need
CAN_WAIT = ("attachment",)
# kind by type of journal entry
MOVES = {
    "out_invoice": "invoice",
    "out_receipt": "invoice",
    "in_invoice": "bill",
    "in_receipt": "bill",
    "out_refund": "credit_note",
    "in_refund": "credit_note",
    "entry": "journal",
}
