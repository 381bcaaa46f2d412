from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ...xero_core.http.limits import Allowance
from ..common.reading import ReadingCase


def shown(action):
    """``(text, kind)`` of a notification."""
    return action["params"]["message"], action["params"]["type"]


@tagged("post_install", "-at_install")
class TestReadNow(ReadingCase):
    """Somebody asks: what was changed in Xero is read in a run that begins at once, and the answer is a plain sentence."""

    def _prepare(self):
        super()._prepare()
        self.invoice = self._invoice(100)
        self._run()

    def test_read_now(self):
        """Also where nothing is read by itself; since the last reading, so a call a list."""
        user = new_test_user(self.env, "reader", groups="xero_connector.group_xero_user", company_id=self.env.company.id)
        for reads in ("auto", "manual"):
            with self.subTest(reads):
                self.connection.reads = reads
                self._pass(minutes=1)
                total = 1 + self.organisation.invoices.get(self.invoice.xero_id)["Total"]
                self._edit(self.invoice, Total=total, AmountDue=total)
                message, kind = shown(self.connection.with_user(user).action_read_now())
                self.assertEqual((message.split(".")[0], kind), ("Xero is being read", "success"))
                self.assertIn("Being read", self.connection.read_note)
                self.assertEqual(self._calls_of(self._run, "GET"), len(self.connection._read_lists()))
                self.assertEqual(self.invoice.xero_state, "drift")
                self.assertIn("Read from Xero", self.connection.read_note)
                self._pass(minutes=1)
                self.assertEqual(self._calls_of(self._run, "GET"), 0, "once")

    def test_asked_again_while_it_is_read(self):
        """Who asks when the list was asked for already is heard in the next run."""
        self._pass(minutes=1)
        self.connection.action_read_now()
        handler, asked = type(self.env["xero.handler"]._of("invoice")), []
        original = handler._page_of_list

        def page_of_list(this, client, since, page):
            found = original(this, client, since, page)
            if this._list == "Invoices" and not asked:
                self._pass(seconds=2)
                asked.append(self.connection.with_env(this.env).action_read_now())
            return found

        with patch.object(handler, "_page_of_list", page_of_list):
            self._run()
        self.assertEqual(self._cursor().asked, "person")
        self._pass(minutes=1)
        self._run()
        self.assertFalse(self._cursor().asked)

    def test_why_not(self):
        """Nothing is promised that cannot be kept."""
        with patch.object(type(self.connection), "_allowance", lambda _connection: Allowance(1000, 50, 1000)):
            self.assertEqual(
                shown(self.connection.action_read_now()), ("Today's calls to Xero are used up. Please try again tomorrow.", "warning")
            )
        self.connection.action_disconnect()
        self.assertEqual(shown(self.connection.action_read_now()), ("The company is not connected to Xero.", "warning"))
        self.assertFalse(self._cursor().asked)

    def test_notes(self):
        self._pass(minutes=20)
        self._order_fault("forbidden", path="Invoices", method="GET")
        self._run()
        self.assertIn("Xero does not say what changed", self.connection.read_note)
        self._pass(minutes=20)
        self._run()
        self.assertIn("Read from Xero", self.connection.read_note)

    def test_settings(self):
        """The page saves the choice and the key, shows the address, and never the key."""
        self.env.user.group_ids |= self.env.ref("base.group_system")
        settings = self.env["res.config.settings"].create({"xero_reads": "manual", "xero_webhook_key": " a key "})
        self.assertEqual((self.connection.reads, self.connection.has_webhook_key), ("manual", True))
        self.assertEqual((settings.xero_webhook_url, settings.xero_webhook_key), (self.connection.webhook_url, False))
        self.assertIn("not rung yet", settings.xero_ring_note)
        settings.write({"xero_reads": "auto"})
        self.assertTrue(self.connection.has_webhook_key, "what is not typed stays")
        settings.action_xero_forget_webhook_keys()
        self.assertFalse(self.connection.has_webhook_key)

    # === A DAY === #

    def test_an_idle_day(self):
        """With nothing to do, and no webhooks, a day costs no more than 430 calls."""
        self._pass(days=1)
        self._run()
        calls = self._calls_of(self._a_day, "")
        self.assertLessEqual(calls, 430)
        self.assertGreater(calls, 150, "it does read")

    def test_a_day_with_webhooks(self):
        self._pass(days=1)
        self._run()
        quiet = self._calls_of(self._a_day, "")
        with patch.object(type(self.connection), "_rings_lately", lambda _connection: True):
            ringing = self._calls_of(self._a_day, "")
        self.assertLessEqual(ringing, quiet - 130, "48 calls instead of 192")

    def _a_day(self):
        for _quarter in range(4 * 24):
            self._pass(minutes=15)
            self._run()
