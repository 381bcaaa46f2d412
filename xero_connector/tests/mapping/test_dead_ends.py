from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..common.entries import XeroEntriesCommon


@tagged("post_install", "-at_install")
class TestDeadEnds(XeroEntriesCommon):
    """B12: whatever holds an entry for the mapping has a line there, on which a person can choose."""

    def _levy(self, **values):
        own = {"name": "Levy", "amount": 2, "amount_type": "percent", "type_tax_use": "sale", "company_id": self.env.company.id}
        return self.env["account.tax"].create({**own, **values})

    def _sale(self, taxes, net=100.0):
        """A cash sale with these taxes on one line."""
        tax = taxes.compute_all(net)["total_included"] - net
        return self._entry(("sales", -net, {"tax_ids": [Command.set(taxes.ids)]}), ("loan", net + tax))

    def _tax_line(self, taxes):
        return self.connection.tax_mapping_ids.filtered(lambda line: line.tax_ids == taxes)

    def _rate(self, name, percentage):
        """A tax rate of that percentage that somebody has made in Xero, for all accounts."""
        rates = self.organisation.tax_rates
        like = rates.get("OUTPUT")
        rates.put({**like, "TaxType": name, "Name": name, "EffectiveRate": percentage, "TaxComponents": (), "ReportTaxType": "OUTPUT"})
        self.connection._read_reference_data()
        return self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id), ("tax_type", "=", name)])

    def test_two_taxes_on_a_line_of_an_entry(self):
        levy = self._levy()
        account = self.tax.invoice_repartition_line_ids.account_id
        levy.invoice_repartition_line_ids.filtered(lambda part: part.repartition_type == "tax").account_id = account
        both = self.tax + levy
        entry = self._sale(both)
        self._run()
        self.assertEqual(entry.xero_problem_id.code, "tax_unmapped", entry.xero_message)
        entry.xero_problem_id.action_fix()
        line = self._tax_line(both)
        self.assertEqual((len(line), line.needed, line.state, line.rate), (1, True, "missing", 12))
        line.xero_tax_rate_id = self._rate("TWELVE", 12)
        self._run()
        self.assertEqual(entry.xero_state, "synced", entry.xero_message)

    def test_tax_on_top_of_a_tax(self):
        """40 % and 5 % on top make 47 %, not 45; as a group, and as two taxes on a line."""
        first = self._levy(name="First", amount=40, include_base_amount=True, sequence=1)
        second = self._levy(name="On top", amount=5, sequence=2)
        group = self._levy(name="Both", amount_type="group", amount=0, children_tax_ids=[Command.set((first + second).ids)])
        for rate in (self._rate("SUM", 45), self._rate("COMPOUND", 47)):
            self.assertTrue(rate)
        both = self._levy(name="Beside", amount=40, include_base_amount=True, sequence=3) + self._levy(name="Last", amount=5, sequence=4)
        self._sale(both)
        self.connection._propose_mapping()
        self.assertEqual((self._tax_line(group).rate, self._tax_line(both).rate), (47, 47))
        self.assertNotEqual(self._tax_line(group).xero_tax_rate_id.tax_type, "SUM")
        self.assertTrue(self._tax_line(both).is_percentage)

    def test_not_on_top_if_the_second_is_not_affected(self):
        first = self._levy(name="First", amount=40, include_base_amount=True, sequence=1)
        second = self._levy(name="Beside", amount=5, sequence=2, is_base_affected=False)
        self._sale(first + second)
        self.connection._propose_mapping()
        self.assertEqual(self._tax_line(first + second).rate, 45)

    def test_entry_on_a_cost_account_that_a_tax_is_booked_on(self):
        """Tax that cannot be claimed is a cost: the account has its line, is needed, and can be created in Xero."""
        cost = self._account("VAT not claimable", "expense")
        parts = [Command.create({"repartition_type": "base"}), Command.create({"repartition_type": "tax", "account_id": cost.id})]
        self._levy(
            name="Not claimable",
            type_tax_use="purchase",
            invoice_repartition_line_ids=parts,
            refund_repartition_line_ids=[
                Command.create({"repartition_type": "base"}),
                Command.create({"repartition_type": "tax", "account_id": cost.id}),
            ],
        )
        self.accounts["cost"] = cost
        entry = self._entry(("cost", 50), ("loan", -50))
        self._run()
        self.assertEqual(entry.xero_problem_id.code, "account_unmapped", entry.xero_message)
        entry.xero_problem_id.action_fix()
        line = self.connection.account_mapping_ids.filtered(lambda line: line.account_id == cost)
        self.assertEqual((line.needed, line.can_create), (True, True))
        self.assertNotEqual(line.reason, "tax_account")
        self._map(cost, "477")
        self._run()
        self.assertEqual(entry.xero_state, "synced", entry.xero_message)

    def test_confirmed_while_a_run_had_read_the_older_mapping(self):
        """The run holds what was let go of a moment ago: Sync now looks, and asks Xero nothing if the cause is still there."""
        cost = self._account("New cost", "expense")
        self.accounts["cost"] = cost
        entry = self._entry(("cost", 50), ("loan", -50))
        self._run()
        problem = entry.xero_problem_id
        self.assertEqual(problem.code, "account_unmapped", entry.xero_message)
        before = self._calls()
        self.connection.action_sync_now()
        self._run()
        self.assertEqual((entry.xero_problem_id, problem.state, self._calls()), (problem, "open", before))
        with patch.object(type(problem), "_release", lambda *_args: 0):  # as if the hold came after it
            self._map(cost, "477")
        self._run()
        self.assertEqual(problem.state, "open")
        self.connection.action_sync_now()
        self._run()
        self.assertEqual((entry.xero_state, problem.state), ("synced", "solved"), entry.xero_message)
