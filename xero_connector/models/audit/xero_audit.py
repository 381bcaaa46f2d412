from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...const import PARTIAL

SEND, SYNC, RETRY, LEAVE_OUT, PUT_BACK = "send", "sync", "retry", "leave_out", "put_back"
APPROVE, SEND_BACK, ANSWER, MATCH, UNDO_MATCH = "approve", "send_back", "answer", "match", "undo_match"
MAPPING, RULE, SETTING, CONNECTION = "mapping", "rule", "setting", "connection"
ACTS = [
    (SEND, "Sync to Xero"),
    (SYNC, "Sync Now"),
    (RETRY, "Retry"),
    (LEAVE_OUT, "Leave Out"),
    (PUT_BACK, "Put Back In"),
    (APPROVE, "Approve"),
    (SEND_BACK, "Send Back"),
    (ANSWER, "Answer to a Change"),
    (MATCH, "Match on the Bank"),
    (UNDO_MATCH, "Undo Match"),
    (MAPPING, "Mapping"),
    (RULE, "Rule"),
    (SETTING, "Setting"),
    (CONNECTION, "Connection"),
]
# a row may come, and none may change or go: not even by SQL, short of taking the trigger away
STAYS = """
    CREATE OR REPLACE FUNCTION xero_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'The audit trail of Xero is only added to.' USING ERRCODE = 'insufficient_privilege';
        END $$;
    DROP TRIGGER IF EXISTS xero_audit_stays ON xero_audit;
    DROP TRIGGER IF EXISTS xero_audit_stays_whole ON xero_audit;
    CREATE TRIGGER xero_audit_stays BEFORE UPDATE OR DELETE ON xero_audit FOR EACH ROW EXECUTE FUNCTION xero_audit_stays();
    CREATE TRIGGER xero_audit_stays_whole BEFORE TRUNCATE ON xero_audit FOR EACH STATEMENT EXECUTE FUNCTION xero_audit_stays();
"""


class Entry(NamedTuple):
    """What one act has changed on one record, as people read it."""

    record: models.BaseModel
    about: str = ""
    before: str = ""
    after: str = ""
    name: str = ""  # of a record that is gone, or that has no name of its own


class XeroAudit(models.Model):
    """One thing that somebody did to what is sent to Xero, or to how: who, when, on what, before and after.

    Entry point: ``_keep``, in the transaction of the act. Invariants: rows are only added, by ``_keep`` alone; nobody changes or deletes
    one, whatever the rights. They say in words what was then and hold no link that could be cleared, but for the company, which stays
    with them.
    """

    _name = "xero.audit"
    _description = "Audit Trail of Xero"
    _order = "id desc"
    _rec_name = "name"
    _log_access = False  # who made a row is one of its own words

    happened_at = fields.Datetime("When", required=True, readonly=True, index=True)
    who = fields.Char(required=True, readonly=True)
    login = fields.Char(readonly=True, help="By which that person signed in then; empty: by itself.")
    act = fields.Selection(ACTS, "What", required=True, readonly=True)
    about = fields.Char("Which Value", readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    name = fields.Char("On What", readonly=True)
    before = fields.Text(readonly=True)
    after = fields.Text(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")

    def init(self):
        super().init()
        self.env.cr.execute(SQL(STAYS))

    # === ADDING === #

    @api.model
    def _keep(self, act, company, entries):
        """Add what the user of the environment has just done; nobody, if the server did it by itself."""
        user_sudo, entries = self.env.user.sudo(), list(entries)
        by_itself = user_sudo.id == SUPERUSER_ID
        same = {
            "happened_at": fields.Datetime.now(),
            "who": self.env._("By itself") if by_itself else user_sudo.name,
            "login": False if by_itself else user_sudo.login,
            "act": act,
            "company_id": company.id,
        }
        names = self._names(entry.record for entry in entries if not entry.name)
        super(XeroAudit, self.sudo().with_context({})).create(
            [
                {
                    **same,
                    **{"res_model": entry.record._name, "res_id": entry.record.id, "about": entry.about},
                    **{"before": entry.before, "after": entry.after},
                    "name": entry.name or names.get((entry.record._name, entry.record.id), "-"),
                }
                for entry in entries
            ]
        )

    @api.model
    def _names(self, records):
        """``{(model, id): the name by which people know it}``; of what is gone nothing."""
        ids = {}
        for record in records:
            ids.setdefault(record._name, []).append(record.id)
        found = {}
        for model, own in ids.items():
            name = "xero_money_name" if model == PARTIAL else "display_name"
            found |= {(model, record_sudo.id): record_sudo[name] for record_sudo in self.env[model].sudo().browse(own).exists()}
        return found

    # === NOTHING ELSE === #
    # uninstalling drops the table, so that refusing to unlink stands in its way as little as no super() does
    # pylint: disable=method-required-super,no-raise-unlink

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: always; see ``_keep``"""
        raise self._stays()

    def write(self, vals):
        """:raise AccessError: always"""
        raise self._stays()

    def unlink(self):
        """:raise AccessError: always"""
        raise self._stays()

    def _stays(self):
        return AccessError(self.env._("The audit trail cannot be changed, by nobody."))

    # === BUTTONS === #

    def action_open(self):
        """What it was about, where it still is and may be read."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record or not record.has_access("read"):
            return self.env["xero.connection"]._notify(self.env._("It is not there any more, or not for you to read."), "warning")
        return record.get_formview_action()
