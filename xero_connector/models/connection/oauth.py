import json
import secrets
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, models
from odoo.tools import SQL, consteq, hash_sign, verify_hash_signed

from ...access import clients, crypto
from ...access.token_source import DatabaseCopied, KeyChanged, KeyUnavailable
from ...access.tokens import TokenRow
from ...const import ON_THE_WIRE
from ...refusal import Refusal
from ...xero_core import errors
from ...xero_core.http.oauth import Endpoints, code_challenge, new_code_verifier
from ...xero_core.http.scopes import SCOPES
from ..audit.xero_audit import CONNECTION

STATE_SCOPE = "xero_connector.consent"
STATE_LIFE = timedelta(minutes=10)


class XeroConnection(models.Model):
    """Consent, tokens and errors of the connection. What comes after the consent is in ``xero_connection_organisation``."""

    _inherit = "xero.connection"

    @api.model
    def _endpoints(self):
        """Xero's addresses, or those of the system parameters, as far as the server allows them.

        :raise UserError: if one of them is not https, or of a host that is not allowed
        """
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        given = {name: parameters_sudo.get_param(key) for key, name in clients.ENDPOINT_PARAMETERS.items()}
        try:
            return Endpoints(**{name: value for name, value in given.items() if value}, allowed=clients.allowed_hosts())
        except ValueError:
            raise Refusal(
                self.env._(
                    "Xero's address in the system parameters must begin with https://, and be one of Xero's or allowed on the server "
                    "(xero_connector_hosts in odoo.conf)."
                )
            ) from None

    # === CONNECT === #

    def action_connect(self):
        """Ask Xero for consent: the address to visit. A custom connection needs no consent and is connected at once."""
        self.ensure_one()
        self.check_access("write")
        self._check_ready_to_connect()
        with self._key_in_words():
            return self._connect_custom() if self.app_type == "custom" else self._ask_for_consent()

    def _ask_for_consent(self):
        consent = {"nonce": secrets.token_urlsafe(16), "redirect_uri": self.redirect_uri}
        if self.app_type == "pkce":
            consent["verifier"] = new_code_verifier()
        TokenRow(self.env.cr, self.id).store(consent=json.dumps(consent))
        challenge = code_challenge(consent["verifier"]) if "verifier" in consent else ""
        url = clients.oauth(self).authorize_url(self.redirect_uri, self._sign_state(consent["nonce"]), SCOPES, challenge)
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _check_ready_to_connect(self):
        if not self.client_id:
            raise Refusal(self.env._("Enter the client ID of your Xero app first."))
        if self.app_type != "pkce" and not self.has_client_secret:
            raise Refusal(self.env._("Enter the client secret of your Xero app first."))
        address = urlsplit(self.redirect_uri)
        if self.app_type != "custom" and address.scheme != "https" and address.hostname != "localhost":
            raise Refusal(
                self.env._(
                    "Xero only comes back to addresses that begin with https:// (or to http://localhost). The address of this Odoo is %s.",
                    self.get_base_url(),
                )
            )

    def _sign_state(self, nonce):
        values = [self.env.uid, self.company_id.id, self.id, nonce]
        return hash_sign(self.sudo().env, STATE_SCOPE, values, expiration=STATE_LIFE)

    def _connect_custom(self):
        try:
            tokens = clients.oauth(self).client_credentials(SCOPES)
            outcome = self._bind_or_ask(tokens)
        except errors.XeroError as error:
            raise Refusal(self._click_sentence(error)) from None
        return outcome

    @api.model
    def _complete_authorisation(self, params):
        """What the callback does with the parameters Xero sent the person back with.

        :return: the action to go on with: the mapping, or a wizard that asks
        :raise UserError: with a sentence for the person; the connection is as it was
        """
        connection, nonce = self._verify_state(params.get("state"))
        connection = connection.with_company(connection.company_id)
        if params.get("error"):
            raise Refusal(connection._consent_refused(params["error"]))
        # first, so that a conflict with another transaction comes before the single-use nonce and code are used up
        self.env.cr.execute(SQL("SELECT 1 FROM xero_connection WHERE id = %s FOR NO KEY UPDATE", connection.id), log_exceptions=False)
        with connection._key_in_words():
            consent = clients.in_own_row(connection, lambda row: _take_consent(row, nonce), lock=True)
        if not consent or not params.get("code"):
            raise Refusal(self.env._("This return from Xero was already used. Press Connect again if you are not connected."))
        try:
            tokens = clients.oauth(connection).exchange_code(params["code"], consent["redirect_uri"], consent.get("verifier", ""))
            with connection._key_in_words():
                return connection._bind_or_ask(tokens)
        except errors.XeroError as error:
            raise Refusal(connection._connect_sentence(error)) from None

    def _verify_state(self, state):
        """The connection and the nonce that a genuine, fresh ``state`` of this user names."""
        try:
            values = verify_hash_signed(self.sudo().env, STATE_SCOPE, state or "")
        except ValueError:
            values = None
        user_id, company_id, connection_id, nonce = values or (0, 0, 0, "")
        connection = self.browse(connection_id).exists()
        if not connection or user_id != self.env.uid or connection.sudo().company_id.id != company_id:
            raise Refusal(self.env._("This return from Xero is not valid or is older than ten minutes. Press Connect again."))
        connection.check_access("write")
        return connection, nonce

    def _consent_refused(self, error):
        if error == "access_denied":
            return self.env._("You did not allow the access in Xero, so nothing was changed. Press Connect when you want to try again.")
        return self.env._("Xero refused the request of this app (%s). Check the app's settings in Xero.", error)

    # === DISCONNECT === #

    def action_disconnect(self):
        """End the connection in Xero and forget the tokens. Nothing that was sent is changed or forgotten."""
        self.ensure_one()
        self.check_access("write")
        if self.is_database_copy:
            return self.action_disconnect_here()
        try:
            self._delete_in_xero(clients.tokens(self).get, self.xero_connection_ref)
        except errors.XeroError as error:
            return self._ask_disconnect_here(error)
        return self.action_disconnect_here()

    def _delete_in_xero(self, get_token, connection_ref):
        """Remove the connection from Xero; a consent that is already gone needs no removing."""
        try:
            if connection_ref:
                clients.oauth(self).delete_connection(get_token(), connection_ref)
        except errors.ConsentLost:
            return

    def action_disconnect_here(self):
        """Forget the tokens without telling Xero: for a copied database, or when Xero cannot be reached."""
        self.ensure_one()
        self.check_access("write")
        TokenRow(self.env.cr, self.id).wipe()
        self.sudo().write({"xero_connection_ref": False, "granted_scopes": False})
        self._set_state("draft")
        return True

    def action_continue_here(self):
        """This database was restored from a backup, or moved: it uses the connection from now on.

        What it does not remember of its documents in Xero, they say by their marks; what else was changed there since the last call it
        remembers, the next run looks for.
        """
        self.ensure_one()
        self.check_access("write")
        if self.is_database_copy:
            self._note_restored()
            TokenRow(self.env.cr, self.id).claim()
            self._keep_act(CONNECTION, self.env._("Used from This Database"))
            self.invalidate_recordset(["is_database_copy"])
            self._wake()
        return True

    def _note_restored(self):
        """Whatever was done in Xero since the last call that is remembered was done by another database, or is forgotten: look for it."""
        self.sudo().restored_from = self.env["xero.call"].sudo()._last_moment(self)
        on_the_wire = [("connection_id", "=", self.id), ("state", "in", ON_THE_WIRE)]
        for job_sudo in self.env["xero.job"].sudo().search(on_the_wire):
            job_sudo.traces = [{**kept, "restored": True} for kept in job_sudo.traces or ()]

    def _ask_disconnect_here(self, error):
        wizard = self.env["xero.disconnect.wizard"].create({"connection_id": self.id, "reason": self._sentence(error)})
        return wizard._open()

    # === ERRORS === #

    def _apply_error(self, error):
        """Change the state if ``error`` concerns the connection as a whole; returns whether it did.

        The consent is gone: reconnect. The app's settings are wrong: pause, and go on as soon as they are corrected.
        """
        self.ensure_one()
        if error.scope is not errors.Scope.CONNECTION or self.state == "draft":
            return False
        state = "reconnect" if error.remedy is errors.Remedy.RECONNECT or self.state == "reconnect" else "paused"
        self._set_state(state, self._sentence(error))
        return True

    def _sentence(self, error):
        """What ``error`` means, for an accountant."""
        if isinstance(error, KeyChanged):
            return self.env._("The key that protects the connection on this server has changed. Enter the client secret and reconnect.")
        if isinstance(error, KeyUnavailable):
            return self._key_sentence()
        if isinstance(error, DatabaseCopied):
            return self.env._("This database is a copy; only the original may use the Xero connection.")
        if isinstance(error, errors.ScopeMissing):
            return self._scope_sentence(error.missing)
        for kind, sentence in self._sentences():
            if isinstance(error, kind):
                return sentence
        return self.env._("Xero gave an answer that Odoo does not understand. Try again in a few minutes.")

    def _key_sentence(self):
        return self.env._("The key that protects the connection cannot be read on this server. Ask whoever runs it, then try again.")

    @contextmanager
    def _key_in_words(self):
        """:raise UserError: if the key that protects secrets cannot be read in here"""
        try:
            yield
        except (crypto.KeyUnavailable, KeyUnavailable):
            raise Refusal(self._key_sentence()) from None

    def _sentences(self):
        return [
            (
                errors.ConsentLost,
                self.env._("Xero no longer accepts this connection: it was ended there or has expired. Reconnect to go on."),
            ),
            (errors.AppRefused, self.env._("Xero does not accept the client ID or the client secret. Correct them in the Xero settings.")),
            (errors.PermissionDenied, self.env._("The person who connected may not do this in Xero. They need a higher role there.")),
            (errors.RateLimited, self.env._("Xero takes no more calls at the moment. It goes on by itself later.")),
            (
                errors.EverythingRefused,
                self.env._("Xero refuses one document after another, whatever they are. It tries again by itself, ever more seldom."),
            ),
            (errors.Unavailable, self.env._("Xero is closed for maintenance.")),
            ((errors.NotReached, errors.OutcomeUnknown), self.env._("Xero cannot be reached at the moment.")),
        ]

    def _scope_sentence(self, missing):
        return self.env._("Xero did not grant the permission “%s”. Reconnect, and allow everything that is asked for.", missing or "?")

    def _click_sentence(self, error):
        """Like ``_sentence``, of what a person asked for by a click: nobody does it later by itself."""
        if isinstance(error, errors.DayLimit):
            return self.env._("Today's calls to Xero are used up. Please try again tomorrow.")
        if isinstance(error, errors.RateLimited):
            return self.env._("Xero takes no more calls this minute. Please try again in a minute.")
        passes = isinstance(error, errors.Unavailable | errors.NotReached | errors.OutcomeUnknown)
        said = self._sentence(error)
        return self.env._("%(what)s Try again in a few minutes.", what=said) if passes else said

    def _connect_sentence(self, error):
        """Like ``_sentence``, while connecting: a code that is refused is not a connection that was lost."""
        if type(error) is errors.ConsentLost:
            return self.env._("Xero did not accept the return from its consent page. Press Connect again.")
        return self._click_sentence(error)


def _take_consent(row, nonce):
    """The consent that was asked for with ``nonce``, or None; from now on it is used."""
    consent = json.loads(row.secret("consent") or "null")
    if not consent or not consteq(consent["nonce"], nonce):
        return None
    row.wipe(["consent"])
    return consent
