from odoo.tests import tagged

from ...handlers.banking.settle_lines import Part
from ..common.bank import BankCase
from ..common.tracking import TrackingCase
from .test_transfers import TransferCommon


class ForeignCommon(BankCase, TransferCommon):
    """A bank in dollars on both sides; Odoo's rate of the day is another one than Xero's."""

    source = ""

    def _prepare(self):
        super()._prepare()
        self.dollars = self.setup_other_currency("USD", rates=[("2016-01-01", 0.5)])
        self.organisation.currencies.put({"Code": "USD", "Description": "Dollar"})
        self.abroad = self._bank_journal("Dollars", self.dollars)
        [mapping] = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.abroad)
        self.account_code = mapping.xero_account_id.code


@tagged("post_install", "-at_install")
class TestBankLinesForeign(ForeignCommon):
    def test_in(self):
        """At the rate that Xero has; in the company's currency both ledgers say the same."""
        self._lines_from("xero", self.abroad)
        made = self._spent(110, line_account="429", tax_type="INPUT", line_amount_types="Inclusive")
        rate = float(self.organisation.bank_transactions.get(made["BankTransactionID"])["CurrencyRate"])
        self._hour()
        [line] = self._lines()
        bank = line._seek_for_lines()[0]
        self.assertEqual((line.amount, bank.amount_currency, bank.balance), (-110.0, -110.0, round(-110 / rate, 2)))
        self.assertNotAlmostEqual(bank.balance, -220.0)
        self._assert_quiet()
        self._assert_ledgers()

    def test_out(self):
        self._lines_from("none", self.abroad)
        line = self._statement_line(-110, journal_id=self.abroad.id, date="2026-10-05")
        part = Part(self.company_data["default_account_expense"], -110, taxes=self.purchase_tax)
        self.env["xero.bank.settling"]._settle(line, parts=[part])
        self._run()
        self._run()
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual((row["Type"], float(row["Total"]), float(row["TotalTax"]), row["CurrencyCode"]), ("SPEND", 110.0, 10.0, "USD"))
        self._assert_quiet()
        self._assert_ledgers()


@tagged("post_install", "-at_install")
class TestBankLinesTracked(BankCase, TrackingCase):
    def _prepare(self):
        super()._prepare()
        self._confirm()
        self._run()

    def test_tracking_is_analytic(self):
        self.assertTrue(self._option_line(self.north).confirmed)
        tracked = {"TrackingCategoryID": self._category()["TrackingCategoryID"], "Name": "Region", "Option": "North"}
        lines = [
            {"Description": "Tools", "Quantity": 1, "UnitAmount": "33.00", "AccountCode": "429", "TaxType": "INPUT", "Tracking": [tracked]},
            {"Description": "Rest", "Quantity": 1, "UnitAmount": "11.00", "AccountCode": "429", "TaxType": "INPUT"},
        ]
        self._spent(None, lines=lines, line_amount_types="Inclusive")
        self._hour()
        [line] = self._lines()
        self.assertEqual(line.amount, -44.0, self._rows().mapped("message"))
        costs = line.move_id.line_ids.filtered(lambda each: each.account_id == self.company_data["default_account_expense"])
        self.assertEqual(
            sorted((each.balance, each.analytic_distribution or {}) for each in costs), [(10.0, {}), (30.0, {str(self.north.id): 100.0})]
        )
        self._assert_quiet()
        self._assert_ledgers()
