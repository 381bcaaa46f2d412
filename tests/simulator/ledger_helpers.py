"""What the tests of the ledger ask of it."""

from datetime import date

from xero_simulator.ledger import entries
from xero_simulator.ledger.balances import per_account
from xero_simulator.ledger.books import Books

END = date(2026, 12, 31)


def accounts_at(api, day, cash=False):
    books = Books(api.organisation, api.app.world.switches, cash)
    return per_account(books, entries(books), day)


def balances(api, day=END, cash=False):
    """{code of the account: balance as text}, without those that have none; debits positive."""
    found = accounts_at(api, day, cash)
    assert sum(one.amount for one in found.values()) == sum(one.movement for one in found.values()) == 0
    accounts = api.organisation.accounts
    return {accounts.get(key)["Code"] or accounts.get(key)["Name"]: str(one.amount) for key, one in found.items() if one.amount}


def foreign(api, code, day=END):
    """The balance of a bank account in its own currency."""
    return str(accounts_at(api, day)[api.organisation.account_by_code(code)["AccountID"]].foreign)
