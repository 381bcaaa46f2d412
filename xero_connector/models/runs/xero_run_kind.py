from odoo import fields, models
from odoo.tools import SQL

KINDS = 1000  # more than there are kinds of documents: ids of rows are made with it
ROWS = """
    SELECT d.run_id * %s + row_number() OVER (PARTITION BY d.run_id ORDER BY d.kind) AS id, d.*
      FROM (SELECT e.run_id, e.kind, sum(e.created)::int AS created, sum(e.changed)::int AS changed,
                   sum(e.removed)::int AS removed, sum(e.taken)::int AS taken
              FROM (SELECT v.run_id, b.kind, (v.operation = 'create')::int AS created, (v.operation = 'update')::int AS changed,
                           (v.operation = 'remove')::int AS removed, 0 AS taken
                      FROM xero_version v JOIN xero_binding b ON b.id = v.binding_id WHERE v.run_id IS NOT NULL
                     UNION ALL
                    SELECT run_id, kind, 0, 0, 0, 1 FROM xero_money WHERE run_id IS NOT NULL
                     UNION ALL
                    SELECT run_id, kind, 0, 0, 0, 1 FROM xero_made WHERE run_id IS NOT NULL) e
          GROUP BY e.run_id, e.kind) d"""


class XeroRunKind(models.Model):
    """What a run did to documents of one kind, counted from the rows that point to the run. A database view."""

    _name = "xero.run.kind"
    _description = "What a Xero Run Did, by Kind"
    _auto = False
    _order = "id"
    _rec_name = "kind"

    run_id = fields.Many2one("xero.run", readonly=True)
    kind = fields.Selection(lambda self: self.env["xero.handler"]._selection(), readonly=True)
    created = fields.Integer("New in Xero", readonly=True)
    changed = fields.Integer("Changed There", readonly=True)
    removed = fields.Integer("Removed There", readonly=True)
    taken = fields.Integer("Taken from Xero", readonly=True)

    @property
    def _table_query(self):
        for model, names in (
            ("xero.version", ("run_id", "operation", "binding_id")),
            ("xero.money", ("run_id",)),
            ("xero.made", ("run_id",)),
        ):
            self.env[model].flush_model(names)
        return SQL(ROWS, KINDS)
