"""Suggestions for bank lines: how often they are right, and what they cost beside one SQL join on the amount.

The join is PostgreSQL's of the same lines and open items in tables of their own, its rows fetched; the suggestions are made in Python of
what lies in memory. Neither reads Odoo's records: what that takes is measured in the module's tests, by the number of queries.
"""

import gc
import statistics
import sys
import time
from collections import Counter

import psycopg2
from psycopg2.extras import execute_values

from benchmarks import ground
from benchmarks.bank_lines import World
from dev import bootstrap, databases

sys.path.append(str(bootstrap.ROOT / "tests" / "core"))
import bank_answers  # noqa: E402 - from beside the tests, which say the same of fewer lines

SEEDS = ground.setting("BENCH_MATCHING_SEEDS", 20)
LINES = ground.setting("BENCH_MATCHING_LINES", 10_000)
ITEMS = ground.setting("BENCH_MATCHING_ITEMS", 50_000)
ROUNDS = 5
SURE_GOAL, RIGHT_GOAL, TIMES_GOAL = 0.6, 0.9, 5
JOIN = "SELECT l.id, i.id FROM bank_line l JOIN open_item i ON i.amount = l.amount AND i.currency = l.currency"


def rightness():
    """Returns what has missed its goal."""
    worlds = [bank_answers.judged(World(seed)) for seed in range(1, SEEDS + 1)]
    wrong = sum(len(figures.wrong) for figures in worlds)
    sure = [figures.sure_share for figures in worlds]
    right = [figures.right_share for figures in worlds]
    exactly = [figures.exactly / figures.matched for figures in worlds]
    print(f"\n  {SEEDS} times 500 lines; sure ones that are not right: {wrong}; goal: 0")
    print(f"  sure, of those with a match: {statistics.mean(sure):.1%}, least {min(sure):.1%}; goal: {SURE_GOAL:.0%}")
    print(f"  first suggestion right: {statistics.mean(right):.1%}, least {min(right):.1%}; goal: {RIGHT_GOAL:.0%}")
    print(f"  the same if of twins only one counts as right: {statistics.mean(exactly):.1%}, least {min(exactly):.1%}", flush=True)
    missed = {"sure and wrong": wrong, "sure": min(sure) < SURE_GOAL, "right": min(right) < RIGHT_GOAL}
    return [name for name, is_missed in missed.items() if is_missed]


def joined(world):
    """``(seconds, rows)`` of the join, the best of some rounds: what else the machine does is not measured."""
    with (
        psycopg2.connect(host=str(databases.start_postgres()), user="odoo", dbname="postgres") as connection,
        connection.cursor() as cursor,
    ):
        for table, rows in (("bank_line", world.lines), ("open_item", world.items)):
            cursor.execute(f"CREATE TEMP TABLE {table} (id int, amount numeric, currency text)")
            execute_values(cursor, f"INSERT INTO {table} VALUES %s", [(row.id, row.amount, row.currency) for row in rows], page_size=5000)
            cursor.execute(f"ANALYZE {table}")
        times = []
        for _round in range(ROUNDS):
            start = time.perf_counter()
            cursor.execute(JOIN)
            count = len(cursor.fetchall())
            times.append(time.perf_counter() - start)
    return min(times), count


def suggested(world):
    """``(seconds, Counter of what was suggested)``, the best of as many."""
    given, times = bank_answers.as_facts(world), []
    gc.collect()
    gc.freeze()  # what the benchmark itself holds is none of the matcher's affair
    for _round in range(ROUNDS):
        start = time.perf_counter()
        found = bank_answers.matcher.suggest(*given)
        times.append(time.perf_counter() - start)
    first = Counter("nothing" if not ranked else "sure" if ranked[0].is_sure else "likely" for ranked in found.values())
    return min(times), first


def speed():
    bootstrap.step(f"{LINES} lines against {ITEMS} open items")
    world, smaller = World(1, LINES, ITEMS), World(1, LINES // 4, ITEMS // 4)
    join, pairs = joined(world)
    whole, first = suggested(world)
    quarter, _first = suggested(smaller)
    print(f"\n  One join on the amount: {join:.2f} s for {pairs} pairs", flush=True)
    print(f"  Suggestions: {whole:.2f} s, {whole / join:.1f} times as long; goal: {TIMES_GOAL} times; {dict(first)}")
    print(f"  A quarter of both: {quarter:.2f} s, so four times as much takes {whole / quarter:.1f} times as long", flush=True)
    return ["speed"] if whole > TIMES_GOAL * join else []


def main():
    missed = [*rightness(), *speed()]
    if missed:
        raise SystemExit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
