from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...access import clients
from ...engine.answer import Answers
from ..common.engine import EngineCase


@tagged("post_install", "-at_install")
class TestNothingSpins(EngineCase):
    def _next_wake(self):
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)])
        return min(triggers.mapped("call_at"), default=None)

    def _forget_triggers(self):
        self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)]).unlink()

    def test_update_that_never_gets_an_answer(self):
        invoice = self._invoice(100)
        self._run()
        invoice.ref = "changed"
        self._order_fault("error_500_before", method="POST", path="Invoices", times=None)
        for _n in range(6):
            self._run()
        self.assertLessEqual(self._sent("POST", "Invoices"), 2, "no back-off")
        self._runs(20)
        self.assertEqual(invoice.xero_state, "failed")

    def test_second_request_behind_an_uncertain_job(self):
        invoice = self._invoice(100)
        self._order_fault("timeout_before", method="PUT", path="Invoices", times=1)
        self._run()
        invoice.ref = "changed"
        self._run()
        self._forget_triggers()
        self._run()
        self.assertTrue(self._next_wake() is None or self._next_wake() > fields.Datetime.now(), self._next_wake())

    def test_new_customer_does_not_delay_its_invoice(self):
        """The invoice was posted while the run was past the customers."""
        other = self.env["res.partner"].create({"name": "Late Customer"})
        first, late = self._invoice(1), []
        with self._while_sending("PUT", "Invoices", lambda: late.append(self._invoice(2, partner=other))):
            self._run()
        self._run()
        self._assert_in_step(first)
        self._assert_in_step(late[0])

    def test_conflict_while_writing_the_answer_down(self):
        invoice = self._invoice(100)
        absorb, failed = Answers.absorb, []

        def conflict(answers, *args):
            absorb(answers, *args)
            if not failed:
                failed.append(True)
                raise SerializationFailure("could not serialize access due to concurrent update")

        before = self._calls("Invoices")
        with patch.object(Answers, "absorb", conflict):
            self._run()
        self.assertEqual(self._calls("Invoices") - before, 1, "the answer was lost and asked for again")
        self.assertEqual(self._job(invoice).state, "done")
        self._assert_in_step(invoice)

    @mute_logger("odoo.addons.xero_connector.engine.prepare", "odoo.sql_db")
    def test_document_that_breaks_the_transaction(self):
        bad, good = self._invoice(100), self._invoice(200)
        handler = type(self.env["xero.handler.invoice"])
        decide = handler._decide

        def broken(handler, job, reading):
            if job.res_id == bad.id:
                handler.env.cr.execute("SELECT 1/0")
            return decide(handler, job, reading)

        with patch.object(handler, "_decide", broken):
            self._run()
        self._assert_in_step(good)
        self.assertEqual(bad.xero_state, "failed")

    @mute_logger("odoo.addons.xero_connector.engine.runner")
    def test_bad_address_does_not_break_the_cron(self):
        self._invoice(100)
        with patch.object(clients, "xero", side_effect=UserError("not https")):
            self._run()
        self.assertTrue(self.connection.paused_until)


@tagged("post_install", "-at_install")
class TestCost(EngineCase):
    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_queries_of_posting(self):
        """What we add to posting does not grow with the lines."""
        small, large = self._invoice(1, post=False), self._invoice(*range(1, 41), post=False)
        own = type(self.env["xero.job"])._enqueue
        counts = []

        def counted(*args, **kwargs):
            before = self.cr.sql_log_count
            own(*args, **kwargs)
            counts.append(self.cr.sql_log_count - before)

        with patch.object(type(self.env["xero.job"]), "_enqueue", counted):
            for invoice in (small, large):
                self.env.flush_all()
                invoice.action_post()
        self.assertEqual(len(counts), 2, "one request per post")
        self.assertLessEqual(max(counts), 6)
