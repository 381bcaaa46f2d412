"""One job for each movement of money, instead of one for each of its counterparts in Xero.

What a payment has in Xero is told who decides about it; what waits is asked for anew, of the movement; what was on the wire is looked up as
it was sent. May be begun again.
"""

# what money on account, batches, payments, allocations, write-offs and surpluses belong to: (model, id)
OWNERS = """
    SELECT x.id,
           CASE WHEN x.kind IN ('prepaid', 'batch') THEN x.res_model
                WHEN COALESCE(x.payment_id, m.origin_payment_id, d.origin_payment_id, c.origin_payment_id) IS NOT NULL
                THEN 'account.payment'
                WHEN COALESCE(m.statement_line_id, d.statement_line_id, c.statement_line_id) IS NOT NULL THEN 'account.bank.statement.line'
                ELSE x.res_model END AS owner_model,
           CASE WHEN x.kind IN ('prepaid', 'batch') THEN x.res_id
                ELSE COALESCE(x.payment_id, m.origin_payment_id, d.origin_payment_id, c.origin_payment_id,
                              m.statement_line_id, d.statement_line_id, c.statement_line_id, x.res_id) END AS owner_id
      FROM {table} x
      LEFT JOIN account_move m ON x.res_model = 'account.move' AND m.id = x.res_id
      LEFT JOIN account_partial_reconcile p ON x.res_model = 'account.partial.reconcile' AND p.id = x.res_id
      LEFT JOIN account_move_line dl ON dl.id = p.debit_move_id LEFT JOIN account_move d ON d.id = dl.move_id
      LEFT JOIN account_move_line cl ON cl.id = p.credit_move_id LEFT JOIN account_move c ON c.id = cl.move_id
     WHERE x.kind IN ('payment', 'batch', 'prepaid', 'write_off', 'surplus') OR x.kind = 'allocation' AND {of_money}
"""
OF_MONEY = {
    "xero_binding": "x.credit NOT LIKE 'CreditNote,%'",
    "xero_job": "(d.origin_payment_id IS NOT NULL OR d.statement_line_id IS NOT NULL OR c.origin_payment_id IS NOT NULL"
    " OR c.statement_line_id IS NOT NULL OR x.payment_id IS NOT NULL)",
}
# of what may be on the wire: how to recognise it, with the counterpart that it is remembered for
TRACES = """
    UPDATE xero_job SET traces = jsonb_build_array(jsonb_build_object(
               'res_id', res_id, 'kind', kind, 'res_model', res_model, 'fingerprint', COALESCE(payload_hash, ''),
               'xero_id', COALESCE(sent_as->>'xero_id', ''), 'sent_as', sent_as, 'label', '', 'last', FALSE))
     WHERE state IN ('sending', 'uncertain') AND sent_as IS NOT NULL AND jsonb_typeof(sent_as) = 'object' AND traces IS NULL
"""


def migrate(cr, version):
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = 'xero_job' AND column_name = 'sent_as'")
    if not cr.fetchone():
        return
    cr.execute(TRACES)
    owners = OWNERS.format(table="xero_binding", of_money=OF_MONEY["xero_binding"])
    cr.execute(f"UPDATE xero_binding b SET owner_model = o.owner_model, owner_id = o.owner_id FROM ({owners}) o WHERE o.id = b.id")
    cr.execute("DROP TABLE IF EXISTS xero_old_job, xero_waiting")
    cr.execute(f"CREATE TEMPORARY TABLE xero_old_job ON COMMIT DROP AS {OWNERS.format(table='xero_job', of_money=OF_MONEY['xero_job'])}")
    cr.execute("DELETE FROM xero_old_job o USING xero_job j WHERE j.id = o.id AND j.state IN ('done', 'cancelled')")
    cr.execute(WAITING)
    cr.execute("DELETE FROM xero_job j USING xero_old_job o WHERE o.id = j.id AND j.state IN ('pending', 'blocked', 'failed', 'ignored')")
    cr.execute(
        "UPDATE xero_job j SET kind = 'payment', res_model = o.owner_model, res_id = o.owner_id FROM xero_old_job o WHERE o.id = j.id"
    )
    cr.execute(ASK_AGAIN)


# what waited of each movement: left out only if all of it was
WAITING = """
    CREATE TEMPORARY TABLE xero_waiting ON COMMIT DROP AS
    SELECT j.connection_id, o.owner_model, o.owner_id, MIN(j.priority) AS priority, bool_or(j.manual) AS manual,
           bool_and(j.state = 'ignored') AS ignored, MAX(j.create_uid) AS uid, MAX(j.message) FILTER (WHERE j.state = 'ignored') AS message
      FROM xero_job j JOIN xero_old_job o ON o.id = j.id
     WHERE j.state IN ('pending', 'blocked', 'failed', 'ignored')
  GROUP BY j.connection_id, o.owner_model, o.owner_id
"""
ASK_AGAIN = """
    INSERT INTO xero_job (connection_id, kind, res_model, res_id, payment_id, state, is_open, priority, manual, tries, message,
                          requested_at, create_uid, write_uid, create_date, write_date)
    SELECT w.connection_id, 'payment', w.owner_model, w.owner_id, p.id, CASE WHEN w.ignored THEN 'ignored' ELSE 'pending' END, TRUE,
           w.priority, w.manual, 0, CASE WHEN w.ignored THEN w.message END, now() AT TIME ZONE 'UTC', w.uid, w.uid,
           now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
      FROM xero_waiting w LEFT JOIN account_payment p ON w.owner_model = 'account.payment' AND p.id = w.owner_id
        ON CONFLICT DO NOTHING
"""
