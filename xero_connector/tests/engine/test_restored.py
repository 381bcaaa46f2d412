from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from xero_simulator.person import act

from ..banking.test_transfers import TransferCommon
from ..common.entries import XeroEntriesCommon
from ..common.every_value import every_value
from ..common.money import XeroMoneyCommon


def restore(test):
    """As if the database had been restored: the tokens say another one, and the last call was the last before the backup."""
    test.env.flush_all()
    test.env.cr.execute("UPDATE xero_token SET database = 'x/y/1' WHERE connection_id = %s", [test.connection.id])
    test.env.cr.execute("UPDATE xero_call SET started = started - interval '1 hour'")
    test.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRestored(XeroMoneyCommon):
    """A1, A2: what this database does not know, because it was restored from a backup, is looked for in Xero and told."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _restore(self):
        restore(self)

    def _change_in_xero(self, document, **changes):
        table = self.organisation.credit_notes if document.move_type.endswith("refund") else self.organisation.invoices
        row = table.get(document.xero_id)
        table.put({**row, **changes, "UpdatedDateUTC": row["UpdatedDateUTC"] + timedelta(seconds=1)})

    def _go_on(self):
        self.connection.action_continue_here()
        before = self._calls()
        self._run()
        self.env.invalidate_all()
        return self._calls() - before

    def test_what_changed_after_the_backup_is_told(self):
        documents = self._invoice(100) + self._bill(50) + self._credit_note(30)
        untouched = self._invoice(70)
        self._run()
        for document in documents:
            self._change_in_xero(document, Total=1, AmountDue=1)
        self._restore()
        self.assertEqual(self._go_on(), 8, "a call for each list")
        self.assertEqual(set(documents.mapped("xero_state")), {"drift"})
        for document in documents:
            self.assertIn("in Xero", document.xero_message)
        self.assertEqual(untouched.xero_state, "synced")
        before = self._calls()
        self._run()
        self.assertEqual(self._calls(), before, "looked at once")

    def test_who_connects_anew_has_answered_the_question(self):
        """Tokens of a backup are often stale: whoever reconnects instead of answering goes on here, too; also where they were forgotten."""
        for forget in (False, True):
            with self.subTest(forget=forget):
                invoice = self._invoice(100)
                self._run()
                self._change_in_xero(invoice, Total=1, AmountDue=1)
                self._restore()
                if forget:
                    self.connection.action_disconnect_here()
                self._connect_again()
                self.assertTrue(self.connection.restored_from)
                self._run()
                self.env.invalidate_all()
                self.assertEqual((invoice.xero_state, self.connection.restored_from), ("drift", False))

    def test_who_connects_anew_where_nothing_was_restored(self):
        self.connection.action_disconnect_here()
        self._connect_again()
        self.assertFalse(self.connection.restored_from)

    def _connect_again(self):
        self._authorise(self.connection)
        self.env.invalidate_all()

    def test_renamed_after_the_backup(self):
        self._invoice(100)
        self._run()
        table = self.organisation.contacts
        row = table.get(self.partner.xero_id)
        table.put({**row, "Name": "Renamed Since", "UpdatedDateUTC": row["UpdatedDateUTC"] + timedelta(seconds=1)})
        self._restore()
        self._go_on()
        self.assertEqual(self.partner.xero_state, "drift")
        self.assertIn("Renamed Since", self.partner.xero_message)
        self.partner.action_xero_sync()
        self._run()
        self.assertEqual(table.get(self.partner.xero_id)["Name"], "Renamed Since", "to look is not to answer")
        self.partner.action_xero_send_ours()
        self._run()
        self.assertEqual((self.partner.xero_state, table.get(self.partner.xero_id)["Name"]), ("synced", self.partner.name))

    def test_renamed_after_the_backup_and_forgotten(self):
        """A contact that was made after the backup is known by its mark; that it says something else by now is told."""
        self._invoice(100)
        self._run()
        table = self.organisation.contacts
        row = table.get(self.partner.xero_id)
        table.put({**row, "Name": "Renamed Since", "UpdatedDateUTC": row["UpdatedDateUTC"] + timedelta(seconds=1)})
        self._forget(self.partner)
        self._restore()
        self._go_on()
        self._invoice(50)
        self._run()
        self.assertEqual((self.partner.xero_id, self.partner.xero_state), (row["ContactID"], "drift"))
        self.assertIn("Renamed Since", self.partner.xero_message)

    def test_renamed_here_too(self):
        """What waits to be sent is no difference to be told."""
        self._invoice(100)
        self._run()
        table = self.organisation.contacts
        row = table.get(self.partner.xero_id)
        table.put({**row, "Name": "Renamed Since", "UpdatedDateUTC": row["UpdatedDateUTC"] + timedelta(seconds=1)})
        self.partner.name = "Renamed Here"
        self._restore()
        self._go_on()
        self.assertEqual((self.partner.xero_state, table.get(self.partner.xero_id)["Name"]), ("synced", "Renamed Here"))

    def _forget(self, document):
        """As if it had been sent after the backup: the restored database knows of no counterpart."""
        binding_sudo = self.env["xero.binding"].sudo().search([("res_model", "=", document._name), ("res_id", "=", document.id)])
        xero_id = binding_sudo.xero_id
        binding_sudo.unlink()
        self.env["xero.job"].sudo().search([("res_model", "=", document._name), ("res_id", "=", document.id)]).unlink()
        return xero_id

    def _in_xero(self, document, xero_id):
        table = self.organisation.credit_notes if document.move_type.endswith("refund") else self.organisation.invoices
        return table.get(xero_id)

    def test_sent_after_the_backup_and_cancelled_before_it_is_looked_for(self):
        """It is known by its mark, whatever became of it here. Credit notes have no link in Xero, and so no mark to be known by."""
        documents = self._invoice(100) + self._bill(50)
        self._run()
        ids = {document: self._forget(document) for document in documents}
        self._restore()
        documents.button_draft()
        documents.button_cancel()
        self._go_on()
        for _again in range(2):
            self._run()
        for document, xero_id in ids.items():
            with self.subTest(document.move_type):
                self.assertEqual(self._in_xero(document, xero_id)["Status"], "VOIDED")

    def test_sent_after_the_backup_and_still_here(self):
        """Bound again without a second one; what another record left there stays nobody's."""
        invoice, gone = self._invoice(100), self._invoice(70)
        self._run()
        xero_id, other = self._forget(invoice), self._forget(gone)
        table = self.organisation.invoices
        table.put({**table.get(other), "Url": table.get(other)["Url"][:-1] + "x"})
        self._restore()
        self._go_on()
        self.assertEqual((invoice.xero_id, invoice.xero_state), (xero_id, "synced"))
        self.assertEqual(len([row for row in table if row["Number"] == invoice.name]), 1)
        self.assertFalse(gone.xero_id)

    def test_paid_after_the_backup(self):
        """Odoo has forgotten a payment that Xero has: the invoice is open here and paid there."""
        invoice = self._invoice(100)
        self._run()
        self._change_in_xero(invoice, AmountDue=0, Status="PAID")
        self._restore()
        self._go_on()
        self.assertEqual(invoice.xero_state, "drift")
        self.assertIn("0.00 are open in Xero, $ 110.00 here", invoice.xero_message.replace("\xa0", " "))

    def test_credit_that_was_allocated_after_the_backup_and_is_not_any_more(self):
        """When it is read its match still waits to be told; once that is undone, the document is compared after all."""
        invoice, credit = self._invoice(100), self._credit_note(100)
        self._match(invoice, credit)
        self._run()
        partial = self._partials(invoice)
        self._forget(partial)
        self.env["xero.trigger"]._demanded(partial, self.connection)
        job = self.env["xero.job"].sudo().search([("res_model", "=", partial._name), ("res_id", "=", partial.id)])
        job._set_state("pending", next_try=fields.Datetime.now() + timedelta(hours=1))
        self._restore()
        for document in invoice + credit:
            self._change_in_xero(document, SentToContact=True)
        self._go_on()
        self.assertEqual(set((invoice + credit).mapped("xero_state")), {"synced"})
        self._unmatch(invoice)
        self._run()
        self.env.invalidate_all()
        self.assertEqual(set((invoice + credit).mapped("xero_state")), {"drift"})
        self.assertIn("0.00 are open in Xero, $ 110.00 here", credit.xero_message.replace("\xa0", " "))
        before = self._calls()
        self._run()
        self.assertEqual(self._calls(), before, "compared once")

    def test_refunded_after_the_backup(self):
        """A credit note is recognised when it is sent again, and so is what is left of it."""
        credit = self._credit_note(100)
        self._run()
        xero_id = credit.xero_id
        self._change_in_xero(credit, AmountDue=0, Status="PAID")
        self._forget(credit)
        credit.action_xero_sync()
        self._restore()
        self._go_on()
        self.assertEqual((credit.xero_id, credit.xero_state), (xero_id, "drift"))
        self.assertIn("0.00 are open in Xero, $ 110.00 here", credit.xero_message.replace("\xa0", " "))

    def test_what_waits_to_be_sent_is_not_judged(self):
        """It has changed here too, and goes."""
        invoice = self._invoice(100)
        self._run()
        self._change_in_xero(invoice, Reference="Theirs")
        invoice.ref = "Ours"
        self._restore()
        self._go_on()
        self.assertEqual((invoice.xero_state, self._xero_invoice(invoice).reference), ("synced", "Ours"))

    def test_xero_does_not_answer(self):
        """It is asked again by the next run."""
        invoice = self._invoice(100)
        self._run()
        self._change_in_xero(invoice, Total=1)
        self._restore()
        self._order_fault("reset_before", path="Invoices", method="GET")
        self._go_on()
        self.assertEqual(invoice.xero_state, "synced")
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.connection.cron_id.id)])
        self.assertGreaterEqual(max(triggers.mapped("call_at")), self.connection.paused_until, "it comes back by itself")
        self.connection.sudo().write({"state": "connected", "paused_until": False})
        self._run()
        self.env.invalidate_all()
        self.assertEqual(invoice.xero_state, "drift")

    def test_a_copy_that_does_not_go_on_asks_nothing(self):
        self._invoice(100)
        self._run()
        self._restore()
        before = self._calls()
        self._run()
        self.assertEqual(self._calls(), before)

    def test_never_called(self):
        """Without a call that is remembered there is nothing that could have changed since."""
        self.env["xero.call"].sudo().search([]).unlink()
        self._restore()
        self.connection.action_continue_here()
        self.assertFalse(self.connection.restored_from)
        self.assertFalse(self.connection.is_database_copy)
        self.assertLessEqual(self.connection.create_date, fields.Datetime.now())


@tagged("post_install", "-at_install")
class TestRestoredMoney(XeroMoneyCommon):
    """Money that was sent after the backup is bound by its mark, whatever people do with its records before it is read again."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _forget_money(self):
        """As if it had been sent after the backup: documents are known, no money is."""
        own = [("connection_id", "=", self.connection.id), ("kind", "not in", ["contact", "invoice", "bill", "credit_note"])]
        self.env["xero.binding"].sudo().search(own).unlink()
        self.env["xero.job"].sudo().search([("connection_id", "=", self.connection.id)]).unlink()
        restore(self)

    def _go_on(self):
        self.connection.action_continue_here()
        for _again in range(3):
            self._run()
        self.env.invalidate_all()

    def _counting(self, table):
        return [row for row in getattr(self.organisation, table) if row["Status"] not in ("DELETED", "VOIDED")]

    def test_paid_after_the_backup_and_cancelled_here(self):
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        self.assertEqual(len(self._counting("payments")), 1)
        self._forget_money()
        payment.action_draft()
        self._go_on()
        self.assertEqual([row["Status"] for row in self.organisation.payments], ["DELETED"])
        self.assertEqual(invoice.xero_state, "synced", invoice.xero_message)

    def test_on_account_after_the_backup_and_matched_here(self):
        payment = self._money(110)
        self._run()
        [before] = self._counting("overpayments")
        self._forget_money()
        invoice = self._invoice(100)
        self._match(invoice, payment)
        self._go_on()
        self.assertEqual([row["BankTransactionID"] for row in self._counting("overpayments")], [before["BankTransactionID"]])
        self.assertFalse(self._counting("payments"), "it is allocated, and not paid once more")
        self.assertEqual(self._xero_invoice(invoice).amount_due, 0)

    def test_money_on_account_used_by_people_in_xero_after_the_backup(self):
        """Allocations bear no marks: what the lists of their credits say is taken as always."""
        self.connection.records_allocations = "both"
        invoice, payment = self._invoice(100), self._money(110)
        self._run()
        [credit] = self._counting("overpayments")
        act(self.xero, self.organisation, "allocate", "Rita Mills", credit=credit["DocumentID"], invoice=invoice.xero_id)
        restore(self)
        with self.assertNoLogs("odoo.addons.xero_connector", "ERROR"):
            self._go_on()
        self.assertEqual((invoice.amount_residual, payment.xero_state, invoice.xero_state), (0, "synced", "synced"))

    def test_batch_after_the_backup(self):
        invoices = self._invoice(100) + self._invoice(50)
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        values = {"payment_date": invoices[0].invoice_date, "group_payment": True}
        self.env["account.payment.register"].with_context(**context).create(values)._create_payments()
        self._run()
        before = len(self._counting("payments")), len(self._counting("batch_payments"))
        self._forget_money()
        self._go_on()
        self.assertEqual((len(self._counting("payments")), len(self._counting("batch_payments"))), before)


@tagged("post_install", "-at_install")
class TestRestoredEntries(XeroEntriesCommon):
    def test_sent_after_the_backup_and_cancelled_here(self):
        entry = self._entry(("wages", 100), ("owed", -100))
        self._run()
        self.assertEqual([row["Status"] for row in self.organisation.manual_journals], ["POSTED"])
        for model in ("xero.binding", "xero.job"):
            own = [("connection_id", "=", self.connection.id), ("res_model", "=", "account.move"), ("res_id", "=", entry.id)]
            self.env[model].sudo().search(own).unlink()
        restore(self)
        entry.button_draft()
        entry.button_cancel()
        self.connection.action_continue_here()
        for _again in range(2):
            self._run()
        self.assertEqual([row["Status"] for row in self.organisation.manual_journals], ["VOIDED"])


@tagged("post_install", "-at_install")
class TestRestoredTransfers(TransferCommon):
    @every_value("transfer_stamp")
    def test_made_after_the_backup(self):
        """It is not made a second time, and it is known again: undone later, it leaves Xero."""
        partial = self._transfer(70)
        self._run()
        for model in ("xero.binding", "xero.job"):
            self.env[model].sudo().search([("connection_id", "=", self.connection.id), ("kind", "=", "transfer")]).unlink()
        restore(self)
        self.connection.action_continue_here()
        for _again in range(2):
            self._run()
        self.assertEqual(len(self._there()), 1)
        partial.unlink()
        self._run()
        self.assertEqual((len(self._there()), len(self._there("DELETED"))), (0, 1))
