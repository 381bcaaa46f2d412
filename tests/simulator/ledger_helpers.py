"""What the tests of the ledger ask of it."""

from datetime import date

from xero_simulator.ledger.balances import per_account
from xero_simulator.ledger.books import Books

END = date(2026, 12, 31)


def books(api, cash=False):
    return Books(api.organisation, api.app.world.switches, cash)


def balances(api, day=END, cash=False):
    """{code of the account: balance as text}, without those that have none; debits positive."""
    found = per_account(books(api, cash), day)
    assert sum(one.amount for one in found.values()) == sum(one.movement for one in found.values()) == 0
    accounts = api.organisation.accounts
    return {accounts.get(key)["Code"] or accounts.get(key)["Name"]: str(one.amount) for key, one in found.items() if one.amount}


def foreign(api, code, day=END):
    """The balance of a bank account in its own currency."""
    return str(per_account(books(api), day)[api.organisation.account_by_code(code)["AccountID"]].foreign)
