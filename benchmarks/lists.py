"""Screens on 200,000 synced documents, beside Odoo's own invoice list on the same 200,000 invoices, turn by turn in one run.

Each screen asks for what the web client asks for: the fields of the real view, 80 records, the count up to 10,001. The documents are
copies made in SQL, with a queue of some thousand open jobs beside them.
"""

import statistics

from lxml import etree

from benchmarks import copies, ground
from dev import bootstrap, databases

DATABASE = "xero_bench_lists"
DOCUMENTS = ground.setting("BENCH_LIST_DOCUMENTS", 200_000)
CUSTOMERS = 1_000
QUEUED = ground.setting("BENCH_LIST_JOBS", 4_000)
ROUNDS = ground.setting("BENCH_LIST_ROUNDS", 7)
PAGE = {"limit": 80, "count_limit": 10_001}
OWN = [("move_type", "in", ["out_invoice", "out_receipt"])]


# === WHAT THE DATABASE HOLDS === #


def fill(env):
    """Posted invoices, synced one a second but for some new ones, and a queue in all states."""
    documents = make_invoices(env)
    connection = env["xero.connection"].create({"company_id": env.company.id, "sync_from": "2000-01-01"})
    connection.sudo().write({"state": "connected", "tenant_id": "bench", "short_code": "!bench", "mapping_confirmed_at": "2026-01-01"})
    env.flush_all()
    make_rows(env.cr, connection.id, documents)
    env.cr.commit()
    for table in ("account_move", "xero_binding", "xero_job", "xero_call", "xero_problem"):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()


def make_invoices(env):
    """Copies of one invoice, of many customers and days; returns SQL of where they are."""
    customers = ground.customers(env, CUSTOMERS)
    move = ground.posted_invoice(env, customers[0], date="2024-01-01")
    customer = f"(ARRAY{customers.ids})[n % {CUSTOMERS} + 1]"
    copies.copy_rows(
        env.cr, "account_move", f"generate_series(1, {DOCUMENTS}) AS n", f"t.id = {move.id}",
        id=f"{move.id} + n", name=f"'BENCH/' || ({move.id} + n)", sequence_number="n", access_token="NULL",
        date="t.date + n % 900", invoice_date="t.invoice_date + n % 900", invoice_date_due="t.invoice_date + n % 900",
        partner_id=customer, commercial_partner_id=customer, partner_shipping_id=customer, amount_total="t.amount_total + n % 997",
    )  # fmt: skip
    return f"account_move WHERE id > {move.id}"


def make_rows(cr, connection_id, documents):
    cr.execute(
        f"""INSERT INTO xero_binding (connection_id, kind, res_model, res_id, xero_id, number, xero_status, is_there, state, origin,
                                      last_sync)
            SELECT {connection_id}, 'invoice', 'account.move', id, gen_random_uuid(), name, 'AUTHORISED', TRUE,
                   'synced', 'odoo', now() - id * interval '1 second' FROM {documents} AND id % 50 > 0"""
    )
    cr.execute(
        f"""INSERT INTO xero_problem (connection_id, code, fix, key, name, state, job_count)
            SELECT {connection_id}, 'tax_unmapped', 'mapping', n, 'The tax ' || n || ' has no tax rate in Xero.', 'open', 100
              FROM generate_series(1, 20) n"""
    )
    cr.execute(
        f"""INSERT INTO xero_job (connection_id, kind, res_model, res_id, state, is_open, priority, requested_at, problem_id, message)
            SELECT {connection_id}, 'invoice', 'account.move', id,
                   (ARRAY['pending', 'blocked', 'failed', 'ignored'])[id / 50 % 4 + 1], TRUE, 10, now(),
                   CASE WHEN id / 50 % 4 IN (1, 2) THEN (SELECT min(id) FROM xero_problem) + id % 20 END, 'Why it stands here'
              FROM {documents} ORDER BY id % 50, id LIMIT {QUEUED}"""
    )
    cr.execute(
        f"""INSERT INTO xero_call (connection_id, started, method, path, status, duration_ms, ok, day_remaining)
            SELECT {connection_id}, now() - n * interval '90 seconds', 'PUT', '/api.xro/2.0/Invoices', 200, 800, TRUE, 500
              FROM generate_series(1, {DOCUMENTS // 10}) n"""
    )


# === SCREENS === #


def specification(env, model, view, without=""):
    """What the web client asks of every record: the fields of the view, names of the records they link to.

    :param without: leave out fields whose name begins so
    """
    arch = etree.fromstring(env[model].get_view(env.ref(view).id, env.ref(view).type)["arch"])
    wanted = {}
    for node in arch.iter("field"):
        name = node.get("name")
        if without and name.startswith(without) or any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        field = env[model]._fields[name]
        many2one = field.type in ("many2one", "reference")
        wanted[name] = {"fields": {"display_name": {}}} if many2one else {"fields": {"id": {}}} if field.relational else {}
    return wanted


def page(model, view, domain=(), without="", order=None):
    """A screen: opens a view's first page, in this order."""

    def show(env):
        return env[model].web_search_read(list(domain), specification(env, model, view, without), order=order, **PAGE)["length"]

    return show


def groups(model, groupby, domain=()):
    """A screen: the groups of a list, closed."""

    def show(env):
        return env[model].web_read_group(list(domain), [groupby], ["__count"], limit=80)["length"]

    return show


INVOICE_LIST, DOCUMENT_LIST = "account.view_out_invoice_tree", "xero_connector.xero_document_view_list"
INVOICES = page("account.move", INVOICE_LIST, OWN, without="xero_")
GROUPED = groups("account.move", "status_in_payment", OWN)


def invoices(*states):
    return page("account.move", INVOICE_LIST, [*OWN, ("xero_state", "in", states)] if states else OWN)


def documents(*states):
    return page("xero.document", DOCUMENT_LIST, [("state", "in", states)] if states else [])


SCREENS = {  # name: (screen, what it is compared with)
    "Overview": (page("xero.connection", "xero_connector.xero_connection_view_kanban"), INVOICES),
    "Documents": (documents(), INVOICES),
    "Documents synced": (documents("synced"), INVOICES),
    "Documents waiting": (documents("pending", "approval"), INVOICES),
    "Documents held": (documents("blocked"), INVOICES),
    "Documents failed": (documents("failed"), INVOICES),
    "Documents by amount": (
        page("xero.document", DOCUMENT_LIST, order="amount desc"),
        page("account.move", INVOICE_LIST, OWN, without="xero_", order="amount_total_in_currency_signed desc"),
    ),
    "Documents by partner": (
        page("xero.document", DOCUMENT_LIST, order="partner_id"),
        page("account.move", INVOICE_LIST, OWN, without="xero_", order="partner_id"),
    ),
    "Problems": (page("xero.problem", "xero_connector.xero_problem_view_list", [("state", "=", "open")]), INVOICES),
    "Jobs": (page("xero.job", "xero_connector.xero_job_view_list", [("is_open", "=", True)]), INVOICES),
    "Calls": (page("xero.call", "xero_connector.xero_call_view_list"), INVOICES),
    "Not in Xero, and Why": (page("xero.reason", "xero_connector.xero_reason_view_list"), INVOICES),
    "Invoices with the Xero columns": (invoices(), INVOICES),
    "Invoices, found: in Xero": (invoices("synced", "drift"), INVOICES),
    "Invoices, found: held or failed": (invoices("blocked", "failed"), INVOICES),
    "Invoices, found: not in Xero": (invoices(False), INVOICES),
    "Documents, grouped by state": (groups("xero.document", "state"), GROUPED),
    "Invoices, grouped by Xero state": (groups("account.move", "xero_state", OWN), GROUPED),
}


def measure(env, *screens):
    """Median figures of opening each screen with nothing in the cache, turn by turn."""
    seen = {screen: [] for screen in screens}
    for number in range(ROUNDS + 1):
        for screen in screens:
            env.invalidate_all()
            meter = ground.Meter(env.cr)
            screen(env)
            if number:  # the first one fills caches
                seen[screen].append(ground.astuple(meter.read()))
    return [ground.Figures(*map(statistics.median, zip(*figures, strict=True))) for figures in seen.values()]


def main():
    ground.install(DATABASE)
    ground.start_odoo()
    with ground.opened(DATABASE) as env:
        bootstrap.step(f"Making {DOCUMENTS} invoices that are in Xero")
        fill(env)
        bootstrap.step("Opening screens")
        print(f"\n{DOCUMENTS} synced invoices, {QUEUED} open jobs; beside Odoo's own invoice list and its groups:")
        for name, (screen, beside) in SCREENS.items():
            ours, theirs = measure(env, screen, beside)
            times = f"{ours.seconds / theirs.seconds:5.2f} times the time"
            print(f"  {name:<31} {times} ({ours.seconds * 1000:.0f} ms beside {theirs.seconds * 1000:.0f} ms), {ours.queries:.0f} queries")
    databases.drop(DATABASE)


if __name__ == "__main__":
    main()
