"""Rules about bank lines: which one it is for 10,000 lines that wait, what people always do with such lines, opening the list of rules.

Beside them PostgreSQL's own search for the same texts, one after the other. The lines are copies made in SQL; half of them are booked.
"""

import statistics

from benchmarks import copies, ground
from dev import bootstrap, databases

DATABASE = "xero_bench_rules"
LINES = ground.setting("BENCH_RULE_LINES", 20_000)
RULES = ground.setting("BENCH_RULES", 50)
ROUNDS = 5


def fill(env):
    """Lines of as many kinds as there are rules, by turns; returns those that wait."""
    journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    connection = env["xero.connection"].create({"company_id": env.company.id, "sync_from": "2000-01-01"})
    account = env["account.account"].search([("account_type", "=", "expense"), ("company_ids", "in", env.company.ids)], limit=1)
    own = {"journal_id": journal.id, "date": "2026-11-02", "payment_ref": "KIND 0", "amount": -9.5}
    waiting, booked = env["account.bank.statement.line"].sudo().create([own, own])
    env["xero.bank.booking"].sudo()._book(booked, account, env["account.tax"], env["res.partner"])
    rules = [
        {
            "name": f"Rule {number}",
            "connection_id": connection.id,
            "domain": repr([("payment_ref", "ilike", f"{word(number)} "), ("amount", "<", 0), ("amount", ">", -10)]),
            "account_id": account.id,
            "sequence": number,
        }
        for number in range(RULES)
    ]
    env["xero.rule"].create(rules)
    for line in (waiting, booked):
        copy(env, line)
    env.cr.commit()
    for table in ("account_move", "account_move_line", "account_bank_statement_line"):
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
    return env["account.bank.statement.line"].search([("is_reconciled", "=", False), ("payment_ref", "like", "KIND")])


def word(number):
    """Of letters only, as numbers are dropped from texts."""
    return "KIND" + "".join("ABCDEFGHIJ"[int(digit)] for digit in f"{number:03}")


def copy(env, line):
    """Half of the lines, as this one is."""
    env.flush_all()
    cr, count = env.cr, LINES // 2
    first = {}
    for table in ("account_move", "account_move_line", "account_bank_statement_line"):
        cr.execute(f"SELECT max(id) FROM {table}")
        [first[table]] = cr.fetchone()
    items = sorted(line.move_id.line_ids.ids)
    numbered = f"generate_series(1, {count}) AS n"
    text = " || ".join(f"substr('ABCDEFGHIJ', (n % {RULES} / {power})::int % 10 + 1, 1)" for power in (100, 10, 1))
    move, own = f"{first['account_move']} + n", f"{first['account_bank_statement_line']} + n"
    day = "t.date - n % 60"
    copies.copy_rows(cr, "account_move", numbered, f"t.id = {line.move_id.id}", id=move, name=f"'BENCH/' || ({move})", date=day,
                     statement_line_id="NULL", access_token="NULL")  # fmt: skip
    copies.copy_rows(cr, "account_bank_statement_line", numbered, f"t.id = {line.id}", id=own, move_id=move,
                     payment_ref=f"'KIND' || {text} || ' NO ' || n")  # fmt: skip
    cr.execute(f"UPDATE account_move SET statement_line_id = id - {first['account_move']} + {first['account_bank_statement_line']} "
               f"WHERE id > {first['account_move']}")  # fmt: skip
    copies.copy_rows(cr, "account_move_line", numbered, f"t.move_id = {line.move_id.id}", move_id=move, statement_line_id=own, date=day,
                     id=f"{first['account_move_line']} + (n - 1) * {len(items)} + array_position(ARRAY{items}, t.id)")  # fmt: skip
    env.invalidate_all()


def measured(env, action):
    """The median figures of some rounds with nothing in the cache, and what came of it."""
    seen = []
    for number in range(ROUNDS + 1):
        env.invalidate_all()
        meter = ground.Meter(env.cr)
        result = action()
        if number:  # the first one fills caches
            seen.append(ground.astuple(meter.read()))
    return ground.Figures(*map(statistics.median, zip(*seen, strict=True))), result


def searched(env, lines):
    for number in range(RULES):
        env.cr.execute(
            """SELECT id FROM account_bank_statement_line
                WHERE payment_ref ILIKE %s AND amount < 0 AND amount > -10 AND id = ANY(%s)""", [f"%{word(number)} %", lines.ids],
        )  # fmt: skip
        env.cr.fetchall()


def main():
    ground.install(DATABASE)
    ground.start_odoo()
    with ground.opened(DATABASE) as env:
        bootstrap.step(f"Making {LINES} bank lines and {RULES} rules")
        lines = fill(env)
        bare, _nothing = measured(env, lambda: searched(env, lines))
        first, found = measured(env, lambda: env["xero.rule"]._first(lines))
        learnt, known = measured(env, lambda: env["xero.bank.booking"]._learnt(lines))
        shown, _read = measured(env, lambda: env["xero.rule"].search([]).read(["sentence", "waiting_count", "recent_count", "warning"]))
        print(f"\n{len(lines)} lines that wait, {RULES} rules:")
        print(f"  PostgreSQL's search for the texts  {bare.seconds:5.2f} s")
        print(f"  which rule is it                   {first.seconds:5.2f} s, {first.queries:.0f} queries, {len(found)} lines")
        print(f"  what people always do              {learnt.seconds:5.2f} s, {learnt.queries:.0f} queries, {len(known)} lines")
        print(f"  the list of rules                  {shown.seconds:5.2f} s, {shown.queries:.0f} queries", flush=True)
    databases.drop(DATABASE)


if __name__ == "__main__":
    main()
