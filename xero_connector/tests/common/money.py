from decimal import Decimal

from .push import XeroPushCommon

DEBTS = ("asset_receivable", "liability_payable")


class XeroMoneyCommon(XeroPushCommon):
    """Balances on both sides, and money that is not registered on a document."""

    # === ODOO'S SIDE === #

    def _money(self, amount, payment_type="inbound", partner_type="customer", post=True, **values):
        """A payment that no document is matched with."""
        payment = self.env["account.payment"].create(
            {
                "amount": amount,
                "payment_type": payment_type,
                "partner_type": partner_type,
                "partner_id": self.partner.id,
                "date": "2026-10-01",
                "journal_id": self.company_data["default_journal_bank"].id,
                **values,
            }
        )
        if post:
            payment.action_post()
        return payment

    def _statement_line(self, amount, **values):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-10-01",
                "payment_ref": "from the bank",
                "partner_id": self.partner.id,
                "amount": amount,
                **values,
            }
        )

    def _match_line(self, statement_line, *moves, on_account=0):
        """Match a bank statement line directly with documents, as bank reconciliation does; the rest may stand on account."""
        _liquidity, suspense, _other = statement_line._seek_for_lines()
        debts = self._debts(*moves)
        side = 1 if statement_line.amount > 0 else -1
        lines, commands = [(debt, side * min(abs(debt.amount_residual), abs(statement_line.amount))) for debt in debts], []
        for debt, amount in lines:
            commands.append((0, 0, self._counterpart(debt.account_id, debt.partner_id, amount)))
        if on_account:
            account = self.partner.property_account_receivable_id if side > 0 else self.partner.property_account_payable_id
            commands.append((0, 0, self._counterpart(account, self.partner, side * on_account)))
        rest = statement_line.amount - sum(amount for _debt, amount in lines) - side * on_account
        rest_line = [(1, suspense.id, {"balance": -rest, "amount_currency": -rest})] if rest else [(2, suspense.id)]
        statement_line.move_id.with_context(force_delete=True, skip_readonly_check=True).write({"line_ids": [*rest_line, *commands]})
        for debt, amount in lines:
            new = statement_line.move_id.line_ids.filtered(
                lambda line, debt=debt, amount=amount: (
                    line.account_id == debt.account_id and line.balance == -amount and not line.reconciled
                )
            )[:1]
            (new + debt).reconcile()

    def _counterpart(self, account, partner, amount):
        return {"name": "matched", "account_id": account.id, "partner_id": partner.id, "balance": -amount, "amount_currency": -amount}

    def _debts(self, *records):
        moves = self.env["account.move"].union(*(record if record._name == "account.move" else record.move_id for record in records))
        return moves.line_ids.filtered(lambda line: line.account_id.account_type in DEBTS)

    def _match(self, *records):
        """Reconcile what these payments and documents owe each other."""
        self._debts(*records).filtered(lambda line: not line.reconciled).reconcile()

    def _unmatch(self, *records):
        self._debts(*records).remove_move_reconcile()

    def _of_kind(self, record, kind):
        """The live binding of a kind."""
        found = self._binding(record).filtered(lambda b: b.kind == kind and b.is_there)
        self.assertLessEqual(len(found), 1)
        return found

    # === BOTH SIDES === #

    def _organisation(self):
        return self.xero.organisation("AU")

    def _on_account(self, record):
        """What stands on account in Xero of this money: [(type, total, rest)]."""
        binding = self._of_kind(record, "on_account")
        organisation = self._organisation()
        rows = [*organisation.overpayments, *organisation.prepayments]
        return [(r["Type"], float(r["Total"]), float(r["AmountDue"])) for r in rows if r["DocumentID"] == binding.on_account_xero_id]

    def _xero_open(self, side):
        """What Xero holds open on the sales side ('ACCREC') or the purchase side ('ACCPAY'), in base currency."""
        organisation, live = self._organisation(), ("AUTHORISED", "PAID")
        invoices = sum(r["AmountDue"] for r in organisation.invoices if r["Status"] in live and r["Type"] == side)
        credits = sum(r["AmountDue"] for r in organisation.credit_notes if r["Status"] in live and r["Type"] == f"{side}CREDIT")
        words = {"ACCREC": "RECEIVE", "ACCPAY": "SPEND"}[side]
        tables = (organisation.overpayments, organisation.prepayments)
        money = sum(r["AmountDue"] for table in tables for r in table if r["Status"] in live and r["Type"].startswith(words))
        return invoices - credits - money

    def _xero_bank(self):
        organisation = self._organisation()
        signs = {"ACCRECPAYMENT": 1, "APCREDITPAYMENT": 1, "ACCPAYPAYMENT": -1, "ARCREDITPAYMENT": -1}
        signs |= {"AROVERPAYMENTPAYMENT": -1, "APOVERPAYMENTPAYMENT": 1, "ARPREPAYMENTPAYMENT": -1, "APPREPAYMENTPAYMENT": 1}
        payments = sum(signs[p["PaymentType"]] * p["BankAmount"] for p in organisation.payments if p["Status"] == "AUTHORISED")
        moved = (t for t in organisation.bank_transactions if t["Status"] == "AUTHORISED")
        return payments + sum((1 if t["Type"].startswith("RECEIVE") else -1) * t["Total"] for t in moved)

    def _odoo_bank(self):
        """What the payments and matched statement lines moved: bank and outstanding accounts, without what is unmatched in suspense."""
        journals = self.env["account.journal"].search([("company_id", "=", self.env.company.id), ("type", "in", ("bank", "cash"))])
        accounts = journals.default_account_id | journals.suspense_account_id
        entries = self.env["account.move"].search([("company_id", "=", self.env.company.id), ("state", "=", "posted")])
        money = entries.filtered(lambda move: move.origin_payment_id or move.statement_line_id)
        payments = sum(line.balance for move in money.filtered("origin_payment_id") for line in move.origin_payment_id._seek_for_lines()[0])
        lines = money.filtered(lambda move: move.statement_line_id and not move.origin_payment_id).line_ids
        return payments + sum(lines.filtered(lambda line: line.account_id in accounts).mapped("balance"))

    def _odoo_open(self, account_type):
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.env.company.id), ("account_type", "=", account_type), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def _assert_balances(self):
        """Xero's receivables, payables and bank equal Odoo's; nothing waits and nothing is held."""
        open_jobs = self.env["xero.job"].search([("is_open", "=", True)])
        told = [(job.kind, job.res_model, job.res_id, job.state, job.message) for job in open_jobs]
        self.assertFalse(told)
        self._assert_amounts()

    def _assert_amounts(self):
        self.env.flush_all()
        odoo = (self._odoo_open("asset_receivable"), -self._odoo_open("liability_payable"), self._odoo_bank())
        xero = (self._xero_open("ACCREC"), self._xero_open("ACCPAY"), self._xero_bank())
        cent = Decimal("0.01")
        self.assertEqual([Decimal(each).quantize(cent) for each in xero], [Decimal(str(round(each, 2))).quantize(cent) for each in odoo])

    def _settle(self, times=1):
        for _time in range(times):
            self._run()
            self._later(120)
        self._run()
