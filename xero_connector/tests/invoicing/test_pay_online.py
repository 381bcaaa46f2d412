from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from ...models.connection.pay_online import XeroConnection
from ..common.money_in import MoneyInCase


@tagged("post_install", "-at_install")
class TestPayOnline(MoneyInCase, HttpCase):
    """A customer comes from Odoo's e-mail or portal to the invoice's page in Xero, and what is paid there is back in Odoo."""

    @classmethod
    def _own_address(cls):
        return f"http://localhost:{cls.http_port()}"

    def _prepare(self):
        super()._prepare()
        self._record_in("xero")
        self.connection.offers_payment = True
        self.invoice = self._sent(self._invoice(100))

    def _go(self, link):
        self.env.flush_all()
        return self.url_open(link, allow_redirects=False)

    def _asked(self):
        return self._calls("OnlineInvoice")

    def test_leads_to_xero(self):
        link = self.invoice._xero_payment_link()
        self.assertIn("access_token", link)
        self.assertEqual(self._asked(), 0, "nothing is asked before somebody wants to pay")
        answer = self._go(link)
        self.assertEqual((answer.status_code, answer.headers["Location"][:20]), (303, "https://in.xero.com/"))
        self.assertEqual(self._go(link).headers["Location"], answer.headers["Location"])
        self.assertEqual(self._asked(), 1, "remembered")

    def test_only_for_who_may_see_the_invoice(self):
        new_test_user(self.env, "someone", groups="base.group_portal")
        for login in (None, "someone"):
            self.authenticate(login, login)
            for query in ("", "?access_token=guessed"):
                answer = self._go(f"/my/invoices/{self.invoice.id}/xero{query}")
                self.assertNotIn("xero.com", answer.headers.get("Location", ""))
        self.assertEqual(self._asked(), 0)

    def test_the_portal_shows_it(self):
        page = self._go(self.invoice.get_portal_url()).text
        self.assertIn("Pay Online", page)
        self.connection.offers_payment = False
        self.assertNotIn("Pay Online", self._go(self.invoice.get_portal_url()).text)

    def test_the_e_mail_has_it(self):
        template = self.env.ref("account.email_template_edi_invoice")
        send = self.env["account.move.send"]
        self.assertIn("/xero?access_token=", send._get_default_mail_body(self.invoice, template, "en_US"))
        other = self._invoice(50)
        self.assertNotIn("/xero?", send._get_default_mail_body(other, template, "en_US"), "not in Xero yet")

    def test_what_cannot_be_paid(self):
        credit, bill, draft = self._credit_note(10), None, self._invoice(70, post=False)
        self._map_purchases()
        bill = self._bill(10)
        self._run()
        self._pay(self.invoice)
        for document in (credit, bill, draft, self.invoice):
            self.assertEqual((document._xero_payment_link(), document._xero_payment_page()), ("", ""))
        self.assertEqual(self._asked(), 0)

    def test_draft_in_xero(self):
        self.connection.invoice_approval = "draft"
        invoice = self._sent(self._invoice(30))
        self.assertEqual(invoice._xero_payment_link(), "")

    def test_not_connected(self):
        link = self.invoice._xero_payment_link()
        self.connection.sudo().state = "reconnect"
        answer = self._go(link)
        self.assertIn("xero_payment=later", answer.headers["Location"])
        self.assertEqual(self._go(answer.headers["Location"]).status_code, 200)

    def test_xero_does_not_answer(self):
        link = self.invoice._xero_payment_link()
        self.xero.faults.order([{"kind": "error_500_before", "method": "GET", "path": "OnlineInvoice", "times": 5}])
        answer = self._go(link)
        self.assertIn("xero_payment=later", answer.headers["Location"])
        self.assertIn("cannot be reached", self._go(answer.headers["Location"]).text)
        asked = self._asked()
        self._go(link)
        self.assertEqual(self._asked(), asked, "whoever has the link does not use up the day's calls")
        self.xero.faults.clear()
        self._pass(minutes=6)
        self.assertIn("xero.com", self._go(link).headers["Location"])

    def test_made_anew_in_xero(self):
        """Another document in Xero has another page."""
        self._go(self.invoice._xero_payment_link())
        pair = self.env["xero.connection"]._payable_pair(self.invoice)
        self.assertTrue(pair.online_url)
        pair.xero_id = "00000000-0000-4000-8000-000000000001"
        self.assertFalse(pair.online_url)

    def test_what_is_paid_there_is_paid_here(self):
        self._go(self.invoice._xero_payment_link())
        self._rita("pay", document=self.invoice.xero_id, amount=110, date="2026-10-03")
        self._read()
        self._assert_paid(self.invoice, "2026-10-03", 110)
        self.assertEqual(self.invoice._xero_payment_link(), "")

    def test_no_call_in_a_copy(self):
        with patch.object(XeroConnection, "_why_not_read", lambda this: "a copy", create=True):
            self.assertEqual(self.invoice._xero_payment_page(), "")
        self.assertEqual(self._asked(), 0)
