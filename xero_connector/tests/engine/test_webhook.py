from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...xero_core.client import XeroClient
from ..common.rings import KEY, WebhookCase, signed


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    """Xero rings, and what rang is read: nothing of a ring is believed but that something is new."""

    # === WHO RINGS === #

    def test_whose_ring_it_is(self):
        event = self._event(self.invoice.xero_id)
        for status, given in (
            (401, {"key": "another"}),
            (401, {"path": "0" * 8}),
            (200, {}),
        ):
            with self.subTest(given):
                self.assertEqual(self._ring(event, **given), status)
                self.assertEqual(len(self._events()), int(status == 200))

    def test_a_new_key_and_the_one_before_it(self):
        """While the app's key is changed Xero rings with either; of older ones with none."""
        self.connection.webhook_key = "second"
        self.assertEqual([self._ring(key=key) for key in (KEY, "second")], [200, 200])
        self.connection.webhook_key = "third"
        self.assertEqual([self._ring(key=key) for key in (KEY, "second", "third")], [401, 200, 200])

    def test_the_key_cannot_be_read_back(self):
        self.assertFalse(self.connection.webhook_key)
        self.assertTrue(self.connection.has_webhook_key)
        self.env.cr.execute("SELECT webhook_keys FROM xero_token WHERE connection_id = %s", [self.connection.id])
        self.assertNotIn(KEY, self.env.cr.fetchone()[0])

    def test_without_a_key_xero_shall_ring_again(self):
        self.env.cr.execute("UPDATE xero_token SET webhook_keys = NULL")
        self.assertEqual(self._ring(self._event(self.invoice.xero_id)), 503)
        self.assertIn("Not switched on", self.connection.ring_note)

    def test_disconnected(self):
        """The key stays, so Xero need not end the subscription; what it rings for is read when the company is connected again."""
        self.connection.action_disconnect()
        self.assertEqual(self._ring(self._event(self.invoice.xero_id)), 200)
        self.assertFalse(self._events())

    def test_archived(self):
        self.connection.action_disconnect()
        self.connection.active = False
        self.assertEqual(self._ring(self._event(self.invoice.xero_id)), 401)

    def test_a_copied_database_hears_nothing(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_token SET database = 'x/y/1' WHERE connection_id = %s", [self.connection.id])
        self.env.invalidate_all()
        self.assertEqual(self._ring(self._event(self.invoice.xero_id)), 200)
        self.assertFalse(self._events())

    def test_of_another_organisation(self):
        self.assertEqual(self._ring(self._event(self.invoice.xero_id, tenantId="00000000-0000-4000-8000-000000000001")), 200)
        self.assertFalse(self._events())

    # === WHAT COMES OF IT === #

    def test_xero_asks_whether_anybody_is_there(self):
        self.assertIn("not rung yet", self.connection.ring_note)
        for _again in range(3):
            self.assertEqual(self._ring(), 200)
        self.env.invalidate_all()
        self.assertFalse(self._events())
        self.assertIn("Last ring", self.connection.ring_note)

    def test_rings_for_one_record_are_one(self):
        for _again in range(3):
            self._ring(self._event(self.invoice.xero_id), self._event(self.invoice.xero_id), self._event(self.partner.xero_id, "CONTACT"))
        self.assertEqual(self._events().mapped("rings"), [3, 3])

    def _wakes(self, *rings):
        """In how many seconds the scheduled action runs because of each of these rings; ``None``: not because of it."""
        moments = []
        for event in rings:
            before = self.env["ir.cron.trigger"].sudo().search([])
            self._ring(event)
            trigger = self.env["ir.cron.trigger"].sudo().search([]) - before
            self.assertLess(len(trigger), 2)
            moments.append(round((trigger.call_at - fields.Datetime.now()).total_seconds(), -1) if trigger else None)
        return moments

    def test_it_is_read_at_once(self):
        """After a while of quiet the first ring is heard at once, a burst 30 seconds after it has begun, and once."""
        rings = [self._event(f"00000000-0000-4000-8000-{number:012}") for number in range(5)]
        self.assertEqual(self._wakes(*rings), [0, 30, None, None, None])
        self._pass(minutes=5)
        self.assertEqual(self._wakes(*rings), [0, 30, None, None, None])

    def test_what_was_just_sent_may_wait(self):
        """It rings for that, most likely; so does a document for a payment that was just sent."""
        sent, other = self._event(self.invoice.xero_id), self._event("00000000-0000-4000-8000-000000000001")
        self.assertEqual(self._wakes(sent), [30])
        self._pass(minutes=5)
        self.assertEqual(self._wakes(sent), [0])
        self._pay(self.invoice)
        self._run()
        self._pass(seconds=45)
        self.assertEqual(self._wakes(sent), [30])
        self._pass(seconds=45)
        self.assertEqual(self._wakes(other), [0])

    def test_what_rang_is_read(self):
        self._pass(minutes=1)
        self._edit(self.invoice, Total=1, AmountDue=1)
        self.assertEqual(self._calls_of(self._run, "GET"), 0, "it is not time")
        self._ring(self._event(self.invoice.xero_id))
        self._pass(seconds=30)
        before = dict(self.xero.calls)
        self._run()
        called = {name: count - before.get(name, 0) for name, count in self.xero.calls.items() if count != before.get(name, 0)}
        self.assertEqual(called, {"GET /Invoices": 1, "GET /Payments": 1}, "the documents, and the payments, which never ring")
        self.assertEqual(self.invoice.xero_state, "drift")
        self.assertEqual(self._events().mapped("state"), ["done"])
        self._pass(seconds=30)
        self.assertEqual(self._calls_of(self._run, "GET"), 0)

    def test_rung_while_it_is_read(self):
        """What rings when it was asked for already is read in the next run."""
        self._pass(minutes=1)
        self._ring(self._event(self.invoice.xero_id))
        self._pass(seconds=30)
        original = XeroClient.invoices

        def invoices(this, **named):
            found = original(this, **named)
            if not other:
                other.append(self._event(self.invoice.xero_id))
                self._pass(seconds=2)
                self._ring(*other)
            return found

        other = []
        with patch.object(XeroClient, "invoices", invoices):
            self._run()
        self.assertEqual(self._events().mapped("state"), ["open"])
        self._pass(seconds=30)
        self._run()
        self.assertEqual(self._events().mapped("state"), ["done"])

    def test_unknown_categories(self):
        self._ring(self._event(self.invoice.xero_id, "SPACESHIP"))
        self._pass(seconds=30)
        self.assertEqual(self._calls_of(self._run, "GET"), 0)
        self.assertEqual(self._events().mapped("state"), ["done"])

    def test_who_reads_on_demand_is_not_hurried(self):
        self.connection.reads = "manual"
        before = self.env["ir.cron.trigger"].sudo().search_count([])
        self._ring(self._event(self.invoice.xero_id))
        self.assertEqual(self.env["ir.cron.trigger"].sudo().search_count([]), before)
        self._pass(seconds=30)
        self.assertEqual(self._calls_of(self._run, "GET"), 0)

    def test_lists_that_ring_are_asked_less_often(self):
        """Once it rings, what was read every quarter of an hour is read every hour; a day without a ring, and it is as before."""
        self._pass(minutes=16)
        self.assertGreater(self._calls_of(self._run, "GET"), 0)
        self._ring(self._event(self.invoice.xero_id))
        self._pass(seconds=30)
        self._run()
        self._pass(minutes=16)
        self.assertEqual(self._calls_of(self._run, "Invoices"), 0)
        self._pass(hours=1)
        self.assertEqual(self._calls_of(self._run, "Invoices"), 1)
        self._pass(days=1, minutes=1)
        self._run()
        self._pass(minutes=16)
        self.assertEqual(self._calls_of(self._run, "Invoices"), 1)

    def test_rings_are_forgotten_with_the_calls(self):
        self._ring(self._event(self.invoice.xero_id), self._event(self.invoice.xero_id, "SPACESHIP"))
        self._pass(seconds=30)
        self._run()
        self._ring(self._event(self.partner.xero_id, "CONTACT"))
        self._pass(days=self.connection.keep_days + 1)
        self.env["xero.event"].sudo()._gc_events()
        self.assertEqual(self._events().mapped("category"), ["CONTACT"], "what was not read yet is kept")


@tagged("post_install", "-at_install")
class TestWebhookAddress(WebhookCase, HttpCase):
    """The address itself: no login, no cookie, not a word."""

    @classmethod
    def _own_address(cls):
        return f"http://localhost:{cls.http_port()}"

    def _post(self, body, signature, path=None):
        self.env.flush_all()
        headers = {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": signature}
        response = self.url_open(f"/xero/webhook/{path or self.connection.external_key}", data=body, headers=headers)
        self.env.invalidate_all()
        return response

    def test_an_event_is_kept(self):
        body = self._body(self._event(self.invoice.xero_id))
        response = self._post(body, signed(body))
        self.assertEqual((response.status_code, response.text), (200, ""))
        self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(len(self._events()), 1)
        self.assertTrue(self.connection.webhook_url.endswith(f"/xero/webhook/{self.connection.external_key}"))

    def test_what_is_refused(self):
        body = self._body(self._event(self.invoice.xero_id))
        for sent, signature, path in (
            (body, signed(body, "x"), None),
            (body, "", None),
            (body + b" ", signed(body), None),
            (body, signed(body), "nowhere"),
        ):
            response = self._post(sent, signature, path)
            self.assertEqual((response.status_code, response.text), (401, ""))
            self.assertNotIn("Set-Cookie", response.headers)
        self.assertFalse(self._events())

    def test_a_body_that_is_no_json(self):
        for body in (b" ", b"nonsense", b"\xff", b"{}"):
            self.assertEqual(self._post(body, signed(body)).status_code, 200)
        self.assertFalse(self._events())

    @mute_logger("odoo.http")
    def test_a_body_without_end(self):
        body = b" " * 1_000_001
        self.assertEqual(self._post(body, signed(body)).status_code, 413)

    def test_it_is_no_page(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(f"/xero/webhook/{self.connection.external_key}").status_code, 405)

    def test_others_write_the_same_rows(self):
        """It is tried again at once: Odoo waits for seconds, and Xero for five."""
        body, original, failed = self._body(self._event(self.invoice.xero_id)), type(self.connection)._heard, []

        def heard(*args):
            if len(failed) < 3:
                failed.append(args)
                raise SerializationFailure
            return original(*args)

        with patch.object(type(self.connection), "_heard", heard), patch("time.sleep", side_effect=AssertionError):
            self.assertEqual(self._post(body, signed(body)).status_code, 200)
        self.assertEqual(len(self._events()), 1)

    def test_it_cannot_be_kept(self):
        """Xero shall ring again; and the next one is heard."""
        body = self._body(self._event(self.invoice.xero_id))
        ring = patch.object(type(self.env["xero.event"]), "_ring", side_effect=ZeroDivisionError)
        with ring, self.assertLogs("odoo.addons.xero_connector", "ERROR"):
            response = self._post(body, signed(body))
        self.assertEqual((response.status_code, response.text), (503, ""))
        self.assertEqual(self._post(body, signed(body)).status_code, 200)
        self.assertEqual(len(self._events()), 1)
