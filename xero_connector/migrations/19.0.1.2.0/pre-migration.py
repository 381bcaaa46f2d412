"""A binding has two sides: what was called its fingerprint is that of what was sent. May be begun again."""


def migrate(cr, version):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'xero_binding'")
    columns = {row[0] for row in cr.fetchall()}
    if "fingerprint" in columns and "sent" not in columns:
        cr.execute("ALTER TABLE xero_binding RENAME COLUMN fingerprint TO sent")
