from decimal import Decimal

from .push import XeroPushCommon


class TrackingCase(XeroPushCommon):
    """Two plans: one is called like Xero's tracking category Region, the other like nothing in Xero."""

    def _prepare(self):
        super()._prepare()
        Plan, Account = self.env["account.analytic.plan"], self.env["account.analytic.account"]
        self.plan, self.other_plan = Plan.create([{"name": "Regions"}, {"name": "Machine"}])
        self.north, self.south, self.east, self.press = Account.create(
            [
                {"name": "North", "plan_id": self.plan.id},
                {"name": "SOUTH", "plan_id": self.plan.id},
                {"name": "Far East", "plan_id": self.plan.id},
                {"name": "Press", "plan_id": self.other_plan.id},
            ]
        )

    def _confirm(self):
        self.connection._propose_mapping()
        self.connection.action_confirm_mapping()

    def _plan_line(self, plan=None):
        return self.connection.plan_mapping_ids.filtered(lambda line: line.plan_id == (plan or self.plan))

    def _option_line(self, account):
        return self.connection.option_mapping_ids.filtered(lambda line: line.account_id == account)

    def _tracked(self, *lines, post=True, **values):
        """An invoice with a line per (price, distribution)."""
        move = self._invoice(*(price for price, _distribution in lines), post=False, **values)
        for line, (_price, distribution) in zip(move.invoice_line_ids, lines, strict=True):
            line.analytic_distribution = {
                ",".join(str(account.id) for account in key): part for key, part in (distribution or {}).items()
            } or False
        if post:
            move.action_post()
        return move

    def _category(self, name="Region"):
        return next(row for row in self.xero.organisation("AU").tracking if row["Name"] == name)

    def _option(self, name, category="Region"):
        found = [option for option in self._category(category)["Options"] if option["Name"].lower() == name.lower()]
        self.assertEqual(len(found), 1, name)
        return found[0]

    def _set_option(self, name, **changes):
        category = self._category()
        options = tuple({**row, **changes} if row["Name"] == name else row for row in category["Options"])
        self.xero.organisation("AU").tracking.put({**category, "Options": options})

    def _sums(self, move):
        """What each option (or '' for none) got in Xero: ``{name: amount without tax}``."""
        organisation, xero_id = self.xero.organisation("AU"), self._binding(move).xero_id
        document = organisation.invoices.get(xero_id) or organisation.credit_notes.get(xero_id)
        sums = {}
        for line in document["Lines"]:
            name = " / ".join(sorted(entry["Option"] for entry in line["Tracking"] or ()))
            sums[name] = sums.get(name, Decimal(0)) + line["LineAmount"]
        return {name: float(amount) for name, amount in sums.items() if amount}
