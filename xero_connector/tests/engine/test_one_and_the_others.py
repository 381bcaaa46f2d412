"""One document, one kind or one error of ours, and all the others."""

from datetime import datetime
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...engine.recovery import Recovery
from ...handlers.dispatch import Result
from ...xero_core import errors
from ..common.engine import BadInputCase


@tagged("post_install", "-at_install")
class TestOneCannotStopTheOthers(BadInputCase):
    """Whatever goes wrong with one document, in Xero or in our own code, the others go on and the engine never stands still."""

    def _refuse_question(self, kind, poisoned):
        handler = type(self.env[f"xero.handler.{kind}"])
        ask = handler._recognise

        def refusing(handler, client, items):
            if any(item.res_id == poisoned for item in items):
                raise errors.ValidationRefused("Xero refused the data.", status=400, details=("Guid should contain 32 digits.",))
            return ask(handler, client, items)

        return patch.object(handler, "_recognise", refusing)

    def test_question_refused_for_one(self):
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(4)])
        self._order_fault("timeout_after", method="PUT", path="Invoices", times=1)
        self._run()
        bad, good = invoices[1], invoices - invoices[1]
        with self._refuse_question("invoice", bad.id):
            self._run()
            for invoice in good:
                self._assert_in_step(invoice)
            self._assert_healthy()
            self.assertFalse(self.connection.paused_until)
            self._runs(12)
            self._assert_stands(bad, "32 digits")
        bad.action_xero_retry()
        self._runs(2)
        self._assert_in_step(bad)

    def test_question_refused_for_a_payment_is_asked_before_it_is_sent_again(self):
        """Retry, or a change in Odoo, must not send a payment of which nobody knows whether it is there."""
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        with self._refuse_question("payment", self._partials(invoice).id):
            self._runs(12)
        payment.action_xero_retry()
        self._runs(3)
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(payment.xero_state, "synced", self._reason(payment))

    @mute_logger(*(f"odoo.addons.xero_connector.engine.{part}" for part in ("runner", "call", "guard")))
    def _run_with_a_bug(self, times=1):
        for _n in range(times):
            super(BadInputCase, self)._run()
            self._later(100)

    def test_sending_fails_in_our_own_code(self):
        good = self._invoice(10)
        bad = self._invoice(20)
        handler = type(self.env["xero.handler.invoice"])
        write = handler._write

        def broken(handler, client, operation, payloads, key):
            if any(payload.get("InvoiceNumber") == bad.name for payload in payloads):
                raise KeyError("a mistake of ours")
            return write(handler, client, operation, payloads, key)

        with patch.object(handler, "_write", broken):
            self._run_with_a_bug(16)
            self._assert_in_step(good)
            self.assertEqual(bad.xero_state, "failed", self._reason(bad))
            self.assertTrue(self._connection_goes_on(), self.connection.state_message)

    def _connection_goes_on(self):
        other = self._invoice(12)
        self._run_with_a_bug(2)
        return other.xero_state == "synced"

    def test_an_answer_that_our_own_code_cannot_write_down(self):
        good, bad = self._invoice(10), self._invoice(20)
        handler = type(self.env["xero.handler.invoice"])
        values = handler._binding_values

        def broken(handler, remote):
            if remote.number == bad.name:
                raise KeyError("a mistake of ours")
            return values(handler, remote)

        with patch.object(handler, "_binding_values", broken):
            self._run_with_a_bug(4)
            self._assert_in_step(good)
            self.assertTrue(self._connection_goes_on(), self.connection.state_message)
        self.assertEqual(len(self._xero().invoices(numbers=[bad.name])), 1)

    def test_what_others_are_told_fails_in_our_own_code(self):
        """The answer is kept all the same, and the run goes on."""
        first, second = self._invoice(10), self._invoice(20)
        with patch.object(type(self.env["xero.handler.contact"]), "_after_done", side_effect=KeyError("a mistake of ours")):
            self._run_with_a_bug(2)
            self.assertEqual(self._binding(self.partner).xero_status, "ACTIVE")
        self._later()
        self._runs(2)
        for invoice in (first, second):
            self._assert_in_step(invoice)

    def test_a_question_that_is_never_answered_ends_as_failed(self):
        """Xero refuses the invoice, and never says what it holds under its number."""
        handler = type(self.env["xero.handler.invoice"])
        invoice = self._invoice(20)

        def silent(_handler, _client, _operation, items, _key):
            return [Result(item, again=errors.AnswerLost("no answer")) for item in items]

        with patch.object(handler, "_send", silent):
            for _round in range(10):
                self._run()
                self._later()
        job = self._job(invoice)
        self.assertEqual(job.state, "failed", job.message)
        self.assertTrue(job.problem_id)

    def test_reference_data_that_cannot_be_read(self):
        """A list that is a day old is no reason to send nothing."""
        for error in (errors.ValidationRefused("Xero refused the data.", status=400), errors.AnswerLost("Xero had an internal error.")):
            with self.subTest(type(error).__name__):
                invoice = self._invoice(100)
                self.connection.sudo().reference_read_at = "2020-01-01"
                with patch.object(type(self.connection), "_read_reference_data", side_effect=error):
                    self._runs(2)
                self._assert_in_step(invoice)

    def test_a_wrong_address_is_not_every_documents_fault(self):
        """Everything is refused, whatever it is: that is the connection's trouble, told once, and no reason to call for each document."""
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(30)])
        handler = type(self.env["xero.handler.invoice"])
        calls = []

        def lost(handler, client, operation, payloads, key):
            calls.append(len(payloads))
            raise errors.NotFound("Xero does not have this record.", status=404)

        with patch.object(handler, "_write", lost):
            self._run()
        self.assertLess(len(calls), 20)
        self.assertLess(len(self._open_problems()), 10)
        self.assertTrue(self.connection.state_message)
        self._later()
        self.env["xero.problem"].search([("state", "=", "open")]).action_retry()
        self._runs(3)
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_somebody_else_wrote_the_same_rows(self):
        """Nobody's mistake: no traceback, no pause, and the next run goes on."""
        invoice = self._invoice(100)
        with patch.object(Recovery, "mark_interrupted", side_effect=SerializationFailure("concurrent update")):
            self._run()
        self.assertFalse(self.connection.paused_until)
        self._run()
        self._assert_in_step(invoice)

    def test_somebody_asks_again_while_what_was_not_sent_goes_back(self):
        """The run is stopped by a limit; a customer it had not got to is changed in the same moment."""
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(60)])
        self.env["xero.job"].sudo()._enqueue(self.connection, "contact", "res.partner", partners.ids)
        self._order_fault("minute_limit", method="PUT", path="Contacts", times=1)
        Job, in_the_way = type(self.env["xero.job"]), [UniqueViolation("xero_job_waiting_unique")]
        set_state = Job._set_state

        def disturbed(jobs, state, **values):
            if state == "pending" and len(jobs) == 10 and in_the_way:
                raise in_the_way.pop()
            return set_state(jobs, state, **values)

        with patch.object(Job, "_set_state", disturbed):
            self._run()
        self.assertFalse(in_the_way)
        self.assertEqual(set(partners.mapped("xero_state")), {"pending"})
        self._later()
        self._run()
        self.assertEqual(set(partners.mapped("xero_state")), {"synced"})

    def test_what_was_looked_up_is_kept_when_the_next_question_goes_unanswered(self):
        partners = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(50)])
        self.env["xero.job"].sudo()._enqueue(self.connection, "contact", "res.partner", partners.ids)
        self._order_fault("reset_after", method="PUT", path="Contacts", times=1)
        self._run()
        self.assertEqual(set(partners.mapped("xero_state")), {"pending"})
        self._later(120)
        self._order_fault("reset_after", method="GET", path="Contacts", times=1, skip=1)
        self._run()
        self.assertEqual(partners.mapped("xero_state").count("synced"), 20)
        self.assertEqual(self.connection.failures, 1)
        self._later()
        self._run()
        self.assertEqual(set(partners.mapped("xero_state")), {"synced"})
        self.assertEqual(self._calls("PUT /Contacts"), 1)

    def test_trouble_now_and_then_is_no_lasting_trouble(self):
        """Every run brings something and then loses an answer: it goes on after seconds each time."""
        for number in range(4):
            self._invoice(100, partner=self.env["res.partner"].create({"name": f"Customer {number}"}))
            self._order_fault("minute_limit", method="PUT", path="Invoices", times=1)
            self._run()
            self.assertEqual(self.connection.failures, 1)
            self._later()

    @mute_logger("odoo.addons.xero_connector.engine.runner")
    def test_a_mistake_of_ours_backs_off(self):
        """Not a traceback every five seconds for ever."""
        self._invoice(100)
        waits = []
        with patch.object(Recovery, "mark_interrupted", side_effect=KeyError("a mistake of ours")):
            for _n in range(4):
                super(BadInputCase, self)._run()
                waits.append((self.connection.paused_until - datetime.now()).total_seconds())  # noqa: DTZ005
                self._later()
        self.assertGreater(waits[-1], waits[0] * 2, waits)
