from urllib.parse import urlencode, urlsplit

from odoo.tests import HttpCase, new_test_user, tagged

from ..common.connected import XeroCommon


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
