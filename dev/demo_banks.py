"""The bank pages at the end of the demo: what each bank has in Odoo and in Xero, and of what the difference consists."""

from dev import stack

ROW = "  {:<30} {:>15} {:>15} {:>13}  {:<12} {:>9}  {}"
SHOWN = [
    "display_name",
    "odoo_balance",
    "xero_balance",
    "balance_difference",
    "balance_state",
    "balance_sentence",
    "to_match",
    "journal_id",
]


def show(person, company):
    """Read what Xero has and print a line for each bank; returns whether nothing is left unexplained."""
    person.work_for(company.company_id)
    banks = person.search_read(
        "xero.journal.mapping", [("connection_id", "=", company.connection_id), ("xero_account_id", "!=", False)], ["id"]
    )
    person.call("xero.journal.mapping", "action_read_balances", [bank["id"] for bank in banks])
    _wait_until_read(person, company.connection_id)
    found = person.call("xero.journal.mapping", "read", [bank["id"] for bank in banks], SHOWN)
    print(ROW.format(f"Banks of {company.name}"[:30], "Odoo", "Xero", "Difference", "", "To match", ""))
    for bank in found:
        amounts = (f"{bank[name]:.2f}" for name in ("odoo_balance", "xero_balance", "balance_difference"))
        print(
            ROW.format(bank["journal_id"][1][:30], *amounts, bank["balance_state"] or "", bank["to_match"], bank["balance_sentence"] or "")
        )
    return all(bank["balance_state"] in ("agrees", "explained") for bank in found)


def _wait_until_read(person, connection_id):
    for _look in range(240):
        [connection] = person.call("xero.connection", "read", [connection_id], ["balances_asked", "balances_note"])
        if not connection["balances_asked"]:
            return
        stack.pause(0.5)
    raise SystemExit("Xero's balances were not read; see .dev/logs")
