from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..common.connected import XeroCommon


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
