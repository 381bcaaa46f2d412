import secrets

from odoo import api, fields, models

SYNC_MODES = [
    ("auto", "Automatically"),
    ("manual", "On demand"),
    ("off", "Never"),
]


class XeroConnection(models.Model):
    """One Odoo company tied to one Xero organisation.

    Entry points: ``action_connect``, ``action_disconnect``, ``action_sync_now``, ``_client``.
    Invariants: at most one active connection per company and per organisation; bindings belong to a connection and
    survive disconnecting; ``state`` changes in ``_set_state`` only.
    """

    _name = "xero.connection"
    _description = "Xero Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    # draft --connect--> connected --token lost--> reconnect --connect--> connected
    #   ^                  |   ^
    #   +---disconnect-----+   +--resume/limit reset-- paused <--account-level error, day limit-- connected
    state = fields.Selection(
        [("draft", "Not Connected"), ("connected", "Connected"), ("reconnect", "Reconnect Needed"), ("paused", "Paused")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    state_message = fields.Text(readonly=True, copy=False)
    app_type = fields.Selection(
        [("web", "Web app"), ("pkce", "Mobile or desktop app (PKCE)"), ("custom", "Custom connection")],
        string="Xero App Type",
        default="web",
        required=True,
    )
    client_id = fields.Char("Client ID")
    tenant_id = fields.Char("Organisation ID", readonly=True, copy=False, index=True)
    organisation_name = fields.Char("Organisation", readonly=True, copy=False)
    xero_connection_ref = fields.Char(readonly=True, copy=False)
    granted_scopes = fields.Char(readonly=True, copy=False)
    short_code = fields.Char(readonly=True, copy=False)
    base_currency = fields.Char(readonly=True, copy=False)
    country_code = fields.Char("Country", readonly=True, copy=False)
    is_demo = fields.Boolean("Demo Organisation", readonly=True, copy=False)
    plan = fields.Char(readonly=True, copy=False)
    period_lock_date = fields.Date(readonly=True, copy=False)
    end_of_year_lock_date = fields.Date(readonly=True, copy=False)
    reference_read_at = fields.Datetime("Reference Data Read", readonly=True, copy=False)
    mapping_confirmed_at = fields.Datetime("Mapping Confirmed", readonly=True, copy=False)
    sync_invoice = fields.Selection(SYNC_MODES, "Customer Invoices", default="auto", required=True)
    sync_payment = fields.Selection(SYNC_MODES, "Payments", default="auto", required=True)
    sync_contact = fields.Selection(SYNC_MODES, "Customers", default="auto", required=True)
    sync_from = fields.Date("Sync From", default=fields.Date.context_today, help="Documents dated before this day are never sent.")
    responsible_user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user)
    cron_id = fields.Many2one("ir.cron", "Scheduled Action", readonly=True, copy=False, ondelete="restrict")
    external_key = fields.Char(readonly=True, copy=False, default=lambda self: secrets.token_hex(4))
    paused_until = fields.Datetime(readonly=True, copy=False)

    _active_company_unique = models.UniqueIndex("(company_id) WHERE active", "This company already has a Xero connection.")
    _active_tenant_unique = models.UniqueIndex(
        "(tenant_id) WHERE active AND tenant_id IS NOT NULL", "This Xero organisation is already connected to another company."
    )

    @api.depends("organisation_name", "company_id.name")
    def _compute_name(self):
        for connection in self:
            connection.name = connection.organisation_name or self.env._("Xero for %s", connection.company_id.name)

    @api.model
    def _get_active(self, company):
        """The active connection of ``company``, or an empty recordset."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)
