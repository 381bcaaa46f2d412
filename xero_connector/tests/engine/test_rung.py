from unittest.mock import patch

from odoo.tests import tagged

from ...engine import rung
from ...xero_core.http.limits import Allowance
from ..common.money_in import MoneyInCase
from ..common.rings import WebhookCase


@tagged("post_install", "-at_install")
class TestRung(WebhookCase, MoneyInCase):
    """What few rings name is asked for by its ids: one call where nothing is new, and never later than by the lists."""

    def _called(self, action):
        """``{call: how often}``; calls by ids have a mark."""
        before = len(self.xero.log)
        action()
        calls = {}
        for entry in list(self.xero.log)[before:]:
            if "/api.xro/" in entry["path"]:
                name = f"{entry['method']} {entry['path'].rpartition('/')[2]}{' by id' if 'IDs=' in str(entry) else ''}"
                calls[name] = calls.get(name, 0) + 1
        return calls

    def _rung(self, *xero_ids):
        """What a run calls half a minute after a ring for these."""
        self._ring(*map(self._event, xero_ids))
        self._pass(seconds=31)
        called = self._called(self._run)
        self._pass(seconds=31)
        self.assertEqual(self._called(self._run), {}, "once")
        return called

    def _assert_heard(self):
        self.assertEqual(set(self._events().mapped("state")), {"done"})

    # === FEW === #

    def test_an_echo_is_one_call(self):
        self._pass(minutes=1)
        since = self._cursor().since
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1})
        self._assert_heard()
        self.assertEqual((self.invoice.xero_state, self._cursor().since), ("synced", since), "nothing of the list was read")

    def test_an_echo_of_what_we_have_paid(self):
        """What is open is what is open here, and the payment is ours."""
        self._record_in("odoo")
        self._pay(self.invoice)
        self._run()
        self._pass(minutes=1)
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1})
        self.assertEqual(self.invoice.xero_state, "synced")

    def test_paid_there(self):
        self._pass(minutes=1)
        self._rita("pay", document=self.invoice.xero_id, date="2026-10-05")
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1, "GET Payments": 1})
        self._assert_paid(self.invoice, "2026-10-05", 110)
        self._assert_heard()
        self._assert_quiet()

    def test_removed_and_redone(self):
        """What is open is the same as before; the payment is another."""
        made = self._rita("pay", document=self.invoice.xero_id, date="2026-10-05")
        self._read()
        self._pass(minutes=1)
        self._rita("delete_payment", payment=made["PaymentID"])
        self._rita("pay", document=self.invoice.xero_id, date="2026-10-06")
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1, "GET Payments": 1})
        self._assert_paid(self.invoice, "2026-10-06", 110)
        self._assert_quiet()

    def test_voided_there(self):
        self._pass(minutes=1)
        self._rita("void", item=self.invoice.xero_id)
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1, "GET Payments": 1})
        self.assertEqual(self.invoice.xero_state, "drift")

    def test_an_edit_that_moves_no_stamp(self):
        """Where Xero rings for one, it is known at once; the list tells nobody."""
        self._pass(minutes=10)
        rows = self.organisation.invoices
        rows.put({**rows.get(self.invoice.xero_id), "Reference": "another"})
        self.assertEqual(self._rung(self.invoice.xero_id), {"GET Invoices by id": 1})
        self.assertEqual(self.invoice.xero_state, "drift")
        self.assertIn("another", self.invoice.xero_message)

    def test_of_several_kinds(self):
        bill = self._sent(self._bill(50))
        self._pass(minutes=1)
        for document in (self.invoice, bill):
            self._rita("pay", document=document.xero_id, date="2026-10-05")
        unknown = "00000000-0000-4000-8000-000000000001"
        self.assertEqual(self._rung(self.invoice.xero_id, bill.xero_id, unknown), {"GET Invoices by id": 1, "GET Payments": 1})
        self._assert_paid(self.invoice, "2026-10-05", 110)
        self._assert_paid(bill, "2026-10-05", 55)
        self._assert_heard()

    # === THE LISTS === #

    def test_many(self):
        self._pass(minutes=1)
        ids = [f"00000000-0000-4000-8000-{number:012}" for number in range(rung.FEW)]
        self.assertEqual(self._rung(self.invoice.xero_id, *ids), {"GET Invoices": 1, "GET Payments": 1})
        self._assert_heard()

    def test_a_list_that_is_due_anyway(self):
        self._pass(minutes=61)
        called = self._rung(self.invoice.xero_id)
        self.assertEqual((called.get("GET Invoices"), called.get("GET Invoices by id")), (1, None))
        self._assert_heard()

    def test_another_kind_rings_too(self):
        """Payments are read for a credit note, whatever the invoices say; so are the lists of what rang."""
        note = self._sent(self._credit_note(30))
        self._pass(minutes=1)
        self._ring(self._event(self.invoice.xero_id), self._event(note.xero_id, "CREDITNOTE"))
        self._pass(seconds=31)
        self.assertEqual(self._called(self._run), {"GET Invoices by id": 1, "GET Payments": 1, "GET CreditNotes": 1})
        self._assert_heard()

    def test_xero_does_not_say(self):
        """Then the list is asked; and what is not read stays rung for."""
        self._pass(minutes=1)
        self._order_fault("error_500_before", path="Invoices", method="GET")
        self._ring(self._event(self.invoice.xero_id))
        self._pass(seconds=31)
        called = self._called(self._run)
        self.assertEqual(called.get("GET Invoices"), 1)
        self._assert_heard()

    def test_payments_that_cannot_be_read(self):
        """What is open is not compared before the payments are known; both are asked for again."""
        self._pass(minutes=1)
        self._rita("pay", document=self.invoice.xero_id, date="2026-10-05")
        self._order_fault("error_500_before", path="Payments", method="GET", times=1)
        self._ring(self._event(self.invoice.xero_id))
        self._pass(seconds=31)
        self._run()
        self.assertEqual((self._events().mapped("state"), self.invoice.xero_state), (["open"], "synced"))
        self._read()
        self._assert_paid(self.invoice, "2026-10-05", 110)
        self._assert_heard()

    # === THE DAY'S CALLS === #

    def test_rings_are_no_reason_to_use_up_the_day(self):
        """When more is used up than the hour of the day allows, what rang waits until the list is read anyway; documents go."""
        self._pass(minutes=1)
        other, spared = self._invoice(30), 300
        self.startPatcher(patch.object(type(self.connection), "_spared_calls", lambda _connection: spared))  # at whatever hour it is played
        used = 1000 - 200 - spared
        for left, hurries in ((-60, False), (60, True)):
            with patch.object(type(self.connection), "_allowance", lambda _connection, left=left: Allowance(1000, 50, used - left)):
                self._ring(self._event(self.invoice.xero_id))
                self._pass(seconds=31)
                called = self._called(self._run)
                self.assertEqual("GET Invoices by id" in called, hurries)
                self._assert_in_step(other)
        with patch.object(type(self.connection), "_allowance", lambda _connection: Allowance(1000, 50, used + 60)):
            self._ring(self._event(self.invoice.xero_id))
            self._pass(minutes=15)
            self.assertEqual(self._called(self._run).get("GET Invoices"), 1, "as often as without webhooks")
