"""What is gone in Xero and what is closed is said by a column each; names say what things are. May be begun again."""

# of columns and their fields: (model, old name, new name)
FIELDS = (
    ("xero.binding", "prepaid_id", "on_account_xero_id"),
    ("xero.connection", "plan", "subscription"),
)
OLD_MODEL, NEW_MODEL = "xero.plan.mapping", "xero.tracking.mapping"


def migrate(cr, version):
    _fill(cr, "xero_binding", "is_there", "COALESCE(xero_status, '') NOT IN ('VOIDED', 'DELETED')")
    _fill(cr, "xero_job", "is_open", "state NOT IN ('done', 'cancelled')")
    for model, old, new in FIELDS:
        _rename_field(cr, model, old, new)
    _rename_model(cr, OLD_MODEL, NEW_MODEL)


def _fill(cr, table, column, condition):
    """In one statement: Odoo would compute it row by row."""
    cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} boolean")
    cr.execute(f"UPDATE {table} SET {column} = {condition} WHERE {column} IS NULL")


def _rename_field(cr, model, old, new):
    table = model.replace(".", "_")
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = {row[0] for row in cr.fetchall()}
    if old in columns and new not in columns:
        cr.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
        cr.execute("UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s", [new, model, old])
        _rename_data(cr, f"field_{table}__{old}", f"field_{table}__{new}")


def _rename_model(cr, old, new):
    """With all that Odoo remembers of it: else it would take the old model, and its table, for removed."""
    old_table, new_table = old.replace(".", "_"), new.replace(".", "_")
    cr.execute("SELECT to_regclass(%s), to_regclass(%s)", [old_table, new_table])
    old_there, new_there = cr.fetchone()
    if not old_there or new_there:
        return
    cr.execute(f"ALTER TABLE {old_table} RENAME TO {new_table}")
    cr.execute(f"ALTER SEQUENCE IF EXISTS {old_table}_id_seq RENAME TO {new_table}_id_seq")
    _rename_constraints(cr, old_table, new_table)
    for table, column in (("ir_model", "model"), ("ir_model_fields", "model"), ("ir_model_fields", "relation"), ("ir_filters", "model_id")):
        cr.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", [new, old])
    cr.execute("UPDATE ir_model_constraint SET name = replace(name, %s, %s) WHERE starts_with(name, %s)", [old_table, new_table, old_table])
    _rename_data(cr, old_table, new_table)


def _rename_constraints(cr, old_table, new_table):
    """An index of a constraint is renamed with it."""
    cr.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND starts_with(conname, %s)", [new_table, old_table])
    for (name,) in cr.fetchall():
        cr.execute(f'ALTER TABLE {new_table} RENAME CONSTRAINT "{name}" TO "{name.replace(old_table, new_table)}"')
    cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s AND starts_with(indexname, %s)", [new_table, old_table])
    for (name,) in cr.fetchall():
        cr.execute(f'ALTER INDEX "{name}" RENAME TO "{name.replace(old_table, new_table)}"')


def _rename_data(cr, old, new):
    """External ids in which the name occurs: of fields, constraints, access rules."""
    cr.execute(
        "UPDATE ir_model_data SET name = replace(name, %s, %s) WHERE module = 'xero_connector' AND strpos(name, %s) > 0", [old, new, old]
    )
