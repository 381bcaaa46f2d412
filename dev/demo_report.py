"""The table at the end of the demo: every document of the company beside what the simulator holds, read from the simulator itself."""

from collections import Counter
from decimal import Decimal

import requests

ROW = "{:<26} {:<28} {:>14} {:>14} {:>11}  {}"


def show(person, company_id, connection_id, xero_url, seconds):
    """Print the table and the counts; returns whether everything eligible is in Xero with difference 0.00."""
    state = requests.get(f"{xero_url}/_simulator/state", timeout=60).json()
    rows = [*_invoices(person, company_id, state), *_payments(person, company_id, state), *_customers(person, connection_id, state)]
    print("\n" + ROW.format("Document", "Customer", "Odoo", "Xero", "Difference", "State"))
    print("-" * 112)
    for row in rows:
        print(ROW.format(*row[:6]))
    _print_summary(person, connection_id, rows, seconds)
    return all(row[6] for row in rows)


def _print_summary(person, connection_id, rows, seconds):
    states = Counter(row[5].split(":")[0] for row in rows)
    calls = person.call("xero.call", "search_count", [("connection_id", "=", connection_id)])
    print("-" * 112)
    print(", ".join(f"{count} {state}" for state, count in states.most_common()))
    differences = sum(abs(Decimal(row[4])) for row in rows if row[4])
    print(f"Sum of differences {differences:.2f}. {calls} API calls in all. This sync took {seconds:.1f} seconds.")
    if not all(row[6] for row in rows):
        print("NOT everything eligible is in Xero.")


def _find(state, key, xero_id):
    """An element of the simulator's state by id, whichever organisation holds it."""
    for organisation in state["organisations"]:
        for element in organisation[key]:
            if element[{"invoices": "DocumentID", "payments": "PaymentID", "contacts": "ContactID"}[key]] == xero_id:
                return element
    return None


def _row(name, partner, odoo, element, total_key, record):
    """One line of the table, and whether it is as it should be."""
    if element is None:
        message = (record["xero_message"] or "").split("\n")[0]
        return (name[:26], partner[:28], f"{odoo:.2f}", "", "", f"{record['xero_state'] or 'missing'}: {message}", False)
    xero = Decimal(str(element[total_key]))
    difference = xero - Decimal(f"{odoo:.2f}")
    return (
        name[:26],
        partner[:28],
        f"{odoo:.2f}",
        f"{xero:.2f}",
        f"{difference:.2f}",
        record["xero_state"],
        not difference and record["xero_state"] == "synced",
    )


def _invoices(person, company_id, state):
    domain = [("company_id", "=", company_id), ("state", "=", "posted"), ("move_type", "!=", "entry")]
    fields = ["name", "partner_id", "amount_total", "move_type", "xero_state", "xero_id", "xero_message"]
    for move in person.search_read("account.move", domain, fields, order="move_type, name"):
        partner = move["partner_id"][1] if move["partner_id"] else ""
        if move["move_type"] != "out_invoice":
            yield (move["name"][:26], partner[:28], f"{move['amount_total']:.2f}", "", "", f"not yet: {move['move_type']}", True)
        else:
            yield _row(move["name"], partner, move["amount_total"], _find(state, "invoices", move["xero_id"]), "Total", move)


def _payments(person, company_id, state):
    """Reconciliations, which is what a payment is in Xero."""
    documents = person.search_read(
        "xero.document",
        [("kind", "=", "payment"), ("connection_id.company_id", "=", company_id)],
        ["res_id", "xero_id", "state", "message", "name"],
    )
    ids = [document["res_id"] for document in documents]
    amounts = {
        partial["id"]: partial["debit_amount_currency"]
        for partial in person.call("account.partial.reconcile", "read", ids, ["debit_amount_currency"])
    }
    for document in documents:
        record = {"xero_state": document["state"], "xero_message": document["message"]}
        element = _find(state, "payments", document["xero_id"])
        yield _row(f"Payment {document['name']}", "", amounts[document["res_id"]], element, "Amount", record)


def _customers(person, connection_id, state):
    documents = person.search_read(
        "xero.document", [("kind", "=", "contact"), ("connection_id", "=", connection_id)], ["name", "xero_id", "state", "message"]
    )
    for document in documents:
        found = _find(state, "contacts", document["xero_id"])
        fine = bool(found) and document["state"] == "synced"
        yield (
            "Customer",
            document["name"][:28],
            "",
            "",
            "",
            document["state"] if fine else f"{document['state']}: {document['message']}",
            fine,
        )
