"""What the module adds to posting an invoice: the same invoices posted in two databases, with and without it, turn by turn in one run.

Prints the ratio of the median times and the number of SQL queries added, for invoices of few and of many lines.
"""

import statistics
import time

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from dev import bootstrap, databases, stack

ROUNDS = 40
LINES = (2, 40)
WITHOUT, WITH = "xero_bench_without", "xero_bench_with"


def prepare():
    for database in (WITHOUT, WITH):
        databases.clone("demo", database)
    bootstrap.step("Installing the module into one of the two databases")
    arguments = ["-d", WITH, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn"]
    databases.run_odoo(*arguments, log=stack.LOGS / "bench_posting.log")
    odoo.tools.config.parse_config(["-c", str(databases.write_configuration()), "--log-level=error"])


class Books:
    """The Australian demo company in one of the databases; nothing is committed."""

    def __init__(self, database):
        self.cr = Registry(database).cursor()
        self.env = api.Environment(self.cr, SUPERUSER_ID, {})
        company = self.env["res.company"].search([("name", "=", "AU Company")])
        self.env = self.env(user=self.env.ref("base.user_admin"), context={"allowed_company_ids": company.ids})
        self.partner = self.env["res.partner"].create({"name": "Bench"})
        if "xero.connection" in self.env:
            values = {"company_id": company.id, "state": "connected", "tenant_id": "bench", "sync_from": "2000-01-01"}
            self.env["xero.connection"].sudo().create(values)

    def draft(self, lines):
        line = {"name": "Work", "quantity": 3, "price_unit": 33.33}
        values = {"move_type": "out_invoice", "partner_id": self.partner.id, "invoice_line_ids": [(0, 0, line)] * lines}
        move = self.env["account.move"].create(values)
        self.env.flush_all()
        self.env.invalidate_all()
        return move

    def post(self, move):
        """Post an invoice; returns seconds and queries."""
        queries, started = self.cr.sql_log_count, time.perf_counter()
        move.action_post()
        self.env.flush_all()
        return time.perf_counter() - started, self.cr.sql_log_count - queries


def measure(books, lines):
    """``{books: (median seconds, median queries)}``, posted turn by turn so that a busy machine disturbs both alike."""
    seen = {book: [] for book in books}
    for number in range(ROUNDS + 3):
        for book in books if number % 2 else reversed(books):
            figures = book.post(book.draft(lines))
            if number >= 3:  # the first ones fill caches
                seen[book].append(figures)
    return {book: tuple(statistics.median(column) for column in zip(*figures, strict=True)) for book, figures in seen.items()}


def main():
    prepare()
    books = [Books(WITHOUT), Books(WITH)]
    if "xero.job" not in books[1].env or "xero.job" in books[0].env:
        raise SystemExit("the two databases are not what they should be")
    print(f"\nPosting an invoice, median of {ROUNDS}, with the module beside without it:")
    for lines in LINES:
        figures = measure(books, lines)
        (plain, plain_queries), (ours, our_queries) = figures[books[0]], figures[books[1]]
        times = f"{ours / plain:.3f} times the time ({ours * 1000:.1f} ms beside {plain * 1000:.1f} ms)"
        print(f"  {lines:>2} lines: {times}, {our_queries - plain_queries:+.0f} queries")
    jobs = books[1].env["xero.job"].sudo().search_count([])
    print(f"  {jobs} jobs enqueued, nothing sent")
    for book in books:
        book.cr.rollback()
        book.cr.close()
    for database in (WITHOUT, WITH):
        odoo.sql_db.close_db(database)
        databases.drop(database)


if __name__ == "__main__":
    main()
