"""The table at the end of the demo: every document of the companies beside what the simulator holds, read from the simulator itself."""

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from dev.demo_mapping import said

ROW = "  {:<25} {:<24} {:>13} {:>13} {:>10}  {}"
WIDTH = 140
KINDS = {
    "out_invoice": "Customer invoices", "out_receipt": "Sales receipts", "out_refund": "Customer credit notes",
    "in_invoice": "Vendor bills", "in_receipt": "Purchase receipts", "in_refund": "Vendor credit notes", "entry": "Journal entries",
}  # fmt: skip
# kind of document -> the list of the simulator's state, the field of its id, the field of its amount
ELEMENTS = {
    "invoice": ("invoices", "DocumentID", "Total"), "bill": ("invoices", "DocumentID", "Total"),
    "credit_note": ("credit_notes", "DocumentID", "Total"), "payment": ("payments", "PaymentID", "Amount"),
    "batch_payment": ("batch_payments", "BatchPaymentID", "TotalAmount"), "transfer": ("bank_transfers", "BankTransferID", "Amount"),
    "contact": ("contacts", "ContactID", ""), "attachment": ("attachments", "AttachmentID", ""), "item": ("items", "ItemID", ""),
    "journal": ("manual_journals", "DocumentID", "Debits"), "allocation": ("allocations", "AllocationID", "Amount"),
    "write_off": ("credit_notes", "DocumentID", "Total"), "bank_transaction": ("bank_transactions", "BankTransactionID", "Total"),
    "summary": ("manual_journals", "DocumentID", "Debits"), "on_account": ("on_account", "BankTransactionID", "Total"),
    "option": ("options", "TrackingOptionID", ""), "cost": ("manual_journals", "DocumentID", "Debits"),
    "cash_entry": ("manual_journals", "DocumentID", "Debits"),
}  # fmt: skip
FINE, NOT_FOR_XERO = "synced", "not for Xero"


class Company(NamedTuple):
    company_id: int
    name: str
    connection_id: int
    organisation: str
    seconds: float


class Row(NamedTuple):
    """One document; ``state`` is that of the connector, or that it is not for Xero. ``odoo`` and ``xero`` are amounts or None."""

    section: str
    name: str
    partner: str
    odoo: Decimal | None
    xero: Decimal | None
    state: str
    why: str = ""

    @property
    def difference(self):
        return None if self.odoo is None or self.xero is None else self.xero - self.odoo

    @property
    def is_fine(self):
        return self.state == NOT_FOR_XERO and bool(self.why) or self.state == FINE and not self.difference


def show(person, companies, state):
    """Print the tables and the counts; returns whether everything eligible is in Xero with difference 0.00."""
    everything, calls = [], 0
    for company in companies:
        person.work_for(company.company_id)
        rows = Books(person, company, state).rows()
        used = person.call("xero.call", "search_count", [("connection_id", "=", company.connection_id)])
        _print_company(company, rows, used)
        everything, calls = everything + rows, calls + used
    seconds = sum(company.seconds for company in companies)
    _print_summary(f"All {len(companies)} companies", everything, calls, seconds)
    return all(row.is_fine for row in everything)


def _print_company(company, rows, calls):
    print(f"\n{f' {company.name} -> {company.organisation} ':=^{WIDTH}}")
    print(ROW.format("Document", "Partner", "Odoo", "Xero", "Difference", "State"))
    for section, some in groupby(rows, key=lambda row: row.section):
        print(section)
        for row in some:
            reason = f"{row.state}: {row.why}" if row.why else row.state
            print(ROW.format(row.name[:25], row.partner[:24], *map(_amount, (row.odoo, row.xero, row.difference)), reason))
    _print_summary(company.name, rows, calls, company.seconds)


def _print_summary(name, rows, calls, seconds):
    states = Counter(row.state for row in rows)
    counts = ", ".join(f"{count} {state}" for state, count in states.most_common())
    differences = sum(abs(row.difference) for row in rows if row.difference is not None)
    print("-" * WIDTH)
    print(f"{name}: {counts}. Sum of differences {differences:.2f}. {calls} API calls in all. This sync took {seconds:.1f} seconds.")
    wrong = [row for row in rows if not row.is_fine]
    if wrong:
        print(f"NOT everything eligible is in Xero: {', '.join(f'{row.name} ({row.state})' for row in wrong[:10])}")


def _amount(value):
    return "" if value is None else f"{value:.2f}"


def _money(value):
    return Decimal(f"{value:.2f}")


class Books:
    """Both sides of one company."""

    def __init__(self, person, company, state):
        self.person, self.company = person, company
        [organisation] = [one for one in state["organisations"] if one["name"] == company.organisation]
        self.elements = _elements(organisation)
        domain = [("connection_id", "=", company.connection_id)]
        fields = ["kind", "res_model", "res_id", "name", "state", "message", "xero_id", "payment_id"]
        self.documents = person.search_read("xero.document", domain, fields, order="kind, id")

    def rows(self):
        return [*self._moves(), *self._money(), *self._others()]

    def _find(self, document):
        """``(found, amount)`` of a document in the simulator's state."""
        table, key, amount = ELEMENTS[document["kind"]]
        element = self.elements[table].get(document["xero_id"])
        if element is None:
            return False, None
        return True, Decimal(str(element[amount])).quantize(Decimal("0.01")) if amount else None

    def _row(self, section, name, partner, odoo, document):
        found, xero = self._find(document)
        state = document["state"] if found or document["state"] != FINE else "lost"
        why = "" if state == FINE else (document["message"] or "").split("\n")[0]
        return Row(section, name, partner, odoo, xero, state, why)

    # === DOCUMENTS === #

    def _moves(self):
        known = {
            row["res_id"]: row for row in self.documents if row["res_model"] == "account.move" and row["kind"] not in ("attachment", "cost")
        }
        domain = [("company_id", "=", self.company.company_id), ("state", "=", "posted"), ("origin_payment_id", "=", False)]
        fields = ["name", "partner_id", "amount_total", "move_type", "statement_line_id", "ref"]
        moves = self.person.search_read("account.move", domain, fields, order="name")
        bank = [move for move in moves if move["statement_line_id"] and move["id"] not in known]
        for kind, section in KINDS.items():
            for move in moves:
                if move["move_type"] == kind and move not in bank:
                    yield self._move(section, move, known.get(move["id"]))
        for move in bank:
            yield self._left_out("Bank statement lines", "account.move", move, _money(move["amount_total"]))

    def _move(self, section, move, document):
        if not document:
            return self._left_out(section, "account.move", move, _money(move["amount_total"]))
        return self._row(section, move["name"], _label(move["partner_id"]), _money(move["amount_total"]), document)

    def _left_out(self, section, model, record, amount):
        """A document that has no state: press its button, and Odoo says why."""
        why = said(self.person.call(model, "action_xero_sync", [record["id"]]))
        state = NOT_FOR_XERO if why else "lost"
        why = why or "it goes to Xero when the button is pressed, but not by itself"
        return Row(section, record["name"] or "", _label(record.get("partner_id")), amount, None, state, why)

    # === MONEY === #

    def _money(self):
        parts = [row for row in self.documents if row["res_model"] == "account.partial.reconcile"]
        amounts = self._amounts_of_parts([row["res_id"] for row in parts])
        titles = {"payment": "Payments", "allocation": "Credit allocated to documents"}
        for document in sorted(parts, key=lambda row: (row["kind"], row["name"])):
            amount, name = amounts.get(document["res_id"], (None, ""))
            if document["kind"] == "payment" and document["payment_id"] and amount is not None:
                forgiven = self._write_off(document["payment_id"][0])
                if forgiven:
                    moved = _money(self.person.call("account.payment", "read", [document["payment_id"][0]], ["amount"])[0]["amount"])
                    yield self._row("Write-offs", forgiven["name"], name, amount - moved, forgiven)
                    amount = moved
            section = titles.get(document["kind"], document["kind"].capitalize())
            yield self._row(section, document["name"], name, amount, document)
        yield from self._payments(parts)

    def _write_off(self, payment_id):
        """The document that stands for what a payment leaves unpaid for good, or None."""
        [payment] = self.person.call("account.payment", "read", [payment_id], ["move_id"])
        move_id = payment["move_id"] and payment["move_id"][0]
        return next((row for row in self.documents if row["kind"] == "write_off" and row["res_id"] == move_id), None)

    def _amounts_of_parts(self, ids):
        """``{id: (amount, document)}`` of reconciliations, in the currency of the document they settle."""
        partials = self.person.call("account.partial.reconcile", "read", ids, ["debit_move_id", "credit_move_id", "debit_amount_currency",
                                                                               "credit_amount_currency"])  # fmt: skip
        lines = {partial[side][0] for partial in partials for side in ("debit_move_id", "credit_move_id")}
        found = {line["id"]: line for line in self.person.call("account.move.line", "read", list(lines), ["move_type", "move_id"])}
        amounts = {}
        for partial in partials:
            sides = [(found[partial[f"{side}_move_id"][0]], partial[f"{side}_amount_currency"]) for side in ("debit", "credit")]
            documents = [(line, amount) for line, amount in sides if line["move_type"] != "entry"]
            line, amount = (documents or sides)[0]
            amounts[partial["id"]] = (_money(amount), line["move_id"][1])
        return amounts

    def _payments(self, parts):
        """Money on account, transfers, batches; and payments that have no part in Xero."""
        whole = [row for row in self.documents if row["res_model"] in ("account.payment", "account.move.line", "account.batch.payment")]
        shown = {row["payment_id"][0] for row in parts if row["payment_id"]} | {row["res_id"] for row in whole}
        titles = {"on_account": "Money on account", "transfer": "Transfers between own banks", "batch_payment": "Batch payments"}
        for document in whole:
            odoo = self._whole_amount(document, parts)
            yield self._row(titles.get(document["kind"], document["kind"]), document["name"], "", odoo, document)
        domain = [("company_id", "=", self.company.company_id), ("state", "in", ("in_process", "paid")), ("id", "not in", list(shown))]
        for payment in self.person.search_read("account.payment", domain, ["name", "partner_id", "amount"], order="name"):
            yield self._left_out("Payments without a document", "account.payment", payment, _money(payment["amount"]))

    def _whole_amount(self, document, parts):
        """What a payment as a whole says: all of it, or for money on account what was not sent as payments of documents."""
        [payment] = self.person.call("account.payment", "read", [document["res_id"]], ["amount"])
        amount = _money(payment["amount"])
        if document["kind"] != "on_account":
            return amount
        own = [row for row in parts if row["payment_id"] and row["payment_id"][0] == document["res_id"]]
        paid = [row["res_id"] for row in own if row["kind"] == "payment"]
        return amount - sum((amount for amount, _name in self._amounts_of_parts(paid).values()), Decimal(0))

    # === CONTACTS AND THE LIKE === #

    def _others(self):
        titles = {
            "contact": "Customers and vendors",
            "item": "Products",
            "option": "Tracking options",
            "attachment": "Files",
            "cost": "Cost of goods",
        }
        for document in self.documents:
            if document["kind"] in titles:
                yield self._row(titles[document["kind"]], document["name"] or "", "", None, document)


def _label(reference):
    return reference[1] if reference else ""


def _elements(organisation):
    """``{list: {id: element}}`` of the organisation's state, with what is inside of others."""
    on_account = [*organisation["overpayments"], *organisation["prepayments"]]
    lists = {
        **organisation,
        "allocations": _inside([*organisation["credit_notes"], *on_account], "Allocations"),
        "options": _inside(organisation["tracking_categories"], "Options"),
        "manual_journals": [{**journal, "Debits": _debits(journal)} for journal in organisation["manual_journals"]],
        # money on account is known by its own id or by that of the bank transaction that made it
        "on_account": on_account + [{**row, "BankTransactionID": row["DocumentID"]} for row in on_account],
    }
    return {name: {row[key]: row for row in lists[name]} for name, key, _amount in ELEMENTS.values()}


def _inside(rows, name):
    return [element for row in rows for element in row[name]]


def _debits(journal):
    return sum(Decimal(str(line["LineAmount"])) for line in journal["Lines"] if Decimal(str(line["LineAmount"])) > 0)
