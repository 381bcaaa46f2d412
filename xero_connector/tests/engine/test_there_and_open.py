"""What is said once of a binding (its counterpart is there) and of a job (it is open) follows whoever writes."""

from odoo.tests import tagged

from ..common.money import XeroMoneyCommon

WRONG_BINDINGS = """
    SELECT id, kind, xero_status FROM xero_binding
     WHERE is_there IS DISTINCT FROM (COALESCE(xero_status, '') NOT IN ('DELETED', 'VOIDED'))
"""
WRONG_JOBS = "SELECT id, kind, state FROM xero_job WHERE is_open IS DISTINCT FROM (state NOT IN ('done', 'cancelled'))"


@tagged("post_install", "-at_install")
class TestThereAndOpen(XeroMoneyCommon):
    def _there(self, record):
        """As the database has it, which statements of ours read; of all bindings and jobs it has to be right."""
        self.env.flush_all()
        self.assertEqual((self._rows(WRONG_BINDINGS), self._rows(WRONG_JOBS)), ([], []))
        binding = self.env["xero.binding"].sudo().search([("res_model", "=", record._name), ("res_id", "=", record.id)])
        return self._rows("SELECT is_there FROM xero_binding WHERE id = ANY(%s)", binding.ids)

    def _rows(self, statement, *values):
        self.env.cr.execute(statement, values)
        return self.env.cr.fetchall()

    def _open(self, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id), ("is_open", "=", True)]
        return self.env["xero.job"].sudo().search_count(domain)

    def test_voided_and_brought_back(self):
        invoice = self._invoice(100)
        self.assertEqual(self._open(invoice), 1)
        self._run()
        self.assertEqual((self._there(invoice), self._open(invoice)), ([(True,)], 0))
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual((self._there(invoice), self._open(invoice)), ([(True,)], 1))
        self._run()
        self.assertEqual((self._there(invoice), self._open(invoice), invoice.xero_state), ([(False,)], 0, "voided"))
        invoice.button_draft()
        invoice.action_post()
        self._run()
        self.assertEqual((self._there(invoice), self._open(invoice), invoice.xero_state), ([(True,)], 0, "synced"))

    def test_money_that_is_removed_and_comes_again(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        [partial] = self._partials(invoice)
        self.assertEqual(self._there(partial), [(True,)])
        payment.action_draft()
        self._run()
        self.assertEqual(self._there(partial), [(False,)])
        payment.action_post()
        self._match(payment, invoice)
        self._settle()
        self.assertEqual(self._there(self._partials(invoice)), [(True,)])

    def test_a_status_that_is_only_noted(self):
        """Contacts archived and restored in Xero are there; what a person finds gone is not."""
        self._invoice(100)
        self._run()
        binding = self.env["xero.binding"].sudo().search([("kind", "=", "contact")], limit=1)
        for status, there in (("ARCHIVED", True), ("VOIDED", False), (False, True), ("DELETED", False), ("ACTIVE", True)):
            with self.subTest(status=status):
                binding.xero_status = status
                self.assertEqual(self._there(self.partner), [(there,)])
                self.assertEqual(binding.search_count([("id", "=", binding.id), ("is_there", "=", True)]), int(there))

    def test_jobs_in_all_states(self):
        invoice = self._invoice(100)
        job = self._job(invoice).sudo()
        for state in ("sending", "uncertain", "failed", "pending", "ignored"):
            job._set_state(state)
            self.env.flush_all()
            self.assertEqual((self._open(invoice), self._rows(WRONG_JOBS)), (1, []), state)
        self.env["xero.job"].sudo()._enqueue(self.connection, "invoice", "account.move", invoice.ids, manual=True)
        self.assertEqual((job.state, self._rows(WRONG_JOBS)), ("pending", []))
        job._set_state("cancelled")
        self.assertEqual((self._open(invoice), self._rows(WRONG_JOBS)), (0, []))
