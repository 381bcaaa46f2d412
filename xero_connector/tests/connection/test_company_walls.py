from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.push import XeroPushCommon
from .test_permissions import PermissionCase

# every model of ours with rows that belong to one company
PRIVATE = (
    "xero.connection",
    "xero.job",
    "xero.binding",
    "xero.call",
    "xero.problem",
    "xero.drift",
    "xero.drift.field",
    "xero.document",
    "xero.account",
    "xero.tax.rate",
    "xero.tracking.category",
    "xero.tracking.option",
    "xero.currency",
    "xero.account.mapping",
    "xero.tax.mapping",
    "xero.journal.mapping",
)


@tagged("post_install", "-at_install")
class TestCompanyWalls(PermissionCase):
    """Xero people of one company neither see nor move anything of another company's connection."""

    def _prepare(self):
        super()._prepare()
        self.other = self.setup_other_company()["company"]
        self.stranger = new_test_user(self.env, "stranger", groups="xero_connector.group_xero_admin", company_id=self.other.id)
        self.theirs = self.env["xero.connection"].with_user(self.stranger).with_company(self.other).browse(self.connection.id)
        self.xero.calls.clear()

    def test_nothing_is_seen(self):
        self.assertTrue(self.env["xero.account"].sudo().search([]))
        self.assertTrue(self.env["xero.call"].sudo().search([]))
        for model in PRIVATE:
            with self.subTest(model):
                self.assertFalse(self.theirs.env[model].search([]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_buttons_move_nothing(self):
        for method in (
            "action_connect",
            "action_disconnect",
            "action_disconnect_here",
            "action_continue_here",
            "action_refresh_reference_data",
            "action_sync_now",
            "action_open_mapping",
            "action_propose_mapping",
            "action_confirm_mapping",
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(self.theirs, method)()
        self.assertFalse(self._calls(), "no call at the cost of the other company")

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_wizards_tell_nothing(self):
        env = self.theirs.env
        with self.assertRaises(AccessError):
            env["xero.organisation.wizard"].create({"connection_id": self.connection.id, "step": "choose"}).read(["old_name", "company_id"])
        with self.assertRaises(AccessError):
            env["xero.disconnect.wizard"].create({"connection_id": self.connection.id}).read(["connection_id"])
        wizard = env["xero.disconnect.wizard"].sudo().create({"connection_id": self.connection.id}).sudo(False)
        for method in ("action_try_again", "action_disconnect_here"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(wizard, method)()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_mapping_lines_stay_in_their_company(self):
        account = self.env["account.account"].with_company(self.other).search([("company_ids", "in", self.other.ids)], limit=1)
        with self.assertRaises(UserError):
            self.theirs.env["xero.account.mapping"].create({"connection_id": self.connection.id, "account_id": account.id})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_callback_of_another_companys_connection(self):
        """A signed state of the right person is not enough once the company was taken from them."""
        self.stranger.company_ids = [Command.link(self.env.company.id)]
        Connection = self.theirs.env["xero.connection"].with_context(allowed_company_ids=(self.env.company | self.other).ids)
        params = self._consent(Connection.browse(self.connection.id).action_connect()["url"])
        self.stranger.company_ids = [Command.unlink(self.env.company.id)]
        with self.assertRaises(AccessError):
            self.theirs.env["xero.connection"]._complete_authorisation(params)


@tagged("post_install", "-at_install")
class TestDocumentsOfOthers(XeroPushCommon):
    def test_one_that_may_not_be_read(self):
        """C4: a contact that belongs to another company now costs the Documents screen and its export none of the others."""
        other = self.setup_other_company()["company"]
        theirs = self.env["res.partner"].create({"name": "Moved Away"})
        invoices = self._invoice(100) | self._invoice(100, partner=theirs)
        self._run()
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [other.id, theirs.id])
        self.env.invalidate_all()
        groups = "xero_connector.group_xero_user,base.group_allow_export"
        user = new_test_user(self.env, "reader", groups=groups, company_id=self.env.company.id)
        documents = self.env["xero.document"].with_user(user).search([])
        self.assertFalse(self.env["res.partner"].with_user(user).search([("id", "=", theirs.id)]))
        names = [row["name"] for row in documents.read(["name"])]
        self.assertEqual(documents.export_data(["name"])["datas"], [[name] for name in names])
        self.assertTrue({*invoices.mapped("display_name"), self.partner.display_name} <= set(names), names)
        self.assertNotIn("Moved Away", names)
        row = documents.filtered(lambda document: (document.res_model, document.res_id) == ("res.partner", theirs.id))
        self.assertEqual(len(row), 1)
        self.assertTrue(row.name)


@tagged("post_install", "-at_install")
class TestForgedWrites(PermissionCase):
    def test_facts_of_the_organisation_are_not_written_by_hand(self):
        admin = self._user("a3", "xero_connector.group_xero_admin")
        for values in (
            {"mapping_confirmed_at": "2026-01-01 00:00:00"},
            {"reference_read_at": "2099-01-01 00:00:00"},
            {"period_lock_date": False},
            {"end_of_year_lock_date": False},
            {"organisation_name": "Somebody else"},
            {"base_currency": "USD"},
            {"country_code": "US"},
            {"short_code": "x"},
            {"paused_until": "2099-01-01 00:00:00"},
            {"state_message": "x"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self._rpc(admin, "xero.connection", "write", [self.connection.id], values)

    def test_new_connection_cannot_pretend(self):
        self.connection.action_disconnect()
        self.connection.active = False
        admin = self._user("a4", "xero_connector.group_xero_admin")
        with self.assertRaises(AccessError):
            self._rpc(admin, "xero.connection", "create", [{"company_id": self.env.company.id, "country_code": "US"}])


@tagged("post_install", "-at_install")
class TestSettingsOfOthers(PermissionCase):
    def test_settings_open_for_an_administrator_of_odoo_without_xero(self):
        user = self._user("s1", "base.group_system")
        settings = self.env["res.config.settings"].with_user(user)
        with Form(settings) as form:
            self.assertNotIn("xero_client_id", form._view["fields"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access"):
            settings.create({"xero_client_id": "evil"})
