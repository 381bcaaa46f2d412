"""Everything nobody could confirm about Xero, and the limits of an app's tier: all of it can be set.

The comment behind a switch says what is unknown (evidence grade [?] or contradicting sources).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Switches:
    # --- limits (None = unlimited) ---
    minute_limit: int | None = 60
    day_limit: int | None = 1000
    concurrent_limit: int | None = 5
    app_minute_limit: int | None = 10000
    minute_window: str = "fixed"  # fixed | rolling: recordings say fixed, integrators report rolling
    concurrent_retry_after: int | None = None  # [?] whether "concurrent" carries Retry-After
    high_volume_rows: int = 100_000
    # 10 MB is the maximum, 3.5 MB what the same page advises [?]: bytes of a body from which on it is refused, and how it is told
    request_limit: int = 10_000_000
    too_large_status: int = 413  # 413 | 400 [?]
    # --- arithmetic ---
    ties: str = "half_up"  # half_up | half_even [?]
    currency_decimals: str = "two"  # two | iso [?]: does Xero round yen to 0 and dinar to 3 places?
    # none | unit_amount | line_amount [?]: "TaxAmount ... cannot be greater than the UnitAmount", or than the line amount [3P]
    tax_amount_limit: str = "none"
    discount_rate_places: str = "kept"  # kept | rounded | refused [?]: more than two decimals of a DiscountRate
    sent_to_contact_alters_discounts: bool = False  # [3P] sending SentToContact alone turns a DiscountAmount into a rate of two decimals
    reverse_charge_inclusive: str = "accepted"  # accepted | refused [3P]: a reverse charge on a document whose amounts include tax
    emoji: str = "kept"  # kept | stripped [3P]: characters beyond the basic plane
    negative_total: str = "refused"  # refused | accepted [?]
    # foreign_per_base | bank_per_document [?]: what a payment's CurrencyRate counts; documents have the first, one integrator multiplied
    payment_rate: str = "foreign_per_base"
    zero_total_is_paid: bool = True  # [?]
    rate_warning_factor: int | None = 10  # a CurrencyRate so far off the day's gets Warnings; how far is not known
    # --- identity of documents ---
    reuse_voided_numbers: bool = False  # [?]
    post_by_number: str = "edit"  # edit | error [?]: POST with somebody else's InvoiceNumber
    unarchive_contacts: bool = False  # [?]
    contact_names: str = "case"  # case | accents [3P]: what does not count where two contacts must not have one name
    contact_number_unique: bool = True  # a demo company was seen with two active contacts of one ContactNumber [3P]
    archived_account_numbers: str = "free"  # free | taken [3P]: whether an archived contact keeps its AccountNumber from others
    account_number_message: str = (  # [?] text unknown
        "The account number {number} is already assigned to another contact. The account number must be unique across all contacts."
    )
    mask_tax_numbers: bool = False  # [DOC] in the US, for connections in a standard role: the last four are told; the mask [?]
    mask_bank_details: bool = False  # the same of bank accounts, without the role for them: [READ] that they are kept back, how [?]
    bank_accounts_updatable: bool = False  # conflicting readings
    account_delete_message: str = "The account is in use and cannot be deleted."  # [?] text unknown
    unknown_tracking: str = "error"  # error | ignored [?]
    lock_message: str = "The document date cannot be before the {lock}, currently set at {day}"  # [3P] what follows "date" varies
    unknown_account_on_draft: str = "warning"  # warning | error [?]: a draft that names an account nobody knows; recorded of an invoice
    # --- items ---
    item_code_case: str = "folded"  # folded | exact [?]: are "abc" and "ABC" one code?
    item_write_scope: str = "settings"  # settings | invoices [?]: whether accounting.invoices alone may write items
    item_name_as_description: bool = False  # [?] whether the name stands in on a line when the item has no description
    unsold_items: str = "accepted"  # accepted | refused [?]: a line with an item that is not sold (not purchased, on a bill)
    item_exists_message: str = "Price List Item with Code '{code}' already exists"  # [?] the description doubles the quotes
    unknown_item_message: str = "Item code '{code}' is not valid"  # [?] text unknown
    # --- sending ---
    email_day_limit: int | None = 1000  # e-mails of one organisation in 24 hours
    demo_email_limit: int | None = 0  # a demo company may send none
    email_limit_message: str = "The daily limit of emails has been reached."  # [?] text unknown
    email_status_message: str = "The invoice cannot be emailed in its current status."  # [?] text unknown
    sent_to_contact_on_draft: str = "ignored"  # ignored | refused | kept [?]
    online_invoice_refusal: int = 404  # 404 | 400 [?]: for bills, drafts, and what was voided or deleted
    # --- attachments ---
    attachment_limit: int = 10_000_000  # bytes; Xero's own pages say 3, 10 and 25 MB [?]
    attachments_per_record: int = 10
    attachment_types: str = "listed"  # listed | any: whether a file name must end in one of the types Xero names
    attachment_moves_stamp: bool = False  # [?] whether a file moves UpdatedDateUTC of its record
    include_online_on_bills: str = "ignored"  # ignored | refused [?]
    attachment_count_message: str = "A maximum of 10 files can be attached."  # [?] text unknown
    attachment_name_message: str = "The file name contains characters that are not allowed."  # [?] text unknown
    # --- manual journals ---
    unbalanced_draft_journal: str = "refused"  # refused | accepted [?]
    journal_tax_amount: str = "calculated"  # calculated | override [?]: what becomes of a TaxAmount that is sent
    journal_status_message: str = "Manual journal not of valid status for modification"  # [?] text unknown
    # --- reports ---
    report_blank: str = "empty"  # empty | missing: a blank value is an empty text [READ] or no Value at all [DOC]
    report_id: bool = True  # whether ReportID is told: recordings and samples differ
    report_zero_accounts: str = "absent"  # absent | listed [?]: accounts without movement and balance
    report_archived_accounts: str = "listed"  # listed | absent [?]: archived accounts with a balance; the totals have them anyway
    bank_summary_currency: str = "base"  # base | account [?]: of the row of a bank account in foreign currency
    bank_summary_gain_column: bool = False  # [?] a column "FX Gain" before the closing balance
    # --- errors ---
    unknown_fields: str = "ignored"  # ignored | refused: Xero overlooks them; refused, to find what our own clients misspell
    unknown_id_refuses_batch: bool = True  # [?] an element names another record that does not exist: recorded of contacts only
    unknown_own_id_refuses_batch: bool = False  # [?] a change of what does not exist: recorded of invoices, where the element is refused
    error_elements: str = "echo"  # echo | bare [?]: bare = no id and no number on a refused element
    line_errors: str = "document"  # document | line | both: where a line's messages stand
    mixed_failure_order: str = "request"  # request | errors_first [?]
    element_order: str = "request"  # request | reversed: for testing that answers are matched, not assumed
    reconciled_delete: str = "refused"  # refused | allowed [?]
    reconciled_delete_message: str = "Payments that have been reconciled cannot be deleted."  # [?] text unknown
    non_payment_account_message: str = "The account cannot be used for payments."  # [?] text unknown
    payment_reference_limit: int | None = None  # [?] one integrator caps at 118
    # --- bank transactions, batches, money paid too much or too early ---
    reconciled_edit: str = "refused"  # refused | allowed [?]: a bank transaction marked reconciled without a statement line
    reconciled_transaction_message: str = "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
    transaction_currency: str = "ignored"  # ignored | refused [?]: a CurrencyCode that is not the bank account's
    transfers_listed: bool = False  # listed among the bank transactions: documentation against the list of types
    bank_reference_filter: str = "nothing"  # nothing | works: one integrator found that no Reference is ever matched
    prepaid_reference: str = "ignored"  # ignored | kept: on prepayments and overpayments; contradicting documentation
    prepayment_number: str = "invoice_sequence"  # invoice_sequence | none [?]
    void_prepaid: str = "refused"  # refused | allowed [?]: DELETED on the bank transaction of a prepayment or overpayment
    batched_delete_message: str = "Payments within a batch cannot be deleted."  # [?] one integrator's word
    batch_details: str = "ignored"  # ignored | refused [?]: texts for the bank that another country's batches have
    transfer_currencies: str = "same"  # same | any: one integrator says that two currencies are refused
    allocation_contact: str = "same"  # same | any [3P]: whether a credit must be of the invoice's own contact
    # --- lists ---
    where_quotes: str = "doubled"  # doubled | backslash: how a quote stands in quoted text; one integrator saw a backslash refused [3P]
    nested_payments: str = "full"  # full | empty [?]: of listed documents, "a null object may be represented as an empty array" [DOC]
    voided_date_epoch: bool = False  # [3P] the Date of what was voided is told as /Date(0+0000)/
    journal_order_unpaged: bool = True  # [3P] manual journals with `order` come all at once
    # --- watermarks ---
    modified_since_inclusive: bool = True  # [?]
    modified_since_empty_status: int = 200  # 200 | 304
    payment_moves_invoice_stamp: bool = True  # [?] a payment made or deleted, of the document it is for
    deleted_payment_moves_stamp: bool = True  # [?]
    deleted_payment_listed: bool = True  # [?]
    allocation_moves_stamp: str = "both"  # both | invoice | none [?]: of the credit and of the invoice, made or removed
    note_moves_stamp: bool = False  # [?] whether a note in the history moves UpdatedDateUTC of its record
    transfer_stamp: str = "created"  # created | updated [?]: which stamp of a transfer is changed since; lists tell CreatedDateUTC only
    reconcile_moves_stamp: str = "payment"  # payment | both | none [?]: of what is reconciled, and of the document that it pays
    # [3P, DOC] what moves no stamp once something is paid (a line's account: once all is), joined by "+"
    silent_edits: str = "due_date+sent+line_account"
    merge_restamps_documents: bool = True  # [?] whether the documents of a merged contact count as changed when they move to the other
    # --- history ---
    history_user_for_other_apps: str = "system"  # system | app: [DOC] the system; who else connects cannot be told from us
    # --- webhooks ---
    payment_fires_invoice_event: bool = True  # [?] a payment made or deleted, of the document it is for; production receivers live on it
    allocation_fires: bool = True  # [?] of the credit and of the invoice
    reconcile_fires: bool = False  # [?] of the document whose payment is reconciled, or no longer
    webhook_sequence: str = "gapless"  # gapless | gaps [?]
    webhook_order: str = "in_order"  # in_order | shuffled: no order is promised
    webhook_duplicates: int = 0  # up to so many more times an event is told: delivered at least once
    webhook_drop_percent: int = 0  # so many of a hundred events never come
    webhook_batch_size: int = 10  # [?] how many events one body has at most
    webhook_event_case: str = "UPDATE"  # UPDATE | Update [?]
    overpayment_event_data: str = "three"  # three | none [?]: type, status and stamp, as of prepayments
    intent_body: str = "events"  # events | no_events [3P]: whether the handshake's bodies have the key, with an empty list
    # --- idempotency ---
    idempotency_scope: str = "app"  # app | token: documentation against one integrator
    idempotency_caches_400: bool = True  # [?]
    idempotency_mismatch: str = "text"  # text | json: shape of the 400
    # --- identity service ---
    invalid_client_status: int = 400  # 400 | 401
    refresh_grace_seconds: int = 1800

    def set(self, values: dict[str, Any]) -> None:
        """Set several; an unknown name or a value of another type is refused with ValueError."""
        for name, value in values.items():
            if name not in NAMES:
                raise ValueError(f"no such switch: {name}; there are {', '.join(sorted(NAMES))}")
            self._check(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def _check(self, name: str, value: Any) -> None:
        default = getattr(type(self), name)
        allowed = CHOICES.get(name)
        if allowed and value not in allowed:
            raise ValueError(f"switch {name} is one of {', '.join(map(str, allowed))}, not {value!r}")
        is_number = isinstance(default, int) and not isinstance(value, int | None)
        if isinstance(default, bool) != isinstance(value, bool) or is_number:
            raise ValueError(f"switch {name} does not take {value!r}")


NAMES = tuple(field.name for field in fields(Switches))
# All that a switch takes. What is in none of these tables is on or off, or any number or text.
CHOICES: dict[str, tuple[Any, ...]] = {
    "minute_window": ("fixed", "rolling"),
    "ties": ("half_up", "half_even"),
    "currency_decimals": ("two", "iso"),
    "tax_amount_limit": ("none", "unit_amount", "line_amount"),
    "discount_rate_places": ("kept", "rounded", "refused"),
    "reverse_charge_inclusive": ("accepted", "refused"),
    "emoji": ("kept", "stripped"),
    "negative_total": ("refused", "accepted"),
    "payment_rate": ("foreign_per_base", "bank_per_document"),
    "contact_names": ("case", "accents"),
    "archived_account_numbers": ("free", "taken"),
    "post_by_number": ("edit", "error"),
    "unknown_tracking": ("error", "ignored"),
    "item_code_case": ("folded", "exact"),
    "item_write_scope": ("settings", "invoices"),
    "unsold_items": ("accepted", "refused"),
    "unbalanced_draft_journal": ("refused", "accepted"),
    "unknown_account_on_draft": ("warning", "error"),
    "journal_tax_amount": ("calculated", "override"),
    "report_blank": ("empty", "missing"),
    "report_zero_accounts": ("absent", "listed"),
    "report_archived_accounts": ("listed", "absent"),
    "bank_summary_currency": ("base", "account"),
    "attachment_types": ("listed", "any"),
    "include_online_on_bills": ("ignored", "refused"),
    "sent_to_contact_on_draft": ("ignored", "refused", "kept"),
    "online_invoice_refusal": (404, 400),
    "unknown_fields": ("ignored", "refused"),
    "error_elements": ("echo", "bare"),
    "line_errors": ("document", "line", "both"),
    "mixed_failure_order": ("request", "errors_first"),
    "element_order": ("request", "reversed"),
    "reconciled_delete": ("refused", "allowed"),
    "reconciled_edit": ("refused", "allowed"),
    "transaction_currency": ("ignored", "refused"),
    "bank_reference_filter": ("nothing", "works"),
    "prepaid_reference": ("ignored", "kept"),
    "prepayment_number": ("invoice_sequence", "none"),
    "void_prepaid": ("refused", "allowed"),
    "batch_details": ("ignored", "refused"),
    "transfer_currencies": ("same", "any"),
    "allocation_contact": ("same", "any"),
    "where_quotes": ("doubled", "backslash"),
    "nested_payments": ("full", "empty"),
    "allocation_moves_stamp": ("both", "invoice", "none"),
    "webhook_sequence": ("gapless", "gaps"),
    "webhook_order": ("in_order", "shuffled"),
    "webhook_event_case": ("UPDATE", "Update"),
    "overpayment_event_data": ("three", "none"),
    "intent_body": ("events", "no_events"),
    "reconcile_moves_stamp": ("payment", "both", "none"),
    "silent_edits": ("due_date+sent+line_account", "due_date+sent", "line_account", "none"),
    "history_user_for_other_apps": ("system", "app"),
    "transfer_stamp": ("created", "updated"),
    "modified_since_empty_status": (200, 304),
    "too_large_status": (413, 400),
    "idempotency_scope": ("app", "token"),
    "idempotency_mismatch": ("text", "json"),
    "invalid_client_status": (400, 401),
}
# Of switches that take any number: what sources name.
NAMED: dict[str, tuple[Any, ...]] = {
    "concurrent_retry_after": (None, 1),
    "request_limit": (10_000_000, 3_500_000),
    "attachment_limit": (10_000_000, 3_000_000, 25_000_000),
    "rate_warning_factor": (10, None),
    "demo_email_limit": (0, 20),
    "payment_reference_limit": (None, 118),
    "webhook_duplicates": (0, 2),
    "webhook_drop_percent": (0, 30),
}


def values(name: str) -> tuple[Any, ...]:
    """All the values of a switch, or those that sources name, the default first; a text has one, whatever else it may be set to."""
    default = getattr(Switches, name)
    known = CHOICES.get(name) or NAMED.get(name)
    return known or ((default, not default) if isinstance(default, bool) else (default,))
