from odoo.tests import tagged

from .test_webhook import WebhookCase


@tagged("post_install", "-at_install")
class TestSilentWebhooks(WebhookCase):
    """Webhooks that were heard once and have fallen silent: one to-do, gone when they ring again."""

    def _todos(self):
        return self.connection.activity_ids.filtered(lambda activity: activity.xero_code == "webhooks_silent")

    def _days(self, days=1):
        """Time passes, and what is due is read meanwhile."""
        for _hour in range(days * 8):
            self._pass(hours=3, minutes=1)
            self._run()

    def test_silent(self):
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self._pass(hours=2)
        self._rita("edit", item=self.invoice.xero_id, fields={"Reference": "PO 8"})
        self._run()
        self.assertFalse(self._todos(), "a ring may take a day")
        self._days()
        [todo] = self._todos()
        self.assertEqual((todo.user_id, todo.summary), (self.connection._responsible(), "Xero's webhooks are silent"))
        self.assertIn("Xero has not rung since", todo.note)
        self.assertIn("has not rung since", self.connection.ring_note)
        self._days()
        self.assertEqual(self._todos(), todo, "one, however long it lasts")
        todo.unlink()
        self._days()
        self.assertFalse(self._todos(), "not again after it was marked as done")
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self.assertFalse(self.connection.silence_told)
        self._pass(hours=2)
        self._rita("edit", item=self.invoice.xero_id, fields={"Reference": "PO 9"})
        self._days(2)
        self.assertEqual(len(self._todos()), 1, "silent once more")

    def test_closes_itself(self):
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self._pass(hours=2)
        self._rita("edit", item=self.invoice.xero_id, fields={"Reference": "PO 8"})
        self._days(2)
        self.assertTrue(self._todos())
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self.assertFalse(self._todos())
        self.assertIn("Last ring", self.connection.ring_note)

    def test_a_quiet_week(self):
        """Nothing has changed, so there was nothing to ring for."""
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self._days(3)
        self.assertFalse(self._todos())

    def test_never_switched_on(self):
        """Neither without a key, nor with one that nobody has ever used."""
        for key in (True, False):
            if not key:
                self.connection.action_forget_webhook_keys()
            self._pass(hours=2)
            self._rita("edit", item=self.invoice.xero_id, fields={"Reference": f"PO {key}"})
            self._days(2)
            self.assertFalse(self._todos())

    def test_switched_off(self):
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        self._pass(hours=2)
        self._rita("edit", item=self.invoice.xero_id, fields={"Reference": "PO 8"})
        self._days(2)
        self.assertTrue(self._todos())
        self.connection.action_forget_webhook_keys()
        self._run()
        self.assertFalse(self._todos())

    def test_that_they_were_heard_is_not_forgotten(self):
        """Rings are forgotten after some time, but not that there was one."""
        self._ring(self._event(self.invoice.xero_id))
        self._run()
        last = self.connection.rung_at
        self._pass(days=self.connection.keep_days + 1)
        self._run()
        self.env["xero.event"]._gc_events()
        self.connection.invalidate_recordset()
        self.assertEqual(self.connection.rung_at, last)
