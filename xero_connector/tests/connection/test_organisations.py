"""Which organisation it is, and what becomes of the connection."""

import os
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ...xero_core import errors
from ..common.connection import ConnectionCase


@tagged("post_install", "-at_install")
class TestOrganisations(ConnectionCase):
    def _prepare(self):
        super()._prepare()
        self.other_company = self.setup_other_company(name="Second Company")["company"]
        self.env.user.company_ids += self.other_company

    def _both(self, connection):
        """The parameters of a consent in which two organisations were chosen."""
        params = self._consent(connection.action_connect()["url"])
        event = self.xero.identity.codes[params["code"]].auth_event_id
        app = self.xero.identity.apps["demo-client"]
        self.xero.identity.connect(app, self.xero.organisation("NZ").tenant_id, event, self.xero.now())
        return params

    def _wizard(self, action):
        self.assertEqual(action["res_model"], "xero.organisation.wizard")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_choose_one_of_several(self):
        connection = self._new_connection()
        wizard = self._wizard(self._complete(self._both(connection)))
        self.assertEqual(connection.state, "draft")
        self.assertEqual(set(wizard.choice_ids.mapped("name")), {o.name for o in self.xero.organisations.values()})
        self.assertEqual(self.env["xero.connection"].action_after_connect()["res_id"], wizard.id)
        with self.assertRaisesRegex(UserError, "Choose an organisation"):
            wizard.action_choose()
        with Form(wizard) as form:
            form.choice_id = wizard.choice_ids.filtered(lambda choice: choice.name == self.xero.organisation("NZ").name)
        wizard.action_choose()
        self.assertEqual((connection.state, connection.tenant_id), ("connected", self.xero.organisation("NZ").tenant_id))
        self.assertFalse(self._row(connection).has("offer"))

    def test_only_what_xero_offered(self):
        connection = self._new_connection()
        wizard = self._wizard(self._complete(self._both(connection)))
        wizard.choice_id = self.env["xero.organisation.choice"].create({"wizard_id": wizard.id, "tenant_id": "made-up", "name": "Made up"})
        with self.assertRaisesRegex(UserError, "too long"):
            wizard.action_choose()
        self.assertEqual(connection.state, "draft")

    def test_offer_ends(self):
        connection = self._new_connection()
        wizard = self._wizard(self._complete(self._both(connection)))
        wizard.choice_id = wizard.choice_ids[0]
        with freeze_time(fields.Datetime.now() + timedelta(minutes=31)), self.assertRaisesRegex(UserError, "too long"):
            wizard.action_choose()

    def test_organisation_of_another_company(self):
        first = self._connect()
        second = self._new_connection(self.other_company)
        with self.assertRaisesRegex(UserError, self.env.company.name):
            self._authorise(second)
        self.assertEqual((second.state, second.tenant_id), ("draft", False))
        self.assertFalse(self._row(second).has("access_token"))
        self.assertFalse(self._row(second).has("offer"))
        self.assertEqual(first.state, "connected")
        self.assertTrue(self._works(first), "what both use must not be removed in Xero")

    def test_organisation_of_another_company_through_another_app(self):
        self.xero.identity.register(type(self.xero.identity.apps["demo-client"])("other-client", "other-secret"))
        first = self._connect()
        second = self._new_connection(self.other_company, client_id="other-client", client_secret="other-secret")
        with self.assertRaisesRegex(UserError, self.env.company.name):
            self._authorise(second)
        self.assertEqual({c.id for c in self.xero.identity.connections.values()}, {first.xero_connection_ref})

    def test_free_again_after_disconnecting(self):
        self._connect().action_disconnect()
        second = self._connect(company=self.other_company)
        self.assertEqual(second.state, "connected")
        first = self.env["xero.connection"]._get_active(self.env.company).with_env(self.env)
        with self.assertRaisesRegex(UserError, "Second Company"):
            self._authorise(first)

    def test_two_companies_two_organisations(self):
        first, second = self._connect(), self._connect("NZ", self.other_company)
        self.assertEqual((first.state, second.state), ("connected", "connected"))
        self.assertNotEqual(first.tenant_id, second.tenant_id)
        self.assertIn("NZD", second.sudo()._currency_warning() if second.base_currency else "NZD")

    def test_same_organisation_again(self):
        connection = self._connect()
        connection.action_disconnect()
        key = connection.external_key
        self.assertEqual(self._connect(), connection)
        self.assertEqual((connection.state, connection.external_key), ("connected", key))

    def test_other_organisation_asks_first(self):
        connection = self._connect()
        old_ref = connection.xero_connection_ref
        wizard = self._wizard(self._authorise(connection, "NZ"))
        self.assertEqual(wizard.step, "confirm")
        self.assertEqual(wizard.old_name, self.xero.organisation("AU").name)
        self.assertEqual(wizard.choice_id.name, self.xero.organisation("NZ").name)
        self.assertFalse(wizard.known_before)
        self.assertEqual((connection.state, connection.active, connection.xero_connection_ref), ("connected", True, old_ref))
        self.assertTrue(self._works(connection))

    def test_other_organisation_cancelled(self):
        connection = self._connect()
        wizard = self._wizard(self._authorise(connection, "NZ"))
        wizard.action_cancel()
        self.assertEqual((connection.state, connection.tenant_id), ("connected", self.xero.organisation("AU").tenant_id))
        self.assertNotEqual(self.env["xero.connection"].action_after_connect().get("res_model"), wizard._name)

    def test_other_organisation_left_open_is_not_asked_again(self):
        connection = self._connect()
        wizard = self._wizard(self._authorise(connection, "NZ"))
        self._authorise(connection, "AU")
        self.assertNotEqual(self.env["xero.connection"].action_after_connect().get("res_model"), wizard._name)

    def test_other_organisation_confirmed(self):
        first = self._connect(sync_payment="manual")
        old_ref = first.xero_connection_ref
        self._wizard(self._authorise(first, "NZ")).action_confirm()
        second = self.env["xero.connection"]._get_active(self.env.company).with_env(self.env)
        self.assertNotEqual(first, second)
        self.assertEqual((first.active, first.state), (False, "draft"))
        self.assertFalse(any(self._row(first).has(name) for name in ("access_token", "refresh_token", "client_secret", "offer")))
        self.assertNotIn(old_ref, self.xero.identity.connections)
        self.assertEqual((second.state, second.tenant_id), ("connected", self.xero.organisation("NZ").tenant_id))
        self.assertEqual((second.client_id, second.sync_payment, second.has_client_secret), ("demo-client", "manual", True))
        self.assertNotEqual(first.external_key, second.external_key)
        self.assertTrue(self._works(second))
        self.assertTrue(second.sudo().cron_id.active)
        self.assertFalse(first.sudo().with_context(active_test=False).cron_id.active)

    def test_back_to_the_first_organisation(self):
        first = self._connect()
        self._wizard(self._authorise(first, "NZ")).action_confirm()
        second = self.env["xero.connection"]._get_active(self.env.company).with_env(self.env)
        wizard = self._wizard(self._authorise(second, "AU"))
        self.assertTrue(wizard.known_before)
        wizard.action_confirm()
        self.assertEqual((first.active, first.state, second.active), (True, "connected", False))
        self.assertTrue(self._works(first))


@tagged("post_install", "-at_install")
class TestDisconnect(ConnectionCase):
    def test_disconnect(self):
        connection = self._connect()
        connection.action_disconnect()
        self.assertEqual(connection.state, "draft")
        self.assertFalse(self.xero.identity.connections)
        self.assertFalse(self._row(connection).has("access_token") or self._row(connection).has("refresh_token"))
        self.assertTrue(connection.has_client_secret)
        self.assertTrue(connection.tenant_id, "what was sent still belongs to that organisation")

    def test_already_gone_in_xero(self):
        connection = self._connect()
        self.xero.identity.connections.clear()
        connection.action_disconnect()
        self.assertEqual(connection.state, "draft")

    def test_consent_already_revoked(self):
        connection = self._connect()
        self.xero.identity.revoke("demo-client")
        connection.action_disconnect()
        self.assertEqual(connection.state, "draft")

    def test_xero_unreachable(self):
        connection = self._connect()
        self._order_fault("reset_before", path="/connections", times=None)
        wizard = self.env["xero.disconnect.wizard"].browse(connection.action_disconnect()["res_id"])
        self.assertIn("cannot be reached", wizard.reason)
        self.assertEqual(connection.state, "connected")
        self.assertEqual(wizard.action_try_again()["res_model"], "xero.disconnect.wizard")
        wizard.action_disconnect_here()
        self.assertEqual(connection.state, "draft")
        self.assertFalse(self._row(connection).has("access_token"))

    def test_bindings_stay(self):
        connection = self._connect()
        values = {"connection_id": connection.id, "kind": "contact", "res_model": "res.partner", "res_id": 1, "xero_id": "x"}
        binding = self.env["xero.binding"].sudo().create(values)
        connection.action_disconnect()
        self._connect()
        self.assertEqual(binding.exists().connection_id, connection)

    def test_neutralized_copy(self):
        connection = self._connect()
        self.env.flush_all()
        for query in get_neutralization_queries(["xero_connector"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(connection.state, "draft")
        self.assertFalse(connection.has_client_secret)
        self.assertFalse(connection._is_live())
        self.env.cr.execute("SELECT count(*) FROM xero_token")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        connection.client_secret = "demo-secret"
        self.assertEqual(self._connect(), connection)


@tagged("post_install", "-at_install")
class TestStates(ConnectionCase):
    def test_reconnect_says_so_and_tells_one_person_once(self):
        connection = self._connect()
        for _time in range(2):
            self.assertTrue(connection._apply_error(errors.ConsentLost("gone")))
        self.assertEqual(connection.state, "reconnect")
        self.assertIn("no longer accepts", connection.state_message)
        self.assertEqual(connection.activity_ids.user_id, connection.responsible_user_id)
        self.assertEqual(len(connection.activity_ids), 1)
        self._authorise(connection)
        self.assertEqual((connection.state, connection.state_message), ("connected", False))
        self.assertFalse(connection.activity_ids)

    def test_responsible_who_left(self):
        connection = self._connect()
        leaver = new_test_user(self.env, "leaver", groups="xero_connector.group_xero_admin", company_id=self.env.company.id)
        connection.responsible_user_id = leaver
        leaver.sudo().active = False
        connection._apply_error(errors.ConsentLost("gone"))
        self.assertEqual(connection.activity_ids.user_id, self.env.ref("base.user_admin"))

    def test_wrong_app_settings_pause_until_corrected(self):
        connection = self._connect()
        connection._apply_error(errors.AppRefused("no"))
        self.assertEqual(connection.state, "paused")
        self.assertIn("client secret", connection.state_message)
        self.assertFalse(connection._is_live())
        connection.client_secret = "demo-secret"
        self.assertEqual((connection.state, connection.state_message), ("connected", False))

    def test_passing_errors_change_nothing(self):
        connection = self._connect()
        passing = ("NotReached", "OutcomeUnknown", "MinuteLimit", "DayLimit", "Unavailable", "ValidationRefused")
        for kind in (getattr(errors, name) for name in passing):
            self.assertFalse(connection._apply_error(kind("x")))
            self.assertTrue(connection._sentence(kind("x")))
        self.assertEqual(connection.state, "connected")

    def test_impossible_change(self):
        with self.assertRaises(ValueError):
            self._new_connection()._set_state("paused")

    def test_addresses_are_https(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for wrong in (
            "http://login.xero.com",
            "ftp://localhost",
            "login.xero.com",
            "http://localhost.evil.example",
            "http://u:p@localhost",
            "https://evil.example",  # C1: secrets are sent there
            "https://xero.com.evil.example",
            "https://notxero.com",
        ):
            with self.subTest(wrong), self.assertRaisesRegex(ValidationError, "https://"):
                parameters.set_param("xero_connector.identity_url", wrong)
        for right in ("https://identity.xero.com", "http://localhost:5055", "http://127.0.0.1:5055"):
            parameters.set_param("xero_connector.identity_url", right)
        with patch.dict(os.environ, XERO_CONNECTOR_HOSTS="other.example, proxy.example"):
            parameters.set_param("xero_connector.identity_url", "https://proxy.example/xero")
        self.env.flush_all()
        connection = self._new_connection()
        with self.assertRaisesRegex(UserError, "allowed on the server"):
            connection._endpoints()
        self.env.cr.execute("UPDATE ir_config_parameter SET value = 'http://evil.example' WHERE key = 'xero_connector.identity_url'")
        self.env.registry.clear_cache("stable")
        with self.assertRaisesRegex(UserError, "https://"):
            connection.action_connect()

    def test_one_active_per_company(self):
        self._new_connection()
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._new_connection()
