from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...xero_core.http.limits import Allowance
from ..common.reading import ReadingCase

LISTS = {"Contacts", "Payments", "Invoices", "CreditNotes"}


@tagged("post_install", "-at_install")
class TestReading(ReadingCase):
    """What was changed in Xero is read: since the last reading, to the end, once a day whole."""

    def _prepare(self):
        super()._prepare()
        self.invoice = self._invoice(100)
        self._run()

    # === WHAT COMES OF IT === #

    def test_own_echo_is_nothing(self):
        """What we have sent comes back as it was: nothing is written, whatever its stamp."""
        invoice, bill, note = self.invoice, self._bill(50), self._credit_note(30)
        self._run()
        self._pass(hours=1)
        for document, table in ((invoice, "invoices"), (bill, "invoices"), (note, "credit_notes")):
            self._edit(document, table)
        bindings = self._binding(invoice) | self._binding(bill) | self._binding(note) | self._binding(self.partner)
        self.env.flush_all()
        told, before = self._told(), bindings.mapped("write_date")
        self._run()
        self.assertTrue(told)
        self.assertEqual(bindings.mapped("write_date"), before)
        self.assertEqual(set(bindings.mapped("state")), {"synced"})

    def test_what_was_changed_is_told(self):
        self._pass(minutes=16)
        self._edit(self.invoice, Total=1, AmountDue=1)
        self._run()
        self.assertEqual(self.invoice.xero_state, "drift")
        self.assertIn("Total is", self.invoice.xero_message)
        notes = len(self.invoice.message_ids)
        for _again in range(2):
            self._pass(minutes=16)
            self._run()
        self.assertEqual((self.invoice.xero_state, len(self.invoice.message_ids)), ("drift", notes), "and said once")

    def test_changed_back(self):
        before = self.organisation.invoices.get(self.invoice.xero_id)
        self._pass(minutes=16)
        self._edit(self.invoice, Total=1, AmountDue=1)
        self._run()
        self._pass(minutes=16)
        self._edit(self.invoice, Total=before["Total"], AmountDue=before["AmountDue"])
        self._run()
        self.assertEqual((self.invoice.xero_state, self.invoice.xero_message), ("synced", False))

    def test_renamed_contact(self):
        self._pass(hours=1)
        rows = self.organisation.contacts
        rows.put({**rows.get(self.partner.xero_id), "Name": "Other", "UpdatedDateUTC": self.xero.now()})
        self._run()
        self.assertEqual(self.partner.xero_state, "drift")
        self.assertIn("Other", self.partner.xero_message)

    def test_what_is_not_listed_is_not_gone(self):
        """Not even when all there is was read."""
        self._pass(days=2)
        with patch("xero_simulator.listing._found", return_value=[]):
            self._run()
        self.assertEqual(self._cursor().whole_at, self._cursor().read_at)
        self.assertEqual((self.invoice.xero_state, self._binding(self.invoice).is_there), ("synced", True))

    def test_our_own_mistake(self):
        """About one of those that are read: the others are taken, and the reading comes to its end."""
        other = self._invoice(70)
        self._run()
        handler = type(self.env["xero.handler"]._of("invoice"))
        original, broken = handler._take, self.invoice.xero_id

        def take(this, connection, client, remotes, baseline):
            if any(remote.xero_id == broken for remote in remotes):
                raise ZeroDivisionError
            return original(this, connection, client, remotes, baseline)

        self._pass(minutes=16)
        for invoice in (self.invoice, other):
            self._edit(invoice, Total=1, AmountDue=1)
        with patch.object(handler, "_take", take), mute_logger("odoo.addons.xero_connector.engine.guard"):
            self._run()
        self.assertEqual((self.invoice.xero_state, other.xero_state), ("synced", "drift"))
        self.assertFalse(self._cursor().started_at)

    # === THE BASELINE === #

    def test_the_first_reading_is_a_baseline(self):
        """It fills what was seen and lists what differs; the kinds are told to book nothing."""
        other = self._invoice(70)
        self._run()
        bindings = self._binding(self.invoice) | self._binding(other)
        bindings.write({"seen": False})
        self._cursor().unlink()
        self._edit(other, Total=1, AmountDue=1)
        told = self._told()
        self._pass(minutes=1)
        self._run()
        self.assertEqual([baseline for _ids, baseline in told], [True])
        self.assertTrue(all(bindings.mapped("seen")))
        self.assertEqual((self.invoice.xero_state, other.xero_state), ("synced", "drift"))
        self._pass(minutes=16)
        self._edit(self.invoice)
        self._run()
        self.assertEqual([baseline for _ids, baseline in told], [True, False])

    # === THE CURSOR === #

    def test_overlap(self):
        """What Xero lists a little late is not missed, and what was read long ago is not read again."""
        self._pass(hours=1)
        self._run()
        since, told = self._cursor().since, self._told()
        self._pass(minutes=16)
        rows = self.organisation.invoices
        late, early = rows.get(self.invoice.xero_id), rows.get(self.invoice.xero_id)
        rows.put({**late, "UpdatedDateUTC": since.replace(tzinfo=late["UpdatedDateUTC"].tzinfo) - timedelta(minutes=4)})
        self._run()
        self.assertEqual([ids for ids, _baseline in told], [[self.invoice.xero_id]])
        told.clear()
        self._pass(minutes=16)
        rows.put({**early, "UpdatedDateUTC": since.replace(tzinfo=late["UpdatedDateUTC"].tzinfo) - timedelta(minutes=6)})
        self._run()
        self.assertFalse(told)

    def test_our_clock_is_ahead(self):
        """What counts is Xero's clock: else what is changed before it has caught up with ours would never be read."""
        self._skipped += timedelta(hours=1)
        with patch("odoo.addons.xero_connector.xero_core.lists._asked_at", lambda _answer: self.xero.now()):
            self._run()
            self._pass(minutes=16)
            self._edit(self.invoice, Total=1, AmountDue=1)
            self._run()
        self.assertEqual(self.invoice.xero_state, "drift")

    def test_disconnected_for_three_months(self):
        """The cursors carry on: what was changed meanwhile is told, and nothing is begun anew."""
        other = self._invoice(70)
        self._run()
        cursor, told = self._cursor(), self._told()
        bindings = self.env["xero.binding"].sudo().search([("connection_id", "=", self.connection.id)])
        self.connection.action_disconnect()
        self._pass(days=90)
        self._edit(self.invoice, Total=1, AmountDue=1)
        self.assertEqual(self._calls_of(self._run, "Invoices"), 0)
        later, self._skipped = self._skipped, timedelta()  # a consent is good for minutes, by the clock of the machine
        self._connect()
        self._skipped = later
        self._run()
        self.assertEqual((self._cursor(), {baseline for _ids, baseline in told}), (cursor, {False}))
        self.assertEqual((self.invoice.xero_state, other.xero_state), ("drift", "synced"))
        self.assertEqual(self.env["xero.binding"].sudo().search([("connection_id", "=", self.connection.id)]), bindings)

    def test_a_copied_database_reads_nothing(self):
        self._pass(days=2)
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_token SET database = 'x/y/1' WHERE connection_id = %s", [self.connection.id])
        self.env.invalidate_all()
        self.assertEqual(self._calls_of(self._run, ""), 0)

    def test_an_error_in_the_middle_leaves_the_cursor(self):
        self._pass(hours=1)
        self._run()
        since = self._cursor().since
        self._pass(minutes=16)
        self._other_invoices(5)
        told = self._told()
        with patch("odoo.addons.xero_connector.xero_core.lists.ROWS", 2):
            self._order_fault("error_500_before", path="Invoices", method="GET", skip=1)
            self._run()
            self.assertEqual(self._cursor().since, since)
            self.assertTrue(self._cursor().message)
            self.assertEqual(self.connection.state, "connected")
            self.assertFalse(self.connection.paused_until, "others go on")
            self._pass(minutes=16)
            self._run()
        self.assertGreater(self._cursor().since, since)
        self.assertFalse(self._cursor().message)
        self.assertEqual(len({xero_id for ids, _baseline in told for xero_id in ids}), 5)

    def test_a_list_that_is_refused_keeps_no_document_back(self):
        self._pass(hours=1)
        self._order_fault("forbidden", path="Invoices", method="GET")
        other = self._invoice(30)
        self._run()
        self._assert_in_step(other)
        self.assertTrue(self._cursor().message)
        self.assertFalse(self._cursor("Payments").message)

    def test_more_rows_of_one_second_than_a_page_has(self):
        self._pass(hours=1)
        told = self._told()
        self._other_invoices(25, stamp=self.xero.now())
        with patch("odoo.addons.xero_connector.xero_core.lists.ROWS", 10):
            self._run()
        self.assertEqual(len({xero_id for ids, _baseline in told for xero_id in ids} - {self.invoice.xero_id}), 25)

    def test_a_reading_goes_on_in_the_next_run(self):
        """Documents that wait shall not wait for a long list: it is read on where the run has left it."""
        self._pass(hours=1)
        self._other_invoices(25)
        told, since = self._told(), self._cursor().since
        with (
            patch("odoo.addons.xero_connector.xero_core.lists.ROWS", 10),
            patch("odoo.addons.xero_connector.engine.intake.READING_SECONDS", 0),
        ):
            self._run()
            self.assertEqual((self._cursor().since, told), (since, []))
        with (
            patch("odoo.addons.xero_connector.xero_core.lists.ROWS", 10),
            patch("odoo.addons.xero_connector.engine.intake.KEPT_OF_MINUTE", 60),
        ):
            for _page in range(5):
                self._run()
                self._pass(seconds=61)
        self.assertGreater(self._cursor().since, since)
        self.assertEqual(len({xero_id for ids, _baseline in told for xero_id in ids} - {self.invoice.xero_id}), 25)

    def test_a_mistake_of_ours_spoils_nobody_else(self):
        self._pass(minutes=16)
        other = self._invoice(70)
        self._run()
        handler = type(self.env["xero.handler"]._of("invoice"))
        original, bad = handler._compare, self.invoice

        def compare(this, connection, moves, *others):
            if bad in moves:
                raise ZeroDivisionError
            return original(this, connection, moves, *others)

        self._pass(minutes=16)
        for document in (bad, other):
            self._edit(document, Total=1, AmountDue=1)
        with patch.object(handler, "_compare", compare), self.assertLogs("odoo.addons.xero_connector", "ERROR"):
            self._run()
        self.assertEqual((bad.xero_state, other.xero_state), ("synced", "drift"))

    # === WHEN === #

    def test_what_reads_on_demand_is_not_read_by_itself(self):
        self.connection.reads = "manual"
        self._pass(days=2)
        self.assertEqual(self._calls_of(self._run, "GET /api.xro/2.0/Invoices"), 0)

    def test_the_scheduled_action_comes_back_for_the_next_reading(self):
        self._pass(hours=1)
        self._run()
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)])
        due = self._cursor().read_at + timedelta(minutes=15)
        self.assertLess(abs(max(triggers.mapped("call_at")) - due), timedelta(seconds=5))

    def test_the_last_calls_of_the_day_are_for_sending(self):
        """Below a fifth of the day nothing is read by itself; what a person asks for is, and documents go."""
        self._pass(hours=1)
        other = self._invoice(30)
        with patch.object(type(self.connection), "_allowance", lambda _connection: Allowance(1000, 50, 801)):
            self.assertEqual(self._calls_of(self._run, "GET"), 0)
            self._assert_in_step(other)
            due_at = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)]).mapped("call_at")
            self.assertEqual(max(due_at), self.connection._day()[1], "tomorrow")
            self._cursor()._ask("person")
            self.assertEqual(self._calls_of(self._run, "GET"), 1)
        with patch.object(type(self.connection), "_allowance", lambda _connection: Allowance(1000, 50, 799)):
            self.assertEqual(self._calls_of(self._run, "GET"), 1, "one call, and a fifth is left")
