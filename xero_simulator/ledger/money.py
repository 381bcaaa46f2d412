"""Money: payments and refunds, allocations, bank transactions (over- and prepayments too), transfers.

A batch payment books nothing of its own: its payments do.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..store import Record
from .books import SIGNS, Books
from .documents import add_parts, relieve
from .posting import Entry, Posting


def entries(books: Books) -> Iterator[Entry]:
    for payment in books.payments():
        yield from _payment(books, payment)
    for credit in books.credits():
        for part in credit["Allocations"]:
            yield from _allocation(books, credit, part)
    for transaction in books.organisation.bank_transactions:
        if transaction["Status"] == "AUTHORISED" and transaction["Type"] in SIGNS:
            yield from _bank_transaction(books, transaction)
    for transfer in books.organisation.bank_transfers:
        if transfer["Status"] == "AUTHORISED":
            yield from _transfer(books, transfer)


def _own_currency(books: Books, account_id: str) -> str:
    account = books.organisation.accounts.get(account_id)
    assert account is not None
    return account["CurrencyCode"] or books.currency


def _payment(books: Books, payment: Record) -> list[Entry]:
    """The document gives up what was paid at its own rate, the bank gets what it got: the difference is a realised gain or loss."""
    use = books.uses[payment["DocumentID"], payment["PaymentID"]]
    posting = Posting(("Payment", payment["PaymentID"]), payment["Date"], use.document["ContactID"])
    relieve(books, posting, use)
    own = _own_currency(books, payment["AccountID"])
    bank = SIGNS[use.document["Type"]] * payment["BankAmount"]
    posting.add(payment["AccountID"], bank if own == books.currency else books.base(bank, payment["CurrencyRate"]), own, bank)
    return posting.close(books.system["REALISEDCURRENCYGAIN"], books.currency)


def _allocation(books: Books, credit: Record, part: Record) -> list[Entry]:
    """Nothing, but for different rates, and for money paid too early: that leaves the accounts of its lines."""
    posting = Posting(("Allocation", part["AllocationID"]), part["Date"], credit["ContactID"])
    for document_id in (credit["DocumentID"], part["InvoiceID"]):
        relieve(books, posting, books.uses[document_id, part["AllocationID"]])
    return posting.close(books.system["REALISEDCURRENCYGAIN"], books.currency)


def _bank_transaction(books: Books, transaction: Record) -> list[Entry]:
    posting = Posting(("BankTransaction", transaction["BankTransactionID"]), transaction["Date"], transaction["ContactID"])
    sign = SIGNS[transaction["Type"]]
    add_parts(books, posting, transaction, sign)
    own = _own_currency(books, transaction["AccountID"])
    amount = books.base(transaction["Total"], transaction["CurrencyRate"])
    foreign = transaction["Total"] if own == transaction["CurrencyCode"] else amount  # an overpayment may be in another currency
    posting.add(transaction["AccountID"], -sign * amount, own, -sign * foreign)
    return posting.close(books.system["ROUNDING"], books.currency)


def _transfer(books: Books, transfer: Record) -> list[Entry]:
    """What left and what arrived, each at its own account's rate."""
    posting = Posting(("BankTransfer", transfer["BankTransferID"]), transfer["Date"])
    for side, sign in (("From", -1), ("To", 1)):
        made = books.organisation.bank_transactions.get(transfer[f"{side}BankTransactionID"])
        assert made is not None
        posting.add(made["AccountID"], sign * books.base(made["Total"], made["CurrencyRate"]), made["CurrencyCode"], sign * made["Total"])
    return posting.close(books.system["BANKCURRENCYGAIN"], books.currency)
