"""Money as the bank's statement has it, so that people in Xero, and Xero itself, find the line that it is."""

from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from ...const import DEBTS, PARTIAL
from .facts import MODELS

PRINTED = 60  # characters of what the bank prints
# lines of the bank that what payments have outstanding was matched with, if all of it was
MATCHED = """
    SELECT m.origin_payment_id, array_agg(DISTINCT y.statement_line_id)
      FROM account_move m JOIN account_move_line i ON i.move_id = m.id
      JOIN account_account a ON a.id = i.account_id AND a.account_type != ALL(%(debts)s)
      JOIN account_partial_reconcile p ON i.id IN (p.debit_move_id, p.credit_move_id)
      JOIN account_move_line o ON o.id = CASE WHEN p.debit_move_id = i.id THEN p.credit_move_id ELSE p.debit_move_id END
      JOIN account_move y ON y.id = o.move_id AND y.statement_line_id IS NOT NULL
     WHERE m.origin_payment_id = ANY(%(payments)s)
  GROUP BY m.origin_payment_id HAVING bool_and(i.reconciled)"""


@dataclass(frozen=True)
class OnTheBank:
    """``day``: when the bank moved it. ``text``: what the bank prints, then the entry's name, which alone tells two payments apart."""

    day: date
    text: str


def lines_of_the_bank(payments):
    """``{id of a payment: the line of the bank that all of it was matched with}``, without those of several; one query."""
    lines = payments.env[MODELS[1]]
    if not payments:
        return {}
    for model in (PARTIAL, "account.move.line", "account.move"):
        payments.env[model].flush_model()
    rows = payments.env.execute_query(SQL(MATCHED, debts=list(DEBTS), payments=payments.ids))
    found = {payment_id: ids[0] for payment_id, ids in rows if len(ids) == 1}
    together = lines.browse(found.values())
    return {payment_id: together.browse(line_id).with_prefetch(together.ids) for payment_id, line_id in found.items()}


def on_the_bank(source, lines):
    """Of a payment that is matched with a line of the bank, what that says; else what the payment, or the line itself, says.

    :param dict lines: as ``lines_of_the_bank`` gives them
    :rtype: OnTheBank
    """
    entry, (model, res_id) = source.entry, source.key
    is_payment = model == MODELS[0]
    line = lines.get(res_id) if is_payment else source.record if model == MODELS[1] else None
    printed = (line and line.payment_ref) or (source.record.memo if is_payment else "") or ""
    name = entry.name or (source.record.name if is_payment else "") or ""
    text = name if name in printed else f"{printed[:PRINTED].strip()} {name[:80]}".strip()
    return OnTheBank(line.date if line else entry.date, text)
