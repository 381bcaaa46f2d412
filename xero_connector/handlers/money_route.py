"""In which form one movement of money stands in Xero: plain decisions about what was read for a whole batch.

Fully matched with one document it is a payment; with several, one batch payment or single payments. As soon as a part of it is matched
with nothing, the whole stands on account (one line on the bank account, as in the bank's statement) and what is matched is allocated.
It keeps its form as long as that serves: once on account in Xero, later matches are allocated.
"""

from dataclasses import dataclass, field

from ..xero_core.fingerprint import fingerprint

ENDED = ("DELETED", "VOIDED")
PAYMENTS, BATCH, ON_ACCOUNT, NOWHERE = "payments", "batch", "on account", "nowhere"
MODELS = ("account.payment", "account.bank.statement.line")


def is_live(binding):
    """Whether what a binding names is still there in Xero."""
    return bool(binding) and binding.xero_status not in ENDED


@dataclass
class Route:
    """One payment or bank statement line (``key``: model and id, the record may be gone), what it is matched with, and what Xero has of it.

    ``parts`` are the reconciliations with documents that are in Xero or on their way. ``payments`` and ``allocations`` are live bindings
    by the id of their reconciliation, which may be gone. ``jobs`` are all open jobs about any of it, by kind, model and id.
    ``paid_back`` says that other money pays some of it back, ``refunds`` how many such payments Xero has. ``elsewhere`` says that some
    of it, but not all, is matched with documents that are not for Xero. ``why_not`` says why the money
    cannot stand on account although it should, or is ''.
    """

    key: tuple
    record: object = None
    lines: object = None
    partials: object = None
    parts: list = field(default_factory=list)
    prepaid: object = None
    batch: object = None
    payments: dict = field(default_factory=dict)
    paid_back: bool = False
    elsewhere: bool = False
    refunds: int = 0
    allocations: dict = field(default_factory=dict)
    jobs: dict = field(default_factory=dict)
    form: str = NOWHERE
    why_not: str = ""

    # === WHAT ODOO SAYS === #

    @property
    def payment_id(self):
        """The payment that jobs about this money are shown at."""
        return self.key[1] if self.record and self.key[0] == MODELS[0] else None

    @property
    def is_posted(self):
        """Whether the money counts in Odoo's books."""
        return bool(self.record) and bool(self.lines) and self.record.move_id.state == "posted"

    @property
    def is_unmatched(self):
        """Whether part of it is matched with no document of Xero's: with nothing, with money that pays it back, or with older documents."""
        return self.paid_back or self.elsewhere or any(line.amount_residual or line.amount_residual_currency for line in self.lines or ())

    @property
    def journal(self):
        return self.record.move_id.journal_id

    @property
    def partner(self):
        return self.lines[:1].partner_id.commercial_partner_id

    @property
    def currency(self):
        return self.lines[:1].currency_id

    @property
    def amount(self):
        """What moved, in its currency; positive."""
        return abs(sum(self.lines.mapped("amount_currency")))

    @property
    def prepaid_digest(self):
        """Of what stands on account; not of the mapping and the policy, which may change without the money sent by then."""
        about = {"date": str(self.record.move_id.date), "journal": self.journal.id, "partner": self.partner.id}
        return fingerprint({**about, "amount": f"{self.amount:.3f}", "currency": self.currency.name})

    @property
    def batch_digest(self):
        return fingerprint({str(part.partial.id): part_digest(part) for part in self.parts})

    # === WHAT IS OUT OF STEP === #

    @property
    def prepaid_stays(self):
        return is_live(self.prepaid) and self.form == ON_ACCOUNT and _is_same(self.prepaid, self.prepaid_digest)

    @property
    def batch_stays(self):
        return is_live(self.batch) and self.form == BATCH and _is_same(self.batch, self.batch_digest)

    def payment_stays(self, partial_id):
        """Whether the payment in Xero of this reconciliation is as it should be."""
        binding, part = self.payments.get(partial_id), self.part(partial_id)
        return bool(binding and part) and self.form == PAYMENTS and _is_same(binding, part_digest(part))

    def part(self, partial_id):
        return next((part for part in self.parts if part.partial.id == partial_id), None)

    def out_of_step(self):
        """``[(kind, model, id)]`` of everything that has to be done until this money stands in Xero as it does in Odoo."""
        wanted = [("prepaid", *self.key)] * ((self.form == ON_ACCOUNT or is_live(self.prepaid)) and not self.prepaid_stays)
        wanted += [("batch", *self.key)] * ((self.form == BATCH or is_live(self.batch)) and not self.batch_stays)
        singles = set(self.payments) | {part.partial.id for part in self.parts if self.form == PAYMENTS}
        wanted += [("payment", "account.partial.reconcile", each) for each in sorted(singles) if not self.payment_stays(each)]
        return wanted + [("allocation", "account.partial.reconcile", each) for each in self._allocations_out_of_step()]

    def allocation_stays(self, partial_id):
        """Whether the allocation in Xero of this reconciliation is as it should be."""
        binding = self.allocations.get(partial_id)
        return bool(binding and self.part(partial_id)) and self.prepaid_stays and not binding.remake

    def _allocations_out_of_step(self):
        matched = [part.partial.id for part in self.parts] if self.form == ON_ACCOUNT else []
        return sorted(each for each in {*self.allocations, *matched} if not self.allocation_stays(each))

    def leaving(self, form):
        """``(kind, model, id)`` of what has to leave Xero before this money can stand there in ``form``."""
        left = [("prepaid", *self.key)] if is_live(self.prepaid) and (form != ON_ACCOUNT or not self.prepaid_stays) else []
        left += [("batch", *self.key)] if is_live(self.batch) and form != BATCH else []
        if form != PAYMENTS:
            left += [("payment", "account.partial.reconcile", each) for each in self.payments]
        return left

    # === DECISION === #

    def decide(self, batches, on_account):
        """Choose the form.

        :param bool batches: whether several documents are paid by a batch
        :param bool on_account: whether unmatched money stands on account, rather than waiting
        """
        self.form = self._choose(batches, on_account) if self.is_posted else NOWHERE

    def _choose(self, batches, on_account):
        if is_live(self.prepaid) and _is_same(self.prepaid, self.prepaid_digest):
            return ON_ACCOUNT
        if on_account and self.is_unmatched and not self.why_not:
            return ON_ACCOUNT
        if any(_is_same(binding, part_digest(self.part(each))) for each, binding in self.payments.items() if self.part(each)):
            return PAYMENTS
        return BATCH if len(self.parts) > 1 and (batches or is_live(self.batch)) and self._fit_in_a_batch() else PAYMENTS

    def _fit_in_a_batch(self):
        """A batch pays invoices or bills, not both, no credit notes, in one currency, and nothing of it is written off."""
        kinds = {part.invoice._xero_kind() for part in self.parts}
        currencies = {part.invoice.currency_id for part in self.parts}
        whole = not self.is_unmatched and not self.record.move_id._xero_written_off()
        once = len({part.invoice.id for part in self.parts}) == len(self.parts)  # not two instalments of one
        return len(kinds) == 1 and kinds <= {"invoice", "bill"} and len(currencies) == 1 and whole and once


def part_digest(part):
    """Of what a payment says in Odoo; not of the mapping, which may change without the payments made by then."""
    if not part:
        return ""
    amounts = {"amount": str(part.amount), "company_amount": str(round(part.company_amount, 4))}
    return fingerprint({"date": str(part.date), "journal": part.journal.id, **amounts})


def _is_same(binding, digest):
    """Whether what is in Xero is what Odoo says; what was found there rather than sent is taken as it is."""
    return binding.fingerprint in (False, digest) and not binding.remake


def credit_source(prepaid):
    """What money on account is in Xero, by its binding."""
    return "Prepayment" if (prepaid.xero_type or "").endswith("PREPAYMENT") else "Overpayment"
