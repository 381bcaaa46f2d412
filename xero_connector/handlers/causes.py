"""What can hold a document up: the one list of causes, with their names and where each is removed."""

from dataclasses import dataclass

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class Cause:
    """``label`` is for lists and filters. ``fix`` leads to where a person removes it: ``xero.problem`` has a button ``_fix_<fix>``.

    ``lets_money``: a document that it holds is in Xero as it should be, and takes money.
    ``reads``: the lists of Xero (``mapping.reference``) in which is seen whether it is gone, so that it solves itself;
    ``doubts``: those that may explain why Xero refused, read when it did.
    """

    label: object
    fix: str
    lets_money: bool = False
    reads: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


# An addon with causes of its own adds them here when it is loaded.
CAUSES = {
    "account_unmapped": Cause(_lt("Account without a Xero account"), "mapping"),
    "account_archived": Cause(_lt("Account archived in Xero"), "mapping", reads=("accounts",)),
    "account_refused": Cause(_lt("Account not accepted by Xero"), "mapping", reads=("accounts",)),
    "account_recoded": Cause(_lt("Account code changed in Xero"), "mapping", reads=("accounts",)),
    "tax_unmapped": Cause(_lt("Tax without a Xero tax rate"), "mapping"),
    "tax_illegal": Cause(_lt("Tax rate not allowed on that account"), "mapping", reads=("accounts", "tax_rates")),
    "tax_refused": Cause(_lt("Tax rate not accepted by Xero"), "mapping", reads=("accounts", "tax_rates")),
    "tax_rate_differs": Cause(_lt("Tax rate with another percentage in Xero"), "mapping", reads=("tax_rates",)),
    "journal_unmapped": Cause(_lt("Journal without a Xero bank account"), "mapping"),
    "not_confirmed": Cause(_lt("Mapping not confirmed"), "mapping"),
    "currency_missing": Cause(_lt("Currency not in Xero"), "reference", reads=("currencies",)),
    "lock_date": Cause(_lt("Locked period"), "lock", reads=("organisation",)),
    "contact_namesake": Cause(_lt("Contact that may be in Xero already"), "contact"),
    "account_number_taken": Cause(_lt("Reference of another contact in Xero"), "record"),
    "contact_archived": Cause(_lt("Contact archived in Xero"), "xero", reads=("contacts",)),
    "no_name": Cause(_lt("Contact without a name"), "record"),
    "totals_differ": Cause(_lt("Totals differ"), "record", doubts=("tax_rates",)),
    "number_in_use": Cause(_lt("Number already used in Xero"), "record"),
    "payment_too_large": Cause(_lt("Payment larger than what is open"), "record"),
    "maybe_twice": Cause(_lt("Payment that may be in Xero already"), "money"),
    "maybe_made": Cause(_lt("Document that may be in Xero already"), "made"),
    "made_in_xero": Cause(_lt("Made in Xero and changed here"), "send", lets_money=True),
    "settled_by_entry": Cause(_lt("Settled by a journal entry"), "record", lets_money=True),
    "written_off": Cause(_lt("Payment with a write-off"), "record"),
    "not_ready": Cause(_lt("Document not ready"), "record"),
    "option_missing": Cause(_lt("Tracking option not in Xero"), "mapping", reads=("tracking",)),
    "tracking_unmapped": Cause(_lt("Analytic plan without tracking category"), "mapping", reads=("tracking",)),
    "item_refused": Cause(_lt("Product that cannot be an item"), "record"),
    "account_no_payments": Cause(_lt("Account that takes no payments"), "mapping", reads=("accounts",)),
    "account_forbidden": Cause(_lt("Account not allowed in a journal"), "settings"),
    "no_permission": Cause(_lt("Not permitted in Xero"), "reference"),
    "approval_limit": Cause(_lt("Xero plan's limit of approvals"), "reference", reads=("actions",)),
    "rule_unread": Cause(_lt("Rule that cannot be read"), "record"),
    "not_approved": Cause(_lt("Not approved in Xero"), "record"),
    "matched_on_bank": Cause(_lt("Matched on the bank in Xero"), "record"),
    "voided_in_xero": Cause(_lt("Voided in Xero"), "record"),
    "paid_in_xero": Cause(_lt("Paid or allocated in Xero"), "record"),
    "money_in_use": Cause(_lt("Money already used in Xero"), "record", doubts=("organisation",)),
    "match_impossible": Cause(_lt("Match Xero does not know"), "record"),
    "transfer_impossible": Cause(_lt("Transfer Xero cannot take"), "record"),
    "file_refused": Cause(_lt("File Xero does not take"), "record"),
    "amount_limit": Cause(_lt("Amount larger than Xero takes"), "record"),
    "refused": Cause(_lt("Refused by Xero"), "record", doubts=("organisation", "accounts", "tax_rates")),
    "internal": Cause(_lt("Error in the connector"), "record"),
    "switched_off": Cause(_lt("Not to be sent"), "settings"),
}


def codes(fix):
    """The codes of the causes that are removed there."""
    return [code for code, cause in CAUSES.items() if cause.fix == fix]
