"""What Xero should hold of one movement of money, now: plain decisions about what was read, without Odoo.

A movement is a payment or a bank statement line. What is decided here follows from its matches and their documents as they stand, and
from nothing that was decided before; what is to be done follows from the difference to what is in Xero.

In which form it stands there (``Movement.form``; the first row that fits):

| the money in Odoo                                                                            | in Xero                        |
| -------------------------------------------------------------------------------------------- | ------------------------------ |
| draft, cancelled, deleted                                                                      | nothing                        |
| of a bank whose payments are recorded in Xero, and it never was there                          | nothing                        |
| a batch there still says what Odoo says                                                        | that batch                     |
| no debt of anybody: for something at once, or of nobody (``nobodys``), at a bank               | all of it a bank transaction   |
| the same, in cash that is an ordinary account in Xero                                          | all of it a manual journal     |
| on account there, unchanged since, and allocations can say what it pays                        | stays on account               |
| part of it matched with nothing, an entry, a draft, an older document, money that pays it back | on account, if the policy says |
| a payment there still says what Odoo says                                                      | single payments                |
| wholly matched with several invoices, or several bills, each once, in one currency             | one batch payment              |
| matched with documents in Xero, or on their way there                                          | a payment for each             |
| matched only with documents that are not for Xero                                              | nothing                        |

Beside all that: what the entry writes off is a credit note, allocated to the documents that were paid that much less; what the bank got or
paid on top is a bank transaction. Both are there for as long as the money is on account, or pays a document that is in Xero.
"""

from dataclasses import dataclass, field

from ...const import PARTIAL
from ...xero_core.fingerprint import fingerprint
from .facts import (
    BATCH,
    COMING_ORDER,
    DIRECT,
    FORMS,
    LEAVING,
    NOWHERE,
    ON_ACCOUNT,
    PAYMENTS,
    WHOLE,
    Counterpart,
    Difference,
    Part,
    Standing,
)

# why a step waits
OTHER_FORM, IN_USE, NOT_ON_ACCOUNT, FIRST_MADE = "other form", "in use", "not on account", "first made"
PAID_BACK, DOCUMENT = "paid back", "document"


@dataclass(frozen=True)
class Step:
    """One thing to be done. ``why`` says why it waits, '' if it may go; ``part`` is the match that it waits for."""

    operation: str  # create | update | remove
    key: tuple
    there: Counterpart | None = None
    parts: tuple = ()
    why: str = ""
    part: Part | None = None


@dataclass
class Movement:
    """One payment or bank statement line (``key``: model and id; the record may be gone), its matches, and what Xero has of it.

    ``rest``: part of it is matched with nothing that Xero could know as paid. ``paid_back``: other money pays some of it back, in Xero by
    ``refunds`` (the payments there). ``may_stand``: by policy and day, it may stand on account; ``why_not`` says why it cannot although it
    should. ``batches``: several documents are paid by a batch. ``is_direct``: nobody has a debt, and all of it is what came beside.
    ``untold_bank_transaction``: why Xero cannot be told what moved beyond the debt. ``recorded_in_xero``: the payments of its bank are,
    and nothing of it ever was there.
    """

    key: tuple
    is_posted: bool = False
    rest: bool = False
    paid_back: bool = False
    refunds: tuple = ()
    parts: tuple = ()
    there: dict = field(default_factory=dict)
    digest: str = ""
    may_stand: bool = False
    why_not: str = ""
    batches: bool = True
    is_direct: bool = False
    difference: Difference | None = None
    untold_bank_transaction: str = ""
    recorded_in_xero: bool = False

    # === WHAT ODOO SAYS === #

    @property
    def matched(self):
        return [part for part in self.parts if part.standing.counts]

    @property
    def paid(self):
        """What of it was paid, rather than wholly written off."""
        return [part for part in self.matched if part.amount]

    @property
    def is_open(self):
        """Whether part of it is matched with nothing of Xero's."""
        drafts = any(part.standing is Standing.DRAFT for part in self.parts)
        elsewhere = bool(self.matched) and any(part.standing is Standing.ABSENT for part in self.parts)
        return self.rest or self.paid_back or drafts or elsewhere

    @property
    def form(self):
        """In which form it is to stand in Xero; the first table above."""
        if not self._counts:
            return NOWHERE
        if self.is_direct:
            return DIRECT
        if self._is_batch_said():
            return BATCH
        if not self.why_not and self._stands_or_may_stand():
            return ON_ACCOUNT
        return PAYMENTS if any(self._is_said(part) for part in self.paid) or not self._fit_in_a_batch() else BATCH

    @property
    def _counts(self):
        """Whether it is for Xero at all."""
        return self.is_posted and not self.recorded_in_xero

    def _stands_or_may_stand(self):
        """Whether it stands on account in Xero as it is in Odoo, or has reason to."""
        on_account = self.there.get(self._key("on_account"))
        return self.is_open and self.may_stand or on_account and _says(on_account, self.digest)

    def _key(self, kind):
        return (kind, *self.key)

    def _is_said(self, part):
        payment = self.there.get(("payment", PARTIAL, part.id))
        return bool(payment) and _says(payment, part.digest)

    def _is_batch_said(self):
        """Whether a batch in Xero says what Odoo does, however it came about."""
        batch = self.there.get(self._key("batch_payment"))
        return bool(batch) and batch.digest == self.batch_digest

    def _fit_in_a_batch(self):
        """A batch pays invoices or bills, not both, no credit notes, in one currency, each once; it has no rest. What is written off of
        them (a card's fee) is credit beside it: so it is what the bank moved."""
        parts = self.paid
        if len(parts) < 2 or not self.batches and self._key("batch_payment") not in self.there:
            return False
        kinds, currencies, documents = ({getattr(part, name) for part in parts} for name in ("kind", "currency", "document"))
        alike = len(kinds) == len(currencies) == 1 and all(part.is_debt for part in parts)
        return alike and len(documents) == len(parts) and not self.is_open

    @property
    def unsaid(self):
        """Why the rest of it cannot be told to Xero, although it should be; '' if all of it can."""
        return self.why_not if self.is_posted and self.is_open and self.may_stand and self.form != ON_ACCOUNT else ""

    @property
    def is_wholly_told(self):
        """Whether Xero agrees when all steps are done."""
        return not self.unsaid and not (self.untold_bank_transaction and self._goes_with_money())

    # === WHAT XERO SHOULD HOLD === #

    def wanted(self):
        """``{key: digest}`` of the counterparts it should have, once its documents stand in Xero as they do in Odoo."""
        wanted, form = {}, self.form
        if form == ON_ACCOUNT:
            wanted[self._key("on_account")] = self.digest
            wanted |= {("allocation", PARTIAL, part.id): str(part.amount) for part in self.paid} if self._may_allocate() else {}
        elif form == BATCH:
            wanted[self._key("batch_payment")] = self.batch_digest
        elif form == PAYMENTS:
            wanted |= {("payment", PARTIAL, part.id): part.digest for part in self.paid}
        if self.difference and self._goes_with_money():
            wanted[self.difference.key] = self.difference.digest
        return wanted

    def _goes_with_money(self):
        """Whether what its entry books beside money and debt belongs into Xero."""
        return self.form == ON_ACCOUNT or self._counts and bool(self.matched or self.is_direct)

    def _may_allocate(self):
        """Not while what stands on account there has to leave."""
        on_account = self.there.get(self._key("on_account"))
        return not on_account or _says(on_account, self.digest)

    @property
    def batch_digest(self):
        return fingerprint({str(part.id): part.digest for part in self.paid})

    def shares(self, allocated_to=()):
        """``{Xero id of the document: matches}``: to what a write-off is to be allocated; what is new waits until its document is there.

        :param allocated_to: Xero ids of documents that it is allocated to
        """
        shares = {}
        for part in self.matched:
            if part.share and (part.standing is Standing.THERE or part.standing.keeps and part.xero_id in allocated_to):
                shares.setdefault(part.xero_id, []).append(part)
        return shares

    # === WHAT IS TO BE DONE === #

    def steps(self):
        """Everything that has to be done until Xero holds what it should: what leaves, then what comes."""
        wanted = self.wanted()
        leaving = {
            key: there for key, there in self.there.items() if key not in wanted or not _says(there, wanted[key]) or self._in_the_way(key)
        }
        steps = [self._removal(leaving[key]) for key in sorted(leaving, key=lambda key: (LEAVING.index(key[0]), key))]
        missing = sorted(
            {key for key in wanted if key not in self.there or key in leaving}, key=lambda key: (COMING_ORDER.index(key[0]), key)
        )
        steps += [self._creation(key, leaving) for key in missing]
        return steps + self._reallocation(leaving)

    def _of(self, key):
        """The matches that a counterpart is made of."""
        kind = key[0]
        return tuple(part for part in self.paid if kind == "batch_payment" or kind in ("payment", "allocation") and part.id == key[2])

    def _in_the_way(self, key):
        """Whether it has to leave for a while, so that a document can be changed or voided."""
        return any(part.standing is Standing.CHANGING for part in self._of(key))

    def _removal(self, there):
        if there.key[0] == "on_account" and any(key[0] == "allocation" for key in self.there):
            return Step("remove", there.key, there, why=IN_USE)
        if there.key[0] == "on_account" and self.refunds:
            return Step("remove", there.key, there, why=PAID_BACK)
        return Step("remove", there.key, there)

    def _creation(self, key, leaving):
        kind, parts = key[0], self._of(key)
        if key in leaving or self._stands_otherwise(kind, leaving):
            return Step("create", key, parts=parts, why=OTHER_FORM)
        if kind == "allocation" and self._key("on_account") not in self.there.keys() - leaving:
            return Step("create", key, parts=parts, why=NOT_ON_ACCOUNT)
        waiting = next((part for part in parts if part.standing is not Standing.THERE), None)
        if kind in ("write_off", *WHOLE) and self.form != ON_ACCOUNT:
            waiting = self._nothing_there()
        return Step("create", key, parts=parts, why=DOCUMENT if waiting else "", part=waiting)

    def _stands_otherwise(self, kind, leaving):
        """Whether something of it is in Xero in another form than that which this kind belongs to."""
        if kind not in FORMS:
            return self.is_direct and any(other[0] != kind for other in self.there)
        forms = {FORMS[other[0]] for other in self.there if other[0] in FORMS}
        alone = not forms and any(other[0] in WHOLE for other in leaving)
        return alone or bool(forms - {FORMS[kind]})

    def _nothing_there(self):
        """A match that is not in Xero yet, if none is."""
        return None if any(part.standing.is_in_xero for part in self.matched) else next(iter(self.matched), None)

    def _reallocation(self, leaving):
        """Allocate a write-off as it should be now; what is new waits for its document."""
        key, shared = self._write_off_key(), [part for part in self.matched if part.share]
        there = None if key in leaving else self.there.get(key)
        if not there:
            return self._later(key) if shared else []
        shares = self.shares(there.documents)
        if there.allocated != allocated(shares):
            return [Step("update", key, there, tuple(part for parts in shares.values() for part in parts))]
        waiting = [part for part in shared if part.xero_id not in shares]
        return [Step("update", key, there, why=DOCUMENT, part=part) for part in waiting[:1]]

    def _later(self, key):
        """What is to be allocated when the write-off has been made."""
        return [Step("update", key, why=FIRST_MADE)] if key else []

    def _write_off_key(self):
        """The key of the write-off that it should have; None if none."""
        is_one = self.difference and self.difference.kind == "write_off"
        return self.difference.key if is_one and self.difference.key in self.wanted() else None


def allocated(shares):
    """Fingerprint of what a write-off is allocated to, '' if to nothing.

    :param dict shares: as ``Movement.shares`` gives it
    """
    told = {xero_id: [str(sum(part.share for part in parts)), *(part.id for part in parts)] for xero_id, parts in shares.items()}
    return fingerprint(told) if told else ""


def _says(there, digest):
    """Whether what is in Xero is what Odoo says; what was found there rather than sent is taken as it is."""
    return there.digest in (False, digest)
