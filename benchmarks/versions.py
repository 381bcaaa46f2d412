"""What keeping versions costs: bytes a document, the time of a run and of the screens on 200,000 documents; beside keeping none."""

import statistics
from contextlib import ExitStack

from benchmarks import copies, ground, lists
from benchmarks.mixed import send
from dev import bootstrap, databases, stack

SENDING, WITH, WITHOUT = "xero_bench_versions", "xero_bench_kept", "xero_bench_not_kept"
COUNT = ground.setting("BENCH_VERSION_COUNT", 1_000)
ROUNDS = ground.setting("BENCH_VERSION_ROUNDS", 3)
GOAL = 1.1
KEPT = {True: 365, False: 0}
BYTES = "SELECT pg_total_relation_size('xero_version')"


# === A RUN === #


def measure_runs(env):
    """``({kept or not: median figures of a run of invoices}, bytes per document)``."""
    connection = ground.connect(env).sudo()
    partner = ground.customers(env, 1)
    move = ground.posted_invoice(env, partner)
    send(connection)
    seen = {True: [], False: []}
    for number in range(ROUNDS):
        for kept in KEPT if number % 2 else reversed(KEPT):
            connection.version_days = KEPT[kept]
            invoices = copies.copy_invoices(env, move, COUNT, partner)
            env["xero.job"]._enqueue(connection, "invoice", "account.move", invoices)
            env.cr.commit()
            seen[kept].append(ground.astuple(send(connection)))
    figures = {kept: ground.Figures(*map(statistics.median, zip(*rows, strict=True))) for kept, rows in seen.items()}
    return figures, _bytes(env.cr) / env["xero.version"].search_count([])


def _bytes(cr):
    cr.execute(BYTES)
    return cr.fetchone()[0]


# === SCREENS === #


def fill(content):
    """Two databases with the same documents, one of them with a version of each."""
    with ground.opened(WITHOUT) as env:
        lists.fill(env)
    databases.drop(WITH)
    databases.execute("CREATE DATABASE {} TEMPLATE {}", WITH, WITHOUT)
    with ground.opened(WITH) as env:
        env.cr.execute(
            "INSERT INTO xero_version (binding_id, operation, changed_at, content) SELECT id, 'create', last_sync, %s FROM xero_binding",
            [content],
        )
        env.cr.commit()
        env.cr.execute("ANALYZE xero_version")
        env.cr.commit()


def measure_screens():
    """``{screen: median seconds (with, without)}``, opened turn by turn."""
    with ExitStack() as stack_of_databases:
        envs = [stack_of_databases.enter_context(ground.opened(database)) for database in (WITH, WITHOUT)]
        return {name: _turn_by_turn(screen, envs) for name, (screen, _beside) in lists.SCREENS.items() if "Documents" in name}


def _turn_by_turn(screen, envs):
    seen = [[] for _env in envs]
    for number in range(lists.ROUNDS + 1):
        for env, seconds in zip(envs, seen, strict=True):
            env.invalidate_all()
            meter = ground.Meter(env.cr)
            screen(env)
            if number:  # the first one fills caches
                seconds.append(meter.read().seconds)
    return [statistics.median(seconds) for seconds in seen]


# === REPORT === #


def report_runs(figures, size):
    ours, none = figures[True], figures[False]
    print(f"\nVersions kept, beside none kept (goal: at most {GOAL}):")
    print(f"  {size:.0f} bytes a document (table, toast and indexes)")
    print(
        f"  a run of {COUNT} invoices: {ours.all_cpu / none.all_cpu:.3f} times the CPU ({ours.all_cpu:.2f} s beside {none.all_cpu:.2f} s),"
    )
    print(f"    {ours.seconds / none.seconds:.3f} times the time, {(ours.queries - none.queries) / COUNT:+.3f} queries a document")


def report_screens(screens):
    print(f"  screens on {lists.DOCUMENTS} documents:")
    for name, (ours, none) in screens.items():
        print(f"    {name:<28} {ours / none:5.2f} times the time ({ours * 1000:.0f} ms beside {none * 1000:.0f} ms)")


def main():
    xero_port = stack.free_port()
    with stack.simulator(xero_port, "AU", name="bench_simulator"):
        ground.prepare(SENDING, stack.free_port(), xero_port)
        ground.without_limits(xero_port)
        ground.start_odoo()
        with ground.opened(SENDING) as env:
            bootstrap.step(f"Sending {COUNT} invoices {2 * ROUNDS} times")
            report_runs(*measure_runs(env))
            env.cr.execute("SELECT content FROM xero_version ORDER BY id DESC LIMIT 1")
            [content] = env.cr.fetchone()
    ground.install(WITHOUT)
    bootstrap.step(f"Making {lists.DOCUMENTS} invoices that are in Xero")
    fill(bytes(content))
    bootstrap.step("Opening screens")
    report_screens(measure_screens())
    for database in (SENDING, WITH, WITHOUT):
        databases.drop(database)


if __name__ == "__main__":
    main()
