"""What Odoo's database and the simulator hold, as plain rows to compare."""

from collections import defaultdict
from decimal import Decimal

OVER = ("VOIDED", "DELETED")

MOVES = """
    SELECT m.id, m.name, m.state, m.amount_total, m.amount_tax, m.invoice_date, coalesce(m.invoice_date_due, m.invoice_date) AS due,
           coalesce(nullif(m.ref, ''), m.payment_reference, '') AS reference, m.commercial_partner_id AS partner_id, c.name AS currency
      FROM account_move m JOIN res_currency c ON c.id = m.currency_id
     WHERE m.company_id = %s AND m.move_type = 'out_invoice' AND (m.state = 'posted' OR m.posted_before)
"""
PARTIALS = """
    SELECT p.id, d.move_id, p.debit_amount_currency AS amount, money.date
      FROM account_partial_reconcile p
      JOIN account_move_line d ON d.id = p.debit_move_id JOIN account_move i ON i.id = d.move_id
      JOIN account_move_line k ON k.id = p.credit_move_id JOIN account_move money ON money.id = k.move_id
     WHERE i.company_id = %s AND i.move_type = 'out_invoice' AND i.state = 'posted' AND money.state = 'posted'
       AND (money.origin_payment_id IS NOT NULL OR money.statement_line_id IS NOT NULL)
"""
BINDINGS = "SELECT kind, res_model, res_id, xero_id, xero_status, state FROM xero_binding WHERE connection_id = %s"
JOBS = """
    SELECT j.id, j.kind, j.res_model, j.res_id, j.state, j.message, j.xero_messages, j.tries, p.code
      FROM xero_job j LEFT JOIN xero_problem p ON p.id = j.problem_id
     WHERE j.connection_id = %s AND j.state NOT IN ('done', 'cancelled')
"""
PARTNERS = "SELECT id, name, email, phone, xero_contact_name FROM res_partner WHERE id = ANY(%s)"


class Facts:
    """Both sides of one company."""

    def __init__(self, company, query, state):
        self.company = company
        self.moves = {row["id"]: row for row in query(MOVES, company.company_id)}
        self.partials = {row["id"]: row for row in query(PARTIALS, company.company_id)}
        self.bindings = query(BINDINGS, company.connection_id)
        self.jobs = query(JOBS, company.connection_id)
        [connection] = query("SELECT external_key, state, state_message FROM xero_connection WHERE id = %s", company.connection_id)
        self.connection, self.prefix = connection, f"odoo-{connection['external_key']}-"
        bound = [row["res_id"] for row in self.bindings if row["kind"] == "contact"]
        self.partners = {row["id"]: row for row in query(PARTNERS, bound)}
        self.held = {(job["res_model"], job["res_id"]): job for job in self.jobs}
        [organisation] = [one for one in state["organisations"] if one["tenant_id"] == company.tenant_id]
        self._read_xero(organisation)

    def _read_xero(self, organisation):
        self.currency = organisation["base_currency"]
        self.invoices = organisation["invoices"]
        self.payments = organisation["payments"]
        self.contacts = organisation["contacts"]
        self.by_id = {
            "invoice": {row["DocumentID"]: row for row in self.invoices},
            "payment": {row["PaymentID"]: row for row in self.payments},
            "contact": {row["ContactID"]: row for row in self.contacts},
        }

    def bound(self, kind):
        """``{Odoo id: Xero's row}`` of the bindings of a kind."""
        return {row["res_id"]: self.by_id[kind].get(row["xero_id"]) for row in self.bindings if row["kind"] == kind}

    def live_invoices(self):
        """``{number: [Xero's rows]}`` without what is void."""
        return grouped((row for row in self.invoices if row["Status"] not in OVER), lambda row: row["Number"])

    def live_payments(self):
        """``{reconciliation id: [Xero's rows]}`` by the mark at the end of our references, without what is deleted."""
        return grouped((row for row in self.payments if row["Status"] not in OVER), mark)


def mark(payment):
    """The reconciliation a payment stands for: our references end in ``#<id>``; 0 for a payment that is not ours."""
    number = payment["Reference"].rpartition("#")[2]
    return int(number) if number.isdigit() else 0


def grouped(rows, key):
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


def amount(value):
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))
