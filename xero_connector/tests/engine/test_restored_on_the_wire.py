from datetime import timedelta

from odoo.tests import tagged

from ..common.entries import XeroEntriesCommon
from ..common.money import XeroMoneyCommon
from .test_restored import restore


class OnTheWire:
    """A backup was made while a document was on its way to Xero; what became of that there, and was changed since, nobody here knows."""

    def _lost(self, path, record, kind):
        """The job of ``record``, whose answer was lost: that is how the backup has it."""
        self._order_fault("timeout_after", method="PUT", path=path, times=1)
        self._run()
        job = self.env["xero.job"].sudo().search([("res_model", "=", record._name), ("res_id", "=", record.id), ("kind", "=", kind)])
        self.assertEqual(job.state, "uncertain")
        return job

    def _change(self, table, row, **changes):
        table.put({**row, **changes, "UpdatedDateUTC": row["UpdatedDateUTC"] + timedelta(seconds=1)})

    def _come_back(self, restored=True):
        """The backup is put back, or not; what was on the wire is looked up."""
        if restored:
            restore(self)
            self.connection.action_continue_here()
        self._later()
        for _again in range(2):
            self._run()
            self._later()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestOnTheWire(OnTheWire, XeroMoneyCommon):
    def test_a_contact_that_was_renamed_since(self):
        """Found by its mark under another name: told, not taken for what was sent."""
        self._assert_told(restored=True)

    def test_a_contact_that_was_renamed_meanwhile(self):
        """Without a backup as well: people rename at any time."""
        self._assert_told(restored=False)

    def _assert_told(self, restored):
        partner = self.env["res.partner"].create({"name": "As Sent"})
        self._invoice(100, partner=partner)
        self._lost("Contacts", partner, "contact")
        table = self.organisation.contacts
        [row] = [row for row in table if row["Name"] == partner.name]
        self._change(table, row, Name="Renamed Since")
        self._come_back(restored)
        self.assertEqual((partner.xero_id, partner.xero_state), (row["ContactID"], "drift"))
        self.assertIn("Renamed Since", partner.xero_message)
        self.assertEqual(len([each for each in table if each["ContactNumber"] == row["ContactNumber"]]), 1)

    def test_a_contact_that_is_as_it_was_sent(self):
        """Found again, in step, with no call more than the question."""
        partner = self.env["res.partner"].create({"name": "As Sent"})
        self._invoice(100, partner=partner)
        self._lost("Contacts", partner, "contact")
        self._come_back(restored=False)
        self.assertEqual(partner.xero_state, "synced")
        binding_sudo = self.env["xero.binding"].sudo().search([("res_model", "=", "res.partner"), ("res_id", "=", partner.id)])
        self.assertTrue(binding_sudo.sent)
        self.assertFalse(binding_sudo.look_again)

    def test_a_document_that_was_changed_since(self):
        """What the forgotten edits of this document have left in Xero is brought in step with the document as it is here now."""
        self._invoice(1)
        self._run()
        invoice = self._invoice(100)
        self._lost("Invoices", invoice, "invoice")
        table = self.organisation.invoices
        [row] = [row for row in table if row["Number"] == invoice.name]
        self._change(table, row, Reference="Of a later edit")
        self._come_back()
        self.assertEqual((invoice.xero_id, invoice.xero_state), (row["DocumentID"], "synced"))
        self.assertNotEqual(table.get(invoice.xero_id)["Reference"], "Of a later edit")
        before = self._calls()
        invoice.action_xero_sync()
        self._run()
        self.assertEqual(invoice.xero_state, "synced")
        self.assertLessEqual(self._calls() - before, 2)

    def test_a_document_with_other_amounts_since(self):
        """What it comes to is never made another by itself."""
        self._invoice(1)
        self._run()
        invoice = self._invoice(100)
        self._lost("Invoices", invoice, "invoice")
        table = self.organisation.invoices
        [row] = [row for row in table if row["Number"] == invoice.name]
        self._change(table, row, Total=1, AmountDue=1)
        self._come_back()
        self.assertNotEqual(invoice.xero_state, "synced")
        self.assertTrue(invoice.xero_message)


@tagged("post_install", "-at_install")
class TestEntriesOnTheWire(OnTheWire, XeroEntriesCommon):
    def test_an_entry_that_was_changed_since(self):
        entry = self._entry(("wages", 100), ("owed", -100))
        self._lost("ManualJournals", entry, "journal")
        [row] = list(self.organisation.manual_journals)
        narration = row["Narration"]
        self._change(self.organisation.manual_journals, row, Narration=f"Of a later edit {narration.rpartition(' ')[2]}")
        self._come_back()
        self.assertEqual(entry.xero_state, "synced")
        [row] = [each for each in self.organisation.manual_journals if each["Status"] == "POSTED"]
        self.assertEqual(row["Narration"], narration)
