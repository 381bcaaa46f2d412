from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common.money_in import MoneyInCase

PDF = b"%PDF-1.4 from Xero"


@tagged("post_install", "-at_install")
class TestFilesFetched(MoneyInCase):
    """Files that people have attached in Xero come when somebody asks, once, and never go back."""

    def _prepare(self):
        super()._prepare()
        self.connection.sync_attachment = "auto"
        self.invoice = self._sent(self._invoice(100))

    def _attach_there(self, name="scan.pdf", content=PDF, document=None):
        """As a person does in Xero."""
        files, document = self.organisation.attachments, document or self.invoice
        row = {"AttachmentID": self.organisation.new_id(), "FileName": name, "MimeType": "application/pdf", "ContentLength": len(content)}
        files.put({**row, "OwnerID": document.xero_id, "Endpoint": "Invoices", "Content": content, "IncludeOnline": False})

    def _files(self):
        return self.env["ir.attachment"].search([("res_model", "=", "account.move"), ("res_id", "=", self.invoice.id)], order="id")

    def _quiet(self):
        """Whether a run writes nothing."""
        before = self._changes()
        self._run()
        self._run()
        self.assertEqual(self._changes(), before)

    def test_comes_once_and_does_not_go_back(self):
        self._attach_there()
        self._attach_there("Ünïcödé 東京.pdf", b"\x00\xff\xfe binary")
        said = self.invoice.action_xero_fetch_files()["params"]["message"]
        self.assertIn("scan.pdf", said)
        self.assertEqual(
            [(file.name, file.raw) for file in self._files()], [("scan.pdf", PDF), ("Ünïcödé 東京.pdf", b"\x00\xff\xfe binary")]
        )
        self._quiet()
        calls = self._calls("Attachments")
        self.assertIn("no other files", self.invoice.action_xero_fetch_files()["params"]["message"])
        self.assertEqual((self._calls("Attachments") - calls, len(self._files())), (1, 2))

    def test_what_was_sent_is_not_fetched(self):
        self.env["ir.attachment"].create(
            {"name": "ours.pdf", "raw": b"%PDF-1.4 ours", "res_model": "account.move", "res_id": self.invoice.id}
        )
        self._run()
        self._run()
        self.assertEqual(len(list(self.organisation.attachments)), 1)
        self.invoice.action_xero_fetch_files()
        self.assertEqual(len(self._files()), 1)

    def test_too_large(self):
        self._attach_there("film.pdf", b"x" * 10)
        row = next(iter(self.organisation.attachments))
        self.organisation.attachments.put({**row, "ContentLength": 11_000_000})
        said = self.invoice.action_xero_fetch_files()["params"]
        self.assertEqual(("film.pdf" in said["message"], said["type"], len(self._files())), (True, "warning", 0))

    def test_nothing_of_it_is_logged(self):
        self._attach_there(content=b"%PDF secret words")
        self.invoice.action_xero_fetch_files()
        self.assertFalse([call for call in self.env["xero.call"].sudo().search([]) if "secret words" in (call.response_body or "")])

    def test_xero_does_not_answer(self):
        self._attach_there()
        self.xero.faults.order([{"kind": "error_500_before", "method": "GET", "path": "Attachments", "times": 5}])
        said = self.invoice.action_xero_fetch_files()["params"]
        self.assertEqual((said["type"], len(self._files())), ("warning", 0))

    def test_who_may(self):
        self._attach_there()
        strange = self.setup_other_company()["company"]
        for login, company, groups in (
            ("billing", self.env.company, "account.group_account_invoice"),
            ("stranger", strange, "xero_connector.group_xero_user"),
        ):
            person = new_test_user(self.env, login, groups=groups, company_id=company.id)
            with self.assertRaises(AccessError):
                self.invoice.with_user(person).action_xero_fetch_files()
        self.assertEqual(len(self._files()), 0)
        user = new_test_user(self.env, "accountant", groups="xero_connector.group_xero_user", company_id=self.env.company.id)
        self.invoice.with_user(user).with_company(self.env.company).action_xero_fetch_files()
        self.assertEqual(self._files().create_uid, user)
