from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..common.connected import XeroCommon
from ..engine.test_migration import migration


@tagged("post_install", "-at_install")
class TestDatabaseCopy(XeroCommon):
    """Whatever is done in a copy, the original stays connected."""

    organisations = ("AU", "NZ")

    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()
        self.original = self.connection.xero_connection_ref

    def _choose_other_organisation(self):
        action = self._authorise(self.connection, "NZ")
        self.env[action["res_model"]].browse(action["res_id"]).action_confirm()
        successor = self.env["xero.connection"]._get_active(self.env.company)
        self.assertEqual(successor.tenant_id, self.xero.organisation("NZ").tenant_id)

    def _moved(self, change):
        """The tokens say of another database what ``change`` makes of uuid, name and oid."""
        self.env.flush_all()
        self.env.cr.execute("SELECT database FROM xero_token WHERE connection_id = %s", [self.connection.id])
        uuid, name, oid = self.env.cr.fetchone()[0].split("/")
        changed = "/".join(change(uuid, name, oid))
        self.env.cr.execute("UPDATE xero_token SET database = %s WHERE connection_id = %s", [changed, self.connection.id])
        self.env.invalidate_all()

    def test_copied_or_restored(self):
        """A2: `createdb -T` leaves Odoo's uuid as it was, and so does a dump that is restored."""
        for name, change in {
            "by Odoo": lambda uuid, name, oid: ("another", name, oid),
            "by PostgreSQL": lambda uuid, name, oid: (uuid, f"{name}_original", "1"),
            "restored under its name": lambda uuid, name, oid: (uuid, name, "1"),
        }.items():
            with self.subTest(name):
                self._moved(change)
                self.assertTrue(self.connection.is_database_copy)
                before = self._calls()
                self.connection.cron_id.sudo().method_direct_trigger()
                self.connection.action_sync_now()
                self.connection.cron_id.sudo().method_direct_trigger()
                self.assertEqual(self._calls(), before, "a copy sends nothing and asks nothing")
                self.connection.action_continue_here()
                self.assertFalse(self.connection.is_database_copy)

    def test_go_on_here(self):
        """Answering the question is enough: no new consent, and what waits goes."""
        self._moved(lambda uuid, name, oid: (uuid, name, "1"))
        self.connection.action_continue_here()
        self.connection.action_refresh_reference_data()
        self.assertEqual((self.connection.state, self.connection.is_database_copy), ("connected", False))
        self.connection.action_continue_here()  # a second click
        self.assertEqual(self.connection.state, "connected")

    def test_upgraded(self):
        """An older version knew Odoo's uuid only: what was no copy is none, what was one stays one."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        for known, is_copy in ((uuid, False), ("another", True)):
            with self.subTest(known):
                self.env.flush_all()
                self.env.cr.execute("ALTER TABLE xero_token ADD COLUMN database_uuid varchar")
                self.env.cr.execute("UPDATE xero_token SET database = NULL, database_uuid = %s", [known])
                for _again in range(2):
                    migration("19.0.1.4.0").migrate(self.env.cr, "19.0.1.3.0")
                self.env.invalidate_all()
                self.assertEqual(self.connection.is_database_copy, is_copy)

    def test_other_organisation_in_a_copy(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "the-copy")
        self.env.invalidate_all()
        self.assertTrue(self.connection.is_database_copy)
        self._choose_other_organisation()
        self.assertIn(self.original, self.xero.identity.connections)

    def test_other_organisation_in_a_neutralized_copy(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["xero_connector"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.connection.client_secret = "demo-secret"
        self._choose_other_organisation()
        self.assertIn(self.original, self.xero.identity.connections)
