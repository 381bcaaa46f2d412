"""What a database that was restored from a backup has forgotten: what was done in Xero between the backup and its return."""

import json
import re
from collections import defaultdict

import requests

from dev import stack
from tests.faults.facts import OVER, mark

# where the simulator's state keeps what people and programs make, and by which id
TABLES = {
    "invoices": "DocumentID", "credit_notes": "DocumentID", "overpayments": "BankTransactionID", "prepayments": "BankTransactionID",
    "payments": "PaymentID", "batch_payments": "BatchPaymentID", "manual_journals": "DocumentID", "contacts": "ContactID",
}  # fmt: skip
RECORDS = ("account.move", "account.payment", "account.bank.statement.line", "account.partial.reconcile", "res.partner")
MARK = re.compile(r"(?<![a-z2-7])[a-z2-7]{12}(?![a-z2-7])")
BY_ITSELF = "System Generated"  # whose notes those of apps are, with details, and what Xero does by itself, without
APP = {"client_id": "accountant", "client_secret": "accountant", "flow": "custom"}
ADDRESSES = {
    "payments": "Payments/{}", "batch_payments": "BatchPayments/{}", "manual_journals": "ManualJournals/{}", "invoices": "Invoices/{}",
    "credit_notes": "CreditNotes/{}",
}  # fmt: skip
NUMBERS = {"invoices": "InvoiceNumber", "credit_notes": "CreditNoteNumber"}
ENDS = {"payments": "DELETED", "batch_payments": "DELETED", "manual_journals": "VOIDED", "invoices": "VOIDED", "credit_notes": "VOIDED"}


def rows_of(state):
    """``{id: (tenant, table, row)}`` of all that can be made."""
    return {
        row[key]: (organisation["tenant_id"], table, row)
        for organisation in state["organisations"]
        for table, key in TABLES.items()
        for row in organisation[table]
    }


def allocations_of(state):
    """``{id: (tenant, table of the credit, credit, allocation)}``."""
    return {
        part["AllocationID"]: (organisation["tenant_id"], table, credit, part)
        for organisation in state["organisations"]
        for table in ("credit_notes", "overpayments", "prepayments")
        for credit in organisation[table]
        for part in credit["Allocations"]
    }


def notes_of_people(state):
    """``{id: [whether it was a person, or Xero itself, and no app]}`` of all that the histories note, the oldest first."""
    found = defaultdict(list)
    for organisation in state["organisations"]:
        for note in organisation["history"]:
            found[note["OwnerID"]].append(note["User"] != BY_ITSELF or not note["Details"])
    return found


class LostTime:
    """``strangers``: what was made after the backup of records that do not exist any more; no record may ever take it for its own.
    What people have made in Xero meanwhile is none of it: that comes in as always.

    ``changed``: ids of what the restored database knows and has changed in Xero since the backup: it need not agree, but says so.

    :param before: the simulator's state before the backup was taken; ``after``: when the database was back, and nobody at work yet
    :param query: asks the restored database
    """

    def __init__(self, before, after, query):
        known = {
            mark(model, row["id"], row["create_date"])
            for model in RECORDS
            for row in query(f"SELECT id, create_date FROM {model.replace('.', '_')} WHERE create_date IS NOT NULL")
        }
        old, new = rows_of(before), rows_of(after)
        notes = notes_of_people(after)
        made = {key: found for key, found in new.items() if key not in old and not any(notes[key][:1])}
        self.strangers = {
            key: found for key, found in made.items() if not known.intersection(MARK.findall(json.dumps(found[2], default=str)))
        }
        self.changed = {key for key in new.keys() & old.keys() if new[key][2] != old[key][2]}
        self.changed |= made.keys() - self.strangers.keys()
        self.allocations = allocations_of(after).keys() - allocations_of(before).keys()

    def taken(self, bindings):
        """Strangers that a record of Odoo has taken for its own.

        Not money that came in from Xero, where people record it on both sides: it must agree. Not those that say the same as the record:
        credit notes bear no mark, and a payment may be entered again, of the same number for the same document. They need not agree in
        what others have done to them, but then it is told.

        :param bindings: with the record's ``names``
        """
        for row in bindings:
            if row["origin"] == "xero":
                self.strangers.pop(row["xero_id"], None)
            elif row["xero_id"] in self.strangers and _is_called(self.strangers[row["xero_id"]][2], row["names"]):
                del self.strangers[row["xero_id"]]
                self.changed.add(row["xero_id"])
        return [row for row in bindings if row["xero_id"] in self.strangers]

    def altered(self, state):
        """Strangers that are no longer as they were, but for what people have changed in Xero, voided, and paid or matched less."""
        notes = notes_of_people(state)
        now, moving = (
            rows_of(state),
            {"Status", "UpdatedDateUTC", "AmountDue", "AmountPaid", "AmountCredited", "Allocations", "FullyPaidOnDate"},
        )
        for key, (_tenant, table, row) in self.strangers.items():
            current = now[key][2] if key in now else {}
            if any(notes[key]):
                continue
            if changed := [name for name in row if name not in moving and row[name] != current.get(name)]:
                yield f"{table} {row.get('Number') or row.get('Name') or key}: {', '.join(changed)}"


def _is_called(row, names):
    """Whether a document or payment in Xero was made of a record with one of these names; a payment's comes after what it pays."""
    told = row.get("Number") or (row.get("Reference") or "").partition(" #")[0]
    return told in names or any(name and told.endswith(f" {name}") for name in names)


class Accountant:
    """Removes in Xero what Odoo does not know any more: matches, then payments, then documents. Contacts stay."""

    def __init__(self, xero, tenants):
        self._xero, self.removed, self.refused = xero, 0, []
        self._tokens = {tenant: self._login(number, tenant) for number, tenant in enumerate(tenants)}

    def _login(self, number, tenant):
        app = {**APP, "client_id": f"accountant-{number}", "tenant": tenant}
        self._xero.call("POST", "apps", **app)
        form = {"grant_type": "client_credentials"}
        address = f"{self._xero.address}/connect/token"
        answer = requests.post(address, form, auth=(app["client_id"], app["client_secret"]), timeout=stack.TIMEOUT)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def clear_up(self, lost, bound):
        """:param bound: ids of what Odoo knows"""
        state = self._xero.state()
        for key, (tenant, table, credit, part) in allocations_of(state).items():
            of_stranger = {credit["DocumentID"], part["InvoiceID"]} & lost.strangers.keys()
            if (key in lost.allocations or of_stranger) and key not in bound:
                page, credit_id = self._credit(table, credit)
                self._ask("DELETE", tenant, f"{page}/{credit_id}/Allocations/{key}")
        for table in ("batch_payments", "payments"):
            self._end(lost, table)
        self._take_back_paid(lost, bound)
        for key, (tenant, table, row) in lost.strangers.items():
            if table in ("overpayments", "prepayments") and rows_of(state)[key][2]["Status"] not in OVER:
                self._xero.change(tenant, void_prepaid=[row["BankTransactionID"]])
                self.removed += 1
        for table in ("manual_journals", "credit_notes", "invoices"):
            self._end(lost, table)

    def _take_back_paid(self, lost, bound):
        """What other people have paid of what is forgotten."""
        for key, (tenant, table, row) in rows_of(self._xero.state()).items():
            if table == "payments" and row["DocumentID"] in lost.strangers and key not in bound and row["Status"] not in OVER:
                try:
                    self._xero.person(tenant, "remove_and_redo", item=row["BatchPaymentID"] or key)
                    self.removed += 1
                except requests.HTTPError as refusal:  # with another one of its batch
                    self.refused.append(f"{key}: {refusal.response.text[:300]}")

    def _credit(self, table, credit):
        page = {"credit_notes": "CreditNotes", "overpayments": "Overpayments", "prepayments": "Prepayments"}[table]
        return page, credit["DocumentID"]

    def _end(self, lost, table):
        now = rows_of(self._xero.state())
        for key, (tenant, kept, _row) in lost.strangers.items():
            if kept == table and now[key][2].get("Status") not in OVER:
                if number := NUMBERS.get(table):  # of a voided document nobody may have it again
                    self._ask("POST", tenant, ADDRESSES[table].format(key), {number: f"{now[key][2]['Number']} forgotten"})
                self._ask("POST", tenant, ADDRESSES[table].format(key), {"Status": ENDS[table]})

    def _ask(self, method, tenant, path, body=None):
        headers = {"Authorization": f"Bearer {self._tokens[tenant]}", "Accept": "application/json"}
        answer = requests.request(method, f"{self._xero.address}/api.xro/2.0/{path}", headers=headers, json=body, timeout=stack.TIMEOUT)
        if answer.ok:
            self.removed += 1
        else:
            self.refused.append(f"{method} {path}: {answer.text[:300]}")
