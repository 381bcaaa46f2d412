"""What a decision about money is made of: how documents stand toward Xero, matches, and what Xero has already. No Odoo.

What each match is worth (``Part``; an existing counterpart means that of the match: payment, allocation, share of a batch):

| its document                                          | standing   | counts as matched | counterpart there | a new one                 |
| ----------------------------------------------------- | ---------- | ----------------- | ----------------- | ------------------------- |
| is in Xero                                            | THERE      | yes               | stays             | is made                   |
| is in Xero, a change that lets money stay is on its way | BUSY       | yes               | stays             | waits                     |
| is in Xero, a change that it may not have is held     | HELD_BACK  | yes               | stays             | waits for the same cause  |
| is to be changed or voided, for which money leaves    | CHANGING   | yes               | leaves            | waits                     |
| is on its way                                         | COMING     | yes               |                   | waits                     |
| is held                                               | HELD       | yes               |                   | waits for the same cause  |
| is a draft that was never sent, or is void in Xero    | DRAFT      | no: as unmatched  |                   |                           |
| is not for Xero, or left out                          | ABSENT     | no                |                   |                           |
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from ...const import HELD, ON_ITS_WAY

NOWHERE, DIRECT, ON_ACCOUNT, BATCH, PAYMENTS = "nowhere", "direct", "on account", "batch", "payments"
ZERO = Decimal(0)
MODELS = ("account.payment", "account.bank.statement.line")
ENTRY = "account.move"  # one that moves no money, but takes off what is open on documents
# which form a counterpart belongs to; the others go with any
FORMS = {"payment": PAYMENTS, "batch_payment": BATCH, "on_account": ON_ACCOUNT, "allocation": ON_ACCOUNT}
# what hangs on others leaves first
LEAVING = ("allocation", "payment", "batch_payment", "write_off", "bank_transaction", "cash_entry", "on_account")
COMING_ORDER = ("on_account", "batch_payment", "payment", "allocation", "write_off", "bank_transaction", "cash_entry")
WHOLE = ("bank_transaction", "cash_entry")  # what all of some money can be


class Standing(Enum):
    """Of a document toward Xero; see the table above."""

    THERE = "there"
    BUSY = "busy"
    HELD_BACK = "held back"
    CHANGING = "changing"
    COMING = "coming"
    HELD = "held"
    DRAFT = "draft"
    ABSENT = "absent"

    @property
    def counts(self):
        """Whether what is matched with such a document is matched, as far as Xero is concerned."""
        return self not in (Standing.DRAFT, Standing.ABSENT)

    @property
    def keeps(self):
        """Whether money on such a document stays there."""
        return self in (Standing.THERE, Standing.BUSY, Standing.HELD_BACK)

    @property
    def is_in_xero(self):
        return self in (Standing.THERE, Standing.BUSY, Standing.HELD_BACK, Standing.CHANGING)


def standing_of(is_there, state, needs_room, is_draft, is_fresh):
    """How a document stands; the second table above.

    :param bool is_there: it has a live counterpart in Xero
    :param str state: of its open job, '' if there is none
    :param bool needs_room: that job waits for money to leave it
    :param bool is_draft: it is in draft in Odoo
    :param bool is_fresh: it was reset so recently that it will mostly be confirmed again
    """
    if state in ON_ITS_WAY:
        if not is_there:
            return Standing.COMING
        return Standing.CHANGING if needs_room else Standing.BUSY
    if is_there:
        return Standing.HELD_BACK if state == "blocked" else Standing.THERE  # after a refused change it stands as it did
    if state in HELD:
        return Standing.HELD
    if state == "approval":
        return Standing.COMING
    if is_draft:
        return Standing.COMING if is_fresh else Standing.DRAFT
    return Standing.ABSENT


@dataclass(frozen=True)
class Part:
    """One match of the money: with which document (``document`` its id in Odoo), and what Odoo says of it.

    ``digest`` is a fingerprint of what a payment of it says, ``amount`` what an allocation of it says (in the document's currency);
    ``share`` is how much of it is written off rather than paid. ``kind`` is the document's, or 'money' for money on account that is paid
    back; ``xero_id`` the document's, '' if it is not there. ``is_debt`` is False of credit notes and of money.
    """

    id: int
    document: int
    kind: str
    standing: Standing
    digest: str = ""
    amount: Decimal = ZERO
    share: Decimal = ZERO
    currency: int = 0
    xero_id: str = ""
    is_debt: bool = True


@dataclass(frozen=True)
class Counterpart:
    """Something of the money that is in Xero; of a write-off ``allocated`` is the fingerprint of what it is allocated to, ``documents`` the
    Xero ids of that.

    ``digest`` is that of what was sent, False of what was found there rather than sent: it is taken as it is.
    """

    key: tuple  # kind, model, id of the record it is remembered for
    xero_id: str
    digest: str | bool = False
    allocated: str = ""
    documents: tuple = ()


@dataclass(frozen=True)
class Difference:
    """What the entry books beside money and debt: its kind, the entry's id, a fingerprint of what it says."""

    kind: str
    move: int
    digest: str

    @property
    def key(self):
        return (self.kind, "account.move", self.move)
