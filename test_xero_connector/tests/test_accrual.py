from odoo import Command, fields
from odoo.addons.xero_connector.handlers import mark
from odoo.addons.xero_connector.tests.common.push import XeroPushCommon
from odoo.tests import Form, tagged
from odoo.tools import mute_logger


def _broken(*_arguments):
    raise ZeroDivisionError


@tagged("post_install", "-at_install")
class TestAccrual(XeroPushCommon):
    """A kind of another addon does what the connector's own do; nothing in the connector knows it."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("account.group_account_manager")

    def _accrual(self, name="Rent", **values):
        own = {"name": name, "date": "2026-10-15", "amount": 120, "debit_code": "453", "credit_code": "429"}
        return self.env["test.xero.accrual"].create({**own, **values})

    def _journals(self):
        """Manual journals in Xero as ``{narration: status}``."""
        return {each.narration: each.status for each in self._xero().manual_journals([fields.Date.to_date("2026-10-15")])}

    def _document(self, accrual):
        own = [("res_model", "=", accrual._name), ("res_id", "=", accrual.id)]
        return self.env["xero.document"].search([("connection_id", "=", self.connection.id), *own])

    def _run_until_quiet(self):
        for _round in range(3):
            self._run()
            self._later()

    def test_created_changed_and_removed(self):
        accrual = self._accrual()
        self.assertEqual(accrual.xero_state, "pending")
        self._run()
        self.assertEqual((accrual.xero_state, self._journals()), ("synced", {f"Rent {mark.told(accrual)}": "POSTED"}))
        self.assertIn(accrual.xero_id, accrual.xero_url)
        accrual.amount = 130
        self._run()
        [remote] = self._xero().manual_journals([accrual.date])
        self.assertEqual((accrual.xero_state, float(remote.total), remote.xero_id), ("synced", 130, accrual.xero_id))
        name = f"Rent {mark.told(accrual)}"
        accrual.unlink()
        self._run()
        self.assertEqual(self._journals(), {name: "VOIDED"})

    def test_it_hears_of_its_own_records_only_and_of_the_fields_it_named(self):
        accrual = self._accrual()
        self._run()
        heard = []
        self.patch(type(self.env["xero.handler.accrual"]), "_touched", lambda handler, records, event: heard.append((records, event)))
        self._invoice(100)
        accrual.company_id = accrual.company_id
        self.assertFalse(heard)
        accrual.amount = 130
        self.assertEqual(heard, [(accrual, "written")])

    def test_a_deletion_that_fails_asks_for_nothing(self):
        accrual = self._accrual()
        self._run()
        jobs = self.env["xero.job"].sudo().search_count([])
        with self.assertRaises(ZeroDivisionError), self.env["xero.trigger"]._leaving(accrual):
            _broken()
        self.assertEqual(self.env["xero.job"].sudo().search_count([]), jobs)

    def test_nothing_is_sent_twice(self):
        accrual = self._accrual()
        self._run()
        before = self._calls("ManualJournals")
        accrual.name = accrual.name
        self._run()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual((self._calls("ManualJournals"), accrual.xero_state), (before, "synced"))

    def test_lost_answers(self):
        for fault in ("timeout_after", "reset_after", "error_500_after", "timeout_before"):
            with self.subTest(fault):
                accrual = self._accrual(fault)
                self._order_fault(fault, method="PUT", path="ManualJournals", times=1)
                self._run_until_quiet()
                self.assertEqual((accrual.xero_state, self._journals()[f"{fault} {mark.told(accrual)}"]), ("synced", "POSTED"))
        self.assertEqual(len(self._journals()), 4)
        removed = f"timeout_after {mark.told(self.env['test.xero.accrual'].search([('name', '=', 'timeout_after')]))}"
        self._order_fault("timeout_after", method="POST", path="ManualJournals", times=1)
        self.env["test.xero.accrual"].search([("name", "=", "timeout_after")]).unlink()
        self._run_until_quiet()
        self.assertEqual(self._journals()[removed], "VOIDED")

    def test_held_with_its_cause_and_let_go(self):
        accrual = self._accrual(debit_code=False)
        self._run()
        self.assertEqual((accrual.xero_state, accrual.xero_message), ("blocked", "Rent names no account."))
        self.assertEqual(accrual.xero_problem_id.document_ids.name, "Rent")
        accrual.debit_code = "453"
        self._run()
        self.assertEqual((accrual.xero_state, bool(accrual.xero_problem_id)), ("synced", False))

    def test_refused_by_xero(self):
        accrual = self._accrual(debit_code="no such account")
        self._run()
        self.assertEqual((accrual.xero_state, accrual.xero_problem_id.code), ("failed", "account_refused"))
        self.assertTrue(accrual.xero_messages)

    def test_locked_period(self):
        accrual = self._accrual()
        self._run()
        self.xero.organisation("AU").period_lock_date = fields.Date.to_date("2026-10-31")
        self.connection.action_refresh_reference_data()
        accrual.amount = 140
        self._run()
        self.assertEqual((accrual.xero_state, accrual.xero_problem_id.code), ("blocked", "lock_date"))

    def test_shown_on_its_form_and_on_the_documents_screen(self):
        accrual = self._accrual()
        document = self._document(accrual)
        self.assertEqual((document.state, document.name), ("pending", "Rent"))
        self._run()
        document = self._document(accrual)
        self.assertEqual((document.state, document.kind, document.xero_url), ("synced", "accrual", accrual.xero_url))
        self.assertEqual(self.env["xero.document"].search([("name", "ilike", "Rent"), ("kind", "=", "accrual")]), document)
        self.assertEqual(document.action_open_document()["res_model"], accrual._name)
        self.assertIn(("accrual", "Test Accrual"), self.env["xero.document"].fields_get(["kind"])["kind"]["selection"])
        with Form(accrual) as form:
            self.assertEqual(form.xero_state, "synced")
        self.assertEqual(self.env["test.xero.accrual"].search([("xero_state", "=", "synced")]), accrual)

    def test_on_demand(self):
        accrual = self._accrual()
        self.env["xero.job"].sudo().search([("res_model", "=", accrual._name)]).unlink()
        self.assertFalse(accrual.xero_state)
        accrual.action_xero_sync()
        self._run()
        self.assertEqual(accrual.xero_state, "synced")
        other = self._accrual("Other")
        self.env["xero.job"].sudo().search([("res_model", "=", accrual._name), ("res_id", "=", other.id)]).unlink()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(other.xero_state, "synced")

    @mute_logger("odoo.addons.xero_connector.engine.prepare", "odoo.addons.xero_connector.engine.guard")
    def test_a_handler_that_raises_stops_nobody_else(self):
        self.patch(type(self.env["xero.handler.accrual"]), "_decide", _broken)
        accrual, invoice = self._accrual(), self._invoice(100)
        self._run()
        self.assertEqual((accrual.xero_state, accrual.xero_problem_id.code), ("failed", "internal"))
        self._assert_in_step(invoice)

    @mute_logger("odoo.addons.xero_connector.engine.guard")
    def test_a_handler_that_cannot_say_what_it_needs_stops_nobody_else(self):
        self.patch(type(self.env["xero.handler.accrual"]), "_enqueue_needed", _broken)
        accrual, invoice = self._accrual(), self._invoice(100)
        self._run()
        self.assertEqual(accrual.xero_state, "synced")
        self._assert_in_step(invoice)

    @mute_logger("odoo.addons.xero_connector.engine.guard")
    def test_a_handler_that_cannot_look_up_sends_nothing_again(self):
        self._order_fault("timeout_after", method="PUT", path="ManualJournals", times=1)
        accrual = self._accrual()
        self._run()
        self.patch(type(self.env["xero.handler.accrual"]), "_recognise", _broken)
        invoice = self._invoice(100)
        for _round in range(9):
            self._later()
            self._run()
        self.assertEqual((accrual.xero_state, len(self._journals()), self._calls("PUT /ManualJournals")), ("failed", 1, 1))
        self.assertTrue(accrual.xero_message)
        self._assert_in_step(invoice)

    def test_a_kind_whose_setting_is_missing_is_not_sent_and_says_so(self):
        accrual = self._accrual()
        self.patch(type(self.env["xero.handler.accrual"]), "_setting", "sync_nothing")
        self.assertFalse(self.connection._sends("accrual", manual=True))
        self._run()
        self.assertEqual((accrual.xero_state, accrual.xero_problem_id.code), ("blocked", "switched_off"))
        self.assertIn("the module that does it is missing", accrual.xero_message)

    def test_a_kind_that_nobody_knows_is_not_sent(self):
        self.assertFalse(self.connection._sends("timesheet", manual=True))
        self.assertTrue(self.connection._reason_against_kind("timesheet"))

    def test_a_document_that_is_not_for_everybody_leaves_the_screen_to_them(self):
        accrual, invoice = self._accrual(), self._invoice(100)
        self._run()
        groups = self.env.ref("xero_connector.group_xero_user") | self.env.ref("account.group_account_invoice")
        values = {"name": "No accruals", "login": "no accruals", "group_ids": [Command.set(groups.ids)]}
        user = self.env["res.users"].create(values)
        self.assertFalse(accrual.with_user(user).has_access("read"))
        shown = self.env["xero.document"].with_user(user).search([("connection_id", "=", self.connection.id)])
        names = {(each.res_model, each.res_id): each.name for each in shown}
        self.assertEqual(names[accrual._name, accrual.id], f"Rent {mark.told(accrual)}", "what Xero calls it")
        self.assertEqual(names[invoice._name, invoice.id], invoice.display_name)
        self.assertEqual(shown.search([("name", "ilike", invoice.name), ("kind", "=", "invoice")]).res_id, invoice.id)

    def test_jobs_of_a_module_that_is_gone_are_closed(self):
        waiting, sent, invoice = self._accrual("Waiting"), self._accrual("Sent"), self._invoice(100)
        jobs = self.env["xero.job"].sudo().search([("res_model", "=", waiting._name)])
        self.env.flush_all()
        # as it is in the database when the module and its model are gone
        self.env.cr.execute("UPDATE xero_job SET kind = 'gone', res_model = 'gone.model' WHERE id = ANY(%s)", [jobs.ids])
        self.env["xero.job"].invalidate_model()
        shown = self.env["xero.document"].search([("connection_id", "=", self.connection.id), ("res_model", "=", "gone.model")])
        self.assertEqual(shown.mapped("name"), ["no longer in Odoo"] * 2)
        self._run()
        self.assertEqual(jobs.mapped("state"), ["cancelled"] * 2)
        self.assertIn("not installed", jobs[0].message)
        self.assertFalse(sent.xero_state)
        self._assert_in_step(invoice)
