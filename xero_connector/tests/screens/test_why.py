from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from ..common.push import XeroPushCommon

WHO, WHAT = 1, 2


@tagged("post_install", "-at_install")
class TestWhy(XeroPushCommon):
    """The tab *Xero* and the page *Show Me Why*: what has happened to a document, and why it stands as it does."""

    def _rows(self, section):
        return [[cell.get("text", cell.get("state")) for cell in row] for row in section["rows"]]

    def _timeline(self, move, user=None):
        move.invalidate_recordset()
        [section] = (move.with_user(user) if user else move).xero_timeline
        return self._rows(section)

    def _why(self, move, user=None):
        move.invalidate_recordset()
        return {section["title"]: section for section in (move.with_user(user) if user else move).xero_why}

    def _reader(self):
        """Somebody with Xero's rights who may neither read versions nor administer."""
        groups = "account.group_account_invoice,xero_connector.group_xero_user"
        return new_test_user(self.env, "reader", groups=groups, company_id=self.env.company.id, name="Rita Reader")

    # === TIMELINE === #

    def test_newest_first_with_who_and_what(self):
        reader = self._reader()
        invoice = self._invoice(100)
        self._run()
        self._age(invoice, minutes=20)
        invoice.ref = "PO 7"
        self._run()
        self._age(invoice, minutes=10)
        invoice.with_user(reader).action_xero_sync()
        rows = self._timeline(invoice, reader)
        self.assertEqual(
            [row[WHAT] for row in rows], ["Checked: the same in Xero.", "The change was sent to Xero: Reference.", "Sent to Xero."]
        )
        self.assertEqual([row[WHO] for row in rows], ["", self.env.user.name, self.env.user.name])

    def _age(self, move, minutes):
        """What has happened so far was some minutes ago."""
        since = timedelta(minutes=minutes)
        for binding in self._binding(move):
            binding.last_sync -= since
            versions = self.env["xero.version"].sudo().search([("binding_id", "=", binding.id)])
            for version in versions:
                self.env.cr.execute("UPDATE xero_version SET changed_at = changed_at - %s WHERE id = %s", (since, version.id))
            versions.invalidate_recordset()
        for job in self.env["xero.job"].sudo().search([("res_model", "=", move._name), ("res_id", "=", move.id)]):
            job.sent_at = job.sent_at and job.sent_at - since

    def test_money_and_what_is_undone(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 40)
        self._run()
        amount = invoice.currency_id.format(40)
        self.assertIn(f"Payment sent: {payment.name}, {amount}", [row[WHAT] for row in self._timeline(invoice)])
        [match] = self._partials(invoice)
        self.assertEqual(match.xero_money_bank, False)
        self.env["xero.binding"].sudo().search([("res_model", "=", match._name)]).write(
            {"bank_read_at": fields.Datetime.now(), "is_reconciled": True}
        )
        match.invalidate_recordset()
        self.assertEqual(match.xero_money_bank, "matched")
        self.assertIn(f"Matched on the bank: {payment.name}, {amount}", [row[WHAT] for row in self._timeline(invoice)])
        # what is matched there cannot be removed
        self.env["xero.binding"].sudo().search([("res_model", "=", match._name)]).is_reconciled = False
        payment.action_draft()
        self._run()
        texts = [row[WHAT] for row in self._timeline(invoice)]
        self.assertTrue([text for text in texts if text.startswith("Payment removed in Xero:")], texts)

    def test_who_did_it_is_by_itself(self):
        invoice = self._invoice(100, post=False)
        invoice.sudo().with_user(self.env.ref("base.user_root")).action_post()
        self._run()
        [row] = self._timeline(invoice)
        self.assertEqual(row[WHO:], ["By itself", "Sent to Xero."])

    def test_held_waiting_and_left_out(self):
        invoice = self._held()
        [row] = self._timeline(invoice)
        self.assertIn("Held: The account 499997 Seminars has no account in Xero", row[WHAT])
        self._job(invoice).action_ignore("Entered by hand")
        [row] = self._timeline(invoice)
        self.assertIn("Entered by hand", row[WHAT])
        waiting = self._invoice(20)
        [row] = self._timeline(waiting)
        self.assertEqual(row[WHO:], [self.env.user.name, "Asked for. Goes in the next run."])

    def _held(self):
        account = self.company_data["default_account_revenue"].copy({"code": "499997", "name": "Seminars"})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.account_id = account
        invoice.action_post()
        self._run()
        return invoice

    def test_what_is_no_longer_kept_is_still_told(self):
        invoice = self._invoice(100)
        self._run()
        self.env.cr.execute("UPDATE xero_version SET content = NULL, pruned = TRUE")
        self.env["xero.version"].invalidate_model()
        [row] = self._timeline(invoice)
        self.assertEqual(row[WHAT], "Sent to Xero.")

    def test_new_and_unknown(self):
        self.assertFalse(self.env["account.move"].new({"move_type": "out_invoice"}).xero_timeline)
        draft = self._invoice(10, post=False)
        self.assertEqual(self._timeline(draft), [])

    # === FILES === #

    def test_files_sent_and_why_not(self):
        invoice = self._invoice(100)
        Attachment = self.env["ir.attachment"]
        good, odd = (
            Attachment.create({"name": name, "raw": b"some content " + name.encode(), "res_model": invoice._name, "res_id": invoice.id})
            for name in ("order.pdf", "program.exe")
        )
        self.connection.sync_attachment = "off"
        self.assertIn("never sent", self._files(invoice)[good.name][1])
        self.connection.sync_attachment = "auto"
        self.assertEqual(self._files(invoice)[good.name], ("", "Goes after the document itself."))
        self._run()
        invoice.action_xero_sync()
        self.env["xero.handler.attachment"].sudo()._ask_for(self.connection, (good | odd).ids)
        self._run()
        files = self._files(invoice)
        self.assertEqual(files[good.name][0], "synced")
        self.assertIn("Sent ", files[good.name][1])
        self.assertEqual(files[odd.name][0], "blocked")
        self.assertIn("takes no files like", files[odd.name][1])

    def _files(self, move):
        move.invalidate_recordset()
        [section] = move.xero_files
        return {name: (state, why) for name, state, why in self._rows(section)}

    # === SHOW ME WHY === #

    def test_in_xero(self):
        reader = self._reader()
        invoice = self._invoice(100)
        self._run()
        why = self._why(invoice, reader)
        self.assertIn("Synced: Checked", why["Is it sent?"]["lines"][0])
        self.assertIn("Customer Invoices: Automatically", " ".join(why["Is it sent?"]["lines"]))
        self.assertFalse([line for line in why["Is it sent?"]["lines"] if line.startswith("If it were")])
        [[_line, account, in_xero, tax, rate]] = self._rows(why["Which account and tax?"])
        revenue = self.company_data["default_account_revenue"]
        table = self.connection._mapping_table()
        self.assertEqual((account, in_xero), (f"{revenue.code} {revenue.name}", table.account(revenue.id).label))
        opened = why["Which account and tax?"]["rows"][0][2]["open"]
        self.assertEqual(self.env[opened["model"]].browse(opened["id"]).account_id, revenue)
        self.assertEqual((tax, rate), (self.tax.name, table.tax(self.tax.ids, "REVENUE").name))
        self.assertEqual(why["Where is it now?"]["lines"], ["Nothing of it is on its way."])
        self.assertIn("Sent to Xero.", str(why["What was sent and seen?"]["rows"]))
        self.assertNotIn("Calls", why, "not for those who do not administer")
        text = invoice.with_user(reader).xero_why_text
        self.assertIn(in_xero, text)
        self.assertNotRegex(text, r"\d{4}-\d\d-\d\d|HTTP|UnitAmount|InvoiceID")

    def test_calls_are_for_administrators(self):
        invoice = self._invoice(100)
        self._run()
        rows = self._why(invoice)["Calls"]["rows"]
        self.assertTrue(rows)
        self.assertIn("Xero took it.", str(rows))
        other = self._invoice(100, partner=self.env["res.partner"].create({"name": "Nobody Else"}), post=False)
        self.assertFalse(self._why(other)["Calls"]["rows"])

    def test_if_it_were_sent_now(self):
        """Asked without sending: nothing is called, no job is made, and a cause is named before anybody meets it."""
        self.connection.sync_invoice = "manual"
        calls, invoice = self._calls(), self._invoice(100)
        jobs = self.env["xero.job"].search_count([])
        wait = self._why(invoice)["Is it sent?"]["lines"][-1]
        self.assertIn("If it were sent now: it would wait. Waits for the contact", wait)
        self.env["xero.trigger"]._demanded(self.partner, self.connection)
        self._run()
        calls, jobs = self._calls(), self.env["xero.job"].search_count([])
        self.assertEqual(self._why(invoice)["Is it sent?"]["lines"][-1], "If it were sent now: it would be made in Xero.")
        invoice.button_draft()
        invoice.invoice_line_ids.account_id = self.company_data["default_account_revenue"].copy({"code": "499996", "name": "Camps"})
        invoice.action_post()
        self.assertIn("it would be held. The account 499996 Camps", self._why(invoice)["Is it sent?"]["lines"][-1])
        self.assertEqual(self._rows(self._why(invoice)["Which account and tax?"])[0][2], "No account in Xero yet")
        self.assertEqual((self._calls(), self.env["xero.job"].search_count([])), (calls, jobs))
        self.assertFalse(invoice.xero_state)

    def test_before_the_first_day(self):
        self.connection.sync_from = "2026-09-01"
        invoice = self._invoice(100, date="2026-08-01")
        lines = self._why(invoice)["Is it sent?"]["lines"]
        self.assertIn("the first day that is sent", lines[0])
        self.assertIn("nothing would happen", lines[-1])
        self.assertEqual(invoice.xero_decision_label, "Open the Settings")

    def test_where_it_is_in_the_queue(self):
        self._invoice(10)
        invoice = self._invoice(20)
        self.env["xero.job"].flush_model()
        lines = self._why(invoice)["Where is it now?"]["lines"]
        self.assertIn("Goes in the next run.", lines)
        before = int(next(line for line in lines if line.startswith("Documents before it:")).rpartition(" ")[2])
        self.assertGreaterEqual(before, 1)
        self._job(invoice).sudo()._back_off("Xero does not answer.")
        lines = self._why(invoice)["Where is it now?"]["lines"]
        self.assertTrue([line for line in lines if line.startswith("Tried next: ")])
        self.assertIn("Tried without success: 1", lines)

    def test_held_leads_to_its_fix(self):
        invoice = self._held()
        self.assertEqual(invoice.xero_decision_label, invoice.xero_fix_label)
        self.assertEqual(invoice.action_xero_decision()["res_model"], "xero.account.mapping")
        self.assertIn("cause is gone", self._why(invoice)["Where is it now?"]["lines"][0])

    def test_a_payment_and_an_entry(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice)
        why = self._why(payment)
        self.assertEqual(why["Is it sent?"]["lines"][-1], "If it were sent now: it would be made in Xero.")
        self._run()
        self.assertIn("Synced", self._why(payment)["Is it sent?"]["lines"][0])
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"account_id": self.company_data[f"default_account_{name}"].id, "debit": debit, "credit": credit})
                    for name, debit, credit in (("expense", 5, 0), ("revenue", 0, 5))
                ],
            }
        )
        entry.action_post()
        self.assertIn("Is it sent?", self._why(entry))

    def test_no_connection(self):
        self.connection.sudo().write({"state": "draft"})
        invoice = self._invoice(100)
        self.assertIn("is not connected to Xero", self._why(invoice)["Is it sent?"]["lines"][0])

    def test_the_pages(self):
        invoice = self._invoice(100)
        action = invoice.action_xero_why()
        self.assertEqual((action["res_id"], action["path"]), (invoice.id, "xero-why"))
        self.assertIn("form", dict(invoice.get_views([(action["view_id"][0], "form")])["views"]))
        self.assertNotIn("xero_why_text", invoice.get_views([(False, "form")])["views"]["form"]["arch"], "invoices open as ever")
