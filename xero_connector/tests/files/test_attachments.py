from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.push import XeroPushCommon

PDF = b"%PDF-1.4 the invoice"


class FilesCommon(XeroPushCommon):
    def _prepare(self):
        super()._prepare()
        self.connection.sync_attachment = "auto"

    def _file(self, record, name="order.pdf", content=PDF, **values):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": record._name, "res_id": record.id, **values},
        )

    def _there(self, move):
        """``{name: content}`` of the document's files in Xero."""
        parent = self._binding(move).xero_id
        rows = self.xero.organisation("AU").attachments.find("owner", parent)
        return {row["FileName"]: row["Content"] for row in rows}

    def _name(self, move, rest):
        return f"{move.name.replace('/', '_')} {rest}"


@tagged("post_install", "-at_install")
class TestAttachments(FilesCommon):
    """Files follow their documents, once, and disturb nothing."""

    @every_value("attachment_moves_stamp")
    def test_files_follow_the_document(self):
        invoice = self._invoice(100)
        self._file(invoice)
        self._file(invoice, "photo.png", b"png")
        self._run()
        self.assertEqual(self._there(invoice), {self._name(invoice, "order.pdf"): PDF, self._name(invoice, "photo.png"): b"png"})
        self._assert_in_step(invoice)

    def test_attached_while_the_document_is_on_its_way(self):
        """Whoever attaches it does not see yet that the document arrives meanwhile; neither order loses the file."""
        invoice = self._invoice(100)
        self._file(invoice, "early.pdf")
        self.assertTrue(self.env["xero.job"].search([("kind", "=", "attachment")]), "asked for before the document is in Xero")
        self._order_fault("timeout_after", method="PUT", path="Invoices")
        self._run()
        self._file(invoice, "late.pdf", b"%PDF another")
        for _number in range(3):
            self._later()
            self._run()
        self.assertEqual(set(self._there(invoice)), {self._name(invoice, "early.pdf"), self._name(invoice, "late.pdf")})

    def test_one_call_each(self):
        invoice = self._invoice(100)
        self._run()
        self._file(invoice)
        before = self._calls()
        self._run()
        self.assertEqual(self._calls() - before, 1)
        self._run()
        self.assertEqual(self._calls() - before, 1)

    def test_the_pdf_odoo_made(self):
        invoice = self._invoice(100)
        self._run()
        name = invoice.name.replace("/", "_") + ".pdf"
        self._file(invoice, name, res_field="invoice_pdf_report_file")
        self._run()
        self.assertEqual(self._there(invoice), {name: PDF})

    def test_nothing_without_the_setting(self):
        self.connection.sync_attachment = "off"
        invoice = self._invoice(100)
        file = self._file(invoice)
        self._run()
        self.assertFalse(self._job(file))
        self.assertFalse(self._there(invoice))
        self.connection.sync_attachment = "auto"
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(len(self._there(invoice)), 1)
        self.connection.action_sync_now()
        self.assertFalse(self._job(file, "pending"))

    def test_draft_documents_send_nothing(self):
        invoice = self._invoice(100, post=False)
        file = self._file(invoice)
        self._run()
        self.assertFalse(self._job(file))
        invoice.action_post()
        self._run()
        self.assertEqual(len(self._there(invoice)), 1)

    def test_files_of_fields_and_images_in_texts_are_no_files(self):
        invoice = self._invoice(100)
        self._run()
        inline = self._file(invoice, "logo.png", b"logo")
        other = self._file(invoice, "other.png", b"other")
        invoice.message_post(body=self.env._("see"), attachment_ids=(inline + other).ids)
        invoice.message_ids[0].body = f'<p><img src="/web/image/{inline.id}?access_token=x"/></p>'
        self._file(invoice, "field.pdf", b"field", res_field="ubl_cii_xml_file")
        self.env["ir.attachment"].with_user(1).sudo().create(
            {"name": "in.xml", "raw": b"<?xml version='1.0'?><a/>", "res_model": "account.move", "res_id": invoice.id}
        )
        self._run()
        self.assertEqual(list(self._there(invoice)), [self._name(invoice, "other.png")])

    def test_names_are_cleaned_and_never_shared(self):
        invoice = self._invoice(100)
        self._file(invoice, 'a: "b" <c>?.pdf', b"1")
        self._file(invoice, "same.pdf", b"2")
        self._file(invoice, "SAME.pdf", b"3")
        self._run()
        there = self._there(invoice)
        self.assertEqual(
            there,
            {
                self._name(invoice, "a_ _b_ _c__.pdf"): b"1",
                self._name(invoice, "same.pdf"): b"2",
                self._name(invoice, "SAME (2).pdf"): b"3",
            },
        )

    def test_a_removed_file_stays_and_its_name_is_not_used_again(self):
        invoice = self._invoice(100)
        file = self._file(invoice, content=b"first")
        self._run()
        file.unlink()
        self._file(invoice, content=b"second")
        self._run()
        name = self._name(invoice, "order")
        self.assertEqual(self._there(invoice), {f"{name}.pdf": b"first", f"{name} (2).pdf": b"second"})

    def test_a_changed_file_replaces_itself(self):
        invoice = self._invoice(100)
        file = self._file(invoice, content=b"first")
        self._run()
        file.raw = b"second"
        self._run()
        self.assertEqual(self._there(invoice), {self._name(invoice, "order.pdf"): b"second"})

    def test_a_file_attached_twice_is_sent_once(self):
        invoice = self._invoice(100)
        self._file(invoice)
        self._file(invoice, "copy.pdf")
        self._run()
        self.assertEqual(len(self._there(invoice)), 1)

    def test_a_file_in_xero_is_left_alone(self):
        invoice = self._invoice(100)
        self._run()
        xero_id = self._binding(invoice).xero_id
        organisation = self.xero.organisation("AU")
        row = {"AttachmentID": organisation.new_id(), "OwnerID": xero_id, "Endpoint": "Invoices", "FileName": "order.pdf"}
        organisation.attachments.put({**row, "MimeType": "application/pdf", "ContentLength": 4, "IncludeOnline": False, "Content": b"mine"})
        self._file(invoice)
        self._run()
        self.assertEqual(self._there(invoice)["order.pdf"], b"mine")
        self.assertEqual(len(self._there(invoice)), 2)


@tagged("post_install", "-at_install")
class TestAttachmentTrouble(FilesCommon):
    """What Xero does not take is told; what got lost on the way is found; and files never stand in the way of documents."""

    def _held(self, file):
        job = self._job(file)
        self.assertEqual(job.problem_id.code, "file_refused", f"{job.state} {job.message}")
        self.assertEqual((job.problem_id.res_model, job.problem_id.res_id), ("account.move", file.res_id))
        self.assertIn(file.name, job.message)
        return job

    def test_lost_answer_is_found(self):
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice)
        self._order_fault("timeout_after", path="Attachments")
        self._run()
        self.assertEqual(self._job(file).state, "uncertain")
        self._later()
        before = self._calls("PUT")
        self._run()
        self.assertEqual(self._job(file).state, "done")
        self.assertEqual(self._calls("PUT"), before)
        self.assertEqual(self._binding(file).number, self._name(invoice, "order.pdf"))
        self.assertEqual(len(self._there(invoice)), 1)

    def test_lost_request_is_sent_again(self):
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice)
        self._order_fault("timeout_before", path="Attachments")
        self._run()
        self.assertEqual(self._job(file).state, "uncertain")
        for _attempt in range(3):
            self._later()
            self._run()
        self.assertEqual(self._job(file).state, "done")
        self.assertEqual(len(self._there(invoice)), 1)

    @every_value("attachment_types")
    def test_kind_of_file(self):
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice, "tool.exe", b"MZ")
        before = self._calls()
        self._run()
        self.assertEqual(self._held(file).state, "blocked")
        self.assertEqual(self._calls(), before)
        self.assertEqual(invoice.xero_state, "synced")

    def test_size(self):
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice, content=b"0" * 10_000_001)
        empty = self._file(invoice, "empty.pdf", b"")
        before = self._calls()
        self._run()
        self._held(file)
        self._held(empty)
        self.assertEqual(self._calls(), before)

    def test_content_missing_in_odoo(self):
        """A database restored without its file store: nothing empty is sent, and it says why."""
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice, content=b"of this test only")
        Path(file._full_path(file.store_fname)).unlink()
        file.invalidate_recordset()
        before = self._calls()
        self._run()
        self.assertEqual(self._held(file).state, "blocked")
        self.assertEqual(self._calls(), before)
        file.raw = b"of this test only, again"
        self._run()
        self.assertEqual(self._there(invoice), {self._name(invoice, "order.pdf"): b"of this test only, again"})

    @every_value("attachment_limit", "too_large_status")
    def test_xero_takes_less_than_it_says(self):
        invoice = self._invoice(100)
        self._run()
        file = self._file(invoice, content=b"0" * 3_000_001)
        self._run()
        if self.xero.switches.attachment_limit < 3_000_001:
            self.assertEqual(self._held(file).state, "failed")
        else:
            self.assertEqual(len(self._there(invoice)), 1)
        self.assertEqual(self.connection.state, "connected")

    def test_the_eleventh_file(self):
        invoice = self._invoice(100)
        files = [self._file(invoice, f"{number}.pdf", b"%d" % number) for number in range(1, 12)]
        self._run()
        self.assertEqual(len(self._there(invoice)), 10)
        self._held(files[-1])

    def test_files_that_people_added_in_xero_count(self):
        self.xero.switches.attachments_per_record = 2
        invoice = self._invoice(100)
        files = [self._file(invoice, f"{number}.pdf", b"%d" % number) for number in range(3)]
        self._run()
        self.assertEqual(len(self._there(invoice)), 2)
        self.assertIn(self.xero.switches.attachment_count_message, self._held(files[-1]).xero_messages)

    def test_files_leave_calls_to_documents(self):
        invoice = self._invoice(100)
        self._run()
        # the day has just begun: half of what is not kept for people is kept for documents
        self.connection.sudo().write({"day_resets_at": fields.Datetime.now(), "day_budget": 60, "day_reserve": 50})
        while self.connection._allowance().left > 54:
            self._invoice(10)
            self._run()
        file = self._file(invoice)
        later = self._invoice(50)
        self._run()
        self.assertFalse(self._there(invoice))
        self.assertEqual(self._job(file).state, "pending")
        self._assert_in_step(later)
        self.connection.day_budget = 1000
        self._run()
        self.assertEqual(len(self._there(invoice)), 1)

    def test_content_is_never_logged(self):
        invoice = self._invoice(100)
        self._run()
        self._file(invoice, content=b"%PDF a secret")
        self._run()
        call = self.env["xero.call"].search([("path", "like", "Attachments")], limit=1)
        self.assertEqual(call.request_body, "[13 bytes]")

    def test_void_documents_get_no_files(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        file = self._file(invoice)
        before = self._calls()
        self._run()
        self.assertEqual(self._calls(), before)
        self.assertIn(self._job(file).state, ("done", "cancelled"))

    def test_other_files_cost_nothing(self):
        queries = []
        for sends in ("off", "off", "auto"):  # at first, what is read once
            self.connection.sync_attachment = sends
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            file = self._file(self.partner)
            file.name = "renamed.pdf"
            self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
            self.assertFalse(self._job(file))
        self.assertEqual(queries[1], queries[2])
        with patch.object(type(self.env["xero.connection"]), "_get_active", side_effect=AssertionError("not asked")):
            self._file(self.partner).raw = b"other"

    def test_shown_as_its_document(self):
        invoice = self._invoice(100)
        file = self._file(invoice)
        self._run()
        [shown] = self.env["xero.document"].search([("kind", "=", "attachment"), ("res_id", "=", file.id)])
        self.assertEqual((shown.name, shown.number), (invoice.display_name, self._name(invoice, "order.pdf")))
        self.assertEqual(shown.action_open_document()["res_id"], invoice.id)
        self.assertIn(shown, self.env["xero.document"].search([("name", "ilike", invoice.name)]))
