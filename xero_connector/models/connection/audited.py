from odoo import models

from ... import words
from ..audit.xero_audit import CONNECTION, Entry
from .xero_connection import FACTS

# what the connection notes for itself, beside what is protected and what cannot be edited
NOTES = {"silence_told", "bank_lines_seen", "served_company_ids"}
STATE = ("state", "active", "mapping_confirmed_at")


class XeroConnection(models.Model):
    """What of the connection is in the audit trail: what a person may set, whether it is connected, and that it has secrets, not which."""

    _name = "xero.connection"
    _inherit = ["xero.connection", "xero.audited.mixin"]

    _audited_secrets = ("client_secret", "webhook_key")

    def _audited_names(self):
        """Whatever is stored of ours and may be edited: a setting that another addon adds, too."""
        return (*(name for name, field in self._fields.items() if self._is_setting(name, field)), *STATE)

    def _is_setting(self, name, field):
        edited = field.store and not (field.readonly or field.type == "one2many")
        return edited and name not in {*FACTS, *NOTES, *STATE} and any(module.startswith("xero_") for module in field._modules)

    def _audited_act_of(self, name):
        return CONNECTION if name in STATE else super()._audited_act_of(name)

    def _audited_text(self, name):
        """A pause by a limit is none of anybody's acts."""
        if name == "state" and self.state == "paused":
            return self.env._(words.CONNECTION["connected"].label)
        return super()._audited_text(name)

    def _keep_act(self, act, about="", after=""):
        """Somebody did this to the connection."""
        for connection in self:
            self.env["xero.audit"]._keep(act, connection.sudo().company_id, [Entry(connection, about, "", after)])
