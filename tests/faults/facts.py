"""What Odoo's database and the simulator hold, as plain rows to compare."""

import base64
import hashlib
from collections import defaultdict
from decimal import Decimal

OVER = ("VOIDED", "DELETED")

# move_type in Odoo -> (kind of the connector, Type in Xero)
TYPES = {
    "out_invoice": ("invoice", "ACCREC"), "out_receipt": ("invoice", "ACCREC"), "out_refund": ("credit_note", "ACCRECCREDIT"),
    "in_invoice": ("bill", "ACCPAY"), "in_receipt": ("bill", "ACCPAY"), "in_refund": ("credit_note", "ACCPAYCREDIT"),
}  # fmt: skip
DOCUMENTS = ("invoice", "bill", "credit_note")
MOVES = """
    SELECT m.id, m.name, m.move_type, m.state, m.amount_total, m.amount_tax, m.invoice_date,
           coalesce(m.invoice_date_due, m.invoice_date) AS due,
           coalesce(nullif(m.ref, ''), m.payment_reference, '') AS reference, m.commercial_partner_id AS partner_id, c.name AS currency
      FROM account_move m JOIN res_currency c ON c.id = m.currency_id
     WHERE m.company_id = %s AND m.move_type <> 'entry' AND (m.state = 'posted' OR m.posted_before)
"""
# A reconciliation has a row for each document it pays; with money (``is_money``) or with another document.
PARTIALS = """
    WITH line AS (
        SELECT l.id, m.id AS move_id, m.move_type, m.company_id, m.date, m.state, m.origin_payment_id AS payment_id, m.statement_line_id,
               (m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL) AS is_money
          FROM account_move_line l JOIN account_move m ON m.id = l.move_id WHERE m.company_id = %s
    ), side AS (
        SELECT p.id, p.create_date, p.debit_move_id AS line_id, p.credit_move_id AS other_id, p.debit_amount_currency AS amount
          FROM account_partial_reconcile p
        UNION ALL
        SELECT p.id, p.create_date, p.credit_move_id, p.debit_move_id, p.credit_amount_currency FROM account_partial_reconcile p
    )
    SELECT side.id, side.create_date, line.move_id, line.move_type, side.amount,
           other.date, other.is_money, other.payment_id, other.statement_line_id
      FROM side JOIN line ON line.id = side.line_id JOIN line other ON other.id = side.other_id
     WHERE line.move_type <> 'entry' AND (other.is_money OR other.move_type <> 'entry') AND side.amount <> 0
       AND line.state = 'posted' AND other.state = 'posted'
  ORDER BY side.id, line.move_type LIKE '%%refund'
"""
MONEY = """
    SELECT pay.id, m.name, abs(sum(l.amount_currency)) AS amount, abs(sum(l.amount_residual_currency)) AS residual
      FROM account_payment pay JOIN account_move m ON m.id = pay.move_id JOIN account_move_line l ON l.move_id = m.id
      JOIN account_account a ON a.id = l.account_id
     WHERE m.company_id = %s AND m.state = 'posted' AND pay.state IN ('in_process', 'paid')
       AND a.account_type IN ('asset_receivable', 'liability_payable')
  GROUP BY pay.id, m.name
"""
# What moved on the bank for each payment, in the company's currency as all banks here are, and which account of Xero's that is.
BANKED = """
    SELECT pay.id, abs(sum(l.balance)) AS banked, min(x.xero_id) AS account
      FROM account_payment pay JOIN account_move m ON m.id = pay.move_id JOIN account_move_line l ON l.move_id = m.id
      JOIN account_account a ON a.id = l.account_id
      JOIN xero_connection c ON c.id = %s AND c.company_id = m.company_id
      LEFT JOIN xero_journal_mapping j ON j.connection_id = c.id AND j.journal_id = m.journal_id
      LEFT JOIN xero_account x ON x.id = j.xero_account_id
     WHERE m.state = 'posted' AND a.account_type NOT IN ('asset_receivable', 'liability_payable')
  GROUP BY pay.id
"""
ENTRIES = """
    SELECT m.id, m.name, m.date, sum(l.debit) AS amount
      FROM account_move m JOIN account_move_line l ON l.move_id = m.id
      JOIN xero_entry_policy p ON p.journal_id = m.journal_id AND p.policy = 'each'
      JOIN xero_connection c ON c.id = p.connection_id AND c.company_id = m.company_id
     WHERE m.company_id = %s AND m.move_type = 'entry' AND m.state = 'posted' AND m.date >= c.sync_from
  GROUP BY m.id, m.name, m.date
"""
BINDINGS = """
    SELECT kind, res_model, res_id, xero_id, xero_status, state, message, owner_model, owner_id, covers FROM xero_binding
     WHERE connection_id = %s
"""
# what comes from Xero and waits for a person, or for a run
WAITING = """
    SELECT kind, xero_id, state, cause, message, told FROM xero_money
     WHERE connection_id = %s AND state IN ('waiting', 'asked', 'proposed', 'held', 'twice') ORDER BY id
"""
OPEN_DRIFTS = "SELECT id, kind, name, message FROM xero_drift WHERE connection_id = %s AND state = 'open' ORDER BY id"
LEFT_OUT = "SELECT xero_id FROM xero_money WHERE connection_id = %s AND state = 'ignored'"
JOBS = """
    SELECT j.id, j.kind, j.res_model, j.res_id, j.state, j.message, j.xero_messages, j.tries, p.code
      FROM xero_job j LEFT JOIN xero_problem p ON p.id = j.problem_id
     WHERE j.connection_id = %s AND j.is_open
"""
PARTNERS = "SELECT id, name, email, phone, xero_contact_name FROM res_partner WHERE id = ANY(%s)"


class Facts:
    """Both sides of one company."""

    def __init__(self, company, query, state, lost=None):
        self.company = company
        self.strangers, self.changed = (lost.strangers, lost.changed) if lost else ({}, set())
        self.moves = {row["id"]: row for row in query(MOVES, company.company_id)}
        self.parts = query(PARTIALS, company.company_id)
        self.money = query(MONEY, company.company_id)
        self.entries = query(ENTRIES, company.company_id)
        self.bindings = query(BINDINGS, company.connection_id)
        self.jobs = query(JOBS, company.connection_id)
        [self.connection] = query("SELECT state, state_message FROM xero_connection WHERE id = %s", company.connection_id)
        bound = [row["res_id"] for row in self.bindings if row["kind"] == "contact"]
        self.partners = {row["id"]: row for row in query(PARTNERS, bound)}
        self.held = {(job["res_model"], job["res_id"]): job for job in self.jobs}
        self.owners = {row["xero_id"]: (row["owner_model"], row["owner_id"]) for row in self.bindings}
        # what a restored backup has forgotten, and says of the document
        self.told = {
            (row["res_model"], row["res_id"])
            for row in self.bindings
            if row["xero_id"] in self.changed and row["state"] == "drift" and row["message"]
        }
        # what a person has left as it is
        self.accepted = {(row["res_model"], row["res_id"]) for row in self.bindings if row["state"] == "accepted"}
        live = [row for row in self.bindings if row["kind"] in ("payment", "allocation") and row["xero_status"] not in OVER]
        self.matched = {res_id for row in live for res_id in (row["res_id"], *(row["covers"] or ()))}
        [organisation] = [one for one in state["organisations"] if one["tenant_id"] == company.tenant_id]
        self._read_xero(organisation)
        self.waiting, self.drifts = query(WAITING, company.connection_id), query(OPEN_DRIFTS, company.connection_id)
        self.left_out = {row["xero_id"] for row in query(LEFT_OUT, company.connection_id)}
        self.theirs = self._made_there()
        self.banked = {row["id"]: row for row in query(BANKED, company.connection_id)}
        self.matched |= {res_id for _rows, ids in self.theirs for res_id in ids}

    def _made_there(self):
        """``[(Xero's rows, ids of our reconciliations)]`` of live payments without a mark of ours that are known here, and of batches."""
        marks, batched = self._marks(), grouped(self.payments, lambda row: row["BatchPaymentID"])
        found = []
        for binding in self.bindings:
            if binding["kind"] == "payment":
                rows = filter(None, [self.by_id["payment"].get(binding["xero_id"])])
                ids = [binding["res_id"], *(binding["covers"] or ())]
            elif binding["kind"] == "batch_payment" and binding["res_model"] == "account.payment":
                rows = batched.get(binding["xero_id"], ())
                ids = [part["id"] for part in self.parts if part["payment_id"] == binding["res_id"]]
            else:
                continue
            if strange := [row for row in rows if row["Status"] not in OVER and tail(row) not in marks]:
                found.append((strange, ids))
        return found

    @property
    def partials(self):
        """``{id: row}`` of the reconciliations, each by the document it pays; of two documents that is the invoice."""
        found = {}
        for row in self.parts:
            found.setdefault(row["id"], row)
        return found

    @staticmethod
    def deciders(partial):
        """The records whose jobs bring a reconciliation to Xero: the movement of money, and between two documents it itself."""
        yield "account.partial.reconcile", partial["id"]
        yield "account.payment", partial["payment_id"]
        yield "account.bank.statement.line", partial["statement_line_id"]

    def _read_xero(self, organisation):
        self.currency = organisation["base_currency"]
        self.documents = [*organisation["invoices"], *organisation["credit_notes"]]
        self.payments = organisation["payments"]
        self.contacts = organisation["contacts"]
        self.on_account = [*organisation["overpayments"], *organisation["prepayments"]]
        credits = [*organisation["credit_notes"], *self.on_account]
        self.allocations = [{**part, "Credit": credit["DocumentID"]} for credit in credits for part in credit["Allocations"]]
        documents = {row["DocumentID"]: row for row in self.documents}
        self.by_id = {
            **dict.fromkeys(DOCUMENTS, documents),
            "payment": {row["PaymentID"]: row for row in self.payments},
            "contact": {row["ContactID"]: row for row in self.contacts},
            "on_account": {row["BankTransactionID"]: row for row in self.on_account},
            "batch_payment": {row["BatchPaymentID"]: row for row in organisation["batch_payments"]},
            "allocation": {row["AllocationID"]: row for row in self.allocations},
            "journal": {row["DocumentID"]: row for row in organisation["manual_journals"]},
        }

    def bound(self, *kinds):
        """``{Odoo id: Xero's row}`` of the bindings of these kinds, which are of one model."""
        return {row["res_id"]: self.by_id[row["kind"]].get(row["xero_id"]) for row in self.bindings if row["kind"] in kinds}

    def live(self, kind):
        """Xero's rows of a kind, without what is void."""
        return [row for row in self.by_id[kind].values() if row["Status"] not in OVER]

    def live_invoices(self):
        """``{(type, number): [Xero's rows]}`` of what numbers are unique for, without what is void."""
        return grouped(self.live("invoice"), lambda row: (row["Type"], row["Number"]))

    def live_payments(self):
        """``{reconciliation id: [Xero's rows]}`` by the mark at the end of our references, without what is deleted.

        One that no reconciliation has stands by itself: it is gone, or the payment is not ours.
        """
        marks, theirs = self._marks(), {row["PaymentID"] for rows, _ids in self.theirs for row in rows}
        live = [row for row in self.payments if row["Status"] not in OVER and row["PaymentID"] not in theirs]
        return grouped_by((marks.get(tail(row), tail(row) or row["PaymentID"]), row) for row in live)

    def _marks(self):
        return {mark("account.partial.reconcile", row["id"], row["create_date"]): row["id"] for row in self.parts}


def tail(row):
    """What stands at the end of a payment's reference: our mark, if it is ours."""
    _words, sign, end = (row["Reference"] or "").rpartition("#")
    return end if sign else ""


def mark(model, record_id, created):
    """What the counterpart of a record is recognised by: twelve letters and digits, of its id and the moment it was created."""
    text = f"{model},{record_id},{created.isoformat(timespec='microseconds')}"
    return base64.b32encode(hashlib.sha256(text.encode()).digest())[:12].decode().lower()


def grouped(rows, key):
    return grouped_by((key(row), row) for row in rows)


def grouped_by(pairs):
    groups = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return dict(groups)


def amount(value):
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))
