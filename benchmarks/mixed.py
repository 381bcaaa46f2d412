"""What a mix of all kinds of documents costs: calls for 1,000 of them, and CPU and SQL queries for each. In this process, against the
simulator over HTTP, without its limits.

The mix is that of a trading company: invoices and bills, most of them paid, some by one payment for several; credit notes used or paid
back; receipts; money on account; journal entries. Everything is entered first and sent together, as after a night.
"""

from collections import Counter

import requests

from benchmarks import ground
from dev import bootstrap

DATABASE = "xero_bench_mixed"
COUNT = ground.setting("BENCH_MIXED", 1_000)
PARTNERS = 40
DAY = "2026-10-01"
# what is entered of a hundred documents
SHARES = {"out_invoice": 40, "in_invoice": 20, "out_refund": 6, "in_refund": 3, "out_receipt": 2, "in_receipt": 2, "entry": 4}
PAID_ALONE, PAID_TOGETHER = 0.4, 0.3  # of the invoices and bills; the rest stays open
ON_ACCOUNT = 0.03  # payments without a document, of all documents


class Month:
    """Enters documents and payments through the ORM; ``counts`` says how many of each."""

    def __init__(self, env):
        self.env, self.counts = env, Counter()
        # to those who buy and sell, Odoo gives a credit note the account of their bills, on which Xero allows no tax of sales
        partners = ground.customers(env, 2 * PARTNERS)
        self.partners = {"sale": partners[:PARTNERS], "purchase": partners[PARTNERS:]}
        self.taxes = {use: self._tax(use) for use in ("sale", "purchase")}
        self.expenses = env["account.account"].search([("account_type", "=", "expense")], limit=2)
        self.bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)

    def _tax(self, use):
        company = self.env.company
        return company.account_sale_tax_id if use == "sale" else company.account_purchase_tax_id

    def enter(self, count):
        made = {kind: self._moves(kind, count * share // 100) for kind, share in SHARES.items()}
        for kind in ("out_invoice", "in_invoice"):
            alone = int(len(made[kind]) * PAID_ALONE)
            together = alone + int(len(made[kind]) * PAID_TOGETHER)
            self._pay(made[kind][:alone], group_payment=False)
            for start in range(alone, together, 4):
                self._pay_of_one_partner(made[kind][start : min(start + 4, together)])
        self._use_credit(made)
        self._put_on_account(int(count * ON_ACCOUNT))
        self.env.cr.commit()

    def _moves(self, kind, count):
        moves = self.env["account.move"].create([self._values(kind, number) for number in range(count)])
        moves.action_post()
        self.counts[kind] += len(moves)
        return moves

    def _values(self, kind, number):
        if kind == "entry":
            lines = [{"account_id": account.id, "balance": amount} for account, amount in zip(self.expenses, (50, -50), strict=True)]
            return {"move_type": "entry", "date": DAY, "line_ids": [(0, 0, line) for line in lines]}
        side = "sale" if kind.startswith("out") else "purchase"
        line = {"name": "Work", "quantity": 3, "price_unit": 33.33, "tax_ids": [(6, 0, self.taxes[side].ids)]}
        # four documents in a row are of one partner, so that one payment can pay them
        partner = self.partners[side][number // 4 % PARTNERS]
        values = {"move_type": kind, "partner_id": partner.id, "invoice_date": DAY, "date": DAY, "invoice_line_ids": [(0, 0, line)] * 2}
        return {**values, "ref": f"{kind} {number}"} if kind.startswith("in_") else values

    def _pay(self, moves, **values):
        if moves:
            context = {"active_model": "account.move", "active_ids": moves.ids}
            wizard = self.env["account.payment.register"].with_context(**context).create({"payment_date": DAY, **values})
            self.counts["payment"] += len(wizard._create_payments())

    def _pay_of_one_partner(self, moves):
        for _partner, some in moves.grouped("commercial_partner_id").items():
            self._pay(some, group_payment=len(some) > 1)

    def _use_credit(self, made):
        """Half of the credit notes settle an open document of their partner, the others are paid back."""
        for credit, document in (("out_refund", "out_invoice"), ("in_refund", "in_invoice")):
            half = len(made[credit]) // 2
            for note in made[credit][:half]:
                self._match(note, made[document])
            self._pay(made[credit][half:], group_payment=False)

    def _match(self, note, documents):
        same = documents.filtered(lambda one: one.commercial_partner_id == note.commercial_partner_id and one.payment_state == "not_paid")
        if same:
            debt = note.line_ids.filtered(lambda line: line.account_id.account_type in ("asset_receivable", "liability_payable"))
            same[0].js_assign_outstanding_line(debt.id)
            self.counts["allocation"] += 1

    def _put_on_account(self, count):
        values = {"payment_type": "inbound", "partner_type": "customer", "amount": 75, "date": DAY, "journal_id": self.bank.id}
        rows = [{**values, "partner_id": self.partners["sale"][number % PARTNERS].id} for number in range(count)]
        self.env["account.payment"].create(rows).action_post()
        self.counts["money on account"] += count


def calls_by_endpoint(xero_port):
    """How many calls of each kind there were; ids in the addresses left out."""
    state = requests.get(f"http://localhost:{xero_port}/_simulator/state", timeout=ground.TIMEOUT).json()
    return Counter({name: count for name, count in state["calls"].items() if "/connect" not in name and "/identity" not in name})


def send(connection):
    """Run until nothing is on its way; returns what it took."""
    meter = ground.Meter(connection.env.cr)
    Job = connection.env["xero.job"]
    for _round in range(20):
        connection.env["xero.runner"]._run(connection)
        connection.env.cr.commit()
        if not Job.search_count([("state", "in", ("pending", "sending", "uncertain"))]):
            break
        Job.search([("next_try", "!=", False)]).next_try = False
        connection.env.cr.commit()
    return meter.read()


def measure(env, xero_port):
    connection = ground.connect(env, sync_payment="auto").sudo()
    journal = env["account.journal"].search([("type", "=", "general"), ("company_id", "=", env.company.id)], limit=1, order="sequence, id")
    env["xero.entry.policy"].create({"connection_id": connection.id, "journal_id": journal.id, "policy": "each"})
    connection.action_confirm_mapping()
    env.cr.commit()
    send(connection)
    bootstrap.step(f"Entering {COUNT} documents of all kinds")
    month = Month(env)
    month.enter(COUNT)
    before, bound = calls_by_endpoint(xero_port), _bound(connection)
    bootstrap.step("Sending them")
    figures = send(connection)
    report(month, figures, calls_by_endpoint(xero_port) - before, _bound(connection) - bound, connection)


def _bound(connection):
    """How many counterparts there are in Xero, by kind."""
    groups = connection.env["xero.binding"]._read_group([("connection_id", "=", connection.id)], ["kind"], ["__count"])
    return Counter(dict(groups))


def report(month, figures, used, bound, connection):
    made, calls = sum(bound.values()), sum(used.values())
    print(f"\nEntered: {', '.join(f'{count} {kind}' for kind, count in month.counts.items())}.")
    print(f"In Xero: {', '.join(f'{count} {kind}' for kind, count in bound.most_common())}: {made} documents in {calls} calls,")
    print(f"  {1000 * calls / made:.0f} calls for 1,000 documents ({', '.join(f'{count} {name}' for name, count in used.most_common(9))}).")
    each = figures.per(made)
    print(f"  {each.cpu * 1000:.2f} ms CPU for each, {each.all_cpu * 1000:.2f} ms with the database, {each.queries:.2f} SQL queries.")
    left = connection.env["xero.job"]._read_group([("state", "in", ("blocked", "failed", "pending", "uncertain"))], ["state"], ["__count"])
    print(f"  Not in Xero: {', '.join(f'{count} {state}' for state, count in left) or 'none'}.")
    for problem in connection.env["xero.problem"].search([("state", "=", "open")]):
        print(f"    {problem.job_count} of them: {problem.name}")


def main():
    with ground.simulated(DATABASE) as (env, xero_port):
        measure(env, xero_port)


if __name__ == "__main__":
    main()
