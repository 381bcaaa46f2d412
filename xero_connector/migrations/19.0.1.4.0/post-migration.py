"""Tokens say whose they are by the database's uuid, name and oid: a copy made by PostgreSQL has the same uuid. May be begun again."""

THIS = """
    SELECT p.value || '/' || d.datname || '/' || d.oid
      FROM ir_config_parameter p, pg_database d
     WHERE p.key = 'database.uuid' AND d.datname = current_database()
"""


def migrate(cr, version):
    cr.execute("SELECT 1 FROM information_schema.columns WHERE table_name = 'xero_token' AND column_name = 'database_uuid'")
    if not cr.fetchone():
        return
    # what was a copy before stays one
    cr.execute(
        f"""UPDATE xero_token SET database = ({THIS})
             WHERE database_uuid = (SELECT value FROM ir_config_parameter WHERE key = 'database.uuid')"""
    )
    cr.execute("ALTER TABLE xero_token DROP COLUMN database_uuid")
