"""A binding has two sides: its fingerprint is that of what was sent. A problem says where it is removed. May be begun again."""

from odoo.addons.xero_connector.handlers.causes import CAUSES


def migrate(cr, version):
    columns = _columns(cr, "xero_binding")
    if "fingerprint" in columns and "sent" not in columns:
        cr.execute("ALTER TABLE xero_binding RENAME COLUMN fingerprint TO sent")
    if "fix" not in _columns(cr, "xero_problem"):
        cr.execute("ALTER TABLE xero_problem ADD COLUMN fix varchar")
    for code, cause in CAUSES.items():
        cr.execute("UPDATE xero_problem SET fix = %s WHERE code = %s AND fix IS NULL", [cause.fix, code])


def _columns(cr, table):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    return {row[0] for row in cr.fetchall()}
