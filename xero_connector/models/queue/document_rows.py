"""Which rows the Documents screen has, as SQL: what is open, what is in step, what is void in Xero, and what is not there at all."""

from odoo.tools import SQL

from .xero_job import SHOWN_STATE

OPEN_JOBS = """o.res_model = b.res_model AND o.res_id = b.res_id AND o.connection_id = b.connection_id AND o.kind = b.kind
           AND o.is_open"""
# why what waits is not in Xero: ``xero.reason`` has the words
WHY_OPEN = """
    CASE WHEN b.is_there THEN NULL WHEN j.problem_id IS NOT NULL THEN 'problem' WHEN j.state = 'approval' THEN 'approval'
         WHEN EXISTS (SELECT 1 FROM xero_approval a WHERE a.job_id = j.id AND a.state = 'back' AND j.state = 'ignored') THEN 'back'
         WHEN j.rule_id IS NOT NULL THEN 'rule' WHEN j.state = 'ignored' THEN 'person'
         WHEN j.state IN ('blocked', 'failed') THEN 'alone' ELSE 'waiting' END"""
# whether money is matched with a line of the bank statement in Xero: a value of ``words.MONEY``
BANK = (
    "(CASE WHEN b.bank_read_at IS NOT NULL AND b.is_there THEN CASE WHEN b.is_reconciled THEN 'matched' ELSE 'unmatched' END END)::varchar"
)
# What somebody may have to look at: documents with an open job, and the few in Xero that are not simply synced.
OPEN = f"""
    SELECT COALESCE(b.id * 2, j.id * 2 + 1) AS id, j.connection_id, j.kind, j.res_model, j.res_id,
           COALESCE(b.payment_id, j.payment_id) AS payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction, {BANK} AS bank,
           {SHOWN_STATE} AS state,
           COALESCE(j.message, b.message) AS message, j.xero_messages, j.problem_id, j.id AS job_id, j.next_try, j.tries,
           j.requested_at AS touched, {WHY_OPEN} AS reason, COALESCE(j.problem_id, j.rule_id, 0) AS about
      FROM (SELECT DISTINCT ON (connection_id, kind, res_model, res_id) * FROM xero_job
             WHERE is_open ORDER BY connection_id, kind, res_model, res_id, id) j
 LEFT JOIN xero_binding b ON b.connection_id = j.connection_id AND b.res_model = j.res_model AND b.res_id = j.res_id
        AND b.kind = j.kind
 UNION ALL
    SELECT b.id * 2, b.connection_id, b.kind, b.res_model, b.res_id, b.payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction, {BANK},
           b.state, b.message, NULL, NULL, NULL, NULL, NULL, b.last_sync, NULL, NULL
      FROM xero_binding b
     WHERE b.state <> 'synced' AND b.is_there
       AND NOT EXISTS (SELECT 1 FROM xero_job o WHERE {OPEN_JOBS})
"""
# Plain queries with constants, so that PostgreSQL sees at once when nothing in one can match, and can read it in the order of its index.
IN_STEP = """
    SELECT b.id * 2 AS id, b.connection_id, b.kind, b.res_model, b.res_id, b.payment_id, b.xero_id, b.xero_type, b.number,
           b.parent_xero_id, b.last_sync, b.correction, {bank} AS bank,
           '{state}'::varchar AS state, b.message, NULL::text AS xero_messages, NULL::integer AS problem_id, NULL::integer AS job_id,
           NULL::timestamp AS next_try, NULL::integer AS tries, b.last_sync AS touched, NULL::text AS reason, NULL::integer AS about
      FROM xero_binding b {rows}
       AND NOT EXISTS (SELECT 1 FROM xero_job o WHERE {open_jobs})
"""
# as many as the books are old
SYNCED = IN_STEP.format(state="synced", rows="WHERE b.state = 'synced' AND b.is_there", open_jobs=OPEN_JOBS, bank=BANK)
# what was in Xero and is void there
VOIDED = IN_STEP.format(
    state="voided",
    rows="JOIN account_move m ON m.id = b.res_id WHERE b.res_model = 'account.move' AND NOT b.is_there AND m.state <> 'posted'",
    open_jobs=OPEN_JOBS,
    bank=BANK,
)
# What has no counterpart and no job (``xero.handler._missing``). Its rows have negative ids, by the model of the record.
MISSING = """
    SELECT -(u.res_id * 4 + %(number)s) AS id, %(connection)s AS connection_id, %(kind)s::varchar AS kind, u.res_model, u.res_id,
           u.payment_id, NULL::varchar AS xero_id, NULL::varchar AS xero_type, NULL::varchar AS number, NULL::varchar AS parent_xero_id,
           NULL::timestamp AS last_sync, NULL::varchar AS correction, NULL::varchar AS bank, NULL::varchar AS state, NULL::text AS message,
           NULL::text AS xero_messages, NULL::integer AS problem_id, NULL::integer AS job_id, NULL::timestamp AS next_try,
           NULL::integer AS tries, u.date::timestamp AS touched, u.reason, u.about
      FROM (%(missing)s) u"""
NUMBER_OF_MODEL = "CASE u.res_model WHEN 'account.payment' THEN 1 WHEN 'account.bank.statement.line' THEN 2 ELSE 0 END"
# a number that stays the same from one reading to the next; what a setting says is said of each kind apart
REASON_ID = """(hashtext(concat_ws(',', v.connection_id, v.reason, v.about, CASE WHEN v.reason IN ('off', 'manual') THEN v.kind END))
               & 2147483647)"""


def of_parts(env, connections, parts, handlers=None):
    """SQL of the rows of these parts: 'open', 'synced', 'voided', 'missing'; the last of these handlers only, if they are given."""
    plain = {"open": OPEN, "synced": SYNCED, "voided": VOIDED}
    found = [SQL(plain[part]) for part in parts if part in plain]
    if "missing" in parts:
        env.flush_all()
        found += [_missing(env, connection, handler) for connection in connections for handler in handlers or env["xero.handler"]._all()]
    return SQL(" UNION ALL ").join(rows for rows in found if rows)


def _missing(env, connection, handler):
    missing = handler._missing(connection) if handler._has_jobs else None
    return missing and SQL(MISSING, number=SQL(NUMBER_OF_MODEL), connection=connection.id, kind=handler._kind, missing=missing)
