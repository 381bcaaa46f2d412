"""What nobody planned for: clocks, answers, hands and settings that change under the engine.

Elsewhere: one poisoned document in 50, nonsense answers and faults before and after the work (``test_bad_input``); an answer in another
order or with an element too many (``test_error_table``); which element belongs to which document, size and waits
(``tests/core/test_batches.py``).
"""

from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from xero_simulator.control_organisation import change_organisation

from ...handlers.dispatch import Result
from ...xero_core import errors
from ...xero_core.resources import batches
from .test_engine_regressions import EngineCase

LOG = "odoo.addons.xero_connector"


class BadInputCase(EngineCase):
    def _run(self):
        """A run that says nothing in the log: whatever happens to a document is told on the document."""
        with self.assertNoLogs(LOG, "WARNING"):
            super()._run()

    def _change(self, **changes):
        """What somebody does by hand in Xero."""
        change_organisation(self.xero.organisation("AU"), changes, self.xero.now())

    def _by_hand(self, table, key, **changes):
        rows = getattr(self.xero.organisation("AU"), table)
        rows.put({**rows.get(key), **changes})

    def _reason(self, record):
        return f"{record.xero_message} {record.xero_messages or ''}"

    def _assert_stands(self, record, *words, state="failed"):
        """The document is held or failed, and says why in words that name what was done by hand."""
        self.assertEqual(record.xero_state, state, self._reason(record))
        self.assertTrue(record.xero_problem_id, "it stands behind a problem")
        for word in words:
            self.assertIn(word, self._reason(record))

    def _assert_healthy(self):
        """The engine goes on: the connection stands, and another document goes through."""
        self.assertEqual(self.connection.state, "connected", self.connection.state_message)
        other = self._invoice(12)
        self._run()
        self._assert_in_step(other)


@tagged("post_install", "-at_install")
class TestClockThatJumps(BadInputCase):
    @contextmanager
    def _jump(self, hours):
        """Odoo's clock is wrong by so many hours; Xero's is right."""
        self.xero.clock.advance(-3600 * hours)
        with freeze_time(datetime.now() + timedelta(hours=hours), tick=True):  # noqa: DTZ005 - freezegun wants it naive
            yield
        self.xero.clock.advance(3600 * hours)

    def test_ahead_and_back_while_xero_asks_to_wait(self):
        """The wait was noted by a clock that was 10 hours ahead."""
        invoice = self._invoice(100)
        with self._jump(10):
            self._order_fault("minute_limit", path="Contacts", times=1)
            self._run()
            self.assertEqual(invoice.xero_state, "pending")
        self._run()
        self._assert_in_step(invoice)

    def test_ahead_and_back_while_a_document_waits_for_another_try(self):
        invoice = self._invoice(100)
        with self._jump(10):
            self._order_fault("error_500_before", method="PUT", path="Invoices", times=1)
            self._run()
            self._run()
            self.assertEqual(self._job(invoice).state, "uncertain")
        with self._jump(0.1):
            self._run()
            self._run()
        with self._jump(0.2):
            self._run()
            self._run()
        self._assert_in_step(invoice)

    def test_ahead_before_the_look_up(self):
        """The payment is in Xero, its answer was lost, and the clock says that hours have passed."""
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        with self._jump(10):
            self._run()
            self._run()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._job(self._partials(invoice)).state, "done")

    def test_back_before_the_look_up(self):
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        with self._jump(-10):
            self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual(self._job(self._partials(invoice)).state, "done")

    def test_tokens(self):
        """One that looks too old is renewed, one that looks good and is not costs a refusal; nobody has to reconnect."""
        for hours in (10, -10, 0):
            with self.subTest(hours=hours):
                invoice = self._invoice(100)
                with self._jump(hours):
                    self.xero.clock.advance(2400)  # Xero's tokens end after 30 minutes
                    self._run()
                    self.assertEqual(self.connection.state, "connected", self.connection.state_message)
                    self._assert_in_step(invoice)

    def test_reference_data_read_in_the_future(self):
        with self._jump(24 * 365):
            self.connection._read_reference_data()
        self.assertTrue(self.connection._reference_is_stale(), "else it is not read again for a year")


@tagged("post_install", "-at_install")
class TestAnswersThatDoNotFit(BadInputCase):
    def test_an_element_is_missing(self):
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(5)])
        self._order_fault("missing_element_200", method="PUT", path="Invoices", times=1)
        self._run()
        self.assertEqual(sorted(invoices.mapped("xero_state")), ["pending", *["synced"] * 4])
        self._runs(2)
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_a_payment_is_missing(self):
        invoices = self.env["account.move"].union(*[self._invoice(100) for _n in range(3)])
        self._run()
        for invoice in invoices:
            self._pay(invoice, 30)
        self._order_fault("missing_element_200", method="PUT", path="Payments", times=1)
        self._runs(3)
        for invoice in invoices:
            self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])
        self.assertEqual({self._job(self._partials(invoice)).state for invoice in invoices}, {"done"})

    def test_backwards_with_a_refusal_that_names_nothing(self):
        """All but one are told by their number, so the one that is left is told too: nobody waits for a look-up."""
        self.xero.switches.set({"element_order": "reversed", "error_elements": "bare"})
        invoices = self.env["account.move"].union(*[self._invoice(10 + n) for n in range(5)])
        account = self.connection._mapping_table().account(self.company_data["default_account_revenue"].id)
        self._invoice_with_another_account(invoices[2], account)
        self._run()
        self.assertEqual(invoices[2].xero_state, "failed", self._reason(invoices[2]))
        self.assertIn("archived", self._reason(invoices[2]))
        for invoice in invoices - invoices[2]:
            self._assert_in_step(invoice)

    def _invoice_with_another_account(self, invoice, account):
        """Its account was archived in Xero since the reference data were read."""
        other = self.company_data["default_account_revenue"].copy({"code": "499999", "name": "Other income"})
        invoice.button_draft()
        invoice.invoice_line_ids.account_id = other
        invoice.action_post()
        xero_accounts = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        self.connection._propose_mapping()
        line = self.env["xero.account.mapping"].search([("account_id", "=", other.id)])
        line.xero_account_id = xero_accounts
        self.connection.action_confirm_mapping()
        self._change(archive_accounts=["260"])

    def test_two_namesakes_backwards(self):
        self.xero.switches.set({"element_order": "reversed", "error_elements": "bare"})
        twin = self.env["res.partner"].create({"name": self.partner.name})
        invoices = self._invoice(1) + self._invoice(2, partner=twin)
        self._run()
        self.assertEqual(sorted((self.partner + twin).mapped("xero_state")), ["blocked", "synced"])
        self.assertEqual(sorted(invoices.mapped("xero_state")), ["blocked", "synced"])


@tagged("post_install", "-at_install")
class TestTooMuch(BadInputCase):
    def _long(self, lines=1):
        """An invoice of about 12 KB per line."""
        invoice = self._invoice(*range(1, lines + 1), post=False)
        invoice.invoice_line_ids.name = "漢" * 4000
        invoice.action_post()
        return invoice

    def test_a_batch_that_is_too_large(self):
        self.xero.switches.set({"request_limit": 60_000})
        invoices = [self._long() for _n in range(10)]
        with patch.object(batches, "ADVISED_BYTES", 50_000):
            self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)
        refused = self.env["xero.call"].search_count([("connection_id", "=", self.connection.id), ("status", "=", 413)])
        self.assertFalse(refused, "cut to size before it is sent")

    def test_a_batch_that_is_too_large_for_xero_only(self):
        """Should Xero's limit be lower than its pages say."""
        self.xero.switches.set({"request_limit": 60_000})
        invoices = [self._long() for _n in range(10)]
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_a_document_that_is_too_large_alone(self):
        for status in (413, 400):
            with self.subTest(status):
                self.xero.switches.set({"request_limit": 30_000, "too_large_status": status})
                large, small = self._long(3), self._invoice(100)
                self._run()
                self._assert_in_step(small)
                self._assert_stands(large, "larger than Xero takes" if status == 413 else "did not accept")
                self.xero.switches.set({"request_limit": 10_000_000})
                large.action_xero_retry()
                self._run()
                self._assert_in_step(large)

    def test_three_hundred_behind_one_missing_tax(self):
        tax = self.env["account.tax"].create({"name": "Odd 10%", "amount": 10, "type_tax_use": "sale"})
        first = self._invoice(10, taxes=tax, post=False)
        invoices = first + self.env["account.move"].union(*[first.copy({"invoice_date": first.invoice_date}) for _n in range(299)])
        invoices.action_post()
        self._run()
        problem = invoices.xero_problem_id
        self.assertEqual((len(problem), problem.code, problem.job_count), (1, "tax_unmapped", 300))
        self.assertEqual(self._calls("PUT /Invoices"), 0)
        rate = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "=", self.tax.id)], limit=1)
        self.connection._propose_mapping()
        line = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "in", tax.ids)])
        line.xero_tax_rate_id = rate.xero_tax_rate_id
        self.connection.action_confirm_mapping()
        self.assertEqual((problem.state, problem.job_count), ("solved", 0))
        self._run()
        self.assertEqual(set(invoices.mapped("xero_state")), {"synced"}, invoices[-1:].xero_message)
        self.assertEqual(self._calls("PUT /Invoices"), 6)
        numbers = [row["Number"] for row in self.xero.organisation("AU").invoices]
        jobs = self.env["xero.job"].search([("res_model", "=", "account.move"), ("res_id", "in", invoices.ids)], order="id")
        self.assertEqual(numbers, [self.env["account.move"].browse(job.res_id).name for job in jobs], "in order")


@tagged("post_install", "-at_install")
class TestChangedByHandInXero(BadInputCase):
    def _sent(self, pay=None):
        invoice = self._invoice(100)
        payment = self._pay(invoice, pay) if pay else None
        self._run()
        return invoice, payment

    def test_voided_then_edited(self):
        invoice, _none = self._sent()
        self._by_hand("invoices", invoice.xero_id, Status="VOIDED")
        good, _none = self._sent()
        (invoice + good).ref = "changed"
        self._run()
        self._assert_in_step(good)
        self._assert_stands(invoice, "void")
        invoice.action_xero_retry()
        self._run()
        self._assert_stands(invoice, "void")
        self._assert_healthy()

    def test_voided_then_paid(self):
        invoice, _none = self._sent()
        self._by_hand("invoices", invoice.xero_id, Status="VOIDED")
        payment = self._pay(invoice)
        self._run()
        self._assert_stands(payment, "void")
        self.assertFalse(self.xero.organisation("AU").payments_of(invoice.xero_id))
        self._assert_healthy()

    def test_voided_then_cancelled(self):
        invoice, _none = self._sent()
        xero_id = invoice.xero_id
        self._by_hand("invoices", xero_id, Status="VOIDED")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self.assertEqual((self._job(invoice).state, self._binding(invoice).xero_status), ("done", "VOIDED"))
        self.assertFalse(self._open_problems())

    def test_gone_then_edited_and_cancelled(self):
        """The id is not known any more, as after a reset of the demo organisation."""
        invoice, _none = self._sent()
        good, _none = self._sent()
        self.xero.organisation("AU").invoices._restore(invoice.xero_id, None)
        (invoice + good).ref = "changed"
        self._run()
        self._assert_in_step(good)
        self._assert_stands(invoice, "does not have this record")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        self._assert_stands(invoice, "does not have this record")
        self._assert_healthy()

    def test_gone_then_paid(self):
        invoice, _none = self._sent()
        good, _none = self._sent()
        self.xero.organisation("AU").invoices._restore(invoice.xero_id, None)
        payment, fine = self._pay(invoice), self._pay(good)
        self._run()
        self.assertEqual(fine.xero_state, "synced", self._reason(fine))
        self.assertEqual(payment.xero_state, "failed", self._reason(payment))
        self._assert_healthy()

    def test_payment_removed_then_reset_in_odoo(self):
        invoice, payment = self._sent(30)
        self._by_hand("payments", self._xero_payments(invoice)[0].xero_id, Status="DELETED")
        payment.action_draft()
        self._run()
        binding = self.env["xero.binding"].sudo().search([("payment_id", "=", payment.id), ("kind", "=", "payment")])
        self.assertEqual(binding.xero_status, "DELETED")
        self.assertFalse(self._open_problems())

    def test_payment_removed_then_changed_in_odoo(self):
        """It is made anew as Odoo has it now."""
        invoice, payment = self._sent(30)
        self._by_hand("payments", self._xero_payments(invoice)[0].xero_id, Status="DELETED")
        payment.action_draft()
        payment.date = "2026-10-09"
        payment.action_post()
        self._runs(2)
        self.assertEqual([str(each.date) for each in self._xero_payments(invoice)], ["2026-10-09"])
        self.assertEqual(payment.xero_state, "synced", self._reason(payment))

    def test_payment_reconciled_in_xero_then_reset_in_odoo(self):
        invoice, payment = self._sent(30)
        [remote] = self._xero_payments(invoice)
        self._change(reconcile_payments=[remote.xero_id])
        payment.action_draft()
        self._run()
        self._assert_stands(payment, "reconciled")
        self._assert_healthy()

    def test_contact_archived_then_changed(self):
        self._sent()
        self._change(archive_contacts=[self.partner.xero_id])
        self.partner.email = "new@example.com"
        self._run()
        self._assert_stands(self.partner, "archived")
        self.assertEqual(self.partner.xero_problem_id.code, "contact_archived")

    def test_contact_archived_then_invoiced(self):
        """One problem for all invoices of the customer; restored in Xero, they go."""
        self._sent()
        self._change(archive_contacts=[self.partner.xero_id])
        invoices = self._invoice(10) + self._invoice(20)
        good = self._invoice(30, partner=self.env["res.partner"].create({"name": "Somebody Else"}))
        self._run()
        self._assert_in_step(good)
        for invoice in invoices:
            self._assert_stands(invoice, "archived", state="blocked")
        self.assertEqual(len(invoices.xero_problem_id), 1)
        self._change(restore_contacts=[self.partner.xero_id])
        invoices.xero_problem_id.action_retry()
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_contact_gone_then_changed(self):
        """Erased on the person's demand (GDPR), or the demo organisation was reset."""
        self._sent()
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        self._invoice(1, partner=other)
        self._run()
        self.xero.organisation("AU").contacts._restore(self.partner.xero_id, None)
        (self.partner + other).email = "new@example.com"
        self._run()
        self.assertEqual(other.xero_state, "synced")
        self._assert_stands(self.partner, "does not have this record")

    def test_contact_merged_in_xero(self):
        """Xero archives the one that was merged away and names the one that is left."""
        self._sent()
        [winner] = self._xero().create_contacts([{"Name": "Azure Interior Pty"}], "by-hand")
        self._change(merge_contacts={self.partner.xero_id: winner.remote.xero_id})
        invoice = self._invoice(50)
        self._runs(2)
        self.assertEqual(self.partner.xero_id, winner.remote.xero_id, self._reason(self.partner))
        self._assert_in_step(invoice)
        self.partner.email = "new@example.com"
        self._run()
        [contact] = self._xero().contacts(ids=[winner.remote.xero_id])
        self.assertEqual(contact.email, "new@example.com")


@tagged("post_install", "-at_install")
class TestDeletedInOdoo(BadInputCase):
    """A job whose record is gone ends by itself; what is in Xero is taken back."""

    def _assert_ended(self, model, res_id, states=("cancelled", "done")):
        jobs = self.env["xero.job"].search([("res_model", "=", model), ("res_id", "=", res_id)])
        self.assertTrue(jobs)
        self.assertLessEqual(set(jobs.mapped("state")), set(states), jobs.mapped("message"))
        self.assertFalse(self._open_problems(), self._open_problems().mapped("name"))

    def _lonely(self, **values):
        """A customer without documents, asked for by hand."""
        partner = self.env["res.partner"].create({"name": "Lonely", **values})
        self.env["xero.job"]._enqueue(self.connection, "contact", "res.partner", partner.ids)
        return partner

    def test_customer_waiting(self):
        partner = self._lonely()
        res_id = partner.id
        partner.unlink()
        self._run()
        self._assert_ended("res.partner", res_id)
        self.assertFalse(self._calls("PUT /Contacts"))

    def test_customer_held(self):
        self._xero().create_contacts([{"Name": "Lonely"}], "by-hand")
        partner = self._lonely()
        self._run()
        self.assertEqual(partner.xero_state, "blocked")
        res_id = partner.id
        partner.unlink()
        self._run()
        self._assert_ended("res.partner", res_id)

    def test_customer_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                partner = self._lonely(name=f"Lonely {fault}")
                self._order_fault(fault, method="PUT", path="Contacts", times=1)
                self._run()
                self.assertEqual(self._job(partner).state, "uncertain")
                res_id = partner.id
                partner.unlink()
                self._runs(3)
                self._assert_ended("res.partner", res_id)

    def _delete(self, invoice):
        invoice.button_draft()
        invoice.unlink()

    def test_invoice_waiting(self):
        invoice = self._invoice(100)
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)
        self.assertFalse(self._calls("PUT /Invoices"))

    def test_invoice_held(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(invoice.xero_state, "blocked")
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)

    def test_invoice_failed(self):
        code = self.connection._mapping_table().account(self.company_data["default_account_revenue"].id).code
        self.xero.organisation("AU").accounts.find("code", code)[0]["Status"] = "ARCHIVED"
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(invoice.xero_state, "failed")
        res_id = invoice.id
        self._delete(invoice)
        self._run()
        self._assert_ended("account.move", res_id)

    def test_invoice_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                invoice = self._invoice(100)
                self._order_fault(fault, method="PUT", path="Invoices", times=1)
                self._run()
                self.assertEqual(self._job(invoice).state, "uncertain")
                res_id, name = invoice.id, invoice.name
                self._delete(invoice)
                self._runs(4)
                self._assert_ended("account.move", res_id)
                self.assertFalse(self._xero().invoices(numbers=[name]))
                self.assertLessEqual({remote.status for remote in self._xero().invoices(numbers=[f"{name} void 1"])}, {"VOIDED"})

    def test_reconciliation_waiting(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        payment.move_id.line_ids.remove_move_reconcile()
        self._run()
        self._assert_ended("account.payment", payment.id)
        self.assertFalse(self._xero_payments(invoice))

    def test_reconciliation_held(self):
        self.connection.unmatched_payments = "wait"
        invoice = self._invoice(100)
        self._run()
        self.env["xero.journal.mapping"].search([("connection_id", "=", self.connection.id)]).unlink()
        payment = self._pay(invoice, 30)
        self._run()
        self.assertEqual(payment.xero_state, "blocked")
        payment.move_id.line_ids.remove_move_reconcile()
        self._run()
        self._assert_ended("account.payment", payment.id)

    def test_reconciliation_without_answer(self):
        for fault in ("timeout_before", "timeout_after"):
            with self.subTest(fault):
                invoice = self._invoice(100)
                self._run()
                payment = self._pay(invoice, 30)
                self._order_fault(fault, method="PUT", path="Payments", times=1)
                self._run()
                payment.move_id.line_ids.remove_move_reconcile()
                self._runs(4)
                self._assert_ended("account.payment", payment.id)
                self.assertFalse(self._xero_payments(invoice))

    def test_everything_while_it_is_sent(self):
        """The answer comes for records that are gone by then."""
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        with self._while_sending("PUT", "Payments", payment.move_id.line_ids.remove_move_reconcile):
            self._run()
        self._runs(2)
        self._assert_ended("account.payment", payment.id)
        self.assertFalse(self._xero_payments(invoice))


@tagged("post_install", "-at_install")
class TestConnectionDeleted(BadInputCase):
    def test_with_documents_waiting(self):
        invoices = self._invoice(1) + self._invoice(2)
        cron = self.connection.cron_id
        connection = self.connection
        connection.action_disconnect()
        connection.sudo().unlink()
        self.assertFalse(cron.exists())
        self.assertFalse(self.env["xero.job"].search([("res_id", "in", invoices.ids), ("res_model", "=", "account.move")]))
        self.assertEqual(invoices.mapped("xero_state"), [False, False])
        with self.assertNoLogs(LOG, "WARNING"):
            self.env["xero.connection"]._cron_run(connection.id)

    def test_and_connected_anew_nothing_is_made_twice(self):
        """The bindings are gone with it. What Xero has is found there: customer, invoice, and the part that was paid."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        self.connection.action_disconnect()
        self.connection.sudo().unlink()
        self.connection = self._connect()
        self.connection.action_confirm_mapping()
        self.connection.action_sync_now()
        self._runs(3)
        self._assert_in_step(invoice)
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_nobody_may(self):
        """It is archived instead; only a superuser's script can delete one, and not while it runs: Odoo refuses to delete its cron then."""
        with self.assertRaises(AccessError):
            self.connection.unlink()

    def test_bindings_lost(self):
        """A backup from before the answers: the documents are sent again, and found."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        partial = self._partials(invoice)
        self._binding(partial).unlink()
        self._binding(invoice).unlink()
        self._binding(self.partner).unlink()
        self.connection.action_sync_now()
        self._runs(3)
        self._assert_in_step(invoice)
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [30.0])


@tagged("post_install", "-at_install")
class TestSettingsChangedMeanwhile(BadInputCase):
    def _first_call(self, action):
        """Do ``action`` while the customer is sent: the invoices come after it, in the same run."""
        return self._while_sending("PUT", "Contacts", action)

    def test_switched_off(self):
        invoice = self._invoice(100)
        with self._first_call(lambda: self.connection.write({"sync_invoice": "off"})):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"), "never means never, for those that wait as well")
        self.connection.sync_invoice = "auto"
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(invoice)

    def test_switched_to_manual(self):
        """What was asked for by then goes; what comes after waits for a click."""
        invoice = self._invoice(100)
        with self._first_call(lambda: self.connection.write({"sync_invoice": "manual"})):
            self._run()
        self._assert_in_step(invoice)
        later = self._invoice(200)
        self._run()
        self.assertFalse(later.xero_state)
        later.action_xero_sync()
        self._run()
        self._assert_in_step(later)

    def test_taken_back_in_odoo_while_manual(self):
        """What was unmatched or deleted meanwhile is taken back when somebody asks for everything to be in step."""
        invoice, other = self._invoice(100), self._invoice(200)
        payment = self._pay(invoice, 30)
        self._run()
        name = other.name
        self.connection.write({"sync_invoice": "manual", "sync_payment": "manual"})
        payment.move_id.line_ids.remove_move_reconcile()
        other.button_draft()
        other.unlink()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.connection.action_sync_now()
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        self.assertEqual([remote.status for remote in self._xero().invoices(numbers=[f"{name} void 1"])], ["VOIDED"])

    def test_start_day_moved(self):
        early, late = self._invoice(100, date="2026-09-01"), self._invoice(200, date="2026-10-01")
        with self._first_call(lambda: self.connection.write({"sync_from": "2026-10-01"})):
            self._run()
        self._assert_in_step(late)
        self.assertIsNone(self._xero_invoice(early), "dated before the day from which on documents are sent")
        self.connection.sync_from = "2026-01-01"
        self.connection.action_sync_now()
        self._run()
        self._assert_in_step(early)

    def test_disconnected(self):
        invoice = self._invoice(100)
        with self._first_call(self.connection.action_disconnect_here):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"), "nothing goes after somebody has disconnected")
        self.assertEqual((self.connection.state, invoice.xero_state), ("draft", "pending"))
        self._authorise(self.connection)
        self._runs(3)
        self._assert_in_step(invoice)

    def test_disconnected_and_archived(self):
        invoice = self._invoice(100)

        def archive():
            self.connection.action_disconnect()
            self.connection.active = False

        with self._first_call(archive):
            self._run()
        self.assertFalse(self._calls("PUT /Invoices"))
        self.assertEqual((self.connection.state, self._job(invoice).state), ("draft", "pending"))

    def test_mapping_changed(self):
        """What is read after the change goes to the new account, what went before stays as it is."""
        line = self.env["xero.account.mapping"].search(
            [("connection_id", "=", self.connection.id), ("account_id", "=", self.company_data["default_account_revenue"].id)]
        )
        other = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        before = self._invoice(1)
        self._run()
        invoice = self._invoice(100, partner=self.env["res.partner"].create({"name": "Another"}))
        with self._first_call(lambda: line.write({"xero_account_id": other.id})):
            self._run()
        codes = {
            move: self.xero.organisation("AU").invoices.get(self._assert_in_step(move).xero_id)["Lines"][0]["AccountID"]
            for move in (before, invoice)
        }
        self.assertEqual(codes[invoice], other.xero_id)
        self.assertNotEqual(codes[before], other.xero_id)

    def test_mapping_removed(self):
        invoice = self._invoice(100)
        lines = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id)])
        with self._first_call(lambda: lines.write({"xero_tax_rate_id": False})):
            self._run()
        self._assert_stands(invoice, "no tax rate in Xero", state="blocked")


@tagged("post_install", "-at_install")
class TestOneCannotStopTheOthers(BadInputCase):
    """Whatever goes wrong with one document, in Xero or in our own code, the others go on and the engine never stands still."""

    def _refuse_question(self, kind, poisoned):
        handler = type(self.env[f"xero.handler.{kind}"])
        ask = handler._look_up

        def refusing(handler, client, items):
            if any(item.res_id == poisoned for item in items):
                raise errors.ValidationRefused("Xero refused the data.", status=400, details=("Guid should contain 32 digits.",))
            return ask(handler, client, items)

        return patch.object(handler, "_look_up", refusing)

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
        with patch.object(type(self.env["xero.runner"]), "_mark_interrupted", side_effect=SerializationFailure("concurrent update")):
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
        with patch.object(type(self.env["xero.runner"]), "_mark_interrupted", side_effect=KeyError("a mistake of ours")):
            for _n in range(4):
                super(BadInputCase, self)._run()
                waits.append((self.connection.paused_until - datetime.now()).total_seconds())  # noqa: DTZ005
                self._later()
        self.assertGreater(waits[-1], waits[0] * 2, waits)
