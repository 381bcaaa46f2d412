"""Which Xero account a proposed mapping gives to an Odoo account or journal, and why.

Plain values in, proposals out; no Odoo, no database, no network. No proposal is better than a wrong one: whenever two candidates are
equally good there is none, and the reason says so. The codes of the reasons are those of ``xero.mapping.line.reason``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .account_charts import ACCOUNT_NAMES, ACCOUNT_WORDS, CHART_ACCOUNTS, EITHER, NOT_TRADE_WORDS, SPECIAL_COST_WORDS

CLASS_OF_ODOO_TYPE = {"asset": "ASSET", "liability": "LIABILITY", "equity": "EQUITY", "income": "REVENUE", "expense": "EXPENSE"}
CONTROL_ACCOUNTS = {"asset_receivable": "DEBTORS", "liability_payable": "CREDITORS"}
KIND_OF_TYPE = {"income_other": "other_income", "expense_depreciation": "depreciation", "asset_prepayments": "prepayments"}
NOT_CHOSEN = {"equity_unaffected": "computed", "asset_cash": "money", "liability_credit_card": "money"}
TRACKED_STOCK = "INVENTORY"  # the type of the account that Xero books its own stock on
CASH_NAMES = ("petty cash", "cash", "cash on hand", "cash account", "cash float", "till")
CARD_WORDS = ("credit card", "visa", "mastercard", "amex", "american express")
NOT_EVERYDAY_WORDS = ("saving", "term deposit", "paypal", "stripe", "loan", "cash", *CARD_WORDS)
SHORTEST_NUMBER = 6  # digits that two account numbers must share to be called the same
SHORTEST_BANK_CODE = 4  # digits that only one of them may have in front


@dataclass(frozen=True, slots=True)
class OdooAccount:
    """An account of Odoo's chart. ``chart_key`` is its name in the chart template, '' for accounts made by hand."""

    id: int
    code: str
    name: str
    account_type: str
    chart_key: str = ""
    is_default: bool = False  # where sales or purchases go unless somebody says otherwise
    books_tax: bool = False  # Odoo books taxes on it that Xero books on its own tax account


@dataclass(frozen=True, slots=True)
class OdooJournal:
    """A bank, cash or credit card journal; ``number`` as the user wrote it, ``currency`` '' for the organisation's own."""

    id: int
    name: str
    type: str
    currency: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class XeroAccount:
    """An active account of Xero's chart; ``currency`` is '' for the organisation's own."""

    id: int
    code: str
    name: str
    type: str
    account_class: str
    system_account: str = ""
    can_post: bool = True
    can_receive_payments: bool = False
    currency: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """``target`` is the id of what is proposed on Xero's side, None if nothing is; ``reason`` says why in either case."""

    target: int | None
    reason: str


def plain(text: str) -> str:
    """Lower case, words and digits only, single spaces: what two names are compared by."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def account_class(account_type: str) -> str:
    """Xero's class of an Odoo account type: ``income_other`` -> ``REVENUE``."""
    return CLASS_OF_ODOO_TYPE.get(account_type.partition("_")[0], "")


def only(candidates: Iterable):
    """The one candidate, or None if there are none or several."""
    found = list(candidates)
    return found[0] if len(found) == 1 else None


# --- accounts -----------------------------------------------------------------------------------


def propose_account(account: OdooAccount, xero_accounts: Sequence[XeroAccount], chart: str) -> Proposal:
    """A posting account of the same class: same name, same code, the usual one of Odoo's chart, else what the name and the type say."""
    of_class = [xero for xero in xero_accounts if xero.account_class == account_class(account.account_type) and xero.type != "BANK"]
    candidates = [xero for xero in of_class if xero.can_post and xero.type != TRACKED_STOCK]
    known = account.chart_key in CHART_ACCOUNTS.get(chart, {})
    return (
        _same_name(account, candidates)
        or _same_code(account, candidates)
        or _of_kind(CHART_ACCOUNTS.get(chart, {}).get(account.chart_key), candidates, "usual")
        or (None if known else _of_kind(_kind_from_words(account), candidates, "same_kind"))
        or _of_type(account, candidates)
        or _default(account, candidates)
        or Proposal(None, _why_none(account, of_class, chart))
    )


def _same_name(account, candidates):
    found = only(xero for xero in candidates if plain(xero.name) == plain(account.name))
    if found is None:
        return None
    return Proposal(found.id, "same_code" if account.code and found.code == account.code else "same_name")


def _same_code(account, candidates):
    found = only(xero for xero in candidates if account.code and xero.code == account.code)
    return Proposal(found.id, "same_code") if found else None


def _kind_from_words(account):
    words = plain(account.name).split()
    kind = next((kind for word, kind in ACCOUNT_WORDS.get(account_class(account.account_type), ()) if word in words), None)
    if kind == "sales" and NOT_TRADE_WORDS.intersection(words):
        return None
    return None if account.account_type.startswith("expense") and SPECIAL_COST_WORDS.intersection(words) else kind


def _of_kind(kind, candidates, reason):
    for name in ACCOUNT_NAMES.get(kind, ()):
        found = only(xero for xero in candidates if plain(xero.name) == name)
        if found:
            return Proposal(found.id, reason)
    if kind in EITHER:
        return _either(EITHER[kind], candidates, reason)
    if kind == "sales":
        found = only(xero for xero in candidates if xero.type == "SALES") or only(candidates)
        return Proposal(found.id, reason) if found else None
    return None


def _either(names, candidates, reason):
    found = [xero for xero in candidates if plain(xero.name) in names]
    if len(found) > 1:
        return Proposal(None, "several")
    return Proposal(found[0].id, reason) if found else None


def _of_type(account, candidates):
    """What Odoo's type of account alone says."""
    if account.account_type == "expense_direct_cost":
        found = only(xero for xero in candidates if xero.type == "DIRECTCOSTS")
        return Proposal(found.id, "same_kind") if found else None
    return _of_kind(KIND_OF_TYPE.get(account.account_type), candidates, "same_kind")


def _default(account, candidates):
    if not account.is_default:
        return None
    if account_class(account.account_type) == "REVENUE":
        return _of_kind("sales", candidates, "default_sales")
    return _of_kind("general" if account.account_type.startswith("expense") else None, candidates, "default_purchases")


def _why_none(account, of_class, chart):
    """Why there is nothing to propose: what Xero keeps to itself would be right, but nobody may post to it."""
    if account.books_tax:
        return "tax_account"
    if account.account_type in NOT_CHOSEN:
        return NOT_CHOSEN[account.account_type]
    kind = CHART_ACCOUNTS.get(chart, {}).get(account.chart_key) or _kind_from_words(account)
    names = {plain(account.name), *ACCOUNT_NAMES.get(kind, ())}
    kept = [xero for xero in of_class if plain(xero.name) in names and not (xero.can_post and xero.type != TRACKED_STOCK)]
    if any(xero.type == TRACKED_STOCK for xero in kept):
        return "stock"
    return "kept_by_xero" if kept else "no_match"


def propose_control(account: OdooAccount, xero_accounts: Sequence[XeroAccount]) -> Proposal:
    """Receivable and payable accounts stand opposite Xero's own control accounts."""
    wanted = CONTROL_ACCOUNTS[account.account_type]
    found = only(xero for xero in xero_accounts if xero.system_account == wanted)
    return Proposal(found.id, "system_account") if found else Proposal(None, "no_match")


# --- journals -----------------------------------------------------------------------------------


def propose_journals(journals: Sequence[OdooJournal], xero_accounts: Sequence[XeroAccount]) -> dict[int, Proposal]:
    """``{journal id: proposal}``. Together, because "the only bank account" can belong to one journal only."""
    candidates = [account for account in xero_accounts if account.can_receive_payments]
    proposals = {journal.id: _propose_journal(journal, candidates) for journal in journals}
    taken = {proposal.target for proposal in proposals.values() if proposal}
    undecided = [journal for journal in journals if proposals[journal.id] is None]
    for journal in undecided:
        rivals = [other for other in undecided if other.type == journal.type and other.currency == journal.currency]
        proposals[journal.id] = _only_bank(journal, rivals, candidates, taken)
    return proposals


def _propose_journal(journal, candidates):
    same_currency = [account for account in candidates if account.currency == journal.currency]
    number = comparable_number(journal.number)
    found = only(account for account in same_currency if _same_number(number, comparable_number(account.number)))
    if found:
        return Proposal(found.id, "same_number")
    found = only(account for account in same_currency if plain(account.name) == plain(journal.name))
    if found and not _numbers_contradict(number, found):
        return Proposal(found.id, "same_name")
    return _special_journal(journal, same_currency)


def _special_journal(journal, candidates):
    if journal.type == "cash":
        found = only(account for account in candidates if plain(account.name) in CASH_NAMES)
    elif journal.type == "credit":
        found = only(account for account in candidates if any(word in plain(account.name) for word in CARD_WORDS))
    else:
        return None
    return Proposal(found.id, "same_kind") if found else Proposal(None, "no_match")


def _only_bank(journal, rivals, candidates, taken):
    every = [account for account in candidates if account.type == "BANK" and account.currency == journal.currency]
    banks = [account for account in every if account.id not in taken]
    everyday = [account for account in banks if _is_everyday(account)]
    found = only(everyday)
    if found is None:
        return Proposal(None, "several" if everyday else "no_bank")
    if len(rivals) > 1:
        return Proposal(None, "several_journals")
    if _numbers_contradict(comparable_number(journal.number), found):
        return _of_other_number(found, len(every))
    return Proposal(found.id, "only_bank" if len(banks) == 1 else "everyday_bank")


def _of_other_number(found, count):
    return Proposal(found.id, "only_bank_other_number") if count == 1 else Proposal(None, "number_differs")


def _is_everyday(account):
    return not any(word in plain(account.name) for word in NOT_EVERYDAY_WORDS)


def comparable_number(number: str) -> str:
    """The digits of a bank account number; '' if it is neither plain digits nor an IBAN and so cannot be compared."""
    compact = re.sub(r"[\s\-./]", "", number or "")
    if compact.isdigit():
        return compact
    if re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", compact.upper()):
        return re.sub(r"\D", "", compact[4:])  # without the country and the check digits
    return ""


def _same_number(one, other):
    """Equal, but that one may have the bank's code or zeros in front: 123456 is not the account 9123456."""
    shorter, longer = sorted((one, other), key=len)
    extra = longer.removesuffix(shorter)
    if len(shorter) < SHORTEST_NUMBER or len(extra) + len(shorter) != len(longer):
        return False
    return not extra.strip("0") or len(extra) >= SHORTEST_BANK_CODE


def _numbers_contradict(number, account):
    other = comparable_number(account.number)
    return bool(number and other) and not _same_number(number, other)
