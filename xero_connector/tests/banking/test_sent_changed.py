from odoo.tests import tagged

from ...handlers.banking.settle_lines import Part
from ..common.bank import BankCase
from .test_transfers import TransferCommon


@tagged("post_install", "-at_install")
class TestSentChanged(BankCase):
    """What was sent of a bank without a feed, and is edited in Xero: a person is told, and says which of the two is right."""

    source = "none"

    def setUp(self):
        super().setUp()
        self.line = self._statement_line(-40, date="2026-10-05", payment_ref="From the till")
        self.env["xero.bank.settling"]._settle(self.line, parts=[Part(self.company_data["default_account_expense"], -40)])
        self._run()
        self._run()
        [self.there] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self._hour()
        self.assertFalse(self._rows(), "what comes back as it was sent")

    def _edit(self, account="200", amount="44.00", **fields):
        code = account or self.there["Lines"][0]["AccountCode"]
        line = {"Description": "Dinner", "Quantity": 1, "UnitAmount": amount, "AccountCode": code, "TaxType": "BASEXCLUDED"}
        self._rita("edit", item=self.there["BankTransactionID"], fields=fields or {"LineItems": [line]})
        self._hour()

    def test_booked_as_in_xero(self):
        self._edit()
        row = self._rows("held")
        self.assertEqual((row.cause, row.move_id, self.line.amount), ("line_changed", self.line.move_id, -40))
        row.action_book()
        self._run()
        [line] = self._lines()
        self.assertEqual((line.amount, self._booked(line)), (-44, [(self.company_data["default_account_revenue"], 44, False)]), row.message)
        self._assert_quiet()
        self._assert_ledgers()
        self._edit(account="", amount="40.00")
        self.assertEqual((row.state, row.cause), ("held", "line_changed"), "as it was sent at first is a change by now")

    def test_put_right_in_xero(self):
        self._edit(amount="44.00")
        self.assertEqual(self._rows("held").cause, "line_changed")
        before = self._changes()
        self._edit(account="", amount="40.00")
        self.assertEqual((self._rows().state, self._rows("held").ids, self._changes()), ("booked", [], before))
        self._assert_quiet()
        self._assert_ledgers()

    def test_what_moves_no_money_is_no_change(self):
        self._edit(Reference="Another text")
        self._rita("reconcile", items=[self.there["BankTransactionID"]])
        self._hour()
        self.assertFalse(self._rows())
        self._assert_quiet()


@tagged("post_install", "-at_install")
class TestDepositChanged(BankCase, TransferCommon):
    """A deposit that is booked to something else in Xero: said, not followed, and sent again when it is removed there."""

    def _prepare(self):
        super()._prepare()
        till = self.company_data["default_journal_cash"]
        [mapping] = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == till)
        mapping.action_create_in_xero()
        mapping._confirm()
        self._transfer(100, source=till, target=self.bank)
        self._run()
        self._run()

    def test_said_and_sent_again(self):
        [there] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        line = {"Description": "Sale", "Quantity": 1, "UnitAmount": "90.00", "AccountCode": "200", "TaxType": "BASEXCLUDED"}
        self._rita("edit", item=there["BankTransactionID"], fields={"LineItems": [line]})
        self._hour()
        self.assertEqual(self._rows("held").cause, "line_changed")
        self.assertEqual(len(self._lines()), 2)
        self._rita("delete", item=there["BankTransactionID"])
        self._hour()
        row = self._rows("asked")
        self.assertEqual(row.cause, "gone")
        row.action_send_again()
        self._run()
        self._run()
        live = [row["Total"] for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual(live, [100])
        self._assert_quiet()
        self._assert_ledgers()


@tagged("post_install", "-at_install")
class TestPaymentsChanged(BankCase):
    """An expense that the company has paid, and what a vendor was paid on top, stand in Xero as money spent: edited or removed there."""

    def setUp(self):
        super().setUp()
        self.bill = self._bill(100)
        self._run()
        context = {"active_model": "account.move", "active_ids": self.bill.ids}
        fee = {"payment_difference_handling": "reconcile", "writeoff_account_id": self.company_data["default_account_expense"].id}
        values = {"payment_date": "2026-10-05", "journal_id": self.bank.id, "amount": 115, "writeoff_label": "Fee", **fee}
        self.payment = self.env["account.payment.register"].with_context(**context).create(values)._create_payments()
        for _run in range(3):
            self._run()
        [self.there] = self._live()
        self._hour()
        self.assertFalse(self._rows())

    def _live(self):
        return [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]

    def _edit(self, amount):
        line = {
            "Description": "Fee",
            "Quantity": 1,
            "UnitAmount": amount,
            "AccountCode": "429",
            "TaxType": self.there["Lines"][0]["TaxType"],
        }
        self._rita("edit", item=self.there["BankTransactionID"], fields={"LineItems": [line]})
        self._hour()

    def test_changed_and_put_right(self):
        self._edit("9.00")
        row = self._rows("held")
        self.assertEqual((row.cause, row.move_id, len(self._lines())), ("sent_changed", self.payment.move_id, 0))
        row.action_book()
        self._run()
        self.assertEqual((row.state, len(self._lines())), ("held", 0), "nothing of it becomes a bank line")
        self._edit("5.00")
        self.assertEqual(row.state, "booked")
        self._assert_quiet()

    def test_removed_and_sent_again(self):
        self._edit("9.00")
        self._rita("delete", item=self.there["BankTransactionID"])
        self._hour()
        row = self._rows("asked")
        self.assertEqual((row.cause, row.is_gone), ("gone", True))
        row.action_book()
        self._run()
        self.assertEqual((row.state, row.cause), ("held", "sent_gone"))
        row.action_send_again()
        self._run()
        self._run()
        self.assertEqual([row["Total"] for row in self._live()], [5])
        self._assert_quiet()

    def test_removed_and_undone_here(self):
        self._rita("delete", item=self.there["BankTransactionID"])
        self._hour()
        self.payment.action_draft()
        self.payment.action_cancel()
        for _run in range(2):
            self._run()
        self._hour()
        self.assertEqual((self._rows().state, self._live()), ("gone", []))
        self._assert_quiet()
        self._assert_ledgers()
