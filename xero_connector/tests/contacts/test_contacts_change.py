from odoo.tests import tagged

from xero_simulator.control_organisation import change_organisation

from ..common.changes import RECONCILABLE, ChangesCommon
from ..common.every_value import every_value


@tagged("post_install", "-at_install")
class TestContactsChange(ChangesCommon):
    """Partners that are merged, archived or renamed."""

    def test_merged_partners(self):
        other = self.env["res.partner"].create({"name": "Azure Interiors Pty", "email": "azure@example.com"})
        mine, theirs = self._invoice(100), self._invoice(50, partner=other)
        paid, credited = self._invoice(70, partner=other), self._invoice(80, partner=other)
        note = self._credit_note(20, partner=other)
        self._pay(paid)
        (credited + note).line_ids.filtered(lambda line: line.account_id.account_type in RECONCILABLE).reconcile()
        self._runs(2)
        kept = self.partner.xero_id
        contacts = len(list(self.xero.organisation("AU").contacts))
        self._merge(self.partner, other)
        self._runs(4)
        later = self._invoice(30)
        self._run()
        for move in (mine, theirs, paid, credited, note, later):
            self.assertEqual(self._assert_same(move).contact_id, kept, move.name)
        self.assertEqual((len(list(self.xero.organisation("AU").contacts)), self.partner.xero_id), (contacts, kept))

    def test_merged_into_a_partner_that_was_never_sent(self):
        survivor = self.env["res.partner"].create({"name": "Azure Holding"})
        invoice = self._invoice(100)
        self._run()
        xero_id, contacts = self.partner.xero_id, len(list(self.xero.organisation("AU").contacts))
        self._merge(survivor, self.partner)
        later = self._invoice(30, partner=survivor)
        self._runs(2)
        self.assertEqual({self._assert_same(move).contact_id for move in (invoice, later)}, {xero_id})
        [contact] = self._xero().contacts(ids=[xero_id])
        self.assertEqual((contact.name, len(list(self.xero.organisation("AU").contacts))), ("Azure Holding", contacts))

    def test_put_under_a_company(self):
        """Its documents come along (A6): a later credit note finds them with one contact."""
        parent = self.env["res.partner"].create({"name": "Azure Holding", "is_company": True, "vat": self.partner.vat})
        invoice, paid = self._invoice(100), self._invoice(50)
        self._pay(paid)
        self._runs(2)
        self.partner.parent_id = parent
        self._runs(4)
        note = self._credit_note(20)
        self._allocate(invoice, note)
        contact = self._binding(parent).xero_id
        self.assertEqual({self._assert_same(move).contact_id for move in (invoice, paid, note)}, {contact})

    def test_taken_out_of_a_company(self):
        """Odoo leaves the documents with the company, so Xero does; what it cannot match is said."""
        parent = self.env["res.partner"].create({"name": "Azure Holding", "is_company": True, "vat": self.partner.vat})
        self.partner.parent_id = parent
        invoice = self._invoice(100)
        self._runs(2)
        self.partner.parent_id = False
        note = self._credit_note(20)
        self._allocate(invoice, note)
        self.assertEqual(self._remote(invoice).contact_id, self._binding(parent).xero_id)
        [partial] = note.line_ids.matched_debit_ids | note.line_ids.matched_credit_ids
        job = self.env["xero.job"].search([("res_model", "=", partial._name), ("res_id", "=", partial.id), ("is_open", "=", True)])
        self.assertIn("another contact", job.message or "")

    def _allocate(self, *documents):
        moves = self.env["account.move"].union(*documents)
        moves.line_ids.filtered(lambda line: line.account_id.account_type in RECONCILABLE).reconcile()
        self._runs(3)

    def test_documents_of_closed_periods_stay_with_the_merged_contact(self):
        other = self.env["res.partner"].create({"name": "Azure Interiors Pty"})
        old, new = self._invoice(50, partner=other), self._invoice(60, partner=other, date="2026-11-02")
        self._invoice(70)
        self._run()
        self._lock("2026-10-31")
        theirs = other.xero_id
        self._merge(self.partner, other)
        self._runs(2)
        self.assertEqual([self._remote(move).contact_id for move in (old, new)], [theirs, self.partner.xero_id])
        self.assertEqual((old + new).mapped("xero_state"), ["synced", "synced"])
        old.ref = "PO 8"
        self._run()
        self.assertEqual(self._remote(old).contact_id, theirs)
        self._lock(None)
        self._runs(2)
        self.assertEqual(self._assert_same(old).contact_id, self.partner.xero_id, "the period is open again")
        self._assert_nothing_is_sent_when_reopened()

    def test_everything_of_a_reopened_period_follows(self):
        """Paid and credited documents, and money on account; found by a random history, in which nobody looked again."""
        other, alone = self.env["res.partner"].create([{"name": "Azure Interiors Pty"}, {"name": "Azure Money Only"}])
        paid, credited, note = self._invoice(70, partner=other), self._invoice(80, partner=other), self._credit_note(20, partner=other)
        self._invoice(60)
        self._pay(paid)
        (credited + note).line_ids.filtered(lambda line: line.account_id.account_type in RECONCILABLE).reconcile()
        values = {"payment_type": "inbound", "partner_type": "customer", "date": "2026-10-01", "amount": 25}
        journal = self.company_data["default_journal_bank"]
        money = self.env["account.payment"].create({**values, "partner_id": alone.id, "journal_id": journal.id})
        money.action_post()
        self._runs(3)
        self._lock("2026-10-31")
        kept = self.partner.xero_id
        for gone in (other, alone):
            self._merge(self.partner, gone)
        self._runs(3)
        [overpayment] = self.xero.organisation("AU").overpayments
        self.assertNotIn(kept, {self._remote(paid).contact_id, overpayment["ContactID"]})
        self._lock(None)
        self._runs(4)
        self.assertEqual({self._assert_same(move).contact_id for move in (paid, credited, note)}, {kept})
        self.assertEqual(money.xero_problem_id.code, "money_in_use", "Xero lets no program void it, so a person is told")
        self._change(void_prepaid=[overpayment["BankTransactionID"]])
        money.action_xero_sync()
        self._runs(3)
        live = [row for row in self.xero.organisation("AU").overpayments if row["Status"] == "AUTHORISED"]
        self.assertEqual([(row["ContactID"], float(row["Total"])) for row in live], [(kept, 25.0)], money.xero_message)
        self._assert_nothing_is_sent_when_reopened()

    def test_contact_merged_in_xero_is_no_reason_to_send_a_reopened_period(self):
        paid = self._invoice(70)
        self._pay(paid)
        self._run()
        [winner] = self._xero().create_contacts([{"Name": "Azure Interior Pty"}], "by-hand")
        self._lock("2026-10-31")
        self._change(merge_contacts={self.partner.xero_id: winner.remote.xero_id})
        self.connection._read_reference_data()
        self._runs(2)
        self.assertEqual(self.partner.xero_id, winner.remote.xero_id)
        before = self._written()
        self._lock(None)
        self._runs(2)
        self.assertEqual(self._written(), before)

    def _assert_nothing_is_sent_when_reopened(self):
        before = self._written()
        self._lock("2026-10-31")
        self._lock(None)
        self._runs(2)
        self.assertEqual(self._written(), before)

    def _change(self, **actions):
        """What a person does in Xero."""
        change_organisation(self.xero.organisation("AU"), actions, self.xero.now())

    def _written(self):
        """How many calls that change something Xero has seen; new tokens change nothing."""
        reading = ("GET", "POST /connect/token")
        return sum(count for name, count in self.xero.calls.items() if not name.startswith(reading))

    def _merge(self, survivor, other):
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((survivor + other).ids, survivor)

    @every_value("mask_tax_numbers", "mask_bank_details")
    def test_what_xero_keeps_back_is_not_written_over(self):
        """A masked value is no change, and never goes back."""
        self._invoice(100)
        self._run()
        key = self.partner.xero_id
        self.organisation.contacts.put({**self.organisation.contacts.get(key), "BankAccountDetails": "062-000 12345678"})
        self.partner.phone = "+61 2 9999 0000"
        self._run()
        kept = self.organisation.contacts.get(key)
        self.assertEqual((kept["TaxNumber"], kept["BankAccountDetails"]), (self.partner.vat, "062-000 12345678"))
        self.assertEqual(self.partner.xero_state, "synced", self.partner.xero_message)
        self.assertEqual(self._calls("POST /Contacts"), 1)
        self.connection.action_sync_now()
        self._run()
        self.assertEqual(self._calls("POST /Contacts"), 1, "what was told masked is no change")

    @every_value("modified_since_inclusive", "modified_since_empty_status")
    def test_archived_in_xero_is_seen_when_settings_are_read(self):
        self._invoice(100)
        self._run()
        self.connection._read_reference_data()
        self.assertNotEqual(self._binding(self.partner).xero_status, "ARCHIVED")
        row = self.organisation.contacts.get(self.partner.xero_id)
        self.organisation.contacts.put({**row, "ContactStatus": "ARCHIVED", "UpdatedDateUTC": self.xero.now()})
        self.connection._read_reference_data()
        self.assertEqual(self._binding(self.partner).xero_status, "ARCHIVED")

    def test_of_another_company_now(self):
        """A connection sends nothing that its company may not see (C5): what is renamed there stays as it is here."""
        self._invoice(100)
        self._run()
        other = self.env["res.company"].create({"name": "Another Company"})
        self.env.user.company_ids |= other
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [other.id, self.partner.id])
        self.env.invalidate_all()
        before = self._calls()
        self.partner.name = "Renamed There"
        self._runs(2)
        self.assertEqual(self._calls(), before)
        self.assertEqual(
            [row["Name"] for row in self.xero.organisation("AU").contacts if row["ContactID"] == self._binding(self.partner).xero_id],
            ["Azure Interior"],
        )

    def test_archived_partner(self):
        invoice = self._invoice(100)
        self._run()
        contacts = len(list(self.xero.organisation("AU").contacts))
        self.partner.active = False
        self._edit(invoice, 120)
        self._pay(invoice)
        self._runs(2)
        self._assert_same(invoice)
        self.partner.active = True
        self._invoice(30)
        self._run()
        self.assertEqual(len(list(self.xero.organisation("AU").contacts)), contacts)

    def test_changed_vat_and_name(self):
        invoice = self._invoice(100)
        self._run()
        xero_id = self.partner.xero_id
        self.partner.write({"name": "Azure Exterior", "vat": "51824753556"})
        self._edit(invoice, 120)
        self._run()
        [contact] = self._xero().contacts(ids=[xero_id])
        self.assertEqual((contact.name, contact.tax_number), ("Azure Exterior", "51824753556"))
        self.assertEqual(self._assert_same(invoice).contact_id, xero_id)

    def test_renamed_product_changes_no_document(self):
        product = self.env["product.product"].create({"name": "Desk", "list_price": 100})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.product_id = product
        invoice.invoice_line_ids.tax_ids = self.tax
        invoice.action_post()
        self._run()
        before = self._calls("PUT"), self._calls("POST")
        product.name = "Table"
        invoice.action_xero_sync()
        self._run()
        self.assertEqual((self._calls("PUT"), self._calls("POST")), before)
