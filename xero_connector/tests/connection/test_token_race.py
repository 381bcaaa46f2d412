from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...access import clients
from ...access.tokens import TokenRow
from ..common.race import RaceCase


@tagged("post_install", "-at_install")
class TestTokenRace(RaceCase):
    """A token is renewed once, and an answer of Xero's counts once, however many ask at the same moment."""

    def _token(self):
        with self._environment() as env:
            return clients.tokens(env["xero.connection"].browse(self.connection_id)).get()

    def test_one_refresh_for_all_workers(self):
        self._complete(self._consent())
        with self._environment() as env:
            env.cr.execute("UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' WHERE connection_id = %s", [self.connection_id])
        self.xero.calls.clear()
        results = self._at_once(self._token)
        self.assertEqual(len(set(map(str, results))), 1, results)
        self.assertEqual(sum(count for name, count in self.xero.calls.items() if "token" in name), 1)
        with self._environment() as env:
            self.assertEqual(TokenRow(env.cr, self.connection_id).secret("access_token"), results[0])

    def test_refresh_survives_the_rollback_of_its_caller(self):
        self._complete(self._consent())
        with self._environment() as env:
            env.cr.execute("UPDATE xero_token SET expires_at = now() AT TIME ZONE 'UTC' WHERE connection_id = %s", [self.connection_id])
        with self.registry.cursor() as cr:
            connection = api.Environment(cr, SUPERUSER_ID, {})["xero.connection"].browse(self.connection_id)
            connection.sync_from = "2020-01-01"  # the caller holds the connection's row; the renewal must not wait for it
            connection.flush_recordset()
            token = clients.tokens(connection).get()
            cr.rollback()
        with self._environment() as env:
            self.assertEqual(TokenRow(env.cr, self.connection_id).secret("access_token"), token)

    def test_a_state_is_used_once(self):
        params = self._consent()
        results = self._at_once(lambda: self._complete(params))
        self.assertEqual(results.count(None), 1, results)
        self.assertEqual(self.xero.calls["POST /connect/token"], 1)
        for result in results:
            # who waited for the winner's lock is told by PostgreSQL to start again, as Odoo does with any request
            self.assertTrue(result is None or isinstance(result, UserError) or "could not serialize" in str(result), result)
        with self._environment() as env:
            self.assertEqual(env["xero.connection"].browse(self.connection_id).state, "connected")
        with self.assertRaises(UserError):
            self._complete(params)
