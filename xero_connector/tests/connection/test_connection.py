from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...access import clients
from ...xero_core import errors
from ...xero_core.http.scopes import SCOPES
from ..common.connection import ConnectionCase
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestConnect(ConnectionCase):
    def test_web_app(self):
        connection = self._connect()
        organisation = self.xero.organisation("AU")
        self.assertEqual(connection.state, "connected")
        self.assertFalse(connection.state_message)
        self.assertEqual((connection.tenant_id, connection.organisation_name), (organisation.tenant_id, organisation.name))
        self.assertEqual(set(connection.granted_scopes.split()), set(SCOPES))
        self.assertTrue(connection._is_live())
        self.assertEqual(clients.xero(connection).organisation().name, organisation.name)

    def test_pkce(self):
        connection = self._connect(app_type="pkce", client_id="demo-pkce", client_secret=False)
        self.assertEqual(connection.state, "connected")
        self.assertTrue(self._works(connection))

    def test_custom_connection_needs_no_consent(self):
        connection = self._new_connection(app_type="custom", client_id="demo-custom")
        connection.action_connect()
        self.assertEqual(connection.state, "connected")
        self.assertEqual(connection.tenant_id, self.xero.organisation("AU").tenant_id)
        self.assertFalse(self._row(connection).has("refresh_token"))
        self.assertFalse(self._calls("authorize"))

    def test_granular_scopes_only(self):
        query = parse_qs(urlsplit(self._new_connection().action_connect()["url"]).query)
        scopes = set(query["scope"][0].split())
        self.assertFalse(scopes & {"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"})
        self.assertTrue({"offline_access", "accounting.invoices", "accounting.contacts", "accounting.payments"} <= scopes)

    def test_says_what_is_missing_first(self):
        for values, word in (({"client_id": False}, "client ID"), ({"client_secret": False}, "client secret")):
            connection = self._new_connection(**values)
            with self.subTest(word), self.assertRaisesRegex(UserError, word):
                connection.action_connect()
            connection.sudo().unlink()

    def test_own_address_has_to_be_https(self):
        connection = self._new_connection()
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "http://odoo.example.com")
        with self.assertRaisesRegex(UserError, "https://"):
            connection.action_connect()

    @every_value("invalid_client_status")
    def test_wrong_secret(self):
        connection = self._new_connection(client_secret="wrong")
        params = self._consent(connection.action_connect()["url"])
        with self.assertRaisesRegex(UserError, "client secret"):
            self._complete(params)
        self.assertEqual(connection.state, "draft")

    def test_wrong_secret_of_custom_connection(self):
        connection = self._new_connection(app_type="custom", client_id="demo-custom", client_secret="wrong")
        with self.assertRaisesRegex(UserError, "client secret"):
            connection.action_connect()
        self.assertEqual(connection.state, "draft")

    def test_archive_after_disconnecting_only(self):
        connection = self._connect()
        with self.assertRaisesRegex(UserError, "Disconnect"):
            connection.active = False

    def test_simulator_down_while_connecting(self):
        connection = self._new_connection()
        params = self._consent(connection.action_connect()["url"])
        self._order_fault("reset_before", path="/connect/token", times=3)
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            self._complete(params)
        self.assertEqual(connection.state, "draft")

    def test_html_instead_of_tokens(self):
        connection = self._new_connection()
        params = self._consent(connection.action_connect()["url"])
        self._order_fault("html_200", path="/connect/token")
        with self.assertRaises(UserError):
            self._complete(params)
        self.assertEqual(connection.state, "draft")

    def test_missing_scope_is_named(self):
        connection = self._new_connection()
        params = self._consent(connection.action_connect()["url"])
        granted = self.xero.identity.granted
        granted["demo-client"] = tuple(scope for scope in granted["demo-client"] if scope != "accounting.payments")
        with self.assertRaisesRegex(UserError, "accounting.payments"):
            self._complete(params)
        self.assertEqual(connection.state, "draft")
        self.assertFalse(connection.tenant_id)

    def test_no_organisation(self):
        connection = self._new_connection()
        params = self._consent(connection.action_connect()["url"])
        self.xero.identity.connections.clear()
        with self.assertRaisesRegex(UserError, "No organisation"):
            self._complete(params)

    def test_reference_data_fails_but_connection_stands(self):
        connection = self._new_connection()
        with patch.object(type(connection), "_read_reference_data", side_effect=errors.NotReached("down"), create=True):
            action = self._authorise(connection)
        self.assertEqual(connection.state, "connected")
        self.assertIn("cannot be reached", connection.state_message)
        self.assertEqual((action["res_model"], action["res_id"]), ("xero.connection", connection.id))

    def test_own_scheduled_action(self):
        connection = self._new_connection()
        cron = connection.sudo().cron_id
        self.assertEqual((cron.code, cron.active), (f"model._cron_run({connection.id})", True))
        self.assertEqual(cron.user_id, self.env.ref("base.user_root"))
        connection.active = False
        self.assertFalse(cron.active)
        connection.active = True
        self.assertTrue(cron.active)
        connection.sudo().unlink()
        self.assertFalse(cron.exists())

    def test_warning_names_both(self):
        connection = self._connect()
        connection.sudo().write({"base_currency": "AUD", "country_code": "AU"})
        self.assertFalse(connection.company_warning)
        connection.sudo().write({"base_currency": "NZD", "country_code": "NZ"})
        for word in ("AUD", "NZD", "Australia", "New Zealand", connection.company_id.name, connection.organisation_name):
            self.assertIn(word, connection.company_warning)


@tagged("post_install", "-at_install")
class TestState(ConnectionCase):
    """The ``state`` parameter that ties Xero's answer to the person, the connection and the moment."""

    def setUp(self):
        super().setUp()
        self.connection = self._new_connection()
        self.params = self._consent(self.connection.action_connect()["url"])

    def _refused(self, params, env=None):
        with self.assertRaises(UserError) as caught:
            (env or self.env)["xero.connection"]._complete_authorisation(params)
        self.assertEqual(self.connection.state, "draft")
        return str(caught.exception)

    def test_forged_or_missing(self):
        state = self.params["state"]
        for wrong in (None, "", "x", "AAAA", "ÿ", state[:-4] + "AAAA", "AQ" + state[2:-20]):
            with self.subTest(wrong):
                self.assertIn("not valid", self._refused({**self.params, "state": wrong}))
        self.assertFalse(self._calls("/connect/token"))

    def test_older_than_ten_minutes(self):
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertIn("ten minutes", self._refused(self.params))

    def test_used_twice(self):
        self._complete(self.params)
        self.assertEqual(self.connection.state, "connected")
        with self.assertRaisesRegex(UserError, "already used"):
            self._complete(self.params)
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self._calls("/connect/token"), 1)

    def test_an_older_attempt(self):
        self.connection.action_connect()
        self.assertIn("already used", self._refused(self.params))

    def test_other_user(self):
        other = new_test_user(self.env, "other", groups="xero_connector.group_xero_admin", company_id=self.env.company.id)
        self.assertIn("not valid", self._refused(self.params, self.env(user=other)))

    def test_no_longer_administrator(self):
        self.env.user.sudo().group_ids -= self.env.ref("xero_connector.group_xero_admin")
        with self.assertRaises(AccessError):
            self._complete(self.params)

    def test_consent_denied(self):
        params = self._consent(self.connection.action_connect()["url"], action="cancel")
        self.assertIn("did not allow", self._refused(params))

    def test_other_refusal_of_xero(self):
        message = self._refused({"error": "invalid_scope", "state": self.params["state"]})
        self.assertIn("invalid_scope", message)

    def test_no_code(self):
        self._refused({"state": self.params["state"]})

    def test_wrong_code(self):
        self.assertIn("Press Connect again", self._refused({**self.params, "code": "wrong"}))


@tagged("post_install", "-at_install")
class TestSettings(ConnectionCase):
    def _settings(self, **values):
        """What the web client does when Connect is pressed on a page with unsaved values: it creates the record, nothing else."""
        return self.env["res.config.settings"].create(values)

    def test_paste_and_connect(self):
        settings = self._settings(xero_client_id="demo-client", xero_client_secret="demo-secret", xero_sync_payment="off")
        url = settings.action_xero_connect()["url"]
        connection = self.env["xero.connection"]._get_active(self.env.company)
        self.assertEqual((connection.client_id, connection.sync_payment), ("demo-client", "off"))
        self.assertTrue(connection.has_client_secret)
        self._complete(self._consent(url))
        shown = self._settings()
        self.assertEqual(shown.xero_state, "connected")
        self.assertEqual(shown.xero_organisation_name, self.xero.organisation("AU").name)
        self.assertEqual(shown.xero_redirect_uri, self._own_address() + "/xero/callback")

    def test_connect_pressed_too_early(self):
        """E1: the first click finds nothing filled in; what is filled in then is written to the same page, and all else stays as it was."""
        settings = self._settings(xero_sync_payment="off")
        with self.assertRaisesRegex(UserError, "client ID"):
            settings.action_xero_connect()
        settings.write({"xero_client_id": "demo-client", "xero_client_secret": "demo-secret"})
        connection = self.env["xero.connection"]._get_active(self.env.company)
        self.assertEqual((connection.client_id, connection.app_type, connection.sync_invoice), ("demo-client", "web", "auto"))
        self.assertTrue(settings.action_xero_connect()["url"])
        settings.write({"xero_sync_invoice": "manual"})
        self.assertEqual((connection.client_id, connection.sync_invoice), ("demo-client", "manual"))

    def test_what_is_typed_is_looked_at(self):
        """E13: a client ID that cannot be one is told, and not refused."""
        for typed, is_told in (("demo", True), ("0123456789ABCDEF0123456789abcdef", False), (" 0123456789ABCDEF0123456789ABCDEF ", False)):
            with self.subTest(typed):
                self.assertEqual(bool(self._settings(xero_client_id=typed).xero_client_id_note), is_told)
        self.assertFalse(self._settings().xero_client_id_note)

    def test_what_the_start_date_means(self):
        """E2: documents, payments and calls from that day on, and what stays in Odoo only."""
        self.init_invoice("out_invoice", invoice_date="2026-01-01", amounts=[100], post=True)
        for day in ("2026-10-01", "2026-10-02"):
            self.init_invoice("out_invoice", invoice_date=day, amounts=[100], post=True)
        settings = self._settings(xero_sync_from="2026-10-01")
        self.assertEqual(settings.xero_start_note, "Documents: 2 · Payments: 0 · Calls: about 12 · Before that day, in Odoo only: 1")
        settings.xero_sync_from = False
        self.assertEqual(settings.xero_start_note, "Documents: 3 · Payments: 0 · Calls: about 12")

    def test_secret_is_not_kept_here(self):
        settings = self._settings(xero_client_id="demo-client", xero_client_secret="demo-secret")
        self.assertFalse(settings.xero_client_secret)
        self.assertFalse(settings.read(["xero_client_secret"])[0]["xero_client_secret"])
        self.assertFalse(settings._fields["xero_client_secret"].store)
        self.assertTrue(settings.xero_has_client_secret)

    def test_no_secret_typed_keeps_the_stored_one(self):
        connection = self._new_connection()
        self._settings(xero_client_id="demo-client-2", xero_client_secret=False).execute()
        self.assertEqual(connection.client_id, "demo-client-2")
        self.assertTrue(connection.has_client_secret)

    def test_saving_something_else_makes_no_connection(self):
        self._settings().execute()
        self.assertFalse(self.env["xero.connection"].search([]))

    def test_form(self):
        self._connect()
        # the page warns of something else: cash basis taxes of the chart
        with mute_logger("odoo.tests.form.onchange"), Form(self.env["res.config.settings"]) as form:
            self.assertEqual(form.xero_client_id, "demo-client")
            form.xero_sync_contact = "manual"
        self.assertEqual(self.env["xero.connection"]._get_active(self.env.company).sync_contact, "manual")

    def test_connection_form(self):
        connection = self._new_connection()
        with Form(connection) as form:
            form.client_id = "another"
        self.assertEqual(connection.client_id, "another")

    def test_disconnect(self):
        connection = self._connect()
        self._settings().action_xero_disconnect()
        self.assertEqual(connection.state, "draft")
