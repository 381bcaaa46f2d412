"""What is gone in Xero and what is closed is said by a column each. May be begun again."""


def migrate(cr, version):
    _fill(cr, "xero_binding", "is_there", "COALESCE(xero_status, '') NOT IN ('VOIDED', 'DELETED')")
    _fill(cr, "xero_job", "is_open", "state NOT IN ('done', 'cancelled')")


def _fill(cr, table, column, condition):
    """In one statement: Odoo would compute it row by row."""
    cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} boolean")
    cr.execute(f"UPDATE {table} SET {column} = {condition} WHERE {column} IS NULL")
