from odoo import Command
from odoo.tests import tagged

from ...handlers.invoicing.taking import Facts, decide
from ..common.drift import DriftCase
from ..common.tracking import TrackingCase


@tagged("post_install", "-at_install")
class TestTakeTheirs(DriftCase):
    """What somebody changed in Xero is brought to Odoo: to the cent, under the same number, and nothing goes back."""

    def _take(self, document):
        """Take Xero's, and see that Xero was told nothing and both say the same."""
        self._read()
        written = self._written()
        drift = self._drifts(document)
        said = self._answer(drift, "take")
        self.assertEqual((said, drift.state, drift.answer), ("Taken: 1", "answered", "take"))
        self._run()
        self._read()
        document.action_xero_sync()
        self._run()
        self.env.invalidate_all()
        self.assertEqual((document.xero_state, document.xero_message or ""), ("synced", ""))
        self.assertEqual(self._written(), written, "nothing is sent back")
        return drift

    def _written(self):
        return self._calls("POST") + self._calls("PUT") + self._calls("DELETE")

    def _assert_same_amounts(self, document):
        remote = self._remote(document)
        self.assertEqual((document.amount_total, document.amount_tax), (float(remote.total), float(remote.total_tax)))

    def test_words(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        entries = invoice.line_ids.ids
        self._rita("edit", invoice.xero_id, {"Reference": "PO 8", "DueDate": "2027-02-28"})
        self._take(invoice)
        self.assertEqual((invoice.ref, str(invoice.invoice_date_due), invoice.state), ("PO 8", "2027-02-28", "posted"))
        self.assertEqual(invoice.line_ids.ids, entries)

    def test_due_date_of_a_payment_term(self):
        invoice = self._invoice(100, invoice_payment_term_id=self.env.ref("account.account_payment_term_30days").id, invoice_date_due=False)
        self._run()
        self._rita("edit", invoice.xero_id, {"DueDate": "2027-02-28"})
        self._take(invoice)
        terms = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual((str(invoice.invoice_date_due), str(terms.date_maturity)), ("2027-02-28", "2027-02-28"))

    def test_vendors_number_of_a_bill(self):
        bill = self._bill(50)
        self._run()
        self._rita("edit", bill.xero_id, {"InvoiceNumber": "V-2002"})
        self._take(bill)
        self.assertEqual(bill.ref, "V-2002")

    def test_account_of_a_paid_bill(self):
        """In place: the payment stays matched."""
        bill, other = self._bill(50), self._other_account("404")
        payment = self._pay(bill)
        self._run()
        partial, before = self._matched(bill), payment.state
        self._rita("edit_line_account", bill.xero_id, "404")
        self._take(bill)
        self.assertEqual(bill.invoice_line_ids.account_id, other)
        self.assertEqual((self._matched(bill), bill.payment_state, payment.state), (partial, "paid", before))

    def _other_account(self, code):
        """An account here that stands for this one of Xero."""
        account = self.env["account.account"].create({"name": "Other", "code": f"9{code}", "account_type": "expense"})
        target = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])
        values = {"connection_id": self.connection.id, "use": "post", "account_id": account.id, "xero_account_id": target.id}
        self.env["xero.account.mapping"].create({**values, "confirmed": True})
        return account

    def _matched(self, move):
        terms = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return terms.matched_debit_ids | terms.matched_credit_ids

    def test_price(self):
        for document in self._invoice(400, 33.33), self._bill(400, 33.33), self._credit_note(400, 33.33):
            with self.subTest(document.move_type):
                self._run()
                number, line = document.name, document.invoice_line_ids[0]
                lines = [{**self._line(document), "UnitAmount": 360.05}, self._line(document, 1)]
                self._rita("edit", document.xero_id, {"LineItems": lines})
                self._take(document)
                self.assertEqual((document.name, document.state, line.price_unit), (number, "posted", 360.05))
                self._assert_same_amounts(document)

    def test_lines_added_and_removed(self):
        invoice = self._invoice(100, 50, 25)
        self._run()
        first, last = invoice.invoice_line_ids[0], invoice.invoice_line_ids[2]
        new = {"Description": "Added", "Quantity": "1.3333", "UnitAmount": "9.99", "AccountCode": "200", "TaxType": "OUTPUT"}
        self._rita("edit", invoice.xero_id, {"LineItems": [self._line(invoice), self._line(invoice, 2), new]})
        self._take(invoice)
        self.assertEqual(invoice.invoice_line_ids[:2], first | last)
        self.assertEqual(invoice.invoice_line_ids.mapped("name"), ["line 0", "line 2", "Added"])
        self._assert_same_amounts(invoice)

    def test_tax_to_the_cent(self):
        """A person in Xero has changed the tax; Odoo would compute another."""
        invoice = self._invoice(100.05, 33.33)
        self._run()
        lines = [{**self._line(invoice), "TaxAmount": "10.03"}, self._line(invoice, 1)]
        self._rita("edit", invoice.xero_id, {"LineItems": lines})
        self._take(invoice)
        self._assert_same_amounts(invoice)
        self.assertNotEqual(invoice.amount_tax, round(133.38 * 0.1, 2))

    def test_to_the_cent_whatever_was_typed(self):
        """Quantities and discounts of more decimals than Odoo keeps, prices of four, lines that take off."""
        shapes = (
            {"Quantity": "0.3333", "UnitAmount": "10"},
            {"Quantity": "7", "UnitAmount": "14.2873"},
            {"Quantity": "3", "UnitAmount": "33.33", "DiscountRate": "33.3333"},
            {"Quantity": "13", "UnitAmount": "0.0765"},
            {"Quantity": "-2", "UnitAmount": "12.345"},
            {"Quantity": "1000", "UnitAmount": "1.2346", "DiscountRate": "12.5"},
        )
        invoice = self._invoice(500, 20)
        self._run()
        for shape in shapes:
            with self.subTest(shape):
                lines = [self._line(invoice), {**self._line(invoice, 1), **shape}]
                self._rita("edit", invoice.xero_id, {"LineItems": lines})
                self._take(invoice)
                self._assert_same_amounts(invoice)

    def test_prices_with_tax(self):
        self.company_data["default_tax_sale"].price_include_override = "tax_included"
        invoice = self._invoice(110, 19.99)
        self._run()
        line = {**self._line(invoice), "UnitAmount": 99.99}
        self._rita("edit", invoice.xero_id, {"LineItems": [line, self._line(invoice, 1)]})
        self._take(invoice)
        self._assert_same_amounts(invoice)

    def test_date(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("edit", invoice.xero_id, {"Date": "2026-10-12"})
        self._take(invoice)
        self.assertEqual((str(invoice.invoice_date), str(invoice.date)), ("2026-10-12", "2026-10-12"))

    def test_foreign_currency(self):
        dollars = self.setup_other_currency("USD", rates=[("2020-01-01", 0.66)])
        self.organisation.add_currency("USD")
        self.connection.action_refresh_reference_data()
        invoice = self._invoice(99.99, currency_id=dollars.id)
        self._run()
        self._rita("edit", invoice.xero_id, {"LineItems": [{**self._line(invoice), "UnitAmount": 90}], "Date": "2026-10-12"})
        self._take(invoice)
        self._assert_same_amounts(invoice)
        self.assertAlmostEqual(invoice.invoice_currency_rate, 0.66, 6)

    def test_payments_are_matched_again(self):
        """Paid here, and the payment taken out in Xero before somebody changed the price there."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, 40)
        self._run()
        [theirs] = self._xero_payments(invoice)
        self._rita("delete_payment", theirs.xero_id)
        self._rita("edit", invoice.xero_id, {"LineItems": [{**self._line(invoice), "UnitAmount": 90}]})
        self._read()
        self._answer(self._drifts(invoice), "take")
        self.assertEqual((invoice.amount_total, invoice.amount_residual, invoice.state), (99.0, 59.0, "posted"))
        self.assertEqual(invoice.matched_payment_ids | invoice.reconciled_payment_ids, payment)

    def test_voided(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("void", invoice.xero_id)
        self._read()
        written, drift = self._written(), self._drifts(invoice)
        self.assertIn("It is cancelled here.", self._ask(drift, "take").line_ids.sentence)
        self.assertEqual(self._answer(drift, "take"), "Taken: 1")
        self._run()
        self._read()
        self.assertEqual((invoice.state, invoice.xero_state, drift.state), ("cancel", "voided", "answered"))
        self.assertEqual(self._written(), written)

    def test_voided_and_paid_here(self):
        """The payment is unmatched first, and stays."""
        invoice = self._invoice(100)
        payment = self._pay(invoice)
        self._run()
        [theirs] = self._xero_payments(invoice)
        self._rita("delete_payment", theirs.xero_id)
        self._rita("void", invoice.xero_id)
        self._read()
        self.assertIn("Its payments are unmatched", self._ask(self._drifts(invoice), "take").line_ids.sentence)
        self._answer(self._drifts(invoice), "take")
        self.assertEqual((invoice.state, payment.move_id.state, len(self._matched(invoice))), ("cancel", "posted", 0))

    # === CLOSED PERIODS === #

    def _close(self, day):
        self.env.company.sudo().fiscalyear_lock_date = day
        self.env.invalidate_all()

    def test_voided_in_a_closed_period(self):
        invoice = self._invoice(100)
        self._run()
        self._rita("void", invoice.xero_id)
        self._read()
        self._close("2026-10-31")
        written, drift = self._written(), self._drifts(invoice)
        self.assertIn("because its period is closed up to 31 Oct", self._ask(drift, "take").line_ids.sentence)
        self._answer(drift, "take")
        self._run()
        self.env["xero.connection"].browse(self.connection.id).action_sync_now()
        self._run()
        reversal = invoice.reversal_move_ids
        self.assertEqual((invoice.state, invoice.payment_state, reversal.state), ("posted", "reversed", "posted"))
        self.assertGreater(str(reversal.date), "2026-10-31")
        self.assertEqual((reversal.amount_total, self._written()), (invoice.amount_total, written))
        self.assertEqual((invoice + reversal).mapped("xero_state"), ["ignored", "ignored"])

    def test_price_in_a_closed_period(self):
        for price, side in ((360, "out_refund"), (450, "out_invoice")):
            with self.subTest(price):
                self._close(False)
                invoice = self._invoice(400, 33.33)
                self._run()
                lines = [{**self._line(invoice), "UnitAmount": price}, self._line(invoice, 1)]
                self._rita("edit", invoice.xero_id, {"LineItems": lines})
                self._read()
                self._close("2026-10-31")
                written, drift, before = self._written(), self._drifts(invoice), invoice.amount_total
                self.assertEqual(self._answer(drift, "take"), "Taken: 1")
                other = self.env["account.move"].search([("ref", "=", invoice.name)])
                total = float(self._remote(invoice).total)
                self.assertEqual((other.move_type, other.state, invoice.amount_total), (side, "posted", before))
                self.assertAlmostEqual(invoice.amount_total_signed + other.amount_total_signed, total, 2)
                self.assertGreater(str(other.date), "2026-10-31")
                self._run()
                self._read()
                self.assertEqual((invoice.xero_state, other.xero_state, self._written()), ("accepted", "ignored", written))

    def test_account_in_a_closed_period(self):
        other_account = self._other_account("404")
        bill = self._bill(50)
        self._run()
        self._rita("edit_line_account", bill.xero_id, "404")
        self._read()
        self._close("2026-10-31")
        self._answer(self._drifts(bill), "take")
        other = self.env["account.move"].search([("ref", "=", bill.name)])
        amounts = {line.account_id: line.balance for line in other.invoice_line_ids}
        expense = self.company_data["default_account_expense"]
        self.assertEqual((other.amount_total, amounts), (0, {expense: -50, other_account: 50}))

    def test_the_decision(self):
        """Row by row as its table says."""
        words, coding, price, number = ({name} for name in ("due_date", "account_code", "unit_amount", "number"))
        rows = [
            ({"is_posted": False}, words, ""),
            ({"may_write": False}, words, ""),
            ({"is_gone": True}, set(), "cancel"),
            ({"is_gone": True, "is_closed": True}, set(), "reverse"),
            ({"is_gone": True, "is_hashed": True}, set(), "reverse"),
            ({"why_not": "x"}, price, ""),
            ({}, {"content"}, ""),
            ({}, words, "in_place"),
            ({"is_closed": True, "is_hashed": True}, words, "in_place"),
            ({}, words | coding, "in_place"),
            ({}, coding | price, "again"),
            ({}, number, "again"),
            ({"is_closed": True}, coding, "correct"),
            ({"is_hashed": True}, price | number, "correct"),
            ({"is_closed": True}, number, ""),
        ]
        for facts, differs, deed in rows:
            with self.subTest(facts=facts, differs=differs):
                found, reason = decide(Facts(**{"is_gone": False, **facts}, differs=frozenset(differs)))
                self.assertEqual((found, bool(reason)), (deed, not deed))

    def test_locked_entries(self):
        """Their hash keeps them as they are: the difference is a document of its own, in the same period if that is open."""
        self.company_data["default_journal_sale"].restrict_mode_hash_table = True
        invoice = self._invoice(400)
        self.assertTrue(invoice.inalterable_hash)
        self._run()
        self._rita("edit", invoice.xero_id, {"LineItems": [{**self._line(invoice), "UnitAmount": 360}]})
        self._read()
        self.assertIn("because its entries are locked", self._ask(self._drifts(invoice), "take").line_ids.sentence)
        self._answer(self._drifts(invoice), "take")
        other = self.env["account.move"].search([("ref", "=", invoice.name)])
        self.assertEqual((other.move_type, other.amount_total, invoice.amount_residual), ("out_refund", 44.0, 396.0))

    # === NOT POSSIBLE === #

    def test_what_has_no_place_here(self):
        """Nothing stands for that account: it is said before, and nothing is touched."""
        bill = self._bill(50)
        self._run()
        self._rita("edit_line_account", bill.xero_id, "404")
        self._read()
        dialog = self._ask(self._drifts(bill), "take")
        self.assertEqual((dialog.line_ids.deed, dialog.is_possible), ("", False))
        self.assertIn("mapped to “404” of Xero", dialog.line_ids.sentence)

    def test_set_to_draft_meanwhile(self):
        invoice = self._invoice(100, ref="PO 7")
        self._run()
        drift = self._changed(invoice, Reference="PO 8")
        invoice.button_draft()
        self.assertEqual(drift._plans("take")[drift].sentence, "It is not posted in Odoo any more.")

    def test_odoo_comes_to_something_else(self):
        """To the cent or not at all: what was begun is undone."""
        invoice = self._invoice(0.04)
        self._run()
        self._rita("edit", invoice.xero_id, {"LineItems": [{**self._line(invoice), "TaxAmount": "0.01"}]})
        self._read()
        drift, line = self._drifts(invoice), invoice.line_ids.ids
        said = self._answer(drift, "take")
        self.assertIn("Xero has a tax of 0.01 where Odoo has none.", said)
        self.assertEqual((drift.state, invoice.state, invoice.line_ids.ids), ("open", "posted", line))

    def test_notes_and_products_stay(self):
        product = self.env["product.product"].create({"name": "Thing", "list_price": 10})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.product_id = product
        invoice.invoice_line_ids.write({"price_unit": 100, "tax_ids": [Command.set(self.tax.ids)], "name": "Thing"})
        invoice.invoice_line_ids = [Command.create({"display_type": "line_note", "name": "A note"})]
        invoice.action_post()
        self._run()
        lines = [{**self._line(invoice), "UnitAmount": 90}, {"Description": "A note"}]
        self._rita("edit", invoice.xero_id, {"LineItems": lines})
        self._take(invoice)
        self.assertEqual(invoice.invoice_line_ids.mapped("product_id"), product)
        self.assertEqual(invoice.invoice_line_ids.mapped("name"), ["Thing", "A note"])


@tagged("post_install", "-at_install")
class TestTakeTracked(DriftCase, TrackingCase):
    """Tracking options of Xero are analytic accounts here, by the mapping read backwards."""

    def _tracked_in_xero(self, document, option):
        line = {**self._line(document), "Tracking": [{"Name": "Region", "Option": option}]}
        self._rita("edit", document.xero_id, {"LineItems": [line]})
        self._read()

    def test_another_option(self):
        self._confirm()
        invoice = self._tracked((100, {(self.north,): 100}))
        self._run()
        self._tracked_in_xero(invoice, "South")
        self.assertEqual(self._drifts(invoice).what, "Tracking, line 1")
        self._answer(self._drifts(invoice), "take")
        self._read()
        self.assertEqual(invoice.invoice_line_ids.analytic_distribution, {str(self.south.id): 100.0})
        self.assertEqual((invoice.xero_state, invoice.state), ("synced", "posted"))

    def test_a_line_that_is_several_in_xero(self):
        self._confirm()
        invoice = self._tracked((100, {(self.north,): 60, (self.south,): 40}))
        self._run()
        rows = [{**self._line(invoice, number), "UnitAmount": 10} for number in range(2)]
        self._rita("edit", invoice.xero_id, {"LineItems": rows})
        self._read()
        dialog = self._ask(self._drifts(invoice), "take")
        self.assertEqual(dialog.line_ids.sentence, "A line of it is several in Xero, by its tracking options.")
