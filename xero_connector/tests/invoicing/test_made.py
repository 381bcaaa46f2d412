from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.made import MadeCase

GUARD = "odoo.addons.xero_connector.engine.guard"


@tagged("post_install", "-at_install")
class TestMadeInXero(MadeCase):
    """Invoices, bills and credit notes that people write in Xero come in once, to the cent, and nothing of them goes out again."""

    # === POSTED === #

    def test_an_invoice(self):
        contact = self._contact("Basket Case", EmailAddress="b@example.com", TaxNumber="51824753556", AccountNumber="C-77")
        before = self._changes()
        xero_id = self._write(contact=contact, number="X-100", reference="PO 7", due_date="2026-11-04")
        self._read()
        move = self._made(xero_id)
        self.assertEqual((move.move_type, move.state, move.name, move.ref), ("out_invoice", "posted", "X-100", "PO 7"))
        self.assertEqual((str(move.invoice_date), str(move.date), str(move.invoice_date_due)), ("2026-10-05", "2026-10-05", "2026-11-04"))
        self.assertEqual((move.journal_id, move.invoice_user_id), (self.connection.taken_sale_journal_id, self.env["res.users"]))
        partner = move.partner_id
        said = (partner.name, partner.email, partner.vat, partner.ref, partner.is_company)
        self.assertEqual(said, ("Basket Case", "b@example.com", "51824753556", "C-77", True))
        self.assertEqual(partner.message_follower_ids + move.message_follower_ids, self.env["mail.followers"])
        self._assert_as_in_xero(move, xero_id)
        self.assertEqual(move.xero_state, "synced")
        self._assert_quiet()
        self.assertEqual(self._changes(), before)

    def test_of_each_kind(self):
        bill = self._write("bill", number="V-9", amount=33.33)
        sold = self._write("credit_note", number="CN-X1", amount=10)
        bought = self._write("credit_note", side="purchase", number="V-C1", amount=7.77)
        self._read()
        types = [self._made(xero_id).move_type for xero_id in (bill, sold, bought)]
        self.assertEqual(types, ["in_invoice", "out_refund", "in_refund"])
        self.assertEqual([self._made(xero_id).ref for xero_id in (bill, bought)], ["V-9", "V-C1"])
        self.assertEqual(self._made(sold).name, "CN-X1")
        for xero_id in (bill, sold, bought):
            self._assert_as_in_xero(self._made(xero_id), xero_id)
        self._assert_quiet()

    def test_prices_with_tax_discounts_and_odd_quantities(self):
        """Odoo keeps two decimals of quantities and discounts, and reckons taxes otherwise: the amounts are Xero's all the same."""
        lines = [
            {"Description": "third", "Quantity": "0.3333", "UnitAmount": "10", "AccountCode": "200"},
            {"Description": "off", "Quantity": "3", "UnitAmount": "33.333", "DiscountRate": "33.33", "AccountCode": "200"},
            {"Description": "just a note"},
            {"Description": "by hand", "Quantity": "1", "UnitAmount": "50", "TaxAmount": "4.99", "AccountCode": "200"},
        ]
        ids = [
            self._write(contact=self._contact(f"Of {types}"), lines=lines, amount=None, line_amount_types=types, number=f"T-{types}")
            for types in ("Exclusive", "Inclusive", "NoTax")
        ]
        self._read()
        for xero_id in ids:
            move = self._made(xero_id)
            self._assert_as_in_xero(move, xero_id)
            self.assertEqual(move.invoice_line_ids.filtered(lambda line: line.display_type == "line_note").name, "just a note")
        self._assert_quiet()

    def test_foreign_currency(self):
        self._subscribe("EUR")
        xero_id = self._write(currency="EUR", rate="0.6123", number="E-1", amount=81.5)
        self._read()
        move = self._made(xero_id)
        self.assertEqual((move.currency_id.name, round(move.invoice_currency_rate, 6)), ("EUR", 0.6123))
        self._assert_as_in_xero(move, xero_id)
        self._assert_quiet()

    def test_numbers_that_look_like_dates(self):
        ids = [self._write(contact=self._contact(number), number=number) for number in ("INV-2025-01", "2024/17/A", "ABC")]
        self._read()
        self.assertEqual([self._made(xero_id).name for xero_id in ids], ["INV-2025-01", "2024/17/A", "ABC"])

    def test_numbers_of_ours_go_on_as_before(self):
        mine = self._invoice(10)
        self._write(number="INV-9000")
        self._read()
        self.assertEqual(self._invoice(10).name, mine.name[:-1] + str(int(mine.name[-1]) + 1))

    def test_told_again_it_is_the_same(self):
        xero_id = self._write(number="X-1")
        self._read()
        self._pass(days=2)
        self._run()
        self.assertEqual(len(self._row(xero_id)), 1)
        self.assertEqual(self.env["account.move"].search_count([("name", "=", "X-1")]), 1)

    # === WHAT IS PAID OF IT === #

    def test_paid_before_it_came_in(self):
        contact = self._contact()
        xero_id = self._write(contact=contact, number="X-1")
        self._rita("pay", document=xero_id, amount=50, date="2026-10-06")
        self._rita("pay", document=xero_id, amount=60, date="2026-10-07")
        self._read()
        self._run()
        move = self._made(xero_id)
        self.assertEqual((len(move.reconciled_payment_ids), move.amount_residual), (2, 0))
        self._assert_quiet()

    def test_paid_long_before_it_was_wanted(self):
        self._take_in("no")
        contact = self._contact()
        xero_id = self._write(contact=contact, number="X-1")
        self._rita("pay", document=xero_id, date="2026-10-06")
        self._read()
        self._pass(days=3)
        self._run()
        self.assertFalse(self._row(xero_id))
        self._take_in("posted")
        self._read()
        self._run()
        self.assertEqual(self._made(xero_id).amount_residual, 0)

    def test_credited_in_xero(self):
        contact = self._contact()
        xero_id = self._write(contact=contact, number="X-1")
        note = self._write("credit_note", contact=contact, number="CN-1", amount=40)
        self._rita("allocate", credit=note, invoice=xero_id, amount=44)
        self._read()
        self._pass(minutes=16)  # the note came in after the invoice
        self._run()
        self.assertEqual((self._made(xero_id).amount_residual, self._made(note).amount_residual), (66, 0))
        self._assert_quiet()

    # === WHO === #

    def test_of_a_contact_that_is_known(self):
        invoice = self._sent(self._invoice(10))
        contact = self._theirs(invoice.xero_id)["ContactID"]
        xero_id = self._write(contact=contact, number="X-1")
        self._read()
        self.assertEqual(self._made(xero_id).partner_id, self.partner)

    def test_of_one_that_is_here_beyond_doubt(self):
        """The same tax number; and the same name with the same e-mail address."""
        other = self.env["res.partner"].create({"name": "Basket Case", "email": "b@example.com", "is_company": True})
        ids = [
            self._write(contact=self._contact("Azure, Inc.", TaxNumber="83 914 571 673"), number="X-1"),
            self._write(contact=self._contact("Basket Case", EmailAddress="B@example.com"), number="X-2"),
        ]
        before = self.env["res.partner"].search_count([])
        self._read()
        self.assertEqual([self._made(xero_id).partner_id for xero_id in ids], [self.partner, other])
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_of_one_that_may_be_here(self):
        """A namesake is a question; the answer counts for all that waits for it."""
        namesake = self.env["res.partner"].create({"name": "Basket Case", "is_company": True})
        contact = self._contact("Basket Case")
        ids = [self._write(contact=contact, number=number) for number in ("X-1", "X-2")]
        self._read()
        row = self._row(ids[0])
        self.assertEqual((row.state, row.cause, row.candidate_ids), ("asked", "who", namesake))
        choice = self.env["xero.made.contact"].create({"made_id": row.id})
        self.assertEqual(choice.partner_id, namesake)
        choice.action_apply()
        self._run()
        self.assertEqual([self._made(xero_id).partner_id for xero_id in ids], [namesake, namesake])

    def test_of_another_one_of_that_name(self):
        namesake = self.env["res.partner"].create({"name": "Basket Case", "is_company": True})
        xero_id = self._write(contact=self._contact("Basket Case"), number="X-1")
        self._read()
        self.env["xero.made.contact"].create({"made_id": self._row(xero_id).id, "choice": "create"}).action_apply()
        self._run()
        self.assertNotIn(self._made(xero_id).partner_id, [namesake, self.env["res.partner"]])

    def test_two_documents_of_one_new_contact(self):
        contact = self._contact("Newcomer")
        ids = [self._write(contact=contact, number=number) for number in ("X-1", "X-2")]
        self._read()
        self.assertEqual(len({self._made(xero_id).partner_id for xero_id in ids}), 1)

    # === NOT TAKEN IN === #

    def test_what_is_not_wanted_leaves_no_trace(self):
        self._take_in("no")
        ids = [self._write(number="X-1")]
        self._take_in("posted")
        ids += [self._write(number="X-2", date="2026-09-30"), self._write(number="X-3", status="DRAFT")]
        self.env["xero.cursor"].sudo().search([]).write({"since": "2027-01-01"})
        self._pass(minutes=16)
        self.connection.takes_invoice = "no"
        self._run()
        self.assertFalse(self.env["xero.made"].search([("xero_id", "in", ids)]))

    def test_a_draft_in_xero_comes_when_it_is_approved(self):
        xero_id = self._write(number="X-1", status="DRAFT")
        self._read()
        self.assertFalse(self._row(xero_id))
        self._rita("approve", item=xero_id)
        self._read()
        self.assertEqual(self._made(xero_id).state, "posted")

    def test_voided_before_it_came_in(self):
        self.connection.taken_sale_journal_id.company_id.fiscalyear_lock_date = "2026-10-31"
        xero_id = self._write(number="X-1")
        self._read()
        self.assertEqual(self._row(xero_id).state, "held")
        self._rita("void", item=xero_id)
        self._read()
        self.assertEqual(self._row(xero_id).state, "gone")

    def test_held(self):
        """Each with its sentence, and it comes in when the cause is gone."""
        self.connection.account_mapping_ids.filtered(lambda line: line.xero_account_id.code == "260").unlink()
        closed, unmapped = self._write(number="X-1"), self._write(number="X-2", line_account="260", date="2026-12-05")
        self._subscribe("GBP")
        foreign = self._write(number="X-3", currency="GBP", rate="0.7", date="2026-12-05")
        self.env["res.currency"].search([("name", "=", "GBP")]).active = False
        self.env.company.fiscalyear_lock_date = date(2026, 11, 30)
        self._read()
        found = [self._row(xero_id) for xero_id in (closed, unmapped, foreign)]
        self.assertEqual([row.state for row in found], ["held"] * 3, [row.message for row in found])
        for row, word in zip(found, ("closed", "260", "GBP"), strict=True):
            self.assertIn(word, row.message)
            self.assertFalse(row.move_id)
        self.env.company.fiscalyear_lock_date = False
        self._read()
        self.assertEqual(self._row(closed).state, "taken")
        self.assertEqual(self._row(unmapped).state, "held")

    def test_a_credit_note_that_stands_for_a_write_off(self):
        """It is the counterpart of an entry here, though no credit note of Odoo's."""
        invoice = self._sent(self._invoice(100))
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        account = self.company_data["default_account_expense"]
        how = {"amount": 105, "payment_difference_handling": "reconcile", "writeoff_account_id": account.id, "journal_id": self.bank.id}
        self._record_in("both")
        wizard.create(how)._create_payments()
        self._run()
        self.assertTrue(self.env["xero.binding"].sudo().search([("kind", "=", "write_off")]))
        self._read()
        self._pass(days=2)
        self._run()
        self.assertFalse(self.env["xero.made"].search([]))

    # === LIKE ONE THAT IS HERE === #

    def test_like_one_that_is_here(self):
        """Of its contact, day and total; nothing is doubled, and a person says whether it is the same."""
        self.connection.sync_bill = "manual"
        contact = self._theirs(self._sent(self._invoice(10)).xero_id)["ContactID"]
        bill = self._bill(100, date="2026-10-05", invoice_date_due="2026-10-05")
        lines = [{"Description": "line 0", "Quantity": 1, "UnitAmount": "100", "AccountCode": "429"}]
        xero_id = self._write("bill", contact=contact, number="V-1001", amount=None, lines=lines)
        self._read()
        row = self._row(xero_id)
        self.assertEqual((row.state, row.alike_id), ("proposed", bill), row.message)
        before = self._changes()
        row.action_same()
        self._run()
        self.assertEqual((self._row(xero_id).state, bill.xero_id, bill.xero_state), ("taken", xero_id, "synced"), bill.xero_message)
        self._assert_quiet()
        self.assertEqual(self._changes(), before)

    def test_another_one(self):
        self.connection.sync_bill = "manual"
        contact = self._theirs(self._sent(self._invoice(10)).xero_id)["ContactID"]
        bill = self._bill(100, date="2026-10-05")
        xero_id = self._write("bill", contact=contact, number="V-2")
        self._read()
        self._row(xero_id).action_another()
        self._run()
        self.assertNotEqual(self._made(xero_id), bill)

    def test_the_one_here_waits_for_the_answer(self):
        """Xero would take a bill of that number twice: it is not sent before somebody has said that there are two."""
        self.connection.sync_bill = "manual"
        contact = self._theirs(self._sent(self._invoice(10)).xero_id)["ContactID"]
        bill = self._bill(100, date="2026-10-05")
        xero_id = self._write("bill", contact=contact, number="V-1001", amount=100.5)
        self._read()
        before = self._changes()
        bill.action_xero_sync()
        self._run()
        problem = self.env["xero.problem"].search([("code", "=", "maybe_made"), ("state", "=", "open")])
        self.assertEqual((bill.xero_state, self._changes(), problem.fix_label), ("blocked", before, "Compare the Two"))
        self.assertEqual(self.env["xero.made"].search(problem.action_fix()["domain"]), self._row(xero_id))
        self._row(xero_id).action_another()
        self._run()
        self._run()
        self.assertEqual((bill.xero_state, problem.state), ("synced", "solved"), bill.xero_message)
        self.assertNotIn(xero_id, [bill.xero_id, False])
        self.assertNotEqual(self._made(xero_id), bill)

    def test_what_we_have_sent_is_ours(self):
        invoice = self._sent(self._invoice(10, date="2026-10-05"))
        self.assertFalse(self._row(invoice.xero_id))
        self._pass(days=2)
        self._run()
        self.assertFalse(self.env["xero.made"].search([]))

    def test_money_that_xero_does_not_tell(self):
        """What is wrong with the question about what was paid keeps nothing else from going; it is asked again."""
        xero_id = self._write(number="X-1")
        self._rita("pay", document=xero_id, date="2026-10-06")
        invoice = self._invoice(30)
        handler = type(self.env["xero.handler.payment"])
        with patch.object(handler, "_take", side_effect=ValueError("a mistake of ours")), mute_logger(GUARD):
            self._read()
        self.assertEqual((invoice.xero_state, self._row(xero_id).money_due), ("synced", True))
        self._read()
        self.assertEqual((self._made(xero_id).amount_residual, self._row(xero_id).money_due), (0, False))
