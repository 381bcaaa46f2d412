from unittest.mock import patch

from odoo.tests import tagged

from ...xero_core.resources import batches
from ..common.engine import BadInputCase


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
        [values] = first.copy_data({"invoice_date": first.invoice_date})
        invoices = first + self.env["account.move"].create([dict(values) for _n in range(299)])
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
        self.assertEqual((problem.state, problem.job_count), ("looking", 300))
        self._run()
        self.assertEqual((problem.state, problem.job_count), ("solved", 0))
        self.assertEqual(set(invoices.mapped("xero_state")), {"synced"}, invoices[-1:].xero_message)
        self.assertEqual(self._calls("PUT /Invoices"), 6)
        numbers = [row["Number"] for row in self.xero.organisation("AU").invoices]
        jobs = self.env["xero.job"].search([("res_model", "=", "account.move"), ("res_id", "in", invoices.ids)], order="id")
        self.assertEqual(numbers, [self.env["account.move"].browse(job.res_id).name for job in jobs], "in order")
