from odoo.tests import tagged

from ..common.push import XeroPushCommon

# What Xero (or the network) does to the call that creates an invoice -> what becomes of the document, of the connection, and who goes on.
# fault, document, connection, how it goes on: "waits" (by itself, after a moment), "looks" (it is looked up first), "person"
ROWS = [
    ("timeout_before", "pending", "connected", "looks"),
    ("timeout_after", "pending", "connected", "looks"),
    ("reset_before", "pending", "connected", "looks"),
    ("reset_after", "pending", "connected", "looks"),
    ("error_500_before", "pending", "connected", "looks"),
    ("error_500_after", "pending", "connected", "looks"),
    ("html_200", "pending", "connected", "looks"),
    ("empty_200", "pending", "connected", "looks"),
    ("nonsense_200", "pending", "connected", "looks"),
    ("truncated_200", "pending", "connected", "looks"),
    ("missing_element_200", "pending", "connected", "looks"),
    ("minute_limit", "pending", "connected", "waits"),
    ("concurrent_limit", "pending", "connected", "waits"),
    ("app_minute_limit", "pending", "connected", "waits"),
    ("day_limit", "pending", "paused", "waits"),
    ("unavailable_503", "pending", "connected", "waits"),
    ("organisation_offline_503", "pending", "connected", "waits"),
    ("token_expired", "synced", "connected", "none"),
    ("unauthorised_tenant", "pending", "reconnect", "person"),
    ("missing_scope", "pending", "reconnect", "person"),
    ("forbidden", "pending", "paused", "waits"),
]


@tagged("post_install", "-at_install")
class TestErrorTable(XeroPushCommon):
    """Errors are data: each row of the table, with a realistic answer, and then the way back."""

    def test_rows(self):
        self._invoice(1)
        self._run()
        for fault, document, connection, goes_on in ROWS:
            with self.subTest(fault):
                invoice = self._invoice(100)
                self._order_fault(fault, method="PUT", path="Invoices", times=1)
                self._run()
                self.assertEqual(invoice.xero_state, document, invoice.xero_message)
                self.assertEqual(self.connection.state, connection)
                self._check_way_back(invoice, goes_on)

    def _check_way_back(self, invoice, goes_on):
        job = self._job(invoice)
        if goes_on == "looks":
            self.assertEqual(job.state, "uncertain")
        if goes_on == "waits":
            self.assertEqual(job.state, "pending")
            self.assertTrue(self.connection.paused_until)
        if goes_on in ("waits", "person"):
            self.assertTrue(self.connection.state_message)
            self.assertTrue(invoice.xero_message)
        if goes_on == "person":
            self.assertTrue(self.connection.activity_ids, "somebody is told")
            self._authorise(self.connection)
            self.assertFalse(self.connection.activity_ids.filtered(lambda activity: not activity.xero_code))
        self._later()
        self._run()
        self._later()
        self._run()
        self.assertEqual(self.connection.state, "connected")
        self._assert_in_step(invoice)

    def test_every_fault_of_the_simulator_has_a_row(self):
        from xero_simulator.faults import KINDS

        elsewhere = {"token_refused", "invalid_grant", "invalid_client", "slow", "extra_element_200", "reversed_200"}
        self.assertEqual(
            set(KINDS) - {row[0] for row in ROWS}, elsewhere, "rows to add; those elsewhere are in the tests of tokens and batches"
        )

    def test_refresh_refused(self):
        """The consent is gone when the token is renewed: everything waits, nothing is lost."""
        invoice = self._invoice(100)
        self._order_fault("token_refused", path="Invoices", times=5)
        self._order_fault("invalid_grant", path="token", times=5)
        self._run()
        self.assertEqual((invoice.xero_state, self.connection.state), ("pending", "reconnect"))
        self.xero.faults.clear()
        self._authorise(self.connection)
        self._later()
        self._run()
        self._assert_in_step(invoice)

    def test_an_answer_in_another_order(self):
        invoices = [self._invoice(10 + n) for n in range(5)]
        self._order_fault("reversed_200", method="PUT", path="Invoices", times=1)
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)

    def test_an_answer_with_an_element_too_many(self):
        invoices = [self._invoice(10 + n) for n in range(3)]
        self._order_fault("extra_element_200", method="PUT", path="Invoices", times=1)
        self._run()
        self._later()
        self._run()
        for invoice in invoices:
            self._assert_in_step(invoice)
