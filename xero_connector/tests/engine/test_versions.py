import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...access import clients
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestVersions(XeroPushCommon):
    """Each change made in Xero is kept with what was sent and what Xero answered; the binding knows both sides."""

    def _versions(self, record):
        return self.env["xero.version"].search([("binding_id", "in", self._binding(record).ids)], order="id")

    def test_both_sides_of_a_binding(self):
        invoice = self._invoice(100)
        self._run()
        binding, remote = self._binding(invoice), self._remote(invoice)
        self.assertTrue(binding.sent and binding.seen)
        self.assertNotEqual(binding.sent, binding.seen)
        self.assertEqual(binding.xero_updated, remote.updated.replace(tzinfo=None, microsecond=0))
        self.assertEqual(binding.origin, "odoo")

    def test_what_is_seen_is_what_others_answers_say(self):
        """A listing, or a single document, has the same fingerprint as the answer to the change: so our own echo is known."""
        invoice = self._invoice(100)
        self._run()
        client, handler, binding = clients.xero(self.connection), self.env["xero.handler.invoice"], self._binding(invoice)
        [listed] = client.invoices(ids=[binding.xero_id])
        self.assertEqual(handler._seen(listed), binding.seen)
        self.assertEqual(handler._seen(client.invoice(binding.xero_id)), binding.seen)

    def test_what_is_seen_does_not_depend_on_stamps(self):
        invoice = self._invoice(100)
        self._run()
        before = self._binding(invoice).seen
        self._later(60)
        invoice.ref = "changed"
        invoice.action_xero_sync()
        self._run()
        binding = self._binding(invoice)
        self.assertNotEqual(binding.seen, before)
        invoice.ref = False
        invoice.action_xero_sync()
        self._run()
        binding.invalidate_recordset()
        self.assertEqual(len(self._versions(invoice)), 3)

    def test_one_row_for_each_change(self):
        invoice = self._invoice(100)
        self._run()
        invoice.invoice_line_ids.name = "Another text"
        self._run()
        invoice.button_cancel()
        self._run()
        versions = self._versions(invoice)
        self.assertEqual(versions.mapped("operation"), ["create", "update", "remove"])
        first, second, _last = versions
        self.assertEqual([json.loads(each.sent)["LineItems"][0]["Description"] for each in (first, second)], ["line 0", "Another text"])
        self.assertIn(self._binding(invoice).xero_id, first.answer)
        self.assertFalse(any(versions.mapped("pruned")))
        self.assertEqual(second.display_name, f"{self._binding(invoice).number}: Changed")

    def test_nothing_to_do_makes_none(self):
        invoice = self._invoice(100)
        self._run()
        invoice.action_xero_sync()
        self._run()
        self.assertEqual(len(self._versions(invoice)), 1)

    def test_what_was_refused_makes_none(self):
        invoice = self._invoice(100)
        self.xero.organisation("AU").accounts.put({**self.xero.organisation("AU").account_by_code("200"), "Status": "ARCHIVED"})
        self._run()
        self.assertFalse(self._versions(invoice))

    def test_a_lost_answer_that_was_found_is_a_change_too(self):
        self._order_fault("timeout_after", method="PUT", path="Invoices")
        invoice = self._invoice(100)
        self._run()
        self.assertFalse(self._versions(invoice))
        self._later()
        self._run()
        [version] = self._versions(invoice)
        self.assertEqual(version.operation, "create")
        self.assertIn(invoice.name, version.sent)

    def test_statements_do_not_grow_with_the_batch(self):
        first = self._invoice(10)
        self._run()
        binding, remote = self._binding(first), self._remote(first)
        counts = []
        for number in (1, 40):
            before = self.env.cr.sql_log_count
            self.env["xero.version"]._keep(self.connection, [(binding, "update", {"Name": "x"}, remote)] * number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_secrets_are_left_out(self):
        binding = self._bound_partner()
        sent = {"Name": "Azure", "Note": "Bearer abcdefghijklmnopqrstuvwxyz0123456789", "Url": "https://example.com/?token=very-secret"}
        self.env["xero.version"]._keep(self.connection, [(binding, "update", sent, self._xero().contacts(ids=[binding.xero_id])[0])])
        version = self.env["xero.version"].search([("binding_id", "=", binding.id)], limit=1)
        self.assertNotIn("very-secret", version.sent)
        self.assertNotIn("abcdefghijklmnopqrstuvwxyz0123456789", version.sent)

    def _bound_partner(self):
        self._invoice(10)
        self._run()
        return self._binding(self.partner)

    def test_a_file_is_named_not_kept(self):
        self.connection.sync_attachment = "auto"
        invoice = self._invoice(100)
        content = b"%PDF-1.4 nobody's business"
        file = self.env["ir.attachment"].create({"name": "order.pdf", "raw": content, "res_model": invoice._name, "res_id": invoice.id})
        self._run()
        [version] = self._versions(file)
        self.assertIn("order.pdf", version.sent)
        self.assertNotIn("nobody's business", version.sent + version.answer)

    # === WHO AND HOW LONG === #

    def test_only_xero_administrators_of_the_company(self):
        invoice = self._invoice(100)
        self._run()
        version = self._versions(invoice)
        self.assertTrue(version.sent)
        user = new_test_user(self.env, "reader", groups="xero_connector.group_xero_user,account.group_account_invoice")
        with self.assertRaises(AccessError):
            version.with_user(user).read(["sent"])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        groups = "xero_connector.group_xero_admin,account.group_account_invoice"
        admin = new_test_user(self.env, "other_admin", groups=groups, company_id=other.id, company_ids=[(6, 0, other.ids)])
        with self.assertRaises(AccessError):
            version.with_user(admin).read(["answer"])
        with self.assertRaises(AccessError):
            version.with_user(self.env.user).read(["content"])
        with self.assertRaises(AccessError):
            version.with_user(self.env.user).write({"pruned": True})

    def test_pruned_rows_stay_and_say_so(self):
        old, new = self._invoice(100), self._invoice(50)
        self._run()
        moment = fields.Datetime.now() - timedelta(days=self.connection.version_days, seconds=1)
        self.env.cr.execute("UPDATE xero_version SET changed_at = %s WHERE id = %s", [moment, self._versions(old).id])
        self.env["xero.version"]._gc_contents()
        pruned, kept = self._versions(old), self._versions(new)
        self.assertEqual((pruned.pruned, pruned.sent, pruned.answer), (True, False, False))
        self.assertFalse(kept.pruned)
        self.assertTrue(kept.sent)
        self.env.cr.execute("SELECT content FROM xero_version WHERE id = %s", [pruned.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))

    def test_none_are_kept_if_nobody_wants_them(self):
        self.connection.version_days = 0
        invoice = self._invoice(100)
        self._run()
        self.assertFalse(self._versions(invoice))
        self._assert_in_step(invoice)

    def test_the_documents_screen_leads_to_them(self):
        invoice = self._invoice(100)
        self._run()
        document = self.env["xero.document"].search([("res_model", "=", "account.move"), ("res_id", "=", invoice.id)])
        action = document.action_versions()
        self.assertEqual(self.env["xero.version"].search(action["domain"]), self._versions(invoice))
