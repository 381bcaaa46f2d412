import io
import json
import zipfile

from odoo import models
from odoo.exceptions import AccessError
from odoo.release import version as odoo_version

from ...const import HELD
from ...xero_core.pseudonyms import Pseudonyms
from ..connection.policy import POLICIES

SHOWN_VERSIONS = 50
# of a connection, what says how it is set up; nothing of it names a person or is a secret
FACTS = ("state", "app_type", "subscription", "base_currency", "country_code", "is_demo", "granted_scopes")
FACTS += ("period_lock_date", "end_of_year_lock_date", "sync_from", "mapping_confirmed_at", "reference_read_at", "paused_until", "failures")
JOB = ("kind", "operation", "state", "tries", "priority", "create_date", "sent_at", "next_try", "manual")
# texts of records by which people could be known
PARTNER = ("name", "complete_name", "display_name", "email", "phone", "vat", "ref", "company_registry", "street", "street2", "city", "zip")
DOCUMENT = ("ref", "narration", "payment_reference", "invoice_origin", "memo", "partner_bank_id")


class XeroDocumentMixin(models.AbstractModel):
    """The support file of a document: why it is, or is not, in Xero as it is, for somebody outside the company.

    What is known to be harmless is in it; all other text has a name instead (``xero_core.pseudonyms``).
    """

    _inherit = "xero.document.mixin"

    def action_xero_support(self):
        """Say what the support file of this document has in it, and what not, before it is made."""
        self.ensure_one()
        self._check_xero_supporter()
        return self.env["xero.support"]._open(self)

    def _check_xero_supporter(self):
        """:raise AccessError: for anybody but a Xero administrator who may read the document"""
        if not self.env.user.has_group("xero_connector.group_xero_admin"):
            raise AccessError(self.env._("Only a Xero administrator can make a support file."))
        self.check_access("read")

    def _xero_support_zip(self):
        """The file, as bytes."""
        self.ensure_one()
        self._check_xero_supporter()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._xero_support_files().items():
                archive.writestr(name, json.dumps(content, indent=2, ensure_ascii=False, default=str))
        return packed.getvalue()

    def _xero_support_files(self):
        """``{name of the file: what is in it}``."""
        [(connection, _records)] = self._xero_by_connection()
        connection_sudo, handler = connection.sudo(), self._xero_handler()
        names = Pseudonyms(self._xero_private_texts())
        files = {"about.json": self._xero_about(connection_sudo, names), "document.json": self._xero_told(connection_sudo, handler, names)}
        if connection:
            versions = self._xero_support_versions(names)
            files |= {"versions.json": versions, "calls.json": self._xero_support_calls(connection_sudo, names)}
        return files

    def _xero_about(self, connection_sudo, names):
        module_sudo = self.env["ir.module.module"].sudo().search([("name", "=", "xero_connector")])
        about = {"odoo": odoo_version, "xero_connector": module_sudo.latest_version, "connected": bool(connection_sudo)}
        if connection_sudo:
            settings = [
                name for name in POLICIES if connection_sudo._fields[name].type in ("selection", "boolean", "integer", "float", "date")
            ]
            about |= {name: connection_sudo[name] for name in (*FACTS, *settings)}
            about["state_message"] = names.sentence(connection_sudo.state_message or "")
        return about

    def _xero_told(self, connection_sudo, handler, names):
        """How the document stands, and what would become of it."""
        told = {
            "model": self._name,
            "kind": handler._kind if handler is not None else "",
            "state": self.xero_state or "",
            "message": names.sentence(self.xero_message or ""),
        }
        if self.xero_problem_id and self.xero_state in HELD:
            problem_sudo = self.xero_problem_id.sudo()
            told["problem"] = {"code": problem_sudo.code, "name": names.sentence(problem_sudo.name or "")}
        if not connection_sudo:
            return told
        jobs_sudo = self.env["xero.job"].sudo().search(self._xero_own_domain(), order="id desc", limit=SHOWN_VERSIONS)
        told["jobs"] = [
            {name: job[name] for name in JOB if name in job._fields}
            | {"message": names.sentence(job.message or ""), "xero": names.sentence(job.xero_messages or "")}
            for job in jobs_sudo
        ]
        if handler is not None:
            would, why = self.env["xero.runner"].sudo()._would(connection_sudo, handler, self)
            told["if_sent_now"] = {"would": would, "why": names.sentence(why)}
            lines = handler.sudo()._lines_explained(connection_sudo, self.sudo())
            told["lines"] = [
                dict(zip(("account", "account_in_xero", "tax", "tax_in_xero"), map(names.sentence, map(str, line[1:5])), strict=True))
                for line in lines
            ]
        return told

    def _xero_support_versions(self, names):
        own_sudo, _beside = self._xero_counterparts()
        versions = self.env["xero.version"].search([("binding_id", "in", own_sudo.ids)], limit=SHOWN_VERSIONS)
        return [
            {
                "operation": version.operation,
                "changed_at": version.changed_at,
                "pruned": version.pruned,
                "sent": names.body(version.sent or ""),
                "answer": names.body(version.answer or ""),
            }
            for version in versions
        ]

    def _xero_support_calls(self, connection_sudo, names):
        return [
            {
                "started": call.started,
                "method": call.method,
                "path": names.path(call.path or ""),
                "query": names.query(call.query or ""),
                "status": call.status,
                "milliseconds": call.duration_ms,
                "correlation_id": call.correlation_id,
                "error": names.sentence(call.error or ""),
                "request": names.body(call.request_body or ""),
                "answer": names.body(call.response_body or ""),
            }
            for call in self._xero_calls(connection_sudo)
        ]

    def _xero_private_texts(self):
        """Texts of this document, its lines and its partner's people, that no sentence may keep."""
        record_sudo, people_sudo = self.sudo(), self.sudo()._xero_people()
        texts = [_text(record_sudo, name) for name in DOCUMENT]
        texts += [_text(partner, name) for partner in people_sudo for name in PARTNER]
        texts += people_sudo.bank_ids.mapped("acc_number")
        lines = record_sudo.invoice_line_ids.mapped("name") if "invoice_line_ids" in self._fields else []
        texts += [text for line in lines for text in (line or "", *(line or "").splitlines())]
        return [text for text in texts if text]

    def _xero_people(self):
        """The partner of the document, its company and all of that company's."""
        own = self if self._name == "res.partner" else self.env["res.partner"]
        partners = own | self.partner_id if "partner_id" in self._fields else own
        return partners | partners.commercial_partner_id | partners.commercial_partner_id.child_ids


def _text(record, name):
    """A field of a record as people read it; '' if it has none."""
    if name not in record._fields:
        return ""
    value = record[name]
    return (value.display_name if isinstance(value, models.BaseModel) else str(value)) if value else ""
