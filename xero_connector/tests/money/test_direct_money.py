from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


@tagged("post_install", "-at_install")
class TestDirectMoney(XeroMoneyCommon):
    """Payments without a debt, as expenses that the company has paid (B2): cost, tax and money arrive as one bank transaction."""

    def _prepare(self):
        super()._prepare()
        self._map_purchases()

    def _spent(self, price=100.0, tax=True, partner=None, received=False, **values):
        """A payment and its entry, made as an expense makes them; ``price`` is without tax."""
        journal, sign = self.company_data["default_journal_bank"], -1 if received else 1
        taxes = (self.sale_tax if received else self.purchase_tax) if tax else self.env["account.tax"]
        account = self.company_data["default_account_revenue" if received else "default_account_expense"]
        base = {"account_id": account.id, "name": "Taxi", "balance": sign * price, "tax_ids": [Command.set(taxes.ids)]}
        lines, total = [Command.create(base)], price
        if tax:
            repartition = taxes.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
            amount = round(price * taxes.amount / 100, 2)
            tax_line = {"name": taxes.name, "balance": sign * amount, "tax_repartition_line_id": repartition.id}
            lines.append(Command.create({**tax_line, "account_id": repartition.account_id.id or account.id}))
            total = round(price + amount, 2)
        lines.append(Command.create({"account_id": journal.default_account_id.id, "balance": -sign * total}))
        partner = self.partner if partner is None else partner
        move = self.env["account.move"].create(
            {"date": "2026-10-01", "journal_id": journal.id, "partner_id": partner.id, "line_ids": lines, "ref": "Taxi", **values}
        )
        payment = self.env["account.payment"].create(
            {
                "date": "2026-10-01",
                "journal_id": journal.id,
                "amount": total,
                "payment_type": "inbound" if received else "outbound",
                "partner_type": "customer" if received else "supplier",
                "partner_id": partner.id,
                "move_id": move.id,
            }
        )
        move.update({"origin_payment_id": payment.id, "journal_id": journal.id})
        payment.action_post()
        self.assertEqual(move.state, "posted")
        return payment

    def _transactions(self):
        return [
            (
                row["Type"],
                float(row["Total"]),
                float(row["TotalTax"]),
                [(line["AccountCode"], float(line["LineAmount"])) for line in row["Lines"]],
            )
            for row in self.organisation.bank_transactions
            if row["Status"] == "AUTHORISED"
        ]

    def _assert_done(self, payment):
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        before = self._calls()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._calls(), before)

    def test_prices_that_people_enter_with_tax(self):
        """Of 37.55 Xero would make 3.76 tax, of 41.30 with tax it makes the 3.75 that Odoo has."""
        payment = self._spent(37.55)
        self._run()
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        [(kind, total, tax, [(_account, amount)])] = self._transactions()
        self.assertEqual((kind, total, tax, amount), ("SPEND", 41.3, 3.75, 41.3))

    def test_spent_with_tax(self):
        payment = self._spent()
        self._settle(2)
        self.assertEqual(self._transactions(), [("SPEND", 110.0, 10.0, [("429", 100.0)])])
        self._assert_done(payment)
        self._assert_balances()

    def test_the_receipt_is_attached(self):
        self.connection.sync_attachment = "auto"
        payment = self._spent()
        values = {"name": "receipt.pdf", "raw": b"%PDF-1.4", "res_model": "account.move", "res_id": payment.move_id.id}
        self.env["ir.attachment"].create(values)
        self._settle(3)
        self.assertEqual([row["Endpoint"] for row in self.organisation.attachments], ["BankTransactions"])
        self.env["ir.attachment"].create({**values, "name": "second.pdf", "raw": b"%PDF-1.5"})
        self._settle(2)
        self.assertEqual([row["Endpoint"] for row in self.organisation.attachments], ["BankTransactions"] * 2, "later ones too")
        self._assert_done(payment)

    def test_received_without_tax(self):
        payment = self._spent(80, tax=False, received=True)
        self._settle(2)
        self.assertEqual(self._transactions(), [("RECEIVE", 80.0, 0.0, [("200", 80.0)])])
        self._assert_done(payment)

    def test_paid_to_nobody_in_particular(self):
        """Xero wants a contact: the company itself."""
        payment = self._spent(partner=self.env["res.partner"])
        self._settle(2)
        self.assertEqual(len(self._transactions()), 1)
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual(self.organisation.contacts.get(row["ContactID"])["Name"], self.env.company.partner_id.name)
        self._assert_done(payment)

    def test_from_a_drawer_that_is_no_bank_in_xero(self):
        """A manual journal, with its tax, which leaves with the payment."""
        line = (
            self.env["xero.journal.mapping"]
            .sudo()
            .search([("connection_id", "=", self.connection.id), ("journal_id", "=", self.company_data["default_journal_bank"].id)])
        )
        drawer = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "!=", "BANK"), ("can_receive_payments", "=", True)], limit=1
        )
        line.write({"xero_account_id": drawer.id, "confirmed": True})
        payment = self._spent()
        self._settle(2)
        [journal] = self.organisation.manual_journals
        told = {each["AccountCode"]: (float(each["LineAmount"]), float(each["TaxAmount"])) for each in journal["Lines"]}
        self.assertEqual((self._transactions(), told), ([], {"429": (100.0, 10.0), drawer.code: (-110.0, 0.0)}))
        self._assert_done(payment)
        payment.action_draft()
        payment.action_cancel()
        self._settle(2)
        self.assertEqual([each["Status"] for each in self.organisation.manual_journals], ["VOIDED"])

    def test_taken_back_and_changed(self):
        payment = self._spent()
        self._settle(2)
        payment.action_draft()
        self._later(3700)
        self._settle(2)
        self.assertEqual(self._transactions(), [])
        payment.move_id.line_ids[0].name = "Train"
        payment.action_post()
        self._settle(2)
        self.assertEqual(len(self._transactions()), 1)
        payment.action_draft()
        payment.action_cancel()
        self._settle(3)
        self.assertEqual(self._transactions(), [])

    def test_lost_answer(self):
        self._order_fault("timeout_after", path="BankTransactions", method="PUT")
        payment = self._spent()
        self._settle(3)
        self.assertEqual(len(self._transactions()), 1)
        self._assert_done(payment)

    def test_closed_period(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        payment = self._spent()
        self._settle(2)
        self.assertEqual(self._transactions(), [])
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("blocked", "lock_date"))

    def test_before_the_first_day(self):
        self.connection.sync_from = "2026-10-02"
        payment = self._spent()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual((self._transactions(), payment.xero_state), ([], False))
        self.assertIn("before", self._reason(payment))

    def _reason(self, payment):
        return self.env["xero.handler.payment"]._reason_against(payment, self.connection)

    def test_found_by_sync_now(self):
        """And until then it says so."""
        payment = self._spent()
        self.env["xero.job"].sudo().search([("is_open", "=", True)]).unlink()
        payment.invalidate_recordset()
        self.assertEqual(payment.xero_message, "Nobody has asked for it yet; Sync Now sends it.")
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(len(self._transactions()), 1)
        self._assert_done(payment)

    def test_more_tax_than_xero_reckons(self):
        """Xero takes no tax on bank transactions but its own: held, with both amounts."""
        payment = self._spent()
        payment.action_draft()
        tax = payment.move_id.line_ids.filtered("tax_repartition_line_id")
        bank = payment.move_id.line_ids.filtered(lambda line: line.balance < 0)
        entry = payment.move_id.with_context(skip_invoice_sync=True)
        entry.write({"line_ids": [Command.update(tax.id, {"balance": 10.5}), Command.update(bank.id, {"balance": -110.5})]})
        payment.action_post()
        self._settle(2)
        self.assertEqual((payment.xero_state, payment.xero_problem_id.code), ("blocked", "written_off"))
        self.assertIn("110.5", payment.xero_message)

    def test_a_transfer_is_none(self):
        """Money on its way to another bank was paid for nothing."""
        journal, account = self.company_data["default_journal_bank"], self.env.company.transfer_account_id
        lines = [(account, 50), (journal.default_account_id, -50)]
        commands = [Command.create({"account_id": each.id, "balance": balance}) for each, balance in lines]
        move = self.env["account.move"].create({"date": "2026-10-01", "journal_id": journal.id, "line_ids": commands})
        values = {"date": "2026-10-01", "journal_id": journal.id, "amount": 50, "payment_type": "outbound", "move_id": move.id}
        payment = self.env["account.payment"].create(values)
        move.update({"origin_payment_id": payment.id, "journal_id": journal.id})
        payment.action_post()
        self._settle(2)
        self.assertEqual(self._transactions(), [])
        self.assertEqual(payment.xero_message, "Matched with no invoice, bill or credit note.")
