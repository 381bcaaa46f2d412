from decimal import Decimal

from xero_simulator.control_balances import balances

from .money import XeroMoneyCommon
from .reading import ReadingCase

FAR_AHEAD = "2027-06-30"  # of the year of the tests' documents


class BankCase(ReadingCase, XeroMoneyCommon):
    """A connection that reads by itself, where somebody has chosen where the lines of its bank come from."""

    source = "xero"

    def _prepare(self):
        super()._prepare()
        self.bank = self.company_data["default_journal_bank"]
        self.mapping = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.bank)
        self.account_code = self.mapping.xero_account_id.code
        if self.source:
            self._lines_from(self.source)
        self.invoice = self._invoice(100)
        self._run()
        self.assertEqual(self.invoice.xero_state, "synced", self.invoice.xero_message)

    def _lines_from(self, source, journal=None, since="2026-10-01"):
        lines = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == (journal or self.bank))
        lines.write({"bank_lines": source, "bank_lines_since": since})

    def _hour(self):
        self._pass(minutes=61)
        self._run()

    def _spent(self, amount=110, verb="spend_money", **values):
        given = {"contact": self.partner.name, "amount": amount, "account": self.account_code, "date": "2026-10-05", **values}
        return self._rita(verb, **given)

    def _rows(self, *states):
        return self.env["xero.money"].search([("state", "in", states)] if states else [])

    def _lines(self):
        return self.env["account.bank.statement.line"].search([("company_id", "=", self.env.company.id)], order="id")

    def _booked(self, line):
        """``[(account, balance, whether it is tax)]`` of what the line is booked to."""
        rest = line.move_id.line_ids - line._seek_for_lines()[0]
        return sorted((each.account_id, each.balance, bool(each.tax_repartition_line_id)) for each in rest)

    def _changes(self):
        """How often something was asked to be changed in Xero."""
        return sum(count for name, count in self.xero.calls.items() if not name.startswith("GET") and "token" not in name)

    def _assert_quiet(self):
        """Nothing waits, and another round of reading, and asking for everything, changes nothing on either side."""
        open_jobs = self.env["xero.job"].search([("is_open", "=", True)])
        self.assertFalse(open_jobs, [(job.kind, job.res_model, job.state, job.message) for job in open_jobs])
        before = (self._changes(), len(self._lines()))
        self._pass(days=2)
        self.connection.action_sync_now()
        for _run in range(3):
            self._run()
        self.assertEqual((self._changes(), len(self._lines())), before)
        bindings = self.env["xero.binding"].sudo().search([("connection_id", "=", self.connection.id), ("is_there", "=", True)])
        self.assertEqual(set(bindings.mapped("state")) - {"synced"}, set(), bindings.mapped("message"))

    def _assert_ledgers(self):
        """What is mapped comes to the same in both ledgers: banks, control accounts, tax, income and expense."""
        there = {row["account_id"]: row["balance"] for row in balances(self.xero, self.organisation, {"date": FAR_AHEAD})["accounts"]}
        here = {}
        for line in self.connection.account_mapping_ids.filtered("xero_account_id"):
            here.setdefault(line.xero_account_id.xero_id, set()).add(line.account_id)
        for line in self.connection.journal_mapping_ids.filtered("xero_account_id"):
            here.setdefault(line.xero_account_id.xero_id, set()).add(line.journal_id.default_account_id)
        lines = self.env["account.move.line"]
        posted = [("parent_state", "=", "posted"), ("company_id", "=", self.env.company.id)]
        sums = {account.id: total for account, total in lines._read_group(posted, ["account_id"], ["balance:sum"])}
        ours = {key: Decimal(f"{sum(sums.get(each.id, 0) for each in accounts):.2f}") for key, accounts in here.items()}
        differ = {
            (self.env["xero.account"].search([("xero_id", "=", key)]).name, amount, there.get(key, Decimal(0)))
            for key, amount in ours.items()
            if amount != there.get(key, Decimal(0))
        }
        self.assertFalse(differ, "account, Odoo, Xero")
