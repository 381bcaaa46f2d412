from urllib.parse import urlencode, urlsplit

from odoo.http import Controller
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common.connected import XeroCommon

# who comes further than a page that says no: the person who asked for the consent; any Xero administrator, to their own connections
ROUTES = {"/xero/callback": {"xero-admin"}, "/xero/connected": {"xero-admin", "other-admin", "stranger"}}
FOR_XERO = {"/xero/webhook/<string:path>"}  # signed, and nobody's session: see test_webhook
FOR_CUSTOMERS = {"/my/invoices/<int:invoice_id>/xero"}  # whoever may see the invoice: see test_pay_online
PEOPLE = {
    "a-portal": "base.group_portal",
    "internal": "base.group_user",
    "billing": "account.group_account_invoice",
    "user": "xero_connector.group_xero_user",
    "other-admin": "xero_connector.group_xero_admin",
    "system": "base.group_system",
    "stranger": "xero_connector.group_xero_admin",  # of another company
}


@tagged("post_install", "-at_install")
class TestCallback(XeroCommon, HttpCase):
    @classmethod
    def _own_address(cls):
        return f"http://localhost:{cls.http_port()}"

    def setUp(self):
        super().setUp()
        self.admin = new_test_user(
            self.env, "xero-admin", groups="xero_connector.group_xero_admin,base.group_user", company_id=self.env.company.id
        )
        self.connection = self._new_connection()
        self.authenticate("xero-admin", "xero-admin")
        self.params = self._consent(self.connection.with_user(self.admin).action_connect()["url"])

    def _callback(self, **params):
        return self.url_open("/xero/callback?" + urlencode(params), allow_redirects=False)

    def test_connects(self):
        response = self._callback(**self.params)
        self.assertEqual(response.status_code, 303)
        self.assertEqual(urlsplit(response.headers["Location"]).path, "/odoo/action-xero_connector.xero_after_connect_action")
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "connected")

    def test_says_why_not(self):
        for params in ({"error": "access_denied", "state": self.params["state"]}, {}, {**self.params, "state": "<b>forged</b>"}):
            response = self._callback(**params)
            self.assertEqual(response.status_code, 400)
            self.assertIn("Not connected to Xero", response.text)
            self.assertNotIn("<b>forged", response.text)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "draft")

    def test_only_once(self):
        self._callback(**self.params)
        self.assertIn("already used", self._callback(**self.params).text)

    def test_other_person(self):
        new_test_user(self.env, "xero-other", groups="xero_connector.group_xero_admin", company_id=self.env.company.id)
        self.authenticate("xero-other", "xero-other")
        self.assertEqual(self._callback(**self.params).status_code, 400)
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.state, "draft")

    def test_needs_login(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self._callback(**self.params).headers["Location"])

    def test_first_look_after_another_organisation(self):
        self._callback(**self.params)
        response = self.url_open("/xero/connected", allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_first_look_is_for_administrators(self):
        new_test_user(self.env, "xero-user", groups="base.group_user", company_id=self.env.company.id)
        self.authenticate("xero-user", "xero-user")
        self.assertEqual(self.url_open("/xero/connected", allow_redirects=False).status_code, 400)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule")
    def test_who_may(self):
        """Issue 12, 4: of every address of ours."""
        known, ours = [*Controller.__subclasses__()], []
        for cls in known:
            known += cls.__subclasses__()
            ours += [cls] if cls.__module__.startswith("odoo.addons.xero_connector.") else []
        routings = [getattr(value, "original_routing", {}) for cls in ours for value in vars(cls).values()]
        self.assertEqual({route for routing in routings for route in routing.get("routes", ())}, {*ROUTES, *FOR_XERO, *FOR_CUSTOMERS})
        other = self.setup_other_company()["company"]
        for login, groups in PEOPLE.items():
            new_test_user(self.env, login, groups=groups, company_id=(other if login == "stranger" else self.env.company).id)
        self.xero.calls.clear()
        for login in PEOPLE:
            self.authenticate(login, login)
            for route, may in ROUTES.items():
                with self.subTest(f"{login} {route}"):
                    response = self.url_open(f"{route}?{urlencode(self.params)}", allow_redirects=False)
                    self.assertEqual(response.status_code, 303 if login in may else 400, response.text[:300])
        self.authenticate(None, None)
        for route in ROUTES:
            self.assertIn("/web/login", self.url_open(f"{route}?{urlencode(self.params)}", allow_redirects=False).headers["Location"])
        self.connection.invalidate_recordset()
        self.assertEqual((self.connection.state, self._calls()), ("draft", 0), "nobody has come further than that")
        self.authenticate("xero-admin", "xero-admin")
        self.assertEqual(self._callback(**self.params).status_code, 303, "the consent is still good")
