import re

from odoo import api, fields, models

from ...refusal import Refusal
from ..connection.policy import SEND_MODES
from ..connection.xero_connection import SYNC_MODES

CLIENT_ID = re.compile(r"[0-9A-Fa-f]{32}")
# setting -> field of the connection
EDITABLE = {
    "xero_app_type": "app_type",
    "xero_client_id": "client_id",
    "xero_sync_invoice": "sync_invoice",
    "xero_sync_bill": "sync_bill",
    "xero_sync_credit_note": "sync_credit_note",
    "xero_sync_payment": "sync_payment",
    "xero_sync_contact": "sync_contact",
    "xero_sync_from": "sync_from",
    "xero_send_at": "send_at",
    "xero_responsible_user_id": "responsible_user_id",
    "xero_day_budget": "day_budget",
    "xero_day_reserve": "day_reserve",
    "xero_reads": "reads",
}
SECRETS = {"xero_client_secret": "client_secret", "xero_webhook_key": "webhook_key"}  # written, and never read back


class ResConfigSettings(models.TransientModel):
    """The connection of the current company on the settings page. Nothing is stored here: values go straight to the connection.

    A branch uses that of a company above: its page says so, makes none, and changes nothing.
    """

    _inherit = "res.config.settings"

    xero_connection_id = fields.Many2one("xero.connection", compute="_compute_xero_connection_id")
    xero_branch_note = fields.Char(compute="_compute_xero_branch_note")
    xero_state = fields.Selection(related="xero_connection_id.state")
    xero_state_message = fields.Text(related="xero_connection_id.state_message")
    xero_organisation_name = fields.Char(related="xero_connection_id.organisation_name")
    xero_company_warning = fields.Char(related="xero_connection_id.company_warning")
    xero_is_database_copy = fields.Boolean(related="xero_connection_id.is_database_copy")
    xero_has_client_secret = fields.Boolean(related="xero_connection_id.has_client_secret")
    xero_start_note = fields.Char(compute="_compute_xero_start_note")
    xero_client_id_note = fields.Char(compute="_compute_xero_client_id_note")
    xero_redirect_uri = fields.Char("Redirect URI", compute="_compute_xero_redirect_uri")
    xero_app_type = fields.Selection(
        lambda self: self.env["xero.connection"]._fields["app_type"].selection,
        "App Type",
        compute="_compute_xero_settings",
        inverse="_inverse_xero_settings",
    )
    xero_client_id = fields.Char("Client ID", compute="_compute_xero_settings", inverse="_inverse_xero_settings")
    xero_client_secret = fields.Char("Client Secret", compute="_compute_xero_client_secret", inverse="_inverse_xero_settings")
    xero_sync_invoice = fields.Selection(
        SEND_MODES, "Customer Invoices in Xero", compute="_compute_xero_settings", inverse="_inverse_xero_settings"
    )
    xero_sync_bill = fields.Selection(
        SEND_MODES, "Vendor Bills in Xero", compute="_compute_xero_settings", inverse="_inverse_xero_settings"
    )
    xero_sync_credit_note = fields.Selection(
        SEND_MODES, "Credit Notes in Xero", compute="_compute_xero_settings", inverse="_inverse_xero_settings"
    )
    xero_sync_payment = fields.Selection(SEND_MODES, "Payments in Xero", compute="_compute_xero_settings", inverse="_inverse_xero_settings")
    xero_sync_contact = fields.Selection(
        SYNC_MODES, "Customers and Vendors in Xero", compute="_compute_xero_settings", inverse="_inverse_xero_settings"
    )
    xero_send_at = fields.Float("Once a Day At", compute="_compute_xero_settings", inverse="_inverse_xero_settings")
    xero_send_note = fields.Char(related="xero_connection_id.send_note")
    xero_sync_from = fields.Date("Start Date", compute="_compute_xero_settings", inverse="_inverse_xero_settings")
    xero_responsible_user_id = fields.Many2one(
        "res.users",
        "Responsible for Xero",
        compute="_compute_xero_settings",
        inverse="_inverse_xero_settings",
        domain=lambda self: [("all_group_ids", "in", self.env.ref("xero_connector.group_xero_admin").ids)],
    )

    xero_day_budget = fields.Integer("Calls to Xero per Day", compute="_compute_xero_settings", inverse="_inverse_xero_settings")
    xero_day_reserve = fields.Integer("Calls Kept for People", compute="_compute_xero_settings", inverse="_inverse_xero_settings")

    xero_reads = fields.Selection(
        lambda self: self.env["xero.connection"]._fields["reads"].selection,
        "Changes Read in Xero",
        compute="_compute_xero_settings",
        inverse="_inverse_xero_settings",
    )
    xero_read_note = fields.Char(related="xero_connection_id.read_note")
    xero_webhook_url = fields.Char("Delivery URL", related="xero_connection_id.webhook_url")
    xero_webhook_key = fields.Char("Webhook Key", compute="_compute_xero_client_secret", inverse="_inverse_xero_settings")
    xero_has_webhook_key = fields.Boolean(related="xero_connection_id.has_webhook_key")
    xero_ring_note = fields.Char(related="xero_connection_id.ring_note")

    @api.depends("company_id")
    def _compute_xero_connection_id(self):
        for settings in self:
            settings.xero_connection_id = self.env["xero.connection"]._get_active(settings.company_id or self.env.company).id

    @api.depends("xero_connection_id", "company_id")
    def _compute_xero_branch_note(self):
        for settings in self:
            settings.xero_branch_note = self._xero_branch_note(settings.company_id or self.env.company)

    @api.model
    def _xero_branch_note(self, company):
        """Whose connection a branch uses, in a sentence; empty for a company that has, or may have, its own."""
        connection_sudo = self.env["xero.connection"]._get_active(company)
        if connection_sudo.company_id == company or not company.parent_id:
            return ""
        if not connection_sudo:
            return self.env._(
                "%(branch)s uses the connection of %(company)s, which is not connected to Xero yet.",
                branch=company.name,
                company=company.sudo().root_id.name,
            )
        return self.env._("%(branch)s uses the connection of %(company)s.", branch=company.name, company=connection_sudo.company_id.name)

    @api.depends("xero_sync_from", "company_id")
    def _compute_xero_start_note(self):
        for settings in self:
            connection = settings.xero_connection_id
            companies = connection._companies() if connection else settings.company_id or self.env.company
            settings.xero_start_note = self.env["xero.connection"]._start_note(companies, settings.xero_sync_from)

    @api.depends("xero_client_id")
    def _compute_xero_client_id_note(self):
        """A wrong one is a dead end at Xero; it is no reason to refuse it here, as only Xero knows."""
        for settings in self:
            looks_right = not settings.xero_client_id or CLIENT_ID.fullmatch(settings.xero_client_id.strip())
            settings.xero_client_id_note = not looks_right and self.env._("A client ID has 32 characters, 0 to 9 and A to F.")

    @api.depends("xero_connection_id")
    def _compute_xero_redirect_uri(self):
        for settings in self:
            connection = settings.xero_connection_id or self.env["xero.connection"].new()
            settings.xero_redirect_uri = connection.redirect_uri

    @api.depends("xero_connection_id")
    def _compute_xero_settings(self):
        for settings in self:
            settings.update(self._xero_values(settings.xero_connection_id))

    @api.model
    def _xero_values(self, connection):
        """The settings of ``connection``, or the defaults if there is none."""
        sources = list(EDITABLE.values())
        values = connection.read(sources, load=False)[0] if connection else connection.default_get(sources)
        return {name: values.get(source, False) for name, source in EDITABLE.items()}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_xero_values(vals) for vals in vals_list])

    def write(self, vals):
        """A page that is saved again, after Connect had something to complain of, is written."""
        return super().write(self._with_xero_values(vals))

    def _with_xero_values(self, vals):
        """Add the settings that are not given: those of one inverse method are written together."""
        if not vals.keys() & {*EDITABLE, *SECRETS}:
            return vals
        company = self.env["res.company"].browse(vals.get("company_id")) or self[:1].company_id or self.env.company
        return {**self._xero_values(self.env["xero.connection"]._get_active(company)), **vals}

    def _compute_xero_client_secret(self):
        self.xero_client_secret = self.xero_webhook_key = False

    def _inverse_xero_settings(self):
        """Write what was changed; the connection record is made as soon as there is something of Xero's to remember."""
        for settings in self:
            values = {source: settings[name] for name, source in EDITABLE.items()}
            values["responsible_user_id"] = values["responsible_user_id"].id
            values |= {target: settings[name] for name, target in SECRETS.items() if settings[name]}
            settings._save_xero_settings(values)
        self.invalidate_recordset(list(SECRETS), flush=False)

    def _save_xero_settings(self, values):
        company = self.company_id or self.env.company
        if self._xero_branch_note(company):
            return
        connection = self.env["xero.connection"]._get_active(company).with_env(self.env)
        if not connection:
            if values["client_id"] or values.get("client_secret"):
                self.env["xero.connection"].create({**values, "company_id": company.id})
            return
        now = connection.read(EDITABLE.values(), load=False)[0]
        changed = {name: value for name, value in values.items() if name in SECRETS.values() or value != now[name]}
        if changed:
            connection.write(changed)

    def _xero_connection(self):
        """The connection of the company, made if this is the first click.

        :raise UserError: for a branch, which makes none
        """
        company = self.company_id or self.env.company
        if note := self._xero_branch_note(company):
            raise Refusal(note)
        connection = self.env["xero.connection"]._get_active(company).with_env(self.env)
        return connection or self.env["xero.connection"].create({"company_id": company.id})

    def action_xero_open_options(self):
        """Everything else an administrator may decide is on the connection itself."""
        shared = self.xero_connection_id if self.xero_branch_note else False
        return (shared or self._xero_connection())._open_form()

    def action_xero_connect(self):
        return self._xero_connection().action_connect()

    def action_xero_disconnect(self):
        return self._xero_connection().action_disconnect()

    def action_xero_disconnect_here(self):
        return self._xero_connection().action_disconnect_here()

    def action_xero_continue_here(self):
        return self._xero_connection().action_continue_here()

    def action_xero_open_mapping(self):
        return self._xero_connection().action_open_mapping()

    def action_xero_read_now(self):
        return self._xero_connection().action_read_now()

    def action_xero_forget_webhook_keys(self):
        return self._xero_connection().action_forget_webhook_keys()
