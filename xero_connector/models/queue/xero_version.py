import json
import zlib
from datetime import timedelta

from psycopg2 import Binary

from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...xero_core.differing import folded
from ...xero_core.fingerprint import as_text
from ...xero_core.values import redact

PRUNED_AT_ONCE = 10_000
LOOKED_BACK = 20  # versions of a document, to tell what its last one has changed


class XeroVersion(models.Model):
    """One change made in Xero, in the order of ids: what was sent for a document, and what Xero answered about it.

    Written by ``_keep`` only, with the binding and in its transaction. The content is text without secrets, compressed, in a column that
    the ORM cannot read: of a file only its name is in it. Invariant: a row never changes, but that its content is pruned.
    """

    _name = "xero.version"
    _description = "Xero Version"
    _order = "id desc"
    _log_access = False

    binding_id = fields.Many2one("xero.binding", "Counterpart", required=True, index=True, ondelete="cascade")
    connection_id = fields.Many2one(related="binding_id.connection_id")
    company_id = fields.Many2one(related="binding_id.connection_id.company_id")
    operation = fields.Selection([("create", "Created"), ("update", "Changed"), ("remove", "Removed")], "Change", required=True)
    changed_at = fields.Datetime("Time", required=True)
    pruned = fields.Boolean(help="What was sent and answered is gone, as the connection keeps it for so many days only.")
    content = fields.Binary(attachment=False, groups=NO_ACCESS, help="Compressed JSON with the two sides, which repeat each other.")
    sent = fields.Text("Sent", compute="_compute_sides")
    answer = fields.Text("Xero's Answer", compute="_compute_sides")

    # the nightly pruning
    _kept_index = models.Index("(changed_at) WHERE pruned IS NOT TRUE")

    @api.depends("binding_id", "operation")
    def _compute_display_name(self):
        """As `INV/2026/0001: Changed`."""
        words = dict(self._fields["operation"]._description_selection(self.env))
        for version in self:
            version.display_name = ": ".join(filter(None, (version.sudo().binding_id.number, words.get(version.operation))))

    @api.depends("binding_id", "pruned")
    def _compute_sides(self):
        """Readable by whoever may read the row."""
        self.check_access("read")
        rows = self.env.execute_query(SQL("SELECT id, content FROM xero_version WHERE id = ANY(%s)", self.ids))
        sides = {version_id: json.loads(zlib.decompress(content)) for version_id, content in rows if content}
        for version in self:
            for name in ("sent", "answer"):
                value = sides.get(version._origin.id, {}).get(name)
                version[name] = json.dumps(value) if value else False

    @api.model
    def _keep(self, connection, changes):
        """Remember changes that Xero has answered; one statement however many they are.

        :param changes: ``(binding, operation, what was sent, what Xero holds now)`` of each
        """
        if not changes or not connection.version_days:
            return
        now = fields.Datetime.now()
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, %s)", binding.id, operation, now, Binary(_compressed(sent, remote)))
            for binding, operation, sent, remote in changes
        )
        self.env["xero.binding"].flush_model(["connection_id"])
        self.env.cr.execute(SQL("INSERT INTO xero_version (binding_id, operation, changed_at, content) VALUES %s", rows))

    @api.model
    def _last_changes(self, connection, kind, model, ids):
        """``{id of the record: (what was sent the time before, what was sent last)}`` where both are kept; one query for all."""
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT b.res_id, v.content
                     FROM xero_binding b
                    CROSS JOIN LATERAL (SELECT id, content FROM xero_version WHERE binding_id = b.id ORDER BY id DESC LIMIT %s) v
                    WHERE b.connection_id = %s AND b.kind = %s AND b.res_model = %s AND b.res_id = ANY(%s)
                    ORDER BY v.id""",
                LOOKED_BACK, connection.id, kind, model, ids,
            )
        )  # fmt: skip
        sent = {}
        for res_id, content in rows:
            sent.setdefault(res_id, []).append(json.loads(zlib.decompress(content))["sent"] if content else None)
        return {res_id: (folded(each[:-1]), each[-1]) for res_id, each in sent.items()}

    def _sent_before_and_then(self):
        """``{id: (what was sent the time before, what was sent then)}`` of those of these versions that changed something."""
        rows = self.env.execute_query(SQL("SELECT id, content FROM xero_version WHERE id = ANY(%s)", self.ids)) if self else ()
        contents = {version_id: json.loads(zlib.decompress(content))["sent"] for version_id, content in rows if content}
        found = {}
        for versions in self.sorted("id").grouped("binding_id").values():
            sent = [contents.get(version.id) for version in versions]
            for place, version in enumerate(versions):
                if version.operation == "update" and sent[place]:
                    found[version.id] = (folded(sent[:place]), sent[place])
        return found

    @api.model
    def _last_answers(self, binding_ids):
        """``{binding id: the snapshot that Xero last answered with}`` as JSON has it, where that is kept; one query for all."""
        if not binding_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (binding_id) binding_id, content FROM xero_version
                    WHERE binding_id = ANY(%s) AND content IS NOT NULL ORDER BY binding_id, id DESC""",
                list(binding_ids),
            )
        )
        answers = {binding_id: json.loads(zlib.decompress(content)).get("answer") for binding_id, content in rows}
        return {binding_id: answer["told"] for binding_id, answer in answers.items() if isinstance(answer, dict) and answer.get("told")}

    @api.autovacuum
    def _gc_contents(self):
        """Forget what was sent and answered longer ago than the connection keeps it; the row says so."""
        for connection in self.env["xero.connection"].with_context(active_test=False).search([]):
            limit = fields.Datetime.now() - timedelta(days=connection.version_days)
            self.env.cr.execute(
                SQL(
                    """UPDATE xero_version SET content = NULL, pruned = TRUE
                        WHERE id IN (SELECT v.id FROM xero_version v JOIN xero_binding b ON b.id = v.binding_id
                                      WHERE v.pruned IS NOT TRUE AND v.changed_at < %s AND b.connection_id = %s LIMIT %s)""",
                    limit, connection.id, PRUNED_AT_ONCE,
                )
            )  # fmt: skip
        self.invalidate_model()


def _compressed(sent, remote):
    text = as_text({"sent": sent, "answer": remote})
    # nearly always there is nothing to be left out, and the whole tells it in less time than its parts
    return zlib.compress((text if redact(text) == text else as_text(_without_secrets(json.loads(text)))).encode())


def _without_secrets(value):
    """Text by text: as a whole, what Xero calls a code would be taken for a secret."""
    if isinstance(value, dict):
        return {name: _without_secrets(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_secrets(each) for each in value]
    return redact(value) if isinstance(value, str) else value
