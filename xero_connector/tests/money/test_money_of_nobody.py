from odoo import Command
from odoo.tests import tagged

from ..common.money import XeroMoneyCommon


class NobodyCommon(XeroMoneyCommon):
    """A till: a closing entry that names no customers, and the money that is matched with it."""

    def _prepare(self):
        super()._prepare()
        own = [("connection_id", "=", self.connection.id), ("code", "=", "850")]
        self.connection.clearing_account_id = self.env["xero.account"].search(own)
        self.journal = self.company_data["default_journal_misc"]
        values = {"connection_id": self.connection.id, "journal_id": self.journal.id, "policy": "each"}
        self.policy = self.env["xero.entry.policy"].create(values)
        self.bank = self.company_data["default_journal_bank"]
        self.till = self.env["account.account"].create(
            {"name": "Debtors of the till", "code": "TILL1", "account_type": "asset_receivable", "reconcile": True}
        )

    # === ODOO'S SIDE === #

    def _close(self, *amounts, partner=None, currency=None, **values):
        """The closing entry of a session, with a debt for each way of paying; returns these debts."""
        income, currency = self.company_data["default_account_revenue"], currency or self.env.company.currency_id
        converted = [currency._convert(each, self.env.company.currency_id, self.env.company, "2026-10-01") for each in amounts]
        rows = [(self.till, balance, each) for balance, each in zip(converted, amounts, strict=True)]
        rows.append((income, -sum(converted), -sum(amounts)))
        lines = [
            Command.create(
                {
                    "account_id": account.id,
                    "partner_id": partner.id if partner and account == self.till else False,
                    "currency_id": currency.id,
                    "balance": balance,
                    "amount_currency": amount,
                    "tax_ids": False,
                    "name": "session",
                }
            )
            for account, balance, amount in rows
        ]
        values = {"move_type": "entry", "date": "2026-10-01", "journal_id": self.journal.id, "line_ids": lines, **values}
        entry = self.env["account.move"].create(values)
        entry.action_post()
        return entry.line_ids.filtered(lambda line: line.account_id == self.till)

    def _cash(self, amount, account=None, **values):
        """A line of nobody's money, as a till makes them."""
        account = account or self.till
        return self._statement_line(amount, **{"partner_id": False, "counterpart_account_id": account.id, **values})

    def _paid_in(self, amount, debt, **values):
        line = self._cash(amount, **values)
        (self._other_side(line) | debt).reconcile()
        return line

    def _matched_after_all(self, line, debt):
        """The money is taken off the closing entry and pays an invoice, which is returned."""
        invoice = self._invoice(100)
        debt.remove_move_reconcile()
        side = self._other_side(line)
        side.write({"account_id": self._debts(invoice).account_id.id})
        (side | self._debts(invoice)).reconcile()
        return invoice

    def _other_side(self, line):
        return line.move_id.line_ids.filtered(lambda each: each.account_id == self.till)

    # === XERO'S SIDE === #

    def _transactions(self):
        codes = {row["AccountID"]: row.get("Code") for row in self.organisation.accounts}
        live = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        return [(row["Type"], str(row["Date"])[:10], codes[row["AccountID"]], _amounts(row)) for row in live]

    def _moved(self):
        return [(kind, lines) for kind, _day, _bank, lines in self._transactions()]

    def _cleared(self):
        """What stands on Xero's clearing account."""
        journals = [row for row in self.organisation.manual_journals if row["Status"] == "POSTED"]
        booked = sum(line["LineAmount"] for row in journals for line in row["Lines"] if line["AccountCode"] == "850")
        moved = [(1 if kind == "SPEND" else -1, lines) for kind, lines in self._moved()]
        return float(booked) + sum(sign * amount for sign, lines in moved for code, amount in lines if code == "850")

    def _shown(self, line):
        return self.env["xero.document"].search([("res_model", "=", line._name), ("res_id", "=", line.id)])

    def _assert_done(self):
        """Nothing waits, nothing is held, both sides have moved as much, and another sync calls nobody."""
        self._assert_at_rest()
        self.assertEqual(float(self._xero_bank()), round(self._odoo_bank(), 2))

    def _assert_at_rest(self):
        self._assert_nothing_open()
        before = self._calls()
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._calls(), before)
        self._assert_nothing_open()

    def _assert_nothing_open(self):
        jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertFalse([(job.kind, job.state, job.message) for job in jobs])


def _amounts(transaction):
    return [(line["AccountCode"], float(line["LineAmount"])) for line in transaction["Lines"]]


@tagged("post_install", "-at_install")
class TestMoneyOfNobody(NobodyCommon):
    """A till's money is nobody's debt: it arrives as money from the account that has its closing entry, to the cent (issue 12, sweep)."""

    def test_a_till_closed(self):
        self._paid_in(110, self._close(110))
        self._settle(3)
        [(kind, day, _bank, lines)] = self._transactions()
        self.assertEqual((kind, day, lines), ("RECEIVE", "2026-10-01", [("850", 110.0)]))
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_whose_it_is_in_xero(self):
        """Xero wants a contact: the company itself."""
        self._paid_in(110, self._close(110))
        self._settle(3)
        [row] = [row for row in self.organisation.bank_transactions if row["Status"] == "AUTHORISED"]
        self.assertEqual(self.organisation.contacts.get(row["ContactID"])["Name"], self.env.company.partner_id.name)

    def test_brought_back(self):
        """A session that has paid out more than it took."""
        self._paid_in(-40, self._close(-40))
        self._settle(3)
        self.assertEqual(self._moved(), [("SPEND", [("850", 40.0)])])
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_two_lines_of_one_session_on_two_days(self):
        cash, card = self._close(110, 35.05)
        self._paid_in(110, cash)
        self._paid_in(35.05, card, date="2026-10-03")
        self._settle(3)
        self.assertEqual(sorted(day for _kind, day, _bank, _lines in self._transactions()), ["2026-10-01", "2026-10-03"])
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_one_line_of_two_sessions(self):
        first, second = self._close(60), self._close(50)
        line = self._cash(110)
        (self._other_side(line) | first | second).reconcile()
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 110.0)])])
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_less_than_the_session_says(self):
        """The rest stays where it is in Odoo: open, on both sides."""
        self._paid_in(100, self._close(110))
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 100.0)])], 10.0))
        self._assert_done()

    def test_more_than_the_session_says(self):
        self._paid_in(120, self._close(110))
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 120.0)])], -10.0))
        self._assert_done()

    def test_with_the_difference_of_the_count_in_it(self):
        """What was missing in the till, or what the card's company has kept, is on its own account."""
        self._map_purchases()
        line = self._cash(108.65)
        charge = {"account_id": self.company_data["default_account_expense"].id, "balance": 1.35, "name": "missing", "tax_ids": False}
        debt = self._other_side(line)
        commands = [Command.update(debt.id, {"balance": -110, "amount_currency": -110}), Command.create(charge)]
        line.move_id.with_context(skip_readonly_check=True).write({"line_ids": commands})
        (self._other_side(line) | self._close(110)).reconcile()
        self._settle(3)
        [(kind, lines)] = self._moved()
        self.assertEqual((kind, sorted(lines)), ("RECEIVE", [("429", -1.35), ("850", 110.0)]))
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_paid_by_card(self):
        """A payment of nobody's, as tills make of cards."""
        payment = self._money(110, partner_id=False, post=False)
        payment.destination_account_id = self.till
        payment.action_post()
        debt = payment.move_id.line_ids.filtered(lambda line: line.account_id == self.till)
        (debt | self._close(110)).reconcile()
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 110.0)])])
        self.assertEqual(payment.xero_state, "synced", payment.xero_message)
        self._assert_done()

    def test_from_one_drawer_to_the_other(self):
        """Money of nobody on both sides: each leaves and comes on its own bank account, and nothing stands between."""
        line = self._cash(-75)
        self._paid_in(75, self._other_side(line), date="2026-10-02")
        self._settle(3)
        self.assertEqual(sorted(self._moved()), [("RECEIVE", [("850", 75.0)]), ("SPEND", [("850", 75.0)])])
        self.assertEqual(self._cleared(), 0)
        self._assert_done()

    def test_the_account_that_its_debt_is_mapped_to(self):
        """As the journal books it there."""
        target = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "620")])
        values = {"connection_id": self.connection.id, "account_id": self.till.id, "use": "post", "xero_account_id": target.id}
        self.env["xero.account.mapping"].create({**values, "confirmed": True, "reason": "chosen"})
        self._paid_in(110, self._close(110))
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("620", 110.0)])])
        [journal] = [row for row in self.organisation.manual_journals if row["Status"] == "POSTED"]
        self.assertIn(("620", 110.0), [(line["AccountCode"], float(line["LineAmount"])) for line in journal["Lines"]])
        self._assert_done()

    def test_no_clearing_account(self):
        """One cause holds the entry and its money, and both go when it is gone."""
        clearing, self.connection.clearing_account_id = self.connection.clearing_account_id, False
        debt = self._close(110)
        line = self._paid_in(110, debt)
        self._settle(2)
        self.assertEqual(self._moved(), [])
        self.assertEqual(self._job(line).problem_id.code, "account_forbidden")
        jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertEqual(len(jobs.problem_id), 1, [(job.kind, job.state, job.message) for job in jobs])
        self.connection.clearing_account_id = clearing
        self.connection.action_sync_now()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()

    def test_in_the_summary_of_the_day(self):
        self.policy.policy = "day"
        self._paid_in(110, self._close(110))
        self._settle(2)
        self.connection.action_summarise_now()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()

    def test_policy_for_unmatched_money_does_not_matter(self):
        self.connection.unmatched_payments = "wait"
        self._paid_in(110, self._close(110))
        self._settle(3)
        self.assertEqual(self._moved(), [("RECEIVE", [("850", 110.0)])])
        self._assert_done()

    def test_lost_answer(self):
        self._order_fault("timeout_after", path="BankTransactions", method="PUT")
        self._paid_in(110, self._close(110))
        self._settle(3)
        self.assertEqual(len(self._moved()), 1)
        self._assert_done()

    def test_closed_period(self):
        self.connection.sudo().period_lock_date = "2026-10-31"
        line = self._paid_in(110, self._close(110))
        self._settle(2)
        self.assertEqual((self._moved(), self._job(line).problem_id.code), ([], "lock_date"))

    def test_before_the_first_day(self):
        self.connection.sync_from = "2026-10-02"
        self._paid_in(110, self._close(110))
        self.connection.action_sync_now()
        self._settle(2)
        self.assertEqual(self._moved(), [])

    def test_found_by_sync_now(self):
        self._paid_in(110, self._close(110))
        self.env["xero.job"].sudo().search([("is_open", "=", True)]).unlink()
        self.connection.action_sync_now()
        self._settle(3)
        self.assertEqual((self._moved(), self._cleared()), ([("RECEIVE", [("850", 110.0)])], 0))
        self._assert_done()
