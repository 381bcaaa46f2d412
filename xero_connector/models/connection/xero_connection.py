import secrets

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import clean_context

from ... import words
from ...access import clients
from ...access.tokens import TokenRow
from ...refusal import Refusal

SYNC_MODES = [("auto", "Automatically"), ("manual", "On demand"), ("off", "Never")]
# state -> states it may change to
TRANSITIONS = {
    "draft": {"connected"},
    "connected": {"draft", "reconnect", "paused"},
    "reconnect": {"draft", "connected"},
    "paused": {"draft", "connected", "reconnect"},
}
# what ties bindings to an organisation, and what Xero told of it; written by our own code only
TIES = {"state", "tenant_id", "xero_connection_ref", "external_key", "cron_id", "granted_scopes"}
FACTS = {
    "organisation_name",
    "short_code",
    "base_currency",
    "country_code",
    "is_demo",
    "subscription",
    "period_lock_date",
    "end_of_year_lock_date",
    "reference_read_at",
    "mapping_confirmed_at",
    "state_message",
    "paused_until",
    "failures",
    "reference_tried_at",
    "day_resets_at",
    "restored_from",
}
PROTECTED = TIES | FACTS
# what decides which connection speaks for a company
DECIDING = {"active", "company_id", "tenant_id"}
# what decides whether a document is enqueued
OFTEN_READ = ("company_id", "tenant_id", "sync_from", "cron_id", "state")
OFTEN_READ += ("sync_invoice", "sync_bill", "sync_credit_note", "sync_payment", "sync_contact")


class XeroConnection(models.Model):
    """One Odoo company tied to one Xero organisation.

    Entry points: ``action_connect``, ``action_disconnect``, ``action_sync_now``.
    Invariants: at most one active connection per company and per organisation; bindings belong to a connection and
    survive disconnecting; ``state`` changes in ``_set_state`` only; secrets lie in ``xero.token`` and cannot be read back.
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
        words.selection(words.CONNECTION, "draft", "connected", "reconnect", "paused"),
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
    client_secret = fields.Char(
        compute="_compute_client_secret", inverse="_inverse_client_secret", copy=False, help="Kept encrypted; it cannot be read back."
    )
    has_client_secret = fields.Boolean("Client Secret Stored", compute="_compute_has_client_secret")
    redirect_uri = fields.Char("Redirect URI", compute="_compute_redirect_uri")
    tenant_id = fields.Char("Organisation ID", readonly=True, copy=False, index=True)
    organisation_name = fields.Char("Organisation", readonly=True, copy=False)
    xero_connection_ref = fields.Char(readonly=True, copy=False)
    granted_scopes = fields.Char(readonly=True, copy=False)
    short_code = fields.Char(readonly=True, copy=False)
    base_currency = fields.Char(readonly=True, copy=False)
    country_code = fields.Char("Country", readonly=True, copy=False)
    is_demo = fields.Boolean("Demo Organisation", readonly=True, copy=False)
    subscription = fields.Char(readonly=True, copy=False)
    period_lock_date = fields.Date(readonly=True, copy=False)
    end_of_year_lock_date = fields.Date(readonly=True, copy=False)
    reference_read_at = fields.Datetime("Reference Data Read", readonly=True, copy=False)
    is_database_copy = fields.Boolean("Copied Database", compute="_compute_is_database_copy")
    mapping_confirmed_at = fields.Datetime("Mapping Confirmed", readonly=True, copy=False)
    sync_from = fields.Date("Sync From", default=fields.Date.context_today, help="Documents dated before this day are never sent.")
    responsible_user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("xero_connector.group_xero_admin").ids)],
        help="Is told when the connection needs attention.",
    )
    cron_id = fields.Many2one("ir.cron", "Scheduled Action", readonly=True, copy=False, ondelete="restrict")
    external_key = fields.Char(readonly=True, copy=False, default=lambda self: secrets.token_hex(4))
    paused_until = fields.Datetime(readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False, help="Runs in a row that ended early and had brought nothing.")

    _active_company_unique = models.UniqueIndex("(company_id) WHERE active", "This company already has a Xero connection.")
    _active_tenant_unique = models.UniqueIndex(
        "(tenant_id) WHERE active AND state != 'draft'", "This Xero organisation is already connected to another company."
    )

    # === COMPUTED === #

    @api.depends("organisation_name", "company_id.name")
    def _compute_name(self):
        for connection in self:
            connection.name = connection.organisation_name or self.env._("Xero for %s", connection.company_id.name)

    def _compute_client_secret(self):
        self.client_secret = False

    def _inverse_client_secret(self):
        for connection in self.filtered("client_secret"):
            connection.check_access("write")
            with connection._key_in_words():
                TokenRow(self.env.cr, connection.id).store(client_secret=connection.client_secret.strip())
        # what was typed must not be readable from the cache either
        self.invalidate_recordset(["client_secret", "has_client_secret"], flush=False)

    def _compute_has_client_secret(self):
        for connection in self:
            connection.has_client_secret = clients.has_client_secret(connection._origin)

    def _compute_redirect_uri(self):
        for connection in self:
            connection.redirect_uri = f"{connection.get_base_url()}/xero/callback"

    def _compute_is_database_copy(self):
        for connection in self:
            connection.is_database_copy = TokenRow(self.env.cr, connection._origin.id).is_foreign

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_protected(*vals_list)
        connections = super(XeroConnection, self._without_defaults()).create(vals_list)
        self._forget_companies()
        for connection in connections:
            connection.sudo().cron_id = connection._create_cron()
        return connections

    def write(self, vals):
        self._check_protected(vals)
        self._check_used(vals)
        result = super().write(vals)
        if vals.keys() & DECIDING:
            self._forget_companies()
        if "active" in vals:
            self.sudo()._follow_active()
        if vals.keys() & {"client_id", "client_secret", "app_type"}:
            self.filtered(lambda connection: connection.state == "paused" and not connection.paused_until)._set_state("connected")
        self._try_held_again(vals)
        self._follow_money(vals)
        self._follow_takes(vals)
        if "cost_policy" in vals:
            self._follow_cost_policy()
        if vals.keys() & {"day_budget", "day_reserve"}:
            self._wake()  # a larger budget is used at once
        return result

    def unlink(self):
        crons_sudo = self.sudo().cron_id
        result = super().unlink()
        self._forget_companies()
        crons_sudo.unlink()
        return result

    def _check_used(self, vals):
        """:raise AccessError, UserError: a connection in use is neither given away nor archived"""
        used = self.filtered("tenant_id")
        if "company_id" in vals and any(connection.company_id.id != vals["company_id"] for connection in used):
            raise AccessError(self.env._("A connection that was used stays with its company."))
        if vals.get("active") is False and any(connection.state != "draft" for connection in self):
            raise Refusal(self.env._("Disconnect from Xero before you archive the connection."))

    def _without_defaults(self):
        """With the caller's context but for its ``default_...``, by which anybody could fill what is written by our own code only."""
        return self.with_context(clean_context(self.env.context))

    def _check_protected(self, *vals_list):
        if not self.env.su and any(PROTECTED & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("The connection itself decides its state and its organisation."))

    def _create_cron(self):
        """The scheduled action that runs this connection: Odoo locks its row for the run, so there is one runner."""
        return (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": self.env._("Xero: sync %s", self.company_id.name),
                    "model_id": self.env["ir.model"]._get_id(self._name),
                    "state": "code",
                    "code": f"model._cron_run({self.id})",
                    "user_id": self.env.ref("base.user_root").id,
                    "interval_number": 1,
                    "interval_type": "hours",
                }
            )
        )

    def _follow_active(self):
        """Let the scheduled action of an archived connection rest; if it is running now, its next runs find nothing to do."""
        for connection in self:
            cron_sudo = connection.cron_id.with_context(active_test=False).sudo()
            if cron_sudo and cron_sudo.active != connection.active and cron_sudo.try_lock_for_update(allow_referencing=True):
                cron_sudo.active = connection.active

    # === STATE === #

    def _set_state(self, state, message=""):
        """The one way to change ``state``; ``message`` says in plain words why it stands there.

        :raise ValueError: for a change that the table of transitions does not have
        """
        for connection_sudo in self.sudo():
            before = connection_sudo.state
            if state != before and state not in TRANSITIONS[before]:
                raise ValueError(f"A connection cannot go from {before} to {state}.")
            values = {"state": state, "state_message": message or False}
            if state != "paused":
                values["paused_until"] = False
            connection_sudo.write(values)
            if state != before:
                connection_sudo._tell_responsible(state, message)
        # the tokens, which the ORM does not know, change together with the state
        self.invalidate_recordset(["is_database_copy", "has_client_secret"])

    def _tell_responsible(self, state, message):
        """One to-do for the person responsible when help is needed, gone when it is no longer."""
        self.activity_unlink(["mail.mail_activity_data_warning"])
        if state == "reconnect":
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Reconnect to Xero"),
                note=escape(message or ""),
                user_id=self._responsible().id,
            )

    def _responsible(self):
        """The responsible user if they can still act on it, else Odoo's administrator."""
        user = self.responsible_user_id
        can_act = user.active and self.company_id in user.company_ids and user.has_group("xero_connector.group_xero_admin")
        return user if can_act else self.env.ref("base.user_admin")

    def _is_live(self):
        """Whether documents may be sent: connected, active, and not a copied database."""
        self.ensure_one()
        return self.active and self.state == "connected" and not self.is_database_copy
