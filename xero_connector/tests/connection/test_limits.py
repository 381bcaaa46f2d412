import threading
import time
from collections import Counter
from datetime import timedelta
from unittest.mock import PropertyMock, patch
from uuid import uuid4

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...engine.run import MAX_IN_FLIGHT, Load, Run
from ...handlers.dispatch import Result
from ...xero_core.resources.contacts import Contact, RemoteContact
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestLimits(XeroPushCommon):
    """The day's calls, what is kept of them for people, whose turn it is, and how many calls are under way."""

    def _leave(self, automatic, reserve=0):
        """Leave so many of today's calls for what goes by itself, and so many more for people."""
        self.connection.write({"day_budget": self.connection.calls_today + automatic + reserve, "day_reserve": reserve})

    def _wakes(self):
        """When the scheduled action is to run again (UTC)."""
        self.env.flush_all()
        return sorted(self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)]).mapped("call_at"))

    def _forget_wakes(self):
        self.env["ir.cron.trigger"].sudo().search([]).unlink()

    def test_the_last_calls_of_the_day_are_kept_for_people(self):
        self._leave(3, reserve=4)
        first = self._invoice(100)
        self._run()
        self.assertEqual(first.xero_state, "synced")
        second, third = self._invoice(200), self._invoice(300)
        before = self._calls()
        self._run()
        self.assertEqual((second.xero_state, self._calls()), ("pending", before))
        self.assertRegex(self.connection.limit_message, "Documents that wait until .+: 2$")
        self.assertIn("last 4", self.connection.limit_message)
        second.action_xero_sync()
        self.connection.invalidate_recordset(["limit_message"])
        self.assertRegex(self.connection.limit_message, "Documents that wait until .+: 1$", "what was asked for goes now")
        self._run()
        self.assertEqual((second.xero_state, third.xero_state), ("synced", "pending"))
        self.assertEqual(self.connection.calls_left, 3)

    def test_at_the_end_of_the_budget_all_wait_and_the_next_day_goes_on(self):
        self._leave(0)
        invoice = self._invoice(100)
        invoice.action_xero_sync()
        before = self._calls()
        self._run()
        self._forget_wakes()
        self._run()
        self.assertEqual((invoice.xero_state, self._calls()), ("pending", before))
        self.assertIn("used up", self.connection.limit_message)
        self.assertEqual(self.connection.state, "connected")
        midnight = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.assertEqual(self._wakes(), [midnight], "once, when Xero counts anew, and not before")
        self._later(86400)
        self._run()
        self.assertEqual(invoice.xero_state, "synced")
        self.assertFalse(self.connection.limit_message)

    def test_an_unclear_outcome_is_looked_up_on_the_reserve(self):
        invoice = self._invoice(100)
        self._order_fault("reset_after", method="PUT", path="Invoices", times=1)
        self._run()
        self._leave(0, reserve=4)
        self._run()
        self._assert_in_step(invoice)

    def test_xeros_own_end_of_the_day_is_remembered(self):
        self._invoice(100)
        self._order_fault("day_limit", path="Contacts", times=1)
        self._run()
        self.assertEqual(self.connection.day_resets_at, self.connection.paused_until)
        start, end = self.connection._day()
        self.assertEqual(end - start, timedelta(days=1))
        self.assertLessEqual(start, fields.Datetime.now())
        self.assertGreater(end, fields.Datetime.now())

    def test_a_larger_budget_is_used_at_once(self):
        self._leave(0)
        invoice = self._invoice(100)
        self._run()
        self._forget_wakes()
        self.connection.day_budget = 2000
        self.assertTrue(self._wakes() and self._wakes()[0] <= fields.Datetime.now())
        self._run()
        self.assertEqual(invoice.xero_state, "synced")

    def test_budget_that_makes_no_sense(self):
        for values in ({"day_budget": 0}, {"day_reserve": -1}, {"day_reserve": 1000}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.connection.write(values)

    def test_whose_click_it_was_goes_first(self):
        partners = self.env["res.partner"].create([{"name": f"Import {number}"} for number in range(60)])
        self.env["xero.job"].sudo()._enqueue(self.connection, "contact", "res.partner", partners.ids)
        clicked = self._invoice(100, partner=self.env["res.partner"].create({"name": "In a Hurry"}))
        clicked.action_xero_sync()
        last = self.env["xero.call"].sudo().search([], order="id desc", limit=1).id
        self._run()
        calls = self.env["xero.call"].sudo().search([("id", ">", last)], order="id")
        self.assertEqual([call.path.rpartition("/")[2] for call in calls], ["Contacts", "Invoices", "Contacts", "Contacts"])
        self.assertIn("In a Hurry", calls[0].request_body)
        self.assertEqual(clicked.xero_state, "synced")

    def test_customer_of_an_invoice_that_was_posted_during_the_run_goes_first(self):
        invoice = self._invoice(100)
        handler = type(self.env["xero.handler.contact"])
        at_start = handler._enqueue_needed

        def late(self, connection, job_ids=None):
            return at_start(self, connection, job_ids) if job_ids is not None else False

        with patch.object(handler, "_enqueue_needed", late):
            self._run()
        self.assertEqual(invoice.xero_state, "synced")

    def test_several_calls_under_way(self):
        """Never more than four; what they bring is written down as it comes, and every document goes once."""
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(430)])
        self.env["xero.job"].sudo()._enqueue(self.connection, "contact", "res.partner", partners.ids)
        under_way, most, sent, lock = [0], [0], Counter(), threading.Lock()

        def answer(_handler, _client, _operation, items, _key):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
                sent.update(item.res_id for item in items)
            time.sleep(0.05)
            with lock:
                under_way[0] -= 1
            told = [Contact(item.label, item.trace.number) for item in items]
            return [Result(item, remote=RemoteContact(xero_id=str(uuid4()), told=each)) for item, each in zip(items, told, strict=True)]

        allowance = type(self.connection._allowance())
        with (
            patch.object(Run, "in_flight", PropertyMock(return_value=MAX_IN_FLIGHT)),
            patch.object(type(self.env["xero.handler.contact"]), "_send", answer),
            patch.object(allowance, "pause", lambda _self: 0.0),
        ):
            self._run()
        self.assertEqual(most[0], MAX_IN_FLIGHT)
        self.assertEqual(sent, dict.fromkeys(partners.ids, 1))
        self.assertEqual(set(partners.mapped("xero_state")), {"synced"})

    def test_nothing_overtakes_what_it_may_depend_on(self):
        run = Run(self.connection)
        contact, payment = (self.env[f"xero.handler.{kind}"] for kind in ("contact", "payment"))
        self.assertTrue(run.is_open_to("payment"))
        run.running[1] = Load(contact, "create", [], False)
        self.assertTrue(run.is_open_to("contact"))
        self.assertFalse(run.is_open_to("invoice"), "its customer may be on the way")
        run.running = {1: Load(payment, "remove", [], False)}
        self.assertFalse(run.is_open_to("payment"), "the room it needs is being made")

    def test_what_the_time_did_not_suffice_for_goes_on(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(120)])
        self.env["xero.job"].sudo()._enqueue(self.connection, "contact", "res.partner", partners.ids)
        with patch.object(Run, "is_over", PropertyMock(side_effect=[False, True, True, True, True, True, True, True])):
            self._run()
        self.assertTrue(self._wakes() and self._wakes()[0] <= fields.Datetime.now())
        self._run()
        self.assertEqual(set(partners.mapped("xero_state")), {"synced"})
        self.assertEqual(self._calls("PUT /Contacts"), 3)

    def test_a_call_that_failed_counts_as_well(self):
        self._order_fault("error_500_before", method="PUT", path="Contacts", times=1)
        before = self.connection.calls_today
        self._invoice(100)
        self._run()
        self.assertGreater(self.connection.calls_today, before)
