from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ...access.tokens import SECRETS, TokenRow
from ..common.connected import XeroCommon


class PermissionCase(XeroCommon):
    def _prepare(self):
        super()._prepare()
        self.connection = self._connect()
        self.admin = self.env.ref("base.user_admin")
        self.admin.write({"company_ids": [Command.link(self.env.company.id)], "company_id": self.env.company.id})
        row = TokenRow(self.env.cr, self.connection.id)
        self.secrets = {row.secret(name) for name in SECRETS if row.has(name)}

    def _user(self, login, groups):
        return new_test_user(self.env, login, groups=groups, company_id=self.env.company.id)

    def _rpc(self, user, model, method, *args, **kwargs):
        """What the web client or an external script gets."""
        return call_kw(self.env[model].with_user(user).with_company(self.env.company).browse(), method, list(args), kwargs)


@tagged("post_install", "-at_install")
class TestSecretsOverRpc(PermissionCase):
    """The administrator included: nobody reads a secret back."""

    def _assert_clean(self, answer):
        for secret in self.secrets:
            self.assertNotIn(secret, str(answer))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_no_access_to_the_tokens(self):
        row = self.env["xero.token"].sudo().search([], limit=1)
        names = ["access_token", "refresh_token", "client_secret"]
        calls = [
            ("read", [row.id], names),
            ("search", []),
            ("search_read", [], names),
            ("search_count", [("access_token", "!=", False)]),
            ("search", [("client_secret", "like", "gAAAA")]),
            ("web_search_read", [], {"access_token": {}}),
            ("formatted_read_group", [], ["access_token"], ["__count"]),
            ("export_data", [row.id], names),
            ("write", [row.id], {"access_token": "x"}),
            ("create", [{"connection_id": self.connection.id}]),
            ("unlink", [row.id]),
            ("name_search", ""),
        ]
        for method, *args in calls:
            with self.subTest(method), self.assertRaises(AccessError):
                self._rpc(self.admin, "xero.token", method, *args)

    def test_no_way_to_the_tokens(self):
        """No field of a model that somebody may read leads to the tokens."""
        leading = [
            str(field)
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.comodel_name == "xero.token" and model._name != "xero.token"
        ]
        self.assertFalse(leading)

    def test_client_secret_is_write_only(self):
        self._rpc(self.admin, "xero.connection", "write", [self.connection.id], {"client_secret": "demo-secret-typed"})
        self.secrets.add("demo-secret-typed")
        ids = [self.connection.id]
        for method, *args in (
            ("read", ids),
            ("read", ids, ["client_secret"]),
            ("search_read", [], ["client_secret", "has_client_secret"]),
            ("web_search_read", [], {"client_secret": {}}),
            ("web_save", ids, {"client_secret": "demo-secret-typed"}, {"client_secret": {}, "has_client_secret": {}}),
            ("export_data", ids, ["client_id", "client_secret"]),
            ("copy_data", ids),
        ):
            with self.subTest(method):
                self._assert_clean(self._rpc(self.admin, "xero.connection", method, *args))
        self.assertTrue(self.connection.has_client_secret)

    def test_client_secret_of_a_new_connection(self):
        self.connection.action_disconnect()
        self.connection.active = False
        self.env.flush_all()
        connection = self._new_connection(client_secret="demo-secret-typed")
        self.assertFalse(connection.client_secret)
        self.assertTrue(connection.has_client_secret)

    @mute_logger("odoo.domains", "odoo.orm.models", "odoo.models")
    def test_client_secret_is_not_searched_or_grouped(self):
        for method, *args in (
            ("search", [("client_secret", "=", "demo-secret")]),
            ("search", [("client_secret", "like", "demo%")]),
            ("formatted_read_group", [], ["client_secret"], ["__count"]),
        ):
            with self.subTest(method), self.assertRaises(ValueError):
                self._rpc(self.admin, "xero.connection", method, *args)

    def test_no_secret_in_the_chatter(self):
        connection = self.connection.with_env(self.env(context={}))
        self.env.flush_all()
        self.cr.precommit.run()  # a record made in the same transaction is not tracked
        connection.client_secret = "demo-secret-typed"
        connection._set_state("reconnect", "Reconnect")
        self.env.flush_all()
        self.cr.precommit.run()
        messages = connection.message_ids.sudo()
        self.assertTrue(messages.tracking_value_ids)
        self.secrets.add("demo-secret-typed")
        self._assert_clean(messages.mapped("body") + messages.tracking_value_ids.mapped("new_value_char"))
        self.assertNotIn("client_secret", messages.tracking_value_ids.field_id.mapped("name"))

    def test_no_method_of_a_record_hands_out_a_secret(self):
        """C2: what people write in templates, server actions and computed fields calls private methods too."""
        for expression in (
            "connection._client_secret()",
            "connection._tokens().get()",
            "connection._oauth()",
            "connection._client()",
            "connection._own_row(lambda row: row.secret('access_token'))",
        ):
            with self.subTest(expression), self.assertRaises(ValueError) as caught:
                safe_eval(expression, {"connection": self.connection.sudo()})
            self.assertIn("AttributeError", str(caught.exception))

    def test_private_methods(self):
        for method in ("_set_state", "_complete_authorisation", "_after_connect", "_choose_organisation", "_speaks_for"):
            with self.subTest(method), self.assertRaises(AccessError):
                self._rpc(self.admin, "xero.connection", method, [self.connection.id])


@tagged("post_install", "-at_install")
class TestGroups(PermissionCase):
    def test_groups_imply(self):
        self.assertTrue(self._user("u1", "xero_connector.group_xero_user").has_group("account.group_account_invoice"))
        admin = self._user("a1", "xero_connector.group_xero_admin")
        self.assertTrue(admin.has_group("account.group_account_manager"))
        self.assertTrue(admin.has_group("xero_connector.group_xero_user"))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_others_see_nothing(self):
        menu = self.env.ref("xero_connector.menu_xero_root")
        for login, groups in (("i1", "base.group_user"), ("p1", "base.group_portal"), ("m1", "account.group_account_manager")):
            user = self._user(login, groups)
            for model in ("xero.connection", "xero.token", "xero.organisation.wizard", "xero.disconnect.wizard"):
                with self.subTest(f"{groups} {model}"), self.assertRaises(AccessError):
                    self._rpc(user, model, "search_read", [], ["id"])
            if login != "p1":
                self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
                self.assertNotIn("xero_connection_ids", self._rpc(user, "res.company", "fields_get"))

    def test_others_do_not_find_by_state_either(self):
        """Not by reading, and not by asking for those in a state, in groups by it, or in its order."""
        user = self._user("m2", "account.group_account_manager")
        for model in ("account.move", "account.payment", "res.partner"):
            for method, *args in (
                ("search_count", [("xero_state", "=", "synced")]),
                ("search_count", [("xero_state", "=", False)]),
                ("formatted_read_group", [], ["xero_state"], ["__count"]),
                ("search_read", [], ["xero_state"]),
                ("search", [], 0, 1, "xero_state"),
            ):
                with self.subTest(f"{model} {method} {args}"), self.assertRaises(AccessError):
                    self._rpc(user, model, method, *args)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_user_reads_only(self):
        user = self._user("u2", "xero_connector.group_xero_user")
        self.assertEqual(self._rpc(user, "xero.connection", "read", [self.connection.id], ["state"])[0]["state"], "connected")
        for method, *args in (
            ("write", [self.connection.id], {"client_id": "x"}),
            ("write", [self.connection.id], {"client_secret": "x"}),
            ("create", [{"company_id": self.env.company.id}]),
            ("unlink", [self.connection.id]),
            ("action_connect", [self.connection.id]),
            ("action_disconnect", [self.connection.id]),
            ("action_disconnect_here", [self.connection.id]),
            ("action_continue_here", [self.connection.id]),
            ("action_after_connect",),
        ):
            with self.subTest(method), self.assertRaises(AccessError):
                self._rpc(user, "xero.connection", method, *args)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_what_the_engine_keeps_is_not_written_by_hand(self):
        """The administrator included."""
        problem = self.env["xero.problem"].sudo().create({"connection_id": self.connection.id, "code": "refused", "name": "Refused"})
        for model in ("xero.job", "xero.binding", "xero.call", "xero.problem", "xero.document", "xero.account", "xero.tax.rate"):
            values, ids = {"connection_id": self.connection.id}, [problem.id if model == problem._name else 1]
            for method, *args in (("create", [values]), ("write", ids, values), ("unlink", ids)):
                with self.subTest(f"{model} {method}"), self.assertRaises(AccessError):
                    self._rpc(self.admin, model, method, *args)

    def test_admin_cannot_forge_the_connection(self):
        admin = self._user("a2", "xero_connector.group_xero_admin")
        for values in ({"state": "draft"}, {"tenant_id": "x"}, {"xero_connection_ref": "x"}, {"external_key": "x"}, {"cron_id": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                self._rpc(admin, "xero.connection", "write", [self.connection.id], values)
        with self.assertRaises(AccessError):
            self._rpc(admin, "xero.connection", "write", [self.connection.id], {"company_id": self.setup_other_company()["company"].id})
        with mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access"), self.assertRaises(AccessError):
            self._rpc(admin, "xero.connection", "unlink", [self.connection.id])
        self._rpc(admin, "xero.connection", "write", [self.connection.id], {"sync_invoice": "manual"})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_companies_are_apart(self):
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "stranger", groups="xero_connector.group_xero_admin", company_id=other.id)
        Connection = self.env["xero.connection"].with_user(stranger).with_company(other)
        self.assertFalse(Connection.search([]))
        with self.assertRaises(AccessError):
            Connection.browse(self.connection.id).read(["state"])
        with self.assertRaises(AccessError):
            Connection.browse(self.connection.id).action_disconnect()
