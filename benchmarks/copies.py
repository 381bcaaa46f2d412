"""Many documents in little time: rows of one real document copied in SQL, as the ORM once wrote them."""


def _columns(cr, table):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table])
    return [name for (name,) in cr.fetchall()]


def copy_rows(cr, table, source, condition, **expressions):
    """Insert the rows of ``table`` that meet the condition once per row of ``source``.

    :param source: SQL of a set named ``n``, e.g. ``generate_series(1, 10) AS n``
    :param expressions: SQL of the columns that differ, which may use ``n``
    """
    values = {name: expressions.get(name, f't."{name}"') for name in _columns(cr, table)}
    names = ", ".join(f'"{name}"' for name in values)
    cr.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM {table} t CROSS JOIN {source} WHERE {condition}")
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def copy_invoices(env, move, count, partners):
    """``count`` copies of a posted invoice with all its lines and taxes, for the given customers in turn; returns their ids."""
    cr = env.cr
    env.flush_all()
    cr.execute("SELECT max(id) FROM account_move")
    [first] = cr.fetchone()
    cr.execute("SELECT max(id) FROM account_move_line")
    [first_line] = cr.fetchone()
    lines = sorted(move.line_ids.ids)
    partner = f"(ARRAY{partners.ids})[(n - 1) % {len(partners)} + 1]"
    move_id, line_id = f"{first} + n", f"{first_line} + (n - 1) * {len(lines)} + array_position(ARRAY{lines}, t.id)"
    numbered = f"generate_series(1, {count}) AS n"
    name = f"'BENCH/' || ({first} + n)"
    of_partner = {"partner_id": partner, "commercial_partner_id": partner}
    copy_rows(cr, "account_move", numbered, f"t.id = {move.id}", id=move_id, name=name, payment_reference=name, access_token="NULL",
              invoice_partner_display_name="'Bench ' || n", partner_shipping_id=partner, **of_partner)  # fmt: skip
    copy_rows(cr, "account_move_line", numbered, f"t.move_id = {move.id}", id=line_id, move_id=move_id, move_name=name,
              partner_id=partner)  # fmt: skip
    cr.execute(
        f"""INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
            SELECT {line_id.replace("t.id", "r.account_move_line_id")}, r.account_tax_id
              FROM account_move_line_account_tax_rel r CROSS JOIN {numbered} WHERE r.account_move_line_id = ANY(%s)""",
        [lines],
    )
    cr.execute("ANALYZE account_move")
    cr.execute("ANALYZE account_move_line")
    env.invalidate_all()
    return list(range(first + 1, first + count + 1))
