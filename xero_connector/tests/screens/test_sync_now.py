from odoo.tests import tagged
from odoo.tools import SQL

from ..common.entries import XeroEntriesCommon
from ..common.money import XeroMoneyCommon

TABLES = ("account_move", "account_payment", "res_partner", "product_product", "product_template")


@tagged("post_install", "-at_install")
class TestSyncNow(XeroEntriesCommon, XeroMoneyCommon):
    """What Sync Now says is what will happen."""

    def _prepare(self):
        """Something of every kind that is sent by itself, in Xero."""
        super()._prepare()
        self._map_purchases()
        self.connection.write({"sync_item": "auto", "sync_attachment": "auto"})
        self.invoice, bill, note = self._invoice(100), self._bill(50), self._credit_note(20)
        self._pay(self.invoice, 40)
        self._match(self.invoice, note)
        self._money(70)
        self._match_line(self._statement_line(-55), bill)
        self._entry()
        self.env["ir.attachment"].create({"name": "order.pdf", "raw": b"%PDF-1.4", "res_model": "account.move", "res_id": self.invoice.id})
        self._settle(3)

    def _sync_now(self):
        return self.connection.action_sync_now()["params"]["message"]

    def _waiting(self):
        return self.env["xero.job"].search([("state", "in", ("pending", "sending", "uncertain"))])

    def _written_since(self):
        """As when Odoo has matched a payment, counted a sale of a partner, or computed a field anew."""
        self.env.flush_all()
        for table in TABLES:
            self.env.cr.execute(SQL("UPDATE %s SET write_date = now() + interval '1 hour'", SQL.identifier(table)))
        self.env.invalidate_all()

    def test_everything_in_step(self):
        self._assert_balances()
        self.assertIn("in step", self._sync_now())

    def test_what_was_written_and_is_the_same_is_in_step(self):
        self._written_since()
        calls = self._calls()
        told = self._sync_now()
        self.assertIn("in step", told, self._waiting().mapped(lambda job: (job.kind, job.res_model, job.res_id)))
        self._run()
        self.assertEqual(self._calls(), calls)
        self.assertEqual(self.invoice.xero_state, "synced")

    def test_what_differs_is_on_the_way(self):
        self.partner.name = "Azure Outdoor"
        self._waiting().sudo()._set_state("cancelled")  # as if nobody had told us
        self._written_since()
        self.assertEqual(self._sync_now(), "On the way to Xero: 1")
        self.assertEqual(self._waiting().kind, "contact")
        self._run()
        self.assertIn("in step", self._sync_now())

    def test_what_is_on_the_wire_is_not_judged(self):
        """What became of it is not known before the answer is there."""
        self._written_since()
        connection_id, about = self.connection.id, {"res_model": "account.move", "res_id": self.invoice.id}
        self.env["xero.job"].sudo().create({"connection_id": connection_id, "kind": "invoice", **about, "state": "uncertain"})
        self.assertNotIn("in step", self._sync_now())
        jobs = self._waiting().filtered(lambda job: job.kind == "invoice" and job.res_id == self.invoice.id)
        self.assertEqual(set(jobs.mapped("state")), {"pending", "uncertain"})
