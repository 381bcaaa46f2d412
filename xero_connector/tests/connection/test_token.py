import logging
import os
import stat
import traceback
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, Form, freeze_time, tagged

from ...access import clients, crypto
from ...access.token_source import DatabaseCopied, KeyChanged
from ...access.tokens import SECRETS, TokenRow
from ...xero_core import errors
from ..common.connected import XeroCommon


class TokenCase(XeroCommon):
    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()
        self.xero.calls.clear()

    @property
    def row(self):
        return TokenRow(self.env.cr, self.connection.id)

    def _expire(self):
        self.env.cr.execute("UPDATE xero_token SET expires_at = %s", [fields.Datetime.now() - timedelta(minutes=1)])

    def _secrets(self):
        return {name: self.row.secret(name) for name in SECRETS if self.row.has(name)}


@tagged("post_install", "-at_install")
class TestRefresh(TokenCase):
    def test_not_before_it_is_due(self):
        token = clients.tokens(self.connection).get()
        self.assertEqual(token, self.row.secret("access_token"))
        self.assertFalse(self._calls("/connect/token"))

    def test_when_due(self):
        self._expire()
        before = self._secrets()
        token = clients.tokens(self.connection).get()
        after = self._secrets()
        self.assertNotEqual(before["access_token"], token)
        self.assertEqual(after["access_token"], token)
        self.assertNotEqual(before["refresh_token"], after["refresh_token"])
        self.assertEqual(after["previous_refresh_token"], before["refresh_token"])
        self.assertGreater(self.row.expires_at, fields.Datetime.now() + timedelta(minutes=25))
        self.assertEqual(self._calls("/connect/token"), 1)

    def test_many_sources_one_refresh(self):
        self._expire()
        sources = [clients.tokens(self.connection) for _number in range(5)]
        self.assertEqual(len({source.get() for source in sources}), 1)
        self.assertEqual(self._calls("/connect/token"), 1)

    def test_refused_token_is_replaced_once(self):
        sources = [clients.tokens(self.connection) for _number in range(3)]
        stale = sources[0].get()
        fresh = {source.renew(stale) for source in sources}
        self.assertEqual(len(fresh), 1)
        self.assertNotEqual(fresh, {stale})
        self.assertEqual(self._calls("/connect/token"), 1)

    def test_lost_answer_is_asked_for_again(self):
        self._expire()
        self._order_fault("timeout_after", path="/connect/token")
        self.assertEqual(clients.tokens(self.connection).get(), self.row.secret("access_token"))

    def test_answer_lost_twice_keeps_what_we_have(self):
        self._expire()
        before = self._secrets()
        self._order_fault("timeout_after", path="/connect/token", times=2)
        with self.assertRaises(errors.OutcomeUnknown):
            clients.tokens(self.connection).get()
        self.assertEqual(self._secrets(), before)
        clients.tokens(self.connection).get()  # the next worker, within Xero's half hour

    def test_previous_token_when_the_new_one_was_never_valid(self):
        self._expire()
        clients.tokens(self.connection).get()
        self.row.store(refresh_token="never arrived whole")
        self._expire()
        self.assertEqual(clients.tokens(self.connection).get(), self.row.secret("access_token"))
        self.assertEqual(self.connection.state, "connected")

    def test_revoked(self):
        self._expire()
        self.xero.identity.revoke("demo-client")
        with self.assertRaises(errors.ConsentLost) as caught:
            clients.tokens(self.connection).get()
        self.connection._apply_error(caught.exception)
        self.assertEqual(self.connection.state, "reconnect")

    def test_wrong_secret_is_not_a_lost_connection(self):
        self._expire()
        before = self._secrets()
        self._order_fault("invalid_client", path="/connect/token")
        with self.assertRaises(errors.AppRefused) as caught:
            clients.tokens(self.connection).get()
        self.connection._apply_error(caught.exception)
        self.assertEqual(self.connection.state, "paused")
        self.assertEqual(self._secrets(), before)

    def test_identity_service_down(self):
        self._expire()
        self._order_fault("unavailable_503", path="/connect/token")
        with self.assertRaises(errors.NotReached) as caught:
            clients.tokens(self.connection).get()
        self.assertFalse(self.connection._apply_error(caught.exception))

    def test_custom_connection_asks_again(self):
        self.connection.action_disconnect()
        self.connection.write({"app_type": "custom", "client_id": "demo-custom"})
        self.connection.action_connect()
        self._expire()
        self.xero.calls.clear()
        self.assertEqual(clients.tokens(self.connection).get(), self.row.secret("access_token"))
        self.assertEqual(self._calls("/connect/token"), 1)

    def test_no_tokens(self):
        self.env.cr.execute("DELETE FROM xero_token")
        with self.assertRaises(errors.ConsentLost):
            clients.tokens(self.connection).get()


@tagged("post_install", "-at_install")
class TestCopiedDatabase(TokenCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "a copy has another one")
        self.env.invalidate_all()

    def test_nothing_is_refreshed_or_sent(self):
        self._expire()
        before = self._secrets()
        self.assertFalse(self.connection._is_live())
        with self.assertRaises(DatabaseCopied):
            clients.tokens(self.connection).get()
        with self.assertRaises(DatabaseCopied):
            clients.xero(self.connection).organisation()
        self.assertFalse(self.xero.calls)
        self.assertEqual(self._secrets(), before)

    def test_connect_this_database(self):
        self.assertTrue(self.connection.is_database_copy)
        self._authorise(self.connection)
        self.assertFalse(self.connection.is_database_copy)
        self.assertTrue(self.connection._is_live())

    def test_disconnect_here_leaves_xero_alone(self):
        for method in ("action_disconnect", "action_disconnect_here"):
            getattr(self.connection, method)()
        self.assertEqual(self.connection.state, "draft")
        self.assertFalse(self.connection.is_database_copy)
        self.assertFalse(self.xero.calls)
        self.assertTrue(self.xero.identity.connections)


@tagged("post_install", "-at_install")
class TestKey(TokenCase):
    def _with_key(self, key):
        return patch.dict(os.environ, XERO_CONNECTOR_KEY=key)

    def test_changed_key(self):
        with self._with_key(Fernet.generate_key().decode()):
            self.env.invalidate_all()
            with self.assertRaises(KeyChanged) as caught:
                clients.tokens(self.connection).get()
            self.connection._apply_error(caught.exception)
            self.assertEqual(self.connection.state, "reconnect")
            self.assertIn("key", self.connection.state_message)
            self.assertFalse(self.connection.has_client_secret)
            with Form(self.connection) as form:
                form.client_secret = "demo-secret"
            self._authorise(self.connection)
            self.assertEqual(self.connection.state, "connected")
            clients.tokens(self.connection).get()
        self.assertFalse(self.xero.faults.describe()["faults"])

    def test_a_key_that_cannot_be_read_heals(self):
        with patch.object(crypto, "_key", side_effect=crypto.KeyUnavailable("empty")), self.assertRaises(errors.NotReached) as caught:
            clients.tokens(self.connection).get()
        self.connection._apply_error(caught.exception)
        self.assertEqual(self.connection.state, "connected", "it goes on by itself when the key is there again")
        self.assertTrue(clients.tokens(self.connection).get())

    def test_a_missing_key_is_neither_replaced_nor_told_of_as_a_wrong_secret(self):
        """C7: whoever presses a button meanwhile is told what is the matter, without the server's paths."""
        with TemporaryDirectory() as folder, patch.dict(os.environ), patch.object(crypto, "config", {"data_dir": folder}):
            os.environ.pop(crypto.VARIABLE)
            self.env.invalidate_all()
            self.assertTrue(self.connection.has_client_secret)
            for press in (lambda: self.connection.write({"client_secret": "another"}), self.connection.action_connect):
                with self.assertRaises(UserError) as caught:
                    press()
                self.assertIn("key", str(caught.exception))
                self.assertNotIn(folder, str(caught.exception))
            with self.assertRaises(errors.NotReached) as caught:
                clients.xero(self.connection)
            self.assertIn("key", self.connection._sentence(caught.exception))
            self.assertFalse(list(Path(folder).iterdir()))
        self.assertTrue(clients.tokens(self.connection).get())
        self.assertEqual(clients.client_secret(self.connection), "demo-secret")

    def test_disconnect_after_changed_key(self):
        with self._with_key("another"):
            self.connection.action_disconnect()
        self.assertEqual(self.connection.state, "draft")

    def test_columns_hold_ciphertext(self):
        self.connection.action_connect()
        secrets = self._secrets()
        self.assertTrue({"access_token", "refresh_token", "client_secret", "consent"} <= secrets.keys())
        self.env.cr.execute("SELECT * FROM xero_token")
        stored = str(self.env.cr.fetchall())
        for secret in secrets.values():
            self.assertNotIn(secret, stored)


@tagged("post_install", "-at_install")
class TestKeyFile(BaseCase):
    @contextmanager
    def _data_dir(self):
        with TemporaryDirectory() as folder, patch.dict(os.environ), patch.object(crypto, "config", {"data_dir": folder}):
            os.environ.pop(crypto.VARIABLE, None)
            yield Path(folder)

    def test_made_once_and_private(self):
        with self._data_dir() as folder:
            ciphertext = crypto.encrypt("secret")
            path = folder / crypto.FILE
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(crypto.decrypt(ciphertext), "secret")
            self.assertEqual([entry.name for entry in folder.iterdir()], [crypto.FILE])
            path.unlink()
            with self.assertRaises(crypto.Unreadable):
                crypto.decrypt(ciphertext)

    def test_empty_file_is_no_key(self):
        with self._data_dir() as folder:
            (folder / crypto.FILE).write_text("\n")
            with self.assertRaisesRegex(crypto.Unreadable, "empty") as caught:
                crypto.encrypt("secret")
            self.assertNotIn(str(folder), str(caught.exception))

    def test_a_key_that_is_missing_for_a_moment(self):
        """C7: a volume that is not mounted yet is no reason to make another key, or to ask for a new consent."""
        with self._data_dir() as folder:
            ciphertext, path = crypto.encrypt("secret"), folder / crypto.FILE
            key = path.read_text()
            for spoil in (path.unlink, lambda: path.write_text("")):
                spoil()
                with self.assertRaises(crypto.KeyUnavailable):
                    crypto.decrypt(ciphertext)
                path.write_text(key)
                self.assertEqual(crypto.decrypt(ciphertext), "secret")

    def test_no_other_key_where_there_are_secrets(self):
        """C7: a new one would lock up for ever what the missing one has encrypted."""
        with self._data_dir() as folder:
            crypto.encrypt("secret")
            (folder / crypto.FILE).unlink()
            with self.assertRaises(crypto.KeyUnavailable):
                crypto.encrypt("another", make=False)
            self.assertFalse(list(folder.iterdir()))

    def test_environment_comes_first(self):
        with self._data_dir() as folder:
            os.environ[crypto.VARIABLE] = "from the environment"
            self.assertEqual(crypto.decrypt(crypto.encrypt("ü")), "ü")
            self.assertFalse(list(folder.iterdir()))

    def test_nothing_stays_nothing(self):
        self.assertIsNone(crypto.encrypt(""))
        self.assertEqual(crypto.decrypt(None), "")


@tagged("post_install", "-at_install")
class TestLeaks(TokenCase):
    """No secret in logs, messages, tracebacks or reprs."""

    def _assert_clean(self, text, secrets):
        for secret in secrets:
            self.assertNotIn(secret, text)

    def test_logs_and_errors(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.connection.action_connect()
            self._authorise(self.connection)
            self._expire()
            clients.tokens(self.connection).get()
            secrets = {value for name, value in self._secrets().items() if name != "consent"}
            texts = []
            for fault in ("invalid_grant", "invalid_client", "error_500_after", "html_200", "timeout_after"):
                self._expire()
                self._order_fault(fault, path="/connect/token", times=2)
                try:
                    clients.tokens(self.connection).get()
                except errors.XeroError as error:
                    texts += [str(error), repr(error), *traceback.format_exception(error), self.connection._sentence(error)]
                self.xero.faults.clear()
        self.assertTrue(texts)
        self._assert_clean("\n".join(texts), secrets)
        ours = [line for line in logs.output if "xero_simulator" not in line.split(":", 2)[1]]
        self._assert_clean("\n".join(ours), secrets)

    def test_reprs(self):
        secrets = self._secrets().values()
        objects = [
            self.row,
            clients.tokens(self.connection),
            clients.oauth(self.connection),
            clients.xero(self.connection),
            self.connection,
        ]
        self._assert_clean(" ".join(map(repr, objects)), secrets)

    def test_frozen_far_future(self):
        """The refresh token ends after 60 days without use; then only a person helps."""
        with freeze_time(fields.Datetime.now() + timedelta(days=61)):
            self.xero.clock.advance(timedelta(days=61).total_seconds())
            with self.assertRaises(errors.ConsentLost):
                clients.tokens(self.connection).get()
