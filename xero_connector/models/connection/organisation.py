import json
import logging
from datetime import datetime, timezone

from odoo import api, fields, models

from ...access import clients
from ...access.tokens import SECRETS, TokenRow
from ...refusal import Refusal
from ...xero_core import errors
from ...xero_core.http.oauth import TokenSet
from ...xero_core.http.scopes import SCOPES
from ..audit.xero_audit import CONNECTION
from .policy import POLICIES

_logger = logging.getLogger(__name__)

# what the new record takes from the one it replaces: what the person had set up, not what belongs to the organisation
APP_SETTINGS = ("app_type", "client_id")
COPIED_SETTINGS = (*APP_SETTINGS, *POLICIES, "sync_from", "reads", "responsible_user_id", "company_id")


class XeroConnection(models.Model):
    """From fresh tokens to a connected organisation: choose, refuse, ask, bind.

    The fresh tokens wait as an *offer*, encrypted and committed, until the organisation is decided.
    """

    _inherit = "xero.connection"

    company_warning = fields.Char(compute="_compute_company_warning")

    @api.depends("base_currency", "country_code", "company_id.currency_id", "company_id.account_fiscal_country_id")
    def _compute_company_warning(self):
        for connection in self:
            connection.company_warning = " ".join(filter(None, (connection._currency_warning(), connection._country_warning()))) or False

    def _currency_warning(self):
        currency = self.company_id.currency_id.name
        if not self.base_currency or self.base_currency == currency:
            return ""
        return self.env._(
            "%(company)s keeps its books in %(currency)s, but %(organisation)s in Xero keeps them in %(base_currency)s.",
            company=self.company_id.name,
            currency=currency,
            organisation=self.organisation_name,
            base_currency=self.base_currency,
        )

    def _country_warning(self):
        country = self.company_id.account_fiscal_country_id
        if not self.country_code or self.country_code == country.code:
            return ""
        remote = self.env["res.country"].search([("code", "=", self.country_code)], limit=1)
        return self.env._(
            "%(company)s pays its taxes in %(country)s, but %(organisation)s in Xero belongs to %(remote_country)s.",
            company=self.company_id.name,
            country=country.name or self.env._("no country"),
            organisation=self.organisation_name,
            remote_country=remote.name or self.country_code,
        )

    def _bind_or_ask(self, tokens):
        """Go on with fresh tokens: bind the one organisation, or ask.

        :return: the next action
        :raise UserError: if there is nothing to connect to, or not completely
        """
        self.env["xero.organisation.wizard"]._close_open(self)
        self._check_scopes(tokens)
        found = clients.oauth(self).connections(tokens.access_token, tokens.authentication_event_id)
        organisations = {tenant.tenant_id: tenant for tenant in found if tenant.tenant_type in ("", "ORGANISATION")}
        if not organisations:
            raise Refusal(self.env._("No organisation was chosen in Xero. Press Connect again and choose one."))
        clients.in_own_row(self, lambda row: row.store(offer=_offer_text(tokens, organisations.values())))
        if len(organisations) > 1:
            return self._ask_which(organisations.values())
        return self._choose_organisation(next(iter(organisations)))

    def _check_scopes(self, tokens):
        granted = set(tokens.scopes)
        missing = [scope for scope in SCOPES if scope not in granted and (scope != "offline_access" or not tokens.refresh_token)]
        if self.app_type == "custom" and "offline_access" in missing:
            missing.remove("offline_access")
        if granted and missing:
            raise Refusal(self._scope_sentence(", ".join(missing)))

    def _ask_which(self, organisations):
        choices = [fields.Command.create({"tenant_id": tenant.tenant_id, "name": tenant.tenant_name}) for tenant in organisations]
        wizard = self.env["xero.organisation.wizard"].create({"connection_id": self.id, "step": "choose", "choice_ids": choices})
        return wizard._open()

    def _choose_organisation(self, tenant_id, confirmed=False):
        """Connect to an organisation of the offer, unless somebody else has it or the person has to agree first.

        :return: the next action
        """
        offer = clients.in_own_row(self, _read_offer)
        organisation = offer and offer["organisations"].get(tenant_id)
        if not organisation:
            raise Refusal(self.env._("Choosing the organisation took too long. Press Connect again."))
        self._refuse_if_taken(offer, organisation)
        if self.tenant_id and self.tenant_id != tenant_id and not confirmed:
            return self._ask_other(organisation)
        return self._bind(offer, organisation)

    def _ask_other(self, organisation):
        choice = {"tenant_id": organisation["tenant_id"], "name": organisation["name"]}
        wizard = self.env["xero.organisation.wizard"].create(
            {"connection_id": self.id, "step": "confirm", "choice_ids": [fields.Command.create(choice)]}
        )
        wizard.choice_id = wizard.choice_ids
        return wizard._open()

    def _refuse_if_taken(self, offer, organisation):
        """Two companies never share an organisation: their documents would be mixed up in Xero's books."""
        taken_sudo = self.sudo().search(
            [("tenant_id", "=", organisation["tenant_id"]), ("state", "!=", "draft"), ("company_id", "!=", self.company_id.id)], limit=1
        )
        if not taken_sudo:
            return
        clients.in_own_row(self, lambda row: row.wipe(["offer"]))
        self._drop_in_xero(offer, organisation["connection_ref"])
        raise Refusal(
            self.env._(
                "%(organisation)s is already connected to %(company)s. Disconnect it there first, or choose another organisation.",
                organisation=organisation["name"],
                company=taken_sudo.company_id.name,
            )
        )

    def _drop_in_xero(self, offer, connection_ref):
        """Remove a connection from Xero that nothing here uses; should that fail, it only counts in Xero's list of connections."""
        users = self.sudo().search_count([("xero_connection_ref", "=", connection_ref), ("state", "!=", "draft")])
        if not connection_ref or users:
            return
        try:
            self._delete_in_xero(lambda: offer["access_token"], connection_ref)
        except errors.XeroError as error:
            _logger.info("xero.connection %s: the unused connection %s stays in Xero: %s", self.id, connection_ref, type(error).__name__)

    # === BIND === #

    def _bind(self, offer, organisation):
        """Make this company's connection the one to ``organisation``.

        The same organisation, or the first one: this record. Another one: the record that had it before, else a new one;
        this record is archived with its bindings.
        """
        if not self.tenant_id or self.tenant_id == organisation["tenant_id"]:
            if TokenRow(self.env.cr, self.id).was_elsewhere:
                self._note_restored()  # whoever connects a restored database has answered its question
            clients.in_own_row(self, lambda row: _accept_offer(row, offer))
            self._become(offer, organisation)
            self._after_connect()
            return self._next_action()
        successor = self._hand_over(offer, organisation)
        successor._become(offer, organisation)
        # the tokens of the successor are not committed yet: the next request reads the reference data
        return {"type": "ir.actions.act_url", "url": "/xero/connected", "target": "self"}

    def _hand_over(self, offer, organisation):
        """Archive this record and return the one that takes its place, with the tokens of the offer and our client secret."""
        self_sudo = self.sudo()
        # in a copied database, what was connected until now is the original's: it has to stay
        secret, old_ref = clients.client_secret(self), not self.is_database_copy and self.xero_connection_ref
        successor_sudo = self_sudo.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("tenant_id", "=", organisation["tenant_id"])], limit=1
        )
        if self.state != "draft":
            self._set_state("draft")
        self_sudo.write({"active": False, "xero_connection_ref": False})
        self_sudo.flush_recordset()
        TokenRow(self.env.cr, self.id).wipe(SECRETS)
        if successor_sudo:
            successor_sudo.write({"active": True, **{name: self[name] for name in APP_SETTINGS}})
        else:
            values = self_sudo.read(COPIED_SETTINGS, load=False)[0]
            values.pop("id")
            successor_sudo = self_sudo.create(values)
        row = TokenRow(self.env.cr, successor_sudo.id)
        row.store(client_secret=secret)
        _accept_offer(row, offer)
        self._drop_in_xero(offer, old_ref)
        return successor_sudo.with_env(self.env)

    def _become(self, offer, organisation):
        self.sudo().write(
            {
                "tenant_id": organisation["tenant_id"],
                "organisation_name": organisation["name"],
                "xero_connection_ref": organisation["connection_ref"],
                "granted_scopes": " ".join(offer["scopes"]),
            }
        )
        self._keep_act(CONNECTION, self.env._("Consent in Xero"), organisation["name"])
        self._set_state("connected")

    def _after_connect(self):
        """Read the organisation's accounts and propose the mapping. Should Xero fail just now, the connection stands all the same."""
        connection_sudo = self.sudo()
        try:
            connection_sudo._read_reference_data()
            connection_sudo._propose_mapping()
            if connection_sudo.mapping_confirmed_at:
                connection_sudo._enqueue_everything()  # what happened while it was interrupted
        except errors.XeroError as error:
            if not connection_sudo._apply_error(error):
                connection_sudo._set_state(connection_sudo.state, self._sentence(error))
        connection_sudo.cron_id._trigger()

    # === WHERE TO GO ON === #

    def _next_action(self):
        """After connecting: the mapping, or the connection if something has to be said first."""
        return self._open_form() if self.state_message else self.action_open_mapping()

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def action_after_connect(self):
        """Where a person goes on who has come back from Xero: the question that is open, else the mapping."""
        self.check_access("write")
        wizard = self.env["xero.organisation.wizard"].search([("create_uid", "=", self.env.uid), ("step", "!=", "done")], limit=1)
        if wizard:
            return wizard._open()
        connection = self.search([("state", "!=", "draft")], order="write_date desc", limit=1)
        return connection._next_action() if connection else self.env.ref("xero_connector.xero_connection_action")._get_action_dict()


def _offer_text(tokens, organisations):
    """The offer as JSON."""
    return json.dumps(
        {
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "expires_at": tokens.expires_at.astimezone(timezone.utc).isoformat(),
            "scopes": tokens.scopes,
            "organisations": {
                tenant.tenant_id: {"tenant_id": tenant.tenant_id, "name": tenant.tenant_name, "connection_ref": tenant.connection_id}
                for tenant in organisations
            },
        }
    )


def _read_offer(row):
    """The waiting offer, or None if there is none or its access token has ended."""
    offer = json.loads(row.secret("offer") or "null")
    if offer and datetime.fromisoformat(offer["expires_at"]).replace(tzinfo=None) > fields.Datetime.now():
        return offer
    return None


def _accept_offer(row, offer):
    """Make the offered tokens the tokens."""
    tokens = TokenSet(offer["access_token"], offer["refresh_token"], datetime.fromisoformat(offer["expires_at"]), tuple(offer["scopes"]))
    row.wipe()
    row.store_tokens(tokens, None)
