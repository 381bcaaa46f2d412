from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.engine import EngineCase


@tagged("post_install", "-at_install")
class TestProblems(EngineCase):
    def test_fixing_the_customer_releases_its_invoices(self):
        nameless = self.env["res.partner"].create({"type": "invoice", "name": "temporary"})
        invoice = self._invoice(100, partner=nameless)
        self.env.cr.execute("UPDATE res_partner SET name = NULL WHERE id = %s", [nameless.id])
        self.env.invalidate_all()
        self._run()
        self.assertEqual(invoice.xero_state, "blocked")
        nameless.name = "Has a name"
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def test_ignored_customer_sent_after_all(self):
        invoice = self._invoice(100)
        self.env["xero.job"]._enqueue(self.connection, "contact", "res.partner", self.partner.ids)
        self._job(self.partner).action_ignore()
        self._run()
        self.assertEqual(invoice.xero_state, "blocked")
        self.partner.action_xero_sync()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def test_edit_that_cures_closes_the_problem(self):
        self.xero.organisation("AU").period_lock_date = date(2026, 10, 31)
        invoice = self._invoice(100)
        self._run()
        self.assertTrue(self._open_problems())
        invoice.button_draft()
        invoice.invoice_date = invoice.date = "2026-11-02"
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def test_payment_behind_a_held_change(self):
        invoice = self._invoice(100)
        self._run()
        self.connection.sudo().period_lock_date = "2026-10-31"
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 90
        invoice.action_post()
        payment = self._pay(invoice, date="2026-11-02")
        self._run()
        self.assertEqual((invoice.xero_state, payment.xero_state), ("blocked", "blocked"))
        self.connection.sudo().period_lock_date = False
        invoice.ref = "changed once more"
        self._runs(2)
        self._assert_in_step(invoice)
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        self.assertFalse(self._open_problems())

    def test_fix_while_xero_is_down(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2026-01-01", "rate": 0.65, "company_id": self.env.company.id})]
        invoice = self._invoice(100, currency_id=usd.id)
        self._run()
        self.assertEqual(invoice.xero_problem_id.code, "currency_missing")
        self._order_fault("unavailable_503", times=1)
        with self.assertRaises(UserError):
            invoice.xero_problem_id.action_fix()

    def test_never_means_never(self):
        self.connection.sync_invoice = "off"
        invoice = self._invoice(100)
        self.assertEqual(invoice.action_xero_sync()["params"]["type"], "warning")
        self.assertFalse(self._job(invoice))


@tagged("post_install", "-at_install")
class TestWho(EngineCase):
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_buttons_of_another_company(self):
        self.connection.sudo().mapping_confirmed_at = False
        invoice = self._invoice(100)
        self._run()
        job, problem = self._job(invoice), invoice.xero_problem_id
        other = self.setup_other_company()["company"]
        stranger = new_test_user(self.env, "stranger", groups="xero_connector.group_xero_user", company_id=other.id)
        for record, method in (
            (job, "action_retry"),
            (job, "action_ignore"),
            (problem, "action_retry"),
            (problem, "action_fix"),
            (self.connection, "action_sync_now"),
            (invoice, "action_xero_sync"),
        ):
            theirs = record.with_user(stranger).with_company(other).with_context(allowed_company_ids=other.ids)
            with self.subTest(f"{record._name} {method}"), self.assertRaises(AccessError):
                getattr(theirs, method)()
        self.assertEqual(job.state, "blocked")

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_buttons_without_the_group(self):
        self.connection.sudo().mapping_confirmed_at = False
        invoice = self._invoice(100)
        self._run()
        job, problem = self._job(invoice), invoice.xero_problem_id
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice", company_id=self.env.company.id)
        for record, method in (
            (job, "action_retry"),
            (job, "action_ignore"),
            (problem, "action_retry"),
            (problem, "action_fix"),
            (self.connection, "action_sync_now"),
            (invoice, "action_xero_sync"),
            (self.partner, "action_xero_sync"),
        ):
            with self.subTest(f"{record._name} {method}"), self.assertRaises(AccessError):
                getattr(record.with_user(clerk), method)()

    def test_clerk_without_xero_works_as_ever(self):
        clerk = new_test_user(
            self.env, "clerk", groups="account.group_account_invoice,base.group_partner_manager", company_id=self.env.company.id
        )
        mine = self.env(user=clerk)
        self.partner.with_env(mine).write({"email": "a@example.com"})
        invoice = self._invoice(100, post=False).with_env(mine)
        invoice.action_post()
        self._run()
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        payment = mine["account.payment.register"].with_context(**context).create({})._create_payments()
        self._run()
        payment.action_draft()
        payment.action_post()
        invoice.write({"ref": "x"})
        self.partner.with_env(mine).write({"email": "b@example.com"})
        invoice.line_ids.remove_move_reconcile()
        payment.action_draft()
        payment.unlink()
        invoice.button_draft()
        invoice.button_cancel()
        self._runs(3)
        self.assertEqual(self._xero().invoices(numbers=[f"{invoice.name} void 1"])[0].status, "VOIDED")

    def test_document_of_another_company(self):
        """Posted while the current company is another one: the document's company counts."""
        other = self.setup_other_company()["company"]
        self.env.user.company_ids += other
        invoice = self._invoice(100, post=False)
        context = {"allowed_company_ids": [other.id, self.env.company.id]}
        invoice.with_context(**context).with_company(other).action_post()
        self._run()
        self._assert_in_step(invoice)
