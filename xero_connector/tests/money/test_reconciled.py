from odoo.tests import tagged

from ..common.reading import ReadingCase


@tagged("post_install", "-at_install")
class TestReconciled(ReadingCase):
    """Each payment shows whether it is matched with a line of the bank statement in Xero; that is mirrored, never performed."""

    def _prepare(self):
        super()._prepare()
        self.paid, self.other = self._invoice(100), self._invoice(70)
        self._run()
        self.payment, self.second = self._pay(self.paid), self._pay(self.other)
        self._run()

    def _in_xero(self, payment):
        """The ids of Xero's payments of one of ours."""
        own = [("payment_id", "=", payment.id), ("kind", "=", "payment"), ("is_there", "=", True)]
        return self.env["xero.binding"].sudo().search(own).mapped("xero_id")

    def _read(self):
        self._pass(minutes=16)
        self._run()

    def test_to_and_fro(self):
        self.assertFalse(self.payment.xero_bank, "nobody has read it yet")
        self._read()
        self.assertEqual((self.payment + self.second).mapped("xero_bank"), ["unmatched", "unmatched"])
        self._rita("reconcile", items=self._in_xero(self.payment))
        self._read()
        self.assertEqual((self.payment + self.second).mapped("xero_bank"), ["matched", "unmatched"])
        self.assertEqual(self.payment.xero_state, "synced")
        self._rita("unreconcile", items=self._in_xero(self.payment))
        self._read()
        self.assertEqual(self.payment.xero_bank, "unmatched")

    def test_one_payment_of_two_invoices(self):
        """A batch in Xero, which is matched as a whole."""
        payment = self._money_for(self._invoice(10) + self._invoice(20), 33)
        self._run()
        batch = self.env["xero.binding"].sudo().search([("payment_id", "=", payment.id)])
        self.assertEqual(batch.kind, "batch_payment")
        self._read()
        self.assertEqual(payment.xero_bank, "unmatched")
        self._rita("reconcile", items=[batch.xero_id])
        self._pass(minutes=61)
        with self.assertNoLogs("odoo.addons.xero_connector", "ERROR"):
            self._run()
        self.assertEqual(payment.xero_bank, "matched")

    def test_what_is_matched_on_the_bank_there_stays_until_people_undo_it(self):
        """Known or not, it is said why it cannot leave; what is known is not tried; it follows when the match was undone there."""
        self._rita("reconcile", items=self._in_xero(self.payment))
        self._read()
        self._rita("reconcile", items=self._in_xero(self.second))
        for payment in self.payment + self.second:
            payment.action_draft()
            payment.action_cancel()
        self._run()
        known, unknown = self._job(self.payment), self._job(self.second)
        self.assertEqual((known.state, known.problem_id.code, unknown.problem_id.code), ("blocked", *["matched_on_bank"] * 2))
        for job, payment in ((known, self.payment), (unknown, self.second)):
            self.assertIn(f"{payment.name} ", job.message)
            self.assertIn("is matched with a line of the bank in Xero", job.message)
        for payment in self.payment + self.second:
            self._rita("unreconcile", items=self._in_xero(payment))
        self._read()
        self._run()
        self.assertEqual(known.state, "done", known.message)
        self.assertFalse(self._in_xero(self.payment))
        unknown.action_retry()
        self._run()
        self.assertFalse(self._in_xero(self.second), unknown.message)

    def test_deleted_in_xero(self):
        """It says so, and what is taken out by us does not; a second look says nothing new."""
        [xero_id] = self._in_xero(self.payment)
        self._rita("delete_payment", payment=xero_id)
        self.second.action_draft()
        for _again in range(2):
            self._read()
            self.env.invalidate_all()
        self.assertEqual((self.payment.xero_state, self.payment.xero_message), ("drift", "It was deleted in Xero."))
        self.assertNotEqual(self.second.xero_state, "drift")
        self.payment.action_draft()
        self._run()
        self.env.invalidate_all()
        self.assertNotIn(self.payment.xero_state, ("drift", "failed", "blocked"), self.payment.xero_message)

    def test_one_of_a_batch_deleted_in_xero(self):
        payment = self._money_for(self._invoice(10) + self._invoice(20), 33)
        self._run()
        batch = self.env["xero.binding"].sudo().search([("payment_id", "=", payment.id)])
        first = next(row for row in self.organisation.payments if row["BatchPaymentID"] == batch.xero_id)
        self._rita("delete_payment", payment=first["PaymentID"])
        self._read()
        self.env.invalidate_all()
        self.assertEqual((payment.xero_state, payment.xero_message), ("drift", "It was deleted in Xero."))

    def _money_for(self, invoices, amount):
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        values = {"payment_date": invoices[0].invoice_date, "group_payment": True, "amount": amount}
        return self.env["account.payment.register"].with_context(**context).create(values)._create_payments()

    def test_found_by_it(self):
        self._rita("reconcile", items=self._in_xero(self.payment))
        self._read()
        self.env.flush_all()
        both = [("id", "in", (self.payment + self.second).ids)]
        found = {state: self.env["account.payment"].search([*both, ("xero_bank", "=", state)]) for state in ("matched", "unmatched", False)}
        self.assertEqual(found, {"matched": self.payment, "unmatched": self.second, False: self.payment.browse()})
        self.assertEqual(self.env["account.payment"].search([*both, ("xero_bank", "!=", "matched")]), self.second)
        groups = dict(self.env["account.payment"]._read_group(both, ["xero_bank"], ["id:recordset"]))
        self.assertEqual(groups, {"matched": self.payment, "unmatched": self.second})

    def test_on_the_documents_screen(self):
        self._rita("reconcile", items=self._in_xero(self.payment))
        self._read()
        self.env.flush_all()
        own = [("connection_id", "=", self.connection.id)]
        rows = self.env["xero.document"].search([*own, ("bank", "!=", False)])
        self.assertEqual({(row.payment_id, row.bank) for row in rows}, {(self.payment, "matched"), (self.second, "unmatched")})
        groups = dict(self.env["xero.document"]._read_group(own, ["bank"], ["__count"]))
        self.assertEqual((groups["matched"], groups["unmatched"]), (1, 1))
        self.assertGreater(groups[False], 2, "documents and contacts have no bank")

    def test_filters(self):
        """With the words of the badges, on both screens."""
        for model, field in (("account.payment", "xero_bank"), ("xero.document", "bank")):
            arch = self.env[model].get_view(view_type="search")["arch"]
            self.assertIn(f"[('{field}', '=', 'unmatched')]", arch)
            self.assertIn("Not Yet on the Bank", arch)

    def test_nothing_is_written_where_nothing_changed(self):
        self._read()
        bindings = self.env["xero.binding"].sudo().search([("payment_id", "in", (self.payment + self.second).ids)])
        before = bindings.mapped("write_date")
        for xero_id in bindings.mapped("xero_id"):
            row = self.organisation.payments.get(xero_id)
            self.organisation.payments.put({**row, "UpdatedDateUTC": self.xero.now()})
        self._pass(seconds=5)
        self._read()
        self.assertEqual(bindings.mapped("write_date"), before)

    def test_which_lists_are_read(self):
        """A kind that is made like another does not take what is the other's."""
        wanted = {"Contacts": {"contact"}, "Payments": {"payment"}, "Invoices": {"invoice", "bill"}}
        wanted |= {"CreditNotes": {"credit_note", "write_off"}}  # a write-off's credit note, too, is changed by people
        lists = self.env["xero.handler"]._lists()
        self.assertEqual({name: set(lists[name]) - {"allocation"} for name in wanted}, wanted)
        self.assertEqual(set(self.connection._read_lists()), set(wanted), "where nobody has chosen that money is booked")
        self.connection.journal_mapping_ids[:1].recorded_in = "xero"
        self.assertEqual(set(self.connection._read_lists()) - set(wanted), {"BankTransactions"})
        self.connection.records_allocations = "both"
        self.assertEqual(set(self.connection._read_lists()) - set(wanted), {"BankTransactions", "Overpayments", "Prepayments"})
