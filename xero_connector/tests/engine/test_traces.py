from odoo.tests import tagged

from ...xero_core.resources.allocations import RemoteAllocation
from ...xero_core.resources.batch_payments import RemoteBatch
from ...xero_core.resources.invoices import RemoteInvoice
from ...xero_core.resources.manual_journals import RemoteManualJournal
from ...xero_core.resources.on_account import RemoteMoneyOnAccount
from ...xero_core.resources.payments import RemotePayment
from ..common.money import XeroMoneyCommon

# of kinds that look at what page it comes from
PAGES = {
    "payment": RemotePayment,
    "batch_payment": RemoteBatch,
    "on_account": RemoteMoneyOnAccount,
    "allocation": RemoteAllocation,
    **dict.fromkeys(("invoice", "bill", "credit_note", "write_off"), RemoteInvoice),
    **dict.fromkeys(("journal", "summary"), RemoteManualJournal),
}


def nothing(kind):
    """A record of Xero that says nothing: all that is text is empty, and it is not gone."""
    page = PAGES.get(kind, object)
    return type("Nothing", (), {"__getattr__": lambda _self, _name: "", "__class__": property(lambda _self: page)})()


@tagged("post_install", "-at_install")
class TestTraces(XeroMoneyCommon):
    """What is remembered of what is on the wire is read again, whoever has written it; what cannot be read is never sent again."""

    def _lost(self, payment):
        """The payment's job, whose answer was lost."""
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        self._run()
        job = self.env["xero.job"].sudo().search([("res_model", "=", payment._name), ("res_id", "=", payment.id)])
        self.assertEqual(job.state, "uncertain")
        return job

    def _paid(self):
        invoice = self._invoice(100)
        self._run()
        return invoice, self._pay(invoice)

    def _assert_paid_once(self, invoice):
        self.assertEqual(len(self._xero().payments([self._binding(invoice).xero_id])), 1)

    def test_of_a_module_that_is_gone(self):
        """Others go on, and nobody waits for what nobody can tell any more."""
        invoice, payment = self._paid()
        job = self._lost(payment)
        job.traces = [{**job.traces[0], "kind": "voucher"}]
        other = self._invoice(5)
        self._later()
        self._settle(2)
        self.assertEqual(job.state, "cancelled")
        self.assertIn("not installed", job.message)
        self._assert_paid_once(invoice)
        self._assert_in_step(other)

    def test_that_cannot_be_read(self):
        invoice, payment = self._paid()
        job = self._lost(payment)
        job.traces = [{**job.traces[0], "trace": {"amount": "a lot"}}]
        other = self._invoice(5)
        self._later()
        with self.assertLogs("odoo.addons.xero_connector.engine.guard", "ERROR"):
            self._run()
        self.assertEqual(job.state, "uncertain")
        self._assert_paid_once(invoice)
        self._assert_in_step(other)

    def test_of_a_later_version(self):
        """What it says beside is left out."""
        invoice, payment = self._paid()
        job = self._lost(payment)
        [kept] = job.traces
        job.traces = [{**kept, "colour": "red", "trace": {**kept["trace"], "colour": "red"}}]
        self._later()
        self._settle(2)
        self.assertEqual(job.state, "done")
        self._assert_paid_once(invoice)

    def test_without_anything_to_go_by_nothing_is_ours(self):
        for handler in self.env["xero.handler"]._all():
            with self.subTest(handler._kind):
                self.assertFalse(handler._is_ours(handler._trace(), nothing(handler._kind)))
