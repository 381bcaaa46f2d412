from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestSchedule(XeroMoneyCommon):
    """What is sent by itself goes at once, every hour, or once a day; what a person asks for goes at once."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()
        self.connection.company_id.partner_id.tz = "Australia/Sydney"

    def _waited(self, record, **since):
        """It has waited for so long."""
        job = self._job(record)
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_job SET create_date = create_date - %s WHERE id = %s", [timedelta(**since), job.id])
        self.env.invalidate_all()

    def _around(self, rhythm, now):
        return [str(moment) for moment in self.connection._last_and_next(rhythm, datetime.fromisoformat(now))]

    # === HOURS === #

    def test_hours(self):
        """8:00 PM in Sydney is 9:00 AM UTC in summer and 10:00 AM in winter; the clocks change on 4 October 2026 and 4 April 2027."""
        self.assertEqual(self._around("daily", "2026-12-01 08:59:59"), ["2026-11-30 09:00:00", "2026-12-01 09:00:00"])
        self.assertEqual(self._around("daily", "2026-12-01 09:00:00"), ["2026-12-01 09:00:00", "2026-12-02 09:00:00"])
        self.assertEqual(self._around("daily", "2026-10-03 12:00:00"), ["2026-10-03 10:00:00", "2026-10-04 09:00:00"])
        self.assertEqual(self._around("daily", "2027-04-03 12:00:00"), ["2027-04-03 09:00:00", "2027-04-04 10:00:00"])
        self.assertEqual(self._around("hourly", "2026-12-01 08:59:59"), ["2026-12-01 08:00:00", "2026-12-01 09:00:00"])

    def test_an_hour_that_is_not_there_or_there_twice(self):
        """2:30 AM is left out on 4 October 2026, and comes twice on 4 April 2027."""
        self.connection.send_at = 2.5
        self.assertEqual(self._around("daily", "2026-10-03 20:00:00"), ["2026-10-03 16:30:00", "2026-10-04 15:30:00"])
        self.assertEqual(self._around("daily", "2027-04-03 16:00:00"), ["2027-04-03 15:30:00", "2027-04-04 16:30:00"])

    def test_half_hours(self):
        self.connection.company_id.partner_id.tz = "Asia/Kolkata"
        self.assertEqual(self._around("hourly", "2026-12-01 08:59:59"), ["2026-12-01 08:30:00", "2026-12-01 09:30:00"])

    def test_no_hour_of_a_day(self):
        for wrong in (-1, 24):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.connection.send_at = wrong

    # === RUNS === #

    def test_waits_for_its_hour(self):
        self.connection.sync_invoice = "daily"
        stranger = self.env["res.partner"].create({"name": "New Here"})
        invoice, bill = self._invoice(100, partner=stranger), self._bill(50)
        self._settle(2)
        self.assertEqual((invoice.xero_state, bill.xero_state), ("pending", "synced"), bill.xero_message)
        self.assertRegex(invoice.xero_message, r"^Goes (today|tomorrow) at .*\.$")
        self.assertNotIn("New Here", [row["Name"] for row in self._organisation().contacts])
        self.assertIn("Customer Invoices: to", self.connection.send_note)
        self._waited(invoice, hours=25)  # and no run came in that hour
        self._settle(2)
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        self.assertIn("New Here", [row["Name"] for row in self._organisation().contacts])

    def test_a_click_goes_at_once(self):
        self.connection.sync_invoice = "daily"
        one, other = self._invoice(100), self._invoice(200)
        self._settle()
        one.action_xero_sync()
        self._settle(2)
        self.assertEqual((one.xero_state, other.xero_state), ("synced", "pending"))

    def test_another_schedule_counts_for_what_waits(self):
        self.connection.sync_invoice = "daily"
        invoice = self._invoice(100)
        self._waited(invoice, minutes=61)
        self.connection.send_at = (datetime.now(self.connection._zone()) + timedelta(hours=3)).hour  # not in the last hour
        self._settle()
        self.assertEqual(invoice.xero_state, "pending")
        self.connection.sync_invoice = "hourly"
        self._settle()
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)
        other = self._invoice(100)
        self._settle()
        self.assertEqual(other.xero_state, "pending")
        self.connection.sync_invoice = "auto"
        self._settle()
        self.assertEqual(other.xero_state, "synced")

    def test_changes_and_removals_wait_too(self):
        invoice = self._invoice(100)
        self._settle()
        self.connection.sync_invoice = "daily"
        invoice.button_draft()
        invoice.button_cancel()
        self._settle(2)
        self.assertEqual(self._remote(invoice).status, "AUTHORISED")
        self._waited(invoice, hours=25)
        self._settle()
        self.assertEqual(self._remote(invoice).status, "VOIDED")

    def test_a_further_change_puts_nothing_off(self):
        self.connection.sync_invoice = "daily"
        invoice = self._invoice(100)
        self._waited(invoice, hours=25)
        invoice.ref = "changed just now"
        self._settle()
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)

    def test_comes_back_at_the_hour_and_not_before(self):
        self.connection.sync_invoice = "daily"
        self._settle()
        triggers = [("cron_id", "=", self.connection.cron_id.id)]
        self._invoice(100)
        self.env["ir.cron.trigger"].search(triggers).unlink()
        self._run()
        _last, following = self.connection._hours()["invoice"]
        self.assertEqual(set(self.env["ir.cron.trigger"].search(triggers).mapped("call_at")), {following})

    def test_nobody_warns_of_what_has_time(self):
        self.connection.sync_invoice = "daily"
        invoice = self._invoice(100)
        self.assertFalse(self.connection._due_since())
        self._waited(invoice, hours=25)
        last, _following = self.connection._hours()["invoice"]
        self.assertGreaterEqual(self.connection._due_since(), last)
