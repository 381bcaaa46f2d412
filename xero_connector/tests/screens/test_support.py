import base64
import io
import json
import zipfile

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...access.tokens import SECRETS, TokenRow
from ..common.money import XeroMoneyCommon

# each of them once, so that whatever is found says where it came from
PERSON = {
    "name": "Zebedee Quux",
    "email": "zebedee@quux.example",
    "phone": "+61 2 5550 4711",
    "vat": "51824753556",
    "ref": "KQX-77",
    "street": "12 Marmalade Lane",
    "street2": "Unit Pomegranate",
    "city": "Wallaroo Flat",
    "zip": "2999",
    "company_registry": "004085616",
}
TEXTS = {"ref": "Aunt Ermintrude's order", "narration": "<p>Deliver to Florence</p>", "payment_reference": "PAY-DOUGAL-1"}
LINE = "Repair of Dylan's guitar"
PRIVATE = [*PERSON.values(), "Ermintrude", "Florence", "DOUGAL", "Dylan", "062000-99887766", "99887766"]


@tagged("post_install", "-at_install")
class TestSupport(XeroMoneyCommon):
    """The support file: everything that explains, no secret, nobody's name."""

    def _prepare(self):
        super()._prepare()
        self.person = self.env["res.partner"].create(
            {**PERSON, "country_id": self.env.ref("base.au").id, "bank_ids": [Command.create({"acc_number": "062000-99887766"})]}
        )

    def _private_invoice(self):
        invoice = self._invoice(100, partner=self.person, post=False)
        invoice.write(TEXTS)
        invoice.invoice_line_ids.name = LINE
        invoice.action_post()
        return invoice

    def _files(self, document):
        """``{name: text}`` of what somebody who presses the buttons downloads."""
        action = document.action_xero_support()
        wizard = self.env["xero.support"].with_context(**action["context"]).create({})
        download = wizard.action_make()
        self.assertIn(f"/{wizard.id}/content/", download["url"])
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.content))) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def _assert_private(self, files):
        for name, text in files.items():
            for private in PRIVATE:
                self.assertNotIn(private.lower(), text.lower(), f"{private} is in {name}")

    def test_what_is_in_it(self):
        invoice = self._private_invoice()
        self._run()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self._run()
        self.assertEqual(invoice.xero_state, "synced")
        files = self._files(invoice)
        self._assert_private(files)
        self.assertEqual(set(files), {"about.json", "document.json", "versions.json", "calls.json"})
        told = {name: json.loads(text) for name, text in files.items()}
        self.assertEqual((told["about.json"]["state"], told["about.json"]["sync_invoice"]), ("connected", "auto"))
        self.assertEqual((told["document.json"]["kind"], told["document.json"]["state"]), ("invoice", "synced"))
        self.assertEqual(told["document.json"]["if_sent_now"]["would"], "nothing")
        self.assertTrue(told["document.json"]["lines"][0]["account_in_xero"])
        self.assertEqual([each["operation"] for each in told["versions.json"]], ["update", "create"])
        sent = told["versions.json"][-1]["sent"]
        self.assertEqual((sent["InvoiceNumber"], sent["Contact"]["ContactID"]), (invoice.name, self.person.xero_id))
        self.assertEqual(float(sent["LineItems"][0]["UnitAmount"]), 100)
        self.assertTrue([call for call in told["calls.json"] if call["method"] in ("PUT", "POST") and "Invoices" in call["path"]])

    def test_what_is_held(self):
        """Sentences name people: they do not in the file, and stay readable."""
        self.organisation.contacts.put({**self._contact_row("Zebedee Quux")})
        invoice = self._private_invoice()
        self._run()
        self.assertIn(invoice.xero_state, ("blocked", "failed"))
        self.assertIn("Zebedee", invoice.xero_message)
        files = self._files(invoice)
        self._assert_private(files)
        told = json.loads(files["document.json"])
        self.assertEqual(told["problem"]["code"], invoice.xero_problem_id.code)
        self.assertIn("[text ", told["problem"]["name"])
        self.assertIn("Xero", told["problem"]["name"])

    def _contact_row(self, name):
        """Somebody of that name in Xero, of whom nothing proves that it is the same."""
        self._invoice(1)
        self._run()
        row = self.organisation.contacts.get(self.partner.xero_id)
        return {**row, "ContactID": "11111111-2222-4333-8444-555555555555", "Name": name, "ContactNumber": None, "AccountNumber": None}

    def test_of_money(self):
        invoice = self._private_invoice()
        self._run()
        payment = self._pay(invoice)
        payment.memo = "With love from Dylan"
        self._run()
        files = self._files(payment)
        self._assert_private(files)
        self.assertEqual(json.loads(files["document.json"])["state"], "synced")

    def test_never_sent(self):
        """What would become of it is told of one that nobody has asked for yet; a company without a connection has none to tell of."""
        self.connection.sync_invoice = "manual"
        invoice = self._private_invoice()
        files = self._files(invoice)
        self._assert_private(files)
        self.assertEqual(json.loads(files["document.json"])["jobs"], [])
        self.assertIn(json.loads(files["document.json"])["if_sent_now"]["would"], ("create", "waits"))
        self.assertEqual((json.loads(files["versions.json"]), json.loads(files["calls.json"])), ([], []))
        self.connection.action_disconnect()
        self.connection.active = False
        invoice.invalidate_recordset()
        files = self._files(invoice)
        self._assert_private(files)
        self.assertEqual(set(files), {"about.json", "document.json"})
        self.assertFalse(json.loads(files["about.json"])["connected"])

    def test_secrets(self):
        self.connection.client_secret = "S3cret-Of-The-App"
        self.connection.flush_recordset()
        invoice = self._private_invoice()
        self._run()
        row = TokenRow(self.env.cr, self.connection.id)
        secrets = {name: row.secret(name) for name in SECRETS if row.has(name)}
        self.assertIn("S3cret-Of-The-App", secrets.values())
        for name, text in self._files(invoice).items():
            for kind, secret in secrets.items():
                self.assertNotIn(secret, text, f"{kind} is in {name}")

    def test_who_may(self):
        invoice = self._private_invoice()
        self._run()
        groups = "account.group_account_invoice,xero_connector.group_xero_user"
        user = new_test_user(self.env, "no_administrator", groups=groups, company_id=self.env.company.id)
        with self.assertRaises(AccessError):
            invoice.with_user(user).action_xero_support()
        wizard = self.env["xero.support"].create({"res_model": invoice._name, "res_id": invoice.id})
        with self.assertRaises(AccessError):
            wizard.with_user(user).action_make()
        admin = new_test_user(self.env, "other_administrator", groups="xero_connector.group_xero_admin", company_id=self.env.company.id)
        wizard.action_make()
        with self.assertRaises(AccessError):
            wizard.with_user(admin).read(["content"])
        stranger = self.env["xero.support"].create({"res_model": "res.users", "res_id": self.env.uid})
        with self.assertRaises(ValueError):
            stranger.action_make()
