from dataclasses import replace
from datetime import date
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common.push import XeroPushCommon


class EngineCase(XeroPushCommon):
    def _runs(self, times=1):
        for _n in range(times):
            self._run()
            self._later()

    def _sent(self, method, path):
        """How many calls we made, also those that never reached Xero."""
        own = [("connection_id", "=", self.connection.id), ("method", "=", method), ("path", "like", path)]
        return self.env["xero.call"].search_count(own)

    def _open_problems(self):
        return self.env["xero.problem"].search([("connection_id", "=", self.connection.id), ("state", "=", "open")])

    def _usd(self, rates=(("2026-01-01", 0.65),)):
        self.xero.organisation("AU").add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": day, "rate": rate, "company_id": self.env.company.id}) for day, rate in rates]
        return usd

    def _while_sending(self, method, path, action):
        """Do ``action`` in the moment in which Xero is asked."""
        handler = type(self)._request_handler.__func__
        done = []

        def between(cls, s, r, /, **kw):
            if not done and r.method == method and path in r.url:
                done.append(True)
                action()
                self.env.flush_all()
            return handler(cls, s, r, **kw)

        return patch.object(type(self), "_request_handler", classmethod(between))


@tagged("post_install", "-at_install")
class TestPaymentChanges(EngineCase):
    """A payment in Xero cannot be changed: what changes in Odoo is taken back and made anew."""

    def test_payment_posted_again_comes_back(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        self._run()
        self.assertFalse(self._xero_payments(invoice))
        payment.action_post()
        self._run()
        self.assertEqual(len(self._xero_payments(invoice)), 1)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).status), ("synced", "PAID"))

    def test_payment_changed_is_made_anew(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.date = "2026-10-09"
        payment.action_post()
        self._runs(2)
        self.assertEqual([each.date for each in self._xero_payments(invoice)], [date(2026, 10, 9)])
        self.assertEqual(payment.xero_state, "synced")

    def test_payment_touched_but_unchanged_costs_nothing(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.action_post()
        before = self._calls("Payments")
        self._run()
        self.assertEqual(self._calls("Payments"), before)
        self.assertEqual(payment.xero_state, "synced")

    def test_matched_again_before_the_run(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        partial = self._partials(invoice)
        lines = partial.debit_move_id + partial.credit_move_id
        partial.unlink()
        lines.reconcile()
        self._run()
        self.assertEqual(self._job(self._partials(invoice)).state, "done", self._job(self._partials(invoice)).message)
        self.assertEqual((len(self._xero_payments(invoice)), self._xero_invoice(invoice).status), (1, "PAID"))

    def test_payment_deleted(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        payment.action_draft()
        payment.unlink()
        self._run()
        self.assertFalse(self._xero_payments(invoice))

    def test_reference_that_xero_tidies_is_found_again(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        payment.move_id.name = "PAY  <7>  x"
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._runs(3)
        self.assertEqual(len(self._xero_payments(invoice)), 1)

    def test_time_to_settle_counts_from_the_lost_answer(self):
        """A call may start long after its documents were claimed; Xero may still be at it when we stop waiting."""
        invoice = self._invoice(100)
        self._run()
        self._pay(invoice, 30)

        def slow():
            self.env.cr.execute("UPDATE xero_job SET sent_at = sent_at - interval '10 minutes' WHERE state = 'sending'")

        self._order_fault("timeout_before", method="PUT", path="Payments", times=1)
        with self._while_sending("PUT", "Payments", slow):
            self._run()
        self._run()
        self.assertEqual(self._sent("PUT", "Payments"), 1, "sent again at once")
        self.assertEqual(self._job(self._partials(invoice)).state, "uncertain")

    def test_payment_with_write_off_is_what_the_bank_got(self):
        """Odoo's bank got 100, the invoice counts as paid with 110: the payment in Xero is 100, the rest is credit."""
        invoice = self._invoice(100)
        self._run()
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        wizard = (
            self.env["account.payment.register"]
            .with_context(**context)
            .create(
                {
                    "payment_date": invoice.invoice_date,
                    "amount": 100,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.company_data["default_account_expense"].id,
                }
            )
        )
        payment = wizard._create_payments()
        self._run()
        self.assertEqual([float(each.amount) for each in self._xero_payments(invoice)], [100.0])
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")

    def _statement_line(self, amount, **values):
        journal = self.company_data["default_journal_bank"]
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": amount,
                "date": "2026-10-05",
                "payment_ref": "line",
                "partner_id": self.partner.id,
                **values,
            }
        )

    def _match(self, statement_line, *lines):
        """Replace the suspense line, as the reconciliation screen does."""
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        account = self.partner.property_account_receivable_id
        new = [
            Command.create({"account_id": (other or account).id, "balance": -amount, "amount_currency": -amount, "name": "x"})
            for amount, other in lines
        ]
        move = statement_line.move_id.with_context(force_delete=True, skip_readonly_check=True)
        move.write({"line_ids": [Command.delete(suspense.id), *new]})
        return statement_line.move_id.line_ids.filtered(lambda line: line.account_id == account)

    def _open_line(self, invoice):
        return invoice.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def test_bank_statement_line(self):
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(150)
        own = self._match(line, (110, None), (40, self.company_data["default_account_revenue"]))
        (own + self._open_line(invoice)).reconcile()
        self._run()
        self.assertEqual([float(p.amount) for p in self._xero_payments(invoice)], [110])
        line.action_undo_reconciliation()
        self._run()
        self.assertFalse(self._xero_payments(invoice))

    def test_bank_statement_line_with_fee(self):
        """The payment is what the bank got; the fee is credit."""
        invoice = self._invoice(100)
        self._run()
        line = self._statement_line(108)
        own = self._match(line, (110, None), (-2, self.company_data["default_account_expense"]))
        (own + self._open_line(invoice)).reconcile()
        self._run()
        self.assertEqual([float(payment.amount) for payment in self._xero_payments(invoice)], [108])
        self.assertEqual(self._xero_invoice(invoice).status, "PAID")


@tagged("post_install", "-at_install")
class TestPaymentCurrencies(EngineCase):
    def _bank_amounts(self, invoice):
        remote = self._xero_invoice(invoice)
        rows = self.xero.organisation("AU").payments_of(remote.xero_id)
        return [(float(row["Amount"]), float(row["BankAmount"])) for row in rows]

    def test_bank_amount_is_what_the_bank_got(self):
        usd = self._usd((("2026-01-01", 0.5), ("2026-10-05", 0.4)))
        invoice = self._invoice(100, currency_id=usd.id)
        self._pay(invoice, date="2026-10-05")
        self._run()
        self.assertEqual(self._bank_amounts(invoice), [(110.0, 275.0)], "110 USD at the day's rate of the payment")

    def test_bank_amount_when_the_rate_fell(self):
        usd = self._usd((("2026-01-01", 0.5), ("2026-10-05", 0.8)))
        invoice = self._invoice(100, currency_id=usd.id)
        self._pay(invoice, date="2026-10-05")
        self._run()
        self.assertEqual(self._bank_amounts(invoice), [(110.0, 137.5)])

    def test_paid_from_a_bank_in_the_invoices_currency(self):
        usd = self._usd()
        invoice = self._invoice(100, currency_id=usd.id)
        self._run()
        journal = self.company_data["default_journal_bank"].copy({"name": "USD bank", "currency_id": usd.id})
        self._pay(invoice)
        parts = replace(self._partials(invoice)._xero_match({}), journal=journal)
        bank = self.connection._mapping_table().journal(self.company_data["default_journal_bank"].id)
        payment = self.env["xero.handler.payment"]._payment(parts, self._binding(invoice), bank)
        self.assertIsNone(payment.bank_amount, "a bank amount is in the bank's own currency")


@tagged("post_install", "-at_install")
class TestInvoiceChanges(EngineCase):
    def test_paid_invoice_cancelled(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._runs(2)
        self.assertEqual(self._remote(invoice).status, "VOIDED", self._job(invoice).message)

    def test_void_without_answer(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._order_fault("timeout_after", method="POST", path="Invoices", times=1)
        self._runs(4)
        self.assertEqual((self._job(invoice).state, self._binding(invoice).xero_status), ("done", "VOIDED"))

    def test_deleted_invoice_is_voided(self):
        invoice = self._invoice(100)
        self._run()
        name = invoice.name
        invoice.button_draft()
        invoice.unlink()
        self._run()
        [remote] = self._xero().invoices(numbers=[f"{name} void 1"])
        self.assertEqual(remote.status, "VOIDED")

    def test_cancelled_and_posted_again(self):
        """VOIDED is the end in Xero: the invoice is made anew under its number, which the void one has given up."""
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        invoice.button_draft()
        invoice.action_post()
        self._run()
        self.assertEqual(self._assert_in_step(invoice).status, "AUTHORISED")
        invoice.button_draft()
        invoice.button_cancel()
        self._run()
        invoice.button_draft()
        invoice.action_post()
        self._run()
        self.assertEqual(self._assert_in_step(invoice).status, "AUTHORISED")
        voided = self._xero().invoices(numbers=[f"{invoice.name} void 1", f"{invoice.name} void 2"])
        self.assertEqual([remote.status for remote in voided], ["VOIDED", "VOIDED"])

    def test_renamed(self):
        invoice = self._invoice(100)
        self._run()
        invoice.button_draft()
        invoice.name = "INV/2026/77777"
        invoice.action_post()
        self._run()
        remote = self._xero().invoices(ids=[invoice.xero_id])[0]
        self.assertEqual(remote.number, "INV/2026/77777")

    def test_edit_while_sending_is_not_lost(self):
        invoice = self._invoice(100, ref="old")
        with self._while_sending("PUT", "Invoices", lambda: invoice.write({"ref": "new"})):
            self._run()
        self._runs(1)
        self.assertEqual(self._assert_in_step(invoice).reference, "new")

    def test_correction_while_sending_survives_the_refusal(self):
        """The answer to the old version must not swallow the request to send the corrected one."""
        self.xero.organisation("AU").period_lock_date = date(2026, 10, 31)
        invoice = self._invoice(100)

        def correct():
            self.xero.organisation("AU").period_lock_date = None
            invoice.ref = "corrected"

        refused = {"done": False}
        handler = type(self)._request_handler.__func__

        def late(cls, s, r, /, **kw):
            answer = handler(cls, s, r, **kw)
            if r.method == "PUT" and "Invoices" in r.url and not refused["done"]:
                refused["done"] = True
                correct()
                self.env.flush_all()
            return answer

        with patch.object(type(self), "_request_handler", classmethod(late)):
            self._run()
        self._runs(1)
        self._assert_in_step(invoice)
        self.assertFalse(self._open_problems())

    def test_number_that_xero_tidies(self):
        invoice = self._invoice(100, post=False)
        invoice.name = "INV  2026 <1>"
        invoice.action_post()
        self._order_fault("timeout_after", method="PUT", path="Invoices", times=1)
        self._runs(3)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)


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
        runner = type(self.env["xero.runner"])
        absorb, failed = runner._absorb, []

        def conflict(runner, *args):
            absorb(runner, *args)
            if not failed:
                failed.append(True)
                raise SerializationFailure("could not serialize access due to concurrent update")

        before = self._calls("Invoices")
        with patch.object(runner, "_absorb", conflict):
            self._run()
        self.assertEqual(self._calls("Invoices") - before, 1, "the answer was lost and asked for again")
        self.assertEqual(self._job(invoice).state, "done")
        self._assert_in_step(invoice)

    @mute_logger("odoo.addons.xero_connector.engine.prepare", "odoo.sql_db")
    def test_document_that_breaks_the_transaction(self):
        bad, good = self._invoice(100), self._invoice(200)
        handler = type(self.env["xero.handler.invoice"])
        item = handler._item

        def broken(handler, job, context):
            if job.res_id == bad.id:
                handler.env.cr.execute("SELECT 1/0")
            return item(handler, job, context)

        with patch.object(handler, "_item", broken):
            self._run()
        self._assert_in_step(good)
        self.assertEqual(bad.xero_state, "failed")

    @mute_logger("odoo.addons.xero_connector.engine.runner")
    def test_bad_address_does_not_break_the_cron(self):
        self._invoice(100)
        with patch.object(type(self.connection), "_client", side_effect=UserError("not https")):
            self._run()
        self.assertTrue(self.connection.paused_until)


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
        self.connection.sudo().period_lock_date = "2026-09-30"
        invoice = self._invoice(100, date="2026-09-30")
        self._run()
        self._order_fault("unavailable_503", times=1)
        with self.assertRaises(UserError):
            invoice.xero_problem_id.action_fix()

    def test_never_means_never(self):
        self.connection.sync_invoice = "off"
        invoice = self._invoice(100)
        with self.assertRaises(UserError):
            invoice.action_xero_sync()


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


@tagged("post_install", "-at_install")
class TestPartners(EngineCase):
    def test_copy_has_its_own_name_in_xero(self):
        self.partner.xero_contact_name = "Azure (1)"
        self.assertFalse(self.partner.copy().xero_contact_name)

    def test_merged_partner(self):
        """The contact of a partner that was merged away passes to the one that is left."""
        self._invoice(100)
        self._run()
        left = self.env["res.partner"].create({"name": self.partner.name, "email": self.partner.email, "vat": self.partner.vat})
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner + left).ids, left)
        self.assertFalse(self.partner.exists())
        invoice = self._invoice(50, partner=left)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero().contacts(names=[left.name])), 1)


@tagged("post_install", "-at_install")
class TestAmounts(EngineCase):
    def _product_line(self, **values):
        return {
            "name": "line",
            "account_id": self.company_data["default_account_revenue"].id,
            "tax_ids": [Command.set(self.tax.ids)],
            **values,
        }

    def _lines(self, *lines, **values):
        invoice = self._invoice(post=False, **values)
        invoice.invoice_line_ids = [Command.clear()] + [Command.create(self._product_line(**line)) for line in lines]
        invoice.action_post()
        return invoice

    def _xero_lines(self, invoice):
        return self.xero.organisation("AU").invoices.get(self._xero_invoice(invoice).xero_id)["Lines"]

    def test_tax_included(self):
        included = self.tax.copy({"name": "GST incl.", "price_include_override": "tax_included"})
        mapping = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "=", self.tax.id)], limit=1)
        self.connection._propose_mapping()
        line = self.env["xero.tax.mapping"].search([("connection_id", "=", self.connection.id), ("tax_ids", "in", included.ids)])
        line = line or mapping.copy({"tax_ids": [Command.set(included.ids)]})
        line.xero_tax_rate_id = mapping.xero_tax_rate_id
        line.confirmed = True
        taxes = {"tax_ids": [Command.set(included.ids)]}
        invoice = self._lines(
            {"price_unit": 100, "quantity": 7, **taxes},
            {"price_unit": 19.99, "quantity": 3, "discount": 12.5, **taxes},
            {"price_unit": -5, "quantity": 1, **taxes},
        )
        self._run()
        self._assert_in_step(invoice)
        for row in self._xero_lines(invoice):
            self.assertNotRegex(row["Description"], r"\d\.\d{5}")

    def test_discounts_and_negative_lines(self):
        invoice = self._lines(
            {"price_unit": 33.333, "quantity": 3, "discount": 33.33},
            {"price_unit": 10, "quantity": 0.333, "discount": 100},
            {"price_unit": -12.345, "quantity": 2},
            {"price_unit": 0.004, "quantity": 1000},
            {"price_unit": 50, "quantity": 0},
        )
        self._run()
        self._assert_in_step(invoice)

    def test_sections_notes_and_nothing_else(self):
        invoice = self._invoice(post=False)
        invoice.invoice_line_ids = [
            Command.clear(),
            Command.create({"display_type": "line_section", "name": "Section"}),
            Command.create(self._product_line(price_unit=10)),
            Command.create({"display_type": "line_note", "name": "Note"}),
        ]
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual([row["Description"] for row in self._xero_lines(invoice)], ["Section", "line", "Note"])

    def _cash_rounding(self, strategy):
        account = self.company_data["default_account_revenue"]
        return self.env["account.cash.rounding"].create(
            {
                "name": strategy, "rounding": 0.05, "strategy": strategy, "rounding_method": "HALF-UP",
                "profit_account_id": account.id, "loss_account_id": account.id,
            }
        )  # fmt: skip

    def test_cash_rounding(self):
        for strategy in ("biggest_tax", "add_invoice_line"):
            with self.subTest(strategy):
                invoice = self._invoice(10.02, 7.77, invoice_cash_rounding_id=self._cash_rounding(strategy).id)
                self._run()
                if invoice.xero_state == "blocked":
                    self.assertEqual(invoice.xero_problem_id.code, "tax_unmapped", invoice.xero_message)
                    continue
                self._assert_in_step(invoice)
                self.assertFalse([row for row in self._xero_lines(invoice) if row["Quantity"] is None])

    def test_yen(self):
        self.xero.organisation("AU").add_currency("JPY")
        self.connection._read_reference_data()
        jpy = self.env.ref("base.JPY")
        jpy.active = True
        jpy.rate_ids = [Command.create({"name": "2026-01-01", "rate": 95.5, "company_id": self.env.company.id})]
        invoice = self._invoice(333, 1001, currency_id=jpy.id)
        payment = self._pay(invoice)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual((payment.xero_state, self._xero_invoice(invoice).status), ("synced", "PAID"), payment.xero_message)

    def test_early_payment_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10", "early_discount": True, "discount_percentage": 2, "discount_days": 10,
                "early_pay_discount_computation": "mixed", "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )  # fmt: skip
        invoice = self._invoice(100, invoice_payment_term_id=term.id)
        self._run()
        self.assertIn(invoice.xero_state, ("synced", "blocked"))
        if invoice.xero_state == "synced":
            self._assert_in_step(invoice)


@tagged("post_install", "-at_install")
class TestEditsOfSentInvoices(EngineCase):
    def test_discount_that_is_gone(self):
        """Xero keeps what is not sent of a line that exists."""
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.discount = 10
        invoice.action_post()
        self._run()
        invoice.button_draft()
        invoice.invoice_line_ids.discount = 0
        invoice.action_post()
        self._run()
        self._assert_in_step(invoice)

    def test_edit_of_a_partly_paid_invoice(self):
        """Odoo unreconciles when the amount changes: the payment leaves Xero first, then the invoice can be changed there."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 200
        invoice.action_post()
        self._run()
        self._later()
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero_payments(invoice)), len(self._partials(invoice)))

    def test_refused_change_does_not_hold_up_payments(self):
        """The first payment cannot leave Xero, so the document cannot be changed there; a further payment still reaches it."""
        invoice = self._invoice(100)
        self._pay(invoice, 30)
        self._run()
        [stuck] = self.xero.organisation("AU").payments
        self.xero.organisation("AU").payments.put({**stuck, "IsReconciled": True})
        invoice.invoice_line_ids.name = "another text"
        invoice.ref = "another reference"
        for _number in range(4):
            self._later()
            self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("failed", "paid_in_xero"), invoice.xero_message)
        payment = self._pay(invoice, 40)
        self._runs(2)
        self.assertEqual(payment.xero_state, "synced")
