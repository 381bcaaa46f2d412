from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestIdentity(XeroMoneyCommon):
    """Ids, numbers and addresses come again after a restored backup or in a copy: alone they prove nothing (A1)."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _forget(self, *records):
        """What a restored database knows of what was sent after its backup: nothing."""
        for record in records:
            self._binding(record).unlink()
            self.env["xero.job"].sudo().search([("res_model", "=", record._name), ("res_id", "=", record.id)]).unlink()

    def _born_again(self, *records):
        """PostgreSQL gives the ids of what was lost to new records."""
        self._forget(*records)
        self.env.flush_all()
        for record in records:
            self.env.cr.execute(f"UPDATE {record._table} SET create_date = create_date + interval '1 hour' WHERE id = %s", [record.id])
        self.env.invalidate_all()

    def _send_again(self, record):
        record.action_xero_sync()
        self._run()

    def test_a_mark_is_the_same_in_every_transaction(self):
        invoice = self._invoice(100)
        before = self._link(invoice)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._link(invoice), before)
        self.assertRegex(before, r"\?doc=[a-z2-7]{12}$")

    def _link(self, invoice):
        from ...handlers import mark  # noqa: PLC0415

        return mark.link(invoice, "http://localhost")

    def test_an_id_that_came_again_takes_nobody_elses_contact(self):
        self._invoice(100)
        self._run()
        first = self._binding(self.partner).xero_id
        self._born_again(self.partner)
        self.partner.write({"name": "Customer Two", "email": "two@example.com", "vat": False})
        later = self._invoice(50)
        self._run()
        self.assertNotEqual(self._binding(self.partner).xero_id, first)
        self.assertEqual(self.organisation.contacts.get(first)["Name"], "Azure Interior")
        self._assert_in_step(later)

    def test_a_number_that_came_again_takes_nobody_elses_invoice(self):
        invoice = self._invoice(100)
        self._run()
        xero_id, goods = invoice.xero_id, self._xero_invoice(invoice)
        self._born_again(invoice)
        invoice.button_draft()
        invoice.invoice_line_ids.name = "other goods at the same price"
        invoice.action_post()
        self._send_again(invoice)
        self.assertEqual((invoice.xero_state, self._job(invoice).problem_id.code), ("failed", "number_in_use"))
        self.assertEqual(self._xero_invoice(invoice).told.lines, goods.told.lines)
        self.assertEqual(self._xero_invoice(invoice).xero_id, xero_id)

    def test_the_same_content_is_the_same_document(self):
        invoice, bill = self._invoice(100), self._bill(70)
        self._run()
        ids = (invoice + bill).mapped("xero_id")
        self._born_again(invoice, bill)
        before = self._calls("POST")
        self._send_again(invoice)
        self._send_again(bill)
        self.assertEqual((invoice + bill).mapped("xero_id"), ids)
        self.assertEqual((invoice + bill).mapped("xero_state"), ["synced", "synced"])
        self.assertEqual(self._calls("POST"), before, "nothing was written over")

    def test_a_bill_with_other_lines_is_another_bill(self):
        bill = self._bill(70)
        self._run()
        first = bill.xero_id
        self._born_again(bill)
        bill.button_draft()
        bill.invoice_line_ids.name = "something else"
        bill.action_post()
        self._send_again(bill)
        self.assertEqual(bill.xero_state, "synced")
        self.assertNotEqual(bill.xero_id, first)
        self.assertEqual(len(self._xero_documents(bill)), 2)

    def test_a_lost_binding_is_found_by_the_mark_and_brought_in_step(self):
        """The same record, changed since: what Xero holds was never compared, so it is not taken for what was sent."""
        invoice = self._invoice(100)
        self._run()
        xero_id = invoice.xero_id
        self._forget(invoice)
        invoice.button_draft()
        invoice.invoice_line_ids.name = "in other words"
        invoice.action_post()
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "https://moved.example.com")  # C8: the address proves nothing
        self._send_again(invoice)
        self.assertEqual((invoice.xero_state, invoice.xero_id), ("synced", xero_id))
        self.assertEqual(self._xero_invoice(invoice).told.lines[0].description, "in other words")

    def test_movements_whose_ids_came_again(self):
        """Money, transfers' and journals' texts end in marks: another one of the same id, day and amount is another one."""
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        self._run()
        [partial] = self._partials(invoice)
        [first] = self._xero_payments(invoice)
        self._born_again(partial)
        payment.move_id.name = "PBNK1/2026/77777"
        self._forget(payment)
        self.connection.action_sync_now()
        self._run()
        payments = self._xero_payments(invoice)
        self.assertEqual(len(payments), 2)
        self.assertIn(first.xero_id, [each.xero_id for each in payments])
        self.assertEqual(
            {each.reference.rpartition(" #")[0] for each in payments} - {first.reference.rpartition(" #")[0]},
            {f"{payment.memo} {payment.name}"},
        )

    def test_the_same_payment_told_again_is_taken_over(self):
        invoice = self._invoice(100)
        self._run()
        payment = self._pay(invoice, 30)
        self._run()
        [first] = self._xero_payments(invoice)
        [partial] = self._partials(invoice)
        self._born_again(partial)
        self._forget(payment)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual([each.xero_id for each in self._xero_payments(invoice)], [first.xero_id])
        self.assertEqual(payment.xero_state, "synced")

    def test_what_an_older_version_sent_stays_as_it_is(self):
        """Documents that bear the old link and entries that end in their id are neither rewritten nor sent again."""
        invoice = self._invoice(100)
        self._run()
        row = self.organisation.invoices.get(invoice.xero_id)
        old = row["Url"].partition("?")[0]
        self.organisation.invoices.put({**row, "Url": old})
        before = self._calls()
        self.env["xero.job"]._enqueue(self.connection, "invoice", "account.move", invoice.ids)
        self._run()
        self.assertEqual(self._calls(), before)
        self.assertEqual(invoice.xero_state, "synced")
