from odoo.tests import tagged

from ..common.every_value import every_value
from ..common.push import XeroPushCommon


class DocumentsCommon(XeroPushCommon):
    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _assert_arrived(self, move, kind, number, count=1):
        """It stands in Xero as often as it should, with Odoo's amounts; returns it."""
        found = self._xero_documents(move)
        self.assertEqual(len(found), count, f"{move.xero_state} {move.xero_message}")
        remote = self._remote(move)
        self.assertEqual((remote.kind, remote.number), (kind, number))
        self.assertEqual((float(remote.total), float(remote.total_tax)), (move.amount_total, move.amount_tax))
        self.assertEqual((move.xero_state, move.xero_id), ("synced", remote.xero_id))
        return remote


@tagged("post_install", "-at_install")
class TestDocuments(DocumentsCommon):
    """Bills, receipts and credit notes of both sides arrive once, as what they are."""

    def test_every_kind_arrives_as_what_it_is(self):
        bill = self._bill(100, 20)
        receipt = self._bill(30, move_type="in_receipt", ref="R-1")
        vendor_note = self._bill(40, move_type="in_refund", ref="VC-1")
        note = self._credit_note(50)
        sale = self._invoice(60, move_type="out_receipt")
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self._assert_arrived(receipt, "ACCPAY", "R-1")
        self._assert_arrived(vendor_note, "ACCPAYCREDIT", "VC-1")
        self._assert_arrived(note, "ACCRECCREDIT", note.name)
        self._assert_in_step(sale)
        self.assertEqual(self._remote(bill).status, "AUTHORISED")
        self.assertEqual(self._remote(note).status, "AUTHORISED")

    def test_links_lead_to_the_right_page(self):
        bill, note, vendor_note = self._bill(100), self._credit_note(50), self._bill(40, move_type="in_refund", ref="VC-1")
        self._run()
        self.assertIn("AccountsPayable%2FEdit.aspx", bill.xero_url)
        self.assertIn("AccountsReceivable%2FViewCreditNote", note.xero_url)
        self.assertIn("AccountsPayable%2FViewCreditNote", vendor_note.xero_url)
        shown = self.env["xero.document"].search([("kind", "in", ("bill", "credit_note"))])
        self.assertEqual(set(shown.mapped("xero_url")), set((bill + note + vendor_note).mapped("xero_url")))

    def test_bill_without_the_vendors_number_has_ours(self):
        bill = self._bill(100, ref=False)
        self._run()
        self.assertEqual(self._remote(bill).number, bill.name)

    def test_discounts_are_folded_into_the_price(self):
        bill, note = self._bill(100, post=False), self._credit_note(100, post=False)
        for move in bill + note:
            move.invoice_line_ids.discount = 12.5
            move.action_post()
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self._assert_arrived(note, "ACCRECCREDIT", note.name)

    def test_each_kind_by_its_own_setting(self):
        self.connection.sudo().write({"sync_bill": "off", "sync_credit_note": "manual"})
        bill, note, invoice = self._bill(100), self._credit_note(50), self._invoice(60)
        self._run()
        self.assertEqual([bill.xero_state, note.xero_state, invoice.xero_state], [False, False, "synced"])
        self.connection.action_sync_now()
        self._run()
        self.assertEqual([bill.xero_state, note.xero_state], [False, "synced"])

    def test_vendor_reaches_xero_first(self):
        vendor = self.env["res.partner"].create({"name": "Wood Corner"})
        bill = self._bill(100, partner=vendor)
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self.assertEqual(vendor.xero_state, "synced")

    def test_late_bill_has_the_date_of_the_books(self):
        bill = self._bill(100, post=False)
        bill.date = "2026-11-05"
        bill.action_post()
        same_month = self._bill(100, ref="V-2", post=False)
        same_month.date = "2026-10-31"
        same_month.action_post()
        self._run()
        self.assertEqual(str(self._remote(bill).date), "2026-11-05")
        self.assertEqual(str(self._remote(same_month).date), "2026-10-01")


@tagged("post_install", "-at_install")
class TestPurchasesOnce(DocumentsCommon):
    """Xero takes any number of bills with one number: nothing of ours is made twice, and nobody else's is taken for ours."""

    @every_value("idempotency_scope")
    def test_lost_answer(self):
        bill, note = self._bill(100), self._bill(40, move_type="in_refund", ref="VC-1")
        self._order_fault("timeout_after", path="Invoices", method="PUT")
        self._order_fault("timeout_after", path="CreditNotes", method="PUT")
        self._run()
        self._order_fault("token_expired", method="GET")  # to some the keys are worth nothing from now on
        self._later()
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self._assert_arrived(note, "ACCPAYCREDIT", "VC-1")

    def test_forgotten_bindings(self):
        bill, note = self._bill(100), self._bill(40, move_type="in_refund", ref="VC-1")
        self._run()
        self._binding(bill).unlink()
        self._binding(note).unlink()
        self.connection.action_sync_now()
        self._run()
        self._assert_arrived(bill, "ACCPAY", "V-1001")
        self._assert_arrived(note, "ACCPAYCREDIT", "VC-1")

    def test_two_bills_alike_are_two(self):
        first, second = self._bill(100), self._bill(100)
        self._run()
        third = self._bill(100)
        self._run()
        ids = {self._assert_arrived(bill, "ACCPAY", "V-1001", count=3).xero_id for bill in (first, second, third)}
        self.assertEqual(len(ids), 3)

    def test_two_credit_notes_alike_are_two_though_they_have_no_link(self):
        first = self._bill(40, move_type="in_refund", ref="VC-1")
        self._run()
        second = self._bill(40, move_type="in_refund", ref="VC-1")
        self._run()
        self.assertNotEqual(first.xero_id, second.xero_id)
        self._assert_arrived(second, "ACCPAYCREDIT", "VC-1", count=2)

    def test_lost_answer_of_two_alike(self):
        first, second = self._bill(40, move_type="in_refund", ref="VC-1"), self._bill(40, move_type="in_refund", ref="VC-1")
        self._order_fault("timeout_after", path="CreditNotes", method="PUT")
        self._run()
        self._later()
        self._run()
        self.assertNotEqual(first.xero_id, second.xero_id)
        self._assert_arrived(second, "ACCPAYCREDIT", "VC-1", count=2)

    def test_typed_in_by_hand_is_taken_over(self):
        other = self._bill(100)
        self._run()
        xero_id = other.xero_id
        self.xero.organisation("AU").invoices.put({**self.xero.organisation("AU").invoices.get(xero_id), "Url": ""})
        self._binding(other).unlink()
        self.env["xero.job"].sudo().search([("res_id", "=", other.id)]).unlink()
        self.connection.action_sync_now()
        self._run()
        self._assert_arrived(other, "ACCPAY", "V-1001")

    def test_same_number_other_amount_is_another_bill(self):
        self._bill(100)
        self._run()
        other = self._bill(200)
        self._run()
        self._assert_arrived(other, "ACCPAY", "V-1001", count=2)

    def test_odd_numbers_are_found_again(self):
        odd = ['5" pipe, 2', "a\\b", "100,200", "O'Neill & Co", "1 < 2 > 0"]
        notes = [self._bill(10 + n, move_type="in_refund", ref=ref) for n, ref in enumerate(odd)]
        bills = [self._bill(10 + n, ref=ref) for n, ref in enumerate(odd)]
        self._order_fault("timeout_after", path="Invoices", method="PUT")
        self._order_fault("timeout_after", path="CreditNotes", method="PUT")
        self._run()
        self._later()
        self._run()
        self.assertEqual([move.xero_state for move in notes + bills], ["synced"] * 10)
        organisation = self.xero.organisation("AU")
        self.assertEqual((len(list(organisation.credit_notes)), len(list(organisation.invoices))), (5, 5))


@tagged("post_install", "-at_install")
class TestStanding(DocumentsCommon):
    """How documents stand in Xero is the administrator's decision, and what people decide there is not taken back."""

    def _set_status(self, move, status):
        """Somebody does it by hand in Xero."""
        self._write(move, "update", status)

    def _write(self, move, _operation, status):
        handler, client = self.env["xero.handler"]._of(self.env["xero.handler"]._kind_of(move)), self._xero()
        payload = {handler._resource.ID: self._binding(move).xero_id, "Status": status}
        [written] = handler._write(client, "update", [payload], "")
        self.assertTrue(written.ok, written.errors)

    def _theme(self, move):
        return self.xero.organisation("AU").invoices.get(move.xero_id)["BrandingThemeID"]

    def test_each_kind_by_its_own_policy(self):
        self.connection.sudo().write({"invoice_approval": "draft", "bill_approval": "submitted"})
        invoice, bill, note = self._invoice(100), self._bill(50), self._credit_note(30)
        self._run()
        self.assertEqual([self._remote(move).status for move in (invoice, bill, note)], ["DRAFT", "SUBMITTED", "AUTHORISED"])

    def test_approved_by_hand_stays_approved(self):
        self.connection.sudo().invoice_approval = "draft"
        invoice = self._invoice(100)
        self._run()
        self._set_status(invoice, "AUTHORISED")
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        before = self._calls("POST")
        self._run()
        # one call: a status that Xero would refuse is not said at all
        self.assertEqual((self._calls("POST") - before, self._assert_in_step(invoice).status), (1, "AUTHORISED"))

    def test_policy_brings_forward_and_never_back(self):
        self.connection.sudo().invoice_approval = "draft"
        first, second = self._invoice(100), self._invoice(50)
        self._run()
        self._set_status(second, "AUTHORISED")
        self.connection.sudo().invoice_approval = "submitted"
        for move in first + second:
            move.ref = "PO 7"
        self._run()
        self.assertEqual([self._remote(move).status for move in (first, second)], ["SUBMITTED", "AUTHORISED"])
        self.assertEqual([self._remote(move).reference for move in (first, second)], ["PO 7", "PO 7"])
        self.assertEqual((first + second).mapped("xero_state"), ["synced", "synced"])

    def test_receipt_without_a_partner(self):
        """Odoo posts it; Xero needs a contact."""
        receipt = self._invoice(30, move_type="out_receipt", post=False)
        receipt.partner_id = False
        receipt.action_post()
        self._run()
        self.assertEqual((receipt.xero_state, receipt.xero_problem_id.code), ("blocked", "not_ready"))

    def test_exchange_rate_too_small_for_xero(self):
        tiny = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.0000612345)])
        self.xero.organisation("AU").add_currency("EUR")
        self.connection.action_refresh_reference_data()
        invoice = self._invoice(100, currency_id=tiny.id)
        self._run()
        self.assertEqual((invoice.xero_state, invoice.xero_problem_id.code), ("blocked", "totals_differ"))

    def test_draft_is_deleted_and_what_was_approved_since_is_voided(self):
        self.connection.sudo().invoice_approval = "draft"
        first, second = self._invoice(100), self._invoice(50)
        self._run()
        self._set_status(second, "AUTHORISED")
        (first + second).button_draft()
        (first + second).button_cancel()
        self._run()
        self.assertEqual([self._remote(move).status for move in (first, second)], ["DELETED", "VOIDED"])

    def test_marked_as_sent_when_odoo_sent_it(self):
        sent, later, never = self._invoice(100, post=False), self._invoice(50), self._invoice(20)
        sent.is_move_sent = True
        sent.action_post()
        self._run()
        later.is_move_sent = True
        self._run()
        self.assertEqual([self._remote(move).sent for move in (sent, later, never)], [True, True, False])

    @every_value("sent_to_contact_alters_discounts")
    def test_sent_later_does_not_alter_the_discount(self):
        invoice = self._invoice(100, 33.33, post=False, quantity=7)
        invoice.invoice_line_ids.discount = 12.34
        invoice.action_post()
        self._run()
        before = self._remote(invoice).total
        invoice.is_move_sent = True
        self._run()
        self.assertEqual((self._remote(invoice).sent, self._remote(invoice).total), (True, before))
        self._assert_in_step(invoice)

    def test_sent_later_though_it_is_paid(self):
        invoice = self._invoice(100)
        self._pay(invoice)
        self._run()
        invoice.is_move_sent = True
        self._run()
        self.assertEqual((self._remote(invoice).sent, self._remote(invoice).status), (True, "PAID"))
        self.assertEqual(invoice.xero_state, "synced")

    @every_value("sent_to_contact_on_draft")
    def test_drafts_are_not_marked_as_sent(self):
        self.connection.sudo().invoice_approval = "draft"
        invoice = self._invoice(100, post=False)
        invoice.is_move_sent = True
        invoice.action_post()
        self._run()
        self.assertEqual(invoice.xero_state, "synced")

    def test_branding_theme(self):
        themes = self.env["xero.branding.theme"].search([("connection_id", "=", self.connection.id)])
        plain = self._invoice(100)
        self._run()
        chosen = themes.filtered(lambda theme: theme.xero_id != self._theme(plain))[:1]
        self.assertTrue(chosen)
        self.connection.sudo().branding_theme_id = chosen
        invoice, bill = self._invoice(100), self._bill(10)
        self._run()
        self.assertEqual(self._theme(invoice), chosen.xero_id)
        self.assertEqual(bill.xero_state, "synced")

    def test_reference_that_is_gone_goes(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        self.assertEqual(self._remote(invoice).reference, "PO 7")
        invoice.write({"ref": False, "payment_reference": False})
        self._run()
        self.assertEqual(self._remote(invoice).reference, "")
