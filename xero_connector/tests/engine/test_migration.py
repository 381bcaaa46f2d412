import importlib.util
import json
from pathlib import Path

from odoo.tests import tagged

from ..common.money import XeroMoneyCommon

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def migration(version):
    path = MIGRATIONS / version / "post-migration.py"
    spec = importlib.util.spec_from_file_location(f"migration_{version.replace('.', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@tagged("post_install", "-at_install")
class TestOneJobForEachMovement(XeroMoneyCommon):
    """The upgrade from 19.0.1.0.0: what is in Xero learns who decides about it, what waits is asked for anew."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("ALTER TABLE xero_job ADD COLUMN sent_as jsonb, ADD COLUMN payload_hash varchar")

    def _migrate(self):
        """The scripts of all versions, as Odoo runs them; kinds had their older names."""
        self.env.flush_all()
        for old, new in migration("19.0.1.2.0").RENAMED.items():
            for table in ("xero_binding", "xero_job"):
                self.env.cr.execute(f"UPDATE {table} SET kind = %s WHERE kind = %s", [old, new])
        for version in ("19.0.1.1.0", "19.0.1.2.0", "19.0.1.3.0"):
            migration(version).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _old_job(self, kind, record, state, **values):
        """A job as the version before had it."""
        about = {"kind": kind, "res_model": record._name, "res_id": record.id}
        return self.env["xero.job"].sudo().create({"connection_id": self.connection.id, **about, "state": state, **values})

    def _books(self):
        """Money in every form: single, together, on account with an allocation, with a write-off, a bank line; and a note's allocation."""
        single, first, second, third, fourth = (self._invoice(price) for price in (100, 20, 30, 50, 60))
        self._pay(single)
        together = self._money(55)
        self._match(together, first, second)
        resting = self._money(70)
        self._match(resting, third)
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=fourth.ids)
        difference = {"payment_difference_handling": "reconcile", "writeoff_account_id": self.company_data["default_account_revenue"].id}
        wizard.create({"amount": 65, "payment_date": "2026-10-02", **difference})._create_payments()
        fifth, sixth, note = self._invoice(10), self._invoice(40), self._credit_note(40)
        self._match_line(self._statement_line(11), fifth)
        self._match(sixth, note)
        self._settle(2)
        self._assert_balances()

    def test_what_is_in_xero_is_told_who_decides_about_it(self):
        self._books()
        bindings = self.env["xero.binding"].sudo().search([("connection_id", "=", self.connection.id)])
        owners = {binding.id: (binding.owner_model, binding.owner_id) for binding in bindings}
        kinds = {binding.kind for binding in bindings if binding.owner_model}
        self.assertLessEqual({"payment", "batch_payment", "on_account", "allocation", "write_off"}, kinds)
        self.assertIn("account.bank.statement.line", {model for model, _id in owners.values()})
        bindings.write({"owner_model": False, "owner_id": False})
        self._migrate()
        self.assertEqual({binding.id: (binding.owner_model, binding.owner_id) for binding in bindings}, owners)
        before = self._calls()
        for payment in self.env["account.payment"].search([("company_id", "=", self.env.company.id)]):
            payment.action_xero_sync()
        self._run()
        self.assertEqual(self._calls(), before, "nothing had changed")
        self._assert_balances()

    def test_what_waited_is_asked_for_once_of_the_movement(self):
        first, second = self._invoice(20), self._invoice(30)
        self._run()
        payment, left_out = self._money(55), self._money(15)
        self._match(payment, first, second)
        self.env["xero.job"].sudo().search([("kind", "=", "payment")]).unlink()
        for partial, state in zip(self._partials(first) | self._partials(second), ("blocked", "pending"), strict=True):
            self._old_job("payment", partial, state, manual=state == "pending")
        self._old_job("on_account", left_out, "ignored", message="Left out of Xero by Ann.")
        self._migrate()
        jobs = self.env["xero.job"].sudo().search([("is_open", "=", True), ("kind", "=", "payment")])
        found = {(job.res_model, job.res_id): (job.state, job.manual, job.payment_id, job.message) for job in jobs}
        self.assertEqual(
            found,
            {
                ("account.payment", payment.id): ("pending", True, payment, False),
                ("account.payment", left_out.id): ("ignored", False, left_out, "Left out of Xero by Ann."),
            },
        )
        self._settle()
        self.assertEqual({self._xero_invoice(invoice).status for invoice in (first, second)}, {"PAID"})
        self.assertEqual(float(self._xero_bank()), 55)

    def test_what_was_on_the_wire_is_looked_up_and_not_sent_again(self):
        invoice = self._invoice(100)
        self._run()
        self._order_fault("timeout_after", method="PUT", path="Payments", times=1)
        payment = self._pay(invoice)
        self._run()
        job = self.env["xero.job"].sudo().search([("kind", "=", "payment"), ("state", "=", "uncertain")])
        [trace] = job.traces
        old = {"kind": trace["kind"], "res_model": trace["res_model"], "res_id": trace["res_id"], "traces": False}
        job.write(old)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE xero_job SET sent_as = %s::jsonb, payload_hash = %s WHERE id = %s",
            [json.dumps(trace["trace"]), trace["fingerprint"], job.id],
        )
        self._migrate()
        self.assertEqual((job.kind, job.res_model), ("payment", payment._name))
        self.assertEqual(job.traces[0]["trace"], trace["trace"])
        before = self._calls("PUT")
        self._later()
        self._settle(2)
        self.assertEqual(self._calls("PUT"), before)
        self.assertEqual((self._xero_invoice(invoice).status, float(self._xero_bank())), ("PAID", 110))
        self._assert_balances()

    def test_begun_again_and_a_database_of_this_version(self):
        self._books()
        before = self.env["xero.job"].sudo().search_count([])
        self._migrate()
        self._migrate()
        self.assertEqual(self.env["xero.job"].sudo().search_count([]), before)
        self.env.cr.execute("ALTER TABLE xero_job DROP COLUMN sent_as")
        self._migrate()
        self.assertEqual(self.env["xero.job"].sudo().search_count([]), before)


@tagged("post_install", "-at_install")
class TestKindsRenamed(XeroMoneyCommon):
    """The upgrade to 19.0.1.2.0: kinds are called what they become in Xero, wherever they are named."""

    def _migrate(self):
        self.env.flush_all()
        migration("19.0.1.2.0").migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()

    def test_whatever_names_a_kind(self):
        payment = self._money(70)
        self._run()
        job = self.env["xero.job"].sudo().search([("res_model", "=", payment._name)])
        problem = (
            self.env["xero.problem"]
            .sudo()
            .create({"connection_id": self.connection.id, "code": "switched_off", "key": "surplus", "name": "Switched off"})
        )
        job.traces = [{"kind": "prepaid", "res_model": payment._name, "res_id": payment.id, "label": "prepaid by the customer"}]
        job.refused = {f"batch,{payment._name},{payment.id}": {"code": "refused", "message": "batch, refused", "failed": True}}
        filters = self.env["ir.filters"].create(
            [{"name": model, "model_id": model, "domain": "[('kind', '=', 'prepaid')]"} for model in ("xero.document", "res.partner")]
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_binding SET kind = 'prepaid' WHERE kind = 'on_account' AND res_id = %s", [payment.id])
        for _time in range(2):  # begun again, it changes nothing more
            self._migrate()
            self.assertEqual(self._binding(payment).kind, "on_account")
            self.assertEqual((job.traces[0]["kind"], job.traces[0]["label"]), ("on_account", "prepaid by the customer"))
            [(key, reason)] = job.refused.items()
            self.assertEqual((key, reason["message"]), (f"batch_payment,{payment._name},{payment.id}", "batch, refused"))
            self.assertEqual(problem.key, "bank_transaction")
            self.assertEqual(filters.mapped("domain"), ["[('kind', '=', 'on_account')]", "[('kind', '=', 'prepaid')]"])
