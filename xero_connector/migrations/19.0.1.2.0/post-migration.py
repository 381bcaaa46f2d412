"""Kinds are called what they become in Xero. After the scripts of earlier versions, which know the old names. May be begun again."""

RENAMED = {"prepaid": "on_account", "batch": "batch_payment", "surplus": "bank_transaction"}
# a kind in text: the value of a key, or the first part of the name of a counterpart ("kind,model,id")
IN_TEXT = ('"kind": "{}"', '"{},account.')
IN_FILTER = ("'{}'", '"{}"')


def migrate(cr, version):
    for old, new in RENAMED.items():
        for table in ("xero_binding", "xero_job"):
            cr.execute(f"UPDATE {table} SET kind = %s WHERE kind = %s", [new, old])
        cr.execute("UPDATE xero_problem SET key = %s WHERE code = 'switched_off' AND key = %s", [new, old])
        for column in ("traces", "refused"):
            _replace(cr, "xero_job", column, "::jsonb", IN_TEXT, old, new)
        for column in ("domain", "context"):
            _replace(cr, "ir_filters", column, "", IN_FILTER, old, new)


def _replace(cr, table, column, cast, patterns, old, new):
    """The names in the text of a column; of filters only of those on screens of ours."""
    ours = " AND model_id LIKE 'xero.%%'" if table == "ir_filters" else ""
    for pattern in patterns:
        cr.execute(
            f"UPDATE {table} SET {column} = replace({column}::text, %s, %s){cast} WHERE strpos({column}::text, %s) > 0{ours}",
            [pattern.format(old), pattern.format(new), pattern.format(old)],
        )
