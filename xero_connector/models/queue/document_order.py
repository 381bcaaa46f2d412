"""By what of their records the rows of the Documents screen can be put in order: partner, day and amount, as the list shows them.

What is known by another record than the one it names (a file, a match of two documents) comes last.
"""

from odoo.tools import SQL

# the joined tables, by the aliases that ``ORDERS`` uses; a payment's own entry is none of the rows
TABLES = {
    "x_move": ("account_move", "%(row)s.res_model = 'account.move' AND x_move.id = %(row)s.res_id"),
    "x_payment": ("account_payment", "x_payment.id = %(row)s.payment_id"),
    "x_line": ("account_bank_statement_line", "%(row)s.res_model = 'account.bank.statement.line' AND x_line.id = %(row)s.res_id"),
    "x_line_move": ("account_move", "x_line_move.id = x_line.move_id"),
    "x_partner": (
        "res_partner",
        """x_partner.id = COALESCE(x_move.commercial_partner_id, x_payment.partner_id, x_line.partner_id,
                                   CASE WHEN %(row)s.res_model = 'res.partner' THEN %(row)s.res_id END)""",
    ),
}
PLAIN = ("x_move", "x_payment", "x_line", "x_line_move")
ORDERS = {
    "date": SQL("COALESCE(x_move.invoice_date, x_move.date, x_payment.date, x_line_move.date)"),
    "amount": SQL(
        """COALESCE(x_move.amount_total_in_currency_signed,
                    CASE WHEN x_payment.payment_type = 'outbound' THEN -x_payment.amount ELSE x_payment.amount END, x_line.amount)"""
    ),
    "partner_id": SQL("x_partner.complete_name"),
}


def join_facts(env, alias, query, field_name):
    """Join what the order by this field asks for, once a query."""
    for name in (*PLAIN, *(["x_partner"] if field_name == "partner_id" else [])):
        table, condition = TABLES[name]
        query.add_join("LEFT JOIN", name, SQL.identifier(table), SQL(condition, row=SQL.identifier(alias)))
    env.flush_all()
