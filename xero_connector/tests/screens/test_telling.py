from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestTelling(XeroPushCommon):
    """People are told once per kind of problem, and the to-do goes away by itself."""

    def _prepare(self):
        super()._prepare()
        self.odd_tax = self.env["account.tax"].create({"name": "Odd 7%", "amount": 7, "type_tax_use": "sale"})

    def _todos(self, code="tax_unmapped"):
        return self.connection.activity_ids.filtered(lambda activity: activity.xero_code == code)

    def test_one_todo_for_many_documents(self):
        for _n in range(3):
            self._invoice(10, taxes=self.odd_tax)
        self._run()
        [todo] = self._todos()
        self.assertEqual(todo.user_id, self.connection._responsible())
        self.assertIn("Odd 7%", todo.note)

    def test_names_from_outside_are_no_markup(self):
        """C3: the name of a file that came by mail, say, is part of a sentence, and that of a note, which is HTML."""
        self.odd_tax.name = '<a href="https://evil.example">Session expired</a><img src="x">'
        self._invoice(10, taxes=self.odd_tax)
        self._run()
        [todo] = self._todos()
        self.assertNotIn("<a", todo.note)
        self.assertNotIn("<img", todo.note)
        self.assertIn("Session expired", todo.note)

    def test_not_repeated_while_open(self):
        self._invoice(10, taxes=self.odd_tax)
        self._run()
        self._todos().action_done()
        self._invoice(10, taxes=self.odd_tax)
        self._run()
        self.assertFalse(self._todos())

    def test_refused_documents_share_one_todo(self):
        theme = self.env["xero.branding.theme"].search([("connection_id", "=", self.connection.id)], limit=1)
        self.connection.branding_theme_id = theme
        self.xero.organisation("AU").themes.remove(theme.xero_id)
        self._invoice(10)
        self._invoice(20)
        self._run()
        self.assertEqual(len(self._todos("refused")), 1)

    def test_gone_when_solved(self):
        invoice = self._invoice(10, taxes=self.odd_tax)
        self._run()
        self.assertTrue(self._todos())
        invoice.button_draft()
        invoice.invoice_line_ids.tax_ids = self.tax
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self._todos())

    def test_daily_mail(self):
        self.connection.send_digest = True
        self._invoice(10)
        self._invoice(10, taxes=self.odd_tax)
        self._run()
        before = self.env["mail.message"].sudo().search([], order="id desc", limit=1).id or 0
        self.env["xero.connection"].sudo()._cron_digest()
        [message] = self.env["mail.message"].sudo().search([("id", ">", before), ("model", "=", "xero.connection")])
        self.assertIn("Odd 7%", message.body)
        self.assertEqual(message.notified_partner_ids | message.partner_ids, self.connection._responsible().partner_id)


@tagged("post_install", "-at_install")
class TestChatter(XeroPushCommon):
    """E11: the chatter names what was changed when the change has reached Xero."""

    def _change(self, invoice, values):
        invoice.button_draft()
        invoice.write(values)
        invoice.action_post()
        before = invoice.message_ids
        self._run()
        self._assert_in_step(invoice)
        return [html2plaintext(note.body) for note in invoice.message_ids - before]

    def _posted(self):
        invoice = self._invoice(10)
        self._run()
        return invoice

    def test_a_day_with_its_old_and_new_value(self):
        invoice = self._invoice(10, invoice_payment_term_id=False, invoice_date_due="2026-11-30")
        self._run()
        notes = self._change(invoice, {"invoice_date_due": "2026-12-15"})
        this_year = fields.Date.context_today(self.env.user).year == 2026
        days = "30 Nov to 15 Dec" if this_year else "30 Nov 2026 to 15 Dec 2026"
        self.assertEqual(notes, [f"Due date changed in Xero: {days}."])

    def test_several_fields_by_their_labels(self):
        invoice = self._posted()
        notes = self._change(
            invoice, {"ref": "PO 7", "invoice_line_ids": [Command.update(invoice.invoice_line_ids.id, {"price_unit": 11})]}
        )
        self.assertEqual(notes, ["The change was sent to Xero: Reference, Lines."])

    def test_each_change_is_compared_with_the_one_before(self):
        invoice = self._posted()
        self._change(invoice, {"ref": "PO 7"})
        notes = self._change(invoice, {"invoice_line_ids": [Command.update(invoice.invoice_line_ids.id, {"price_unit": 12})]})
        self.assertEqual(notes, ["The change was sent to Xero: Lines."])

    def test_without_versions_the_change_is_said_all_the_same(self):
        self.connection.version_days = 0
        notes = self._change(self._posted(), {"ref": "PO 7"})
        self.assertEqual(notes, ["The change was sent to Xero."])


@tagged("post_install", "-at_install")
class TestWatchdog(XeroPushCommon):
    """A scheduled action that does not run cannot report itself."""

    def test_quiet_when_all_is_well(self):
        self._invoice(10)
        self._run()
        self.assertFalse(self.connection.watch_message)

    def test_switched_off_and_on_again(self):
        self.connection.cron_id.sudo().active = False
        invoice = self._invoice(10)
        self.connection.invalidate_recordset()
        self.assertIn("switched off", self.connection.watch_message)
        self.connection.action_wake()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self.connection.watch_message)

    def test_scheduler_does_not_run(self):
        self._invoice(10)
        old = fields.Datetime.now() - timedelta(hours=1)
        self.env["xero.job"].sudo().search([("state", "=", "pending")]).requested_at = old
        self.connection.cron_id.sudo().lastcall = old - timedelta(hours=1)
        self.connection.invalidate_recordset()
        self.assertIn("do not seem to run", self.connection.watch_message)

    def test_nothing_arrives(self):
        self._invoice(10)
        old = fields.Datetime.now() - timedelta(hours=6)
        self.env["xero.call"].sudo().search([]).started = old
        self.env["xero.job"].sudo().search([("state", "=", "pending")]).requested_at = old
        self.connection.cron_id.sudo().lastcall = fields.Datetime.now()
        self.connection.invalidate_recordset()
        self.assertIn("Nothing has reached Xero since", self.connection.watch_message)
