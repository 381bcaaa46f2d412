"""A month of work in one company, trade by trade, entered over RPC as its people would; the same each time."""

from dev.demo_mapping import choose_rates, choose_tracking, create_missing, read_again
from dev.sweep.month.backlog import Backlog
from dev.sweep.month.banking import Banking
from dev.sweep.month.closing import Closing
from dev.sweep.month.expenses import Expenses
from dev.sweep.month.premises import Premises
from dev.sweep.month.production import Production
from dev.sweep.month.purchases import Purchases
from dev.sweep.month.sales import Sales
from dev.sweep.month.tills import Tills

TRADES = (Premises, Backlog, Purchases, Sales, Production, Expenses, Tills, Banking, Closing)
BOOKED_BY_XERO = ["currency_exchange_journal_id", "tax_cash_basis_journal_id"]


def work(person, company, connection_id):
    """All trades, one after the other; returns what could not be entered, and why."""
    refused = []
    for trade in TRADES:
        clerk = trade(person, company, connection_id)
        clerk.work()
        refused += [f"{company['name']}: {line}" for line in clerk.refused]
    return refused


def settle(person, connection_id):
    """Give what the month has used a counterpart in Xero, and send the entries of every journal that may be sent."""
    _send_entries(person, connection_id)
    read_again(person, connection_id)
    create_missing(person, connection_id)
    choose_rates(person, connection_id)
    choose_tracking(person, connection_id)
    person.call("xero.connection", "action_confirm_mapping", [connection_id])


def _send_entries(person, connection_id):
    """Each entry of general journals as one manual journal; not of those for what Xero books itself."""
    own = ("connection_id", "=", connection_id)
    [connection] = person.search_read("xero.connection", [("id", "=", connection_id)], ["company_id"])
    company_id = connection["company_id"][0]
    [company] = person.call("res.company", "read", [company_id], BOOKED_BY_XERO)
    left_out = [company[name][0] for name in BOOKED_BY_XERO if company[name]]
    domain = [("company_id", "=", company_id), ("type", "=", "general"), ("id", "not in", left_out)]
    journals = person.search_read("account.journal", domain, ["id"])
    policies = {row["journal_id"][0]: row["id"] for row in person.search_read("xero.entry.policy", [own], ["journal_id"])}
    for journal in journals:
        if journal["id"] in policies:
            person.call("xero.entry.policy", "write", [policies[journal["id"]]], {"policy": "each"})
        else:
            values = {"connection_id": connection_id, "journal_id": journal["id"], "policy": "each"}
            person.call("xero.entry.policy", "create", [values])
