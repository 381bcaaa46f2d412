from decimal import Decimal

from odoo import Command

from .push import XeroPushCommon


class XeroEntriesCommon(XeroPushCommon):
    """A connected company whose miscellaneous journal is sent, and some accounts to make entries on."""

    policy = "each"

    def _prepare(self):
        super()._prepare()
        self.journal = self.company_data["default_journal_misc"]
        accounts = {
            "wages": ("expense", "477"),
            "super": ("expense", "478"),
            "owed": ("liability_current", "825"),
            "loan": ("liability_current", "900"),
        }
        self.accounts = {name: self._account(name, kind) for name, (kind, _code) in accounts.items()}
        self.accounts["sales"] = self.company_data["default_account_revenue"]
        self.accounts["debtors"] = self.company_data["default_account_receivable"]
        self.accounts["bank"] = self.company_data["default_journal_bank"].default_account_id
        for name, (_kind, code) in accounts.items():
            self._map(self.accounts[name], code)
        self._map(self.accounts["sales"], "200")
        self.connection.action_confirm_mapping()
        if self.policy:
            self._set_policy(self.policy)

    # === ODOO'S SIDE === #

    def _account(self, name, kind):
        code = f"9{len(name)}{ord(name[0])}{ord(name[-1])}"
        return self.env["account.account"].create({"name": f"Test {name}", "code": code, "account_type": kind})

    def _map(self, account, code):
        """Confirm that this account stands for the account with ``code`` in Xero."""
        target = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])
        lines = self.env["xero.account.mapping"].search([("connection_id", "=", self.connection.id), ("account_id", "=", account.id)])
        line = lines or lines.create({"connection_id": self.connection.id, "account_id": account.id, "use": "post"})
        line.write({"xero_account_id": target.id, "reason": "chosen"})
        line._confirm()

    def _set_policy(self, policy, journal=None):
        journal = journal or self.journal
        row = self.connection.entry_policy_ids.filtered(lambda line: line.journal_id == journal)
        if row:
            row.policy = policy
        else:
            self.env["xero.entry.policy"].create({"connection_id": self.connection.id, "journal_id": journal.id, "policy": policy})
        self.connection.action_confirm_mapping()

    def _clearing(self, code="850"):
        self.connection.clearing_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", code)]
        )

    def _entry(self, *lines, date="2026-10-01", journal=None, post=True, ref="Salaries", **values):
        """A journal entry of ``(account, balance)`` or ``(account, balance, further values)``."""
        commands = [
            Command.create(
                {"account_id": self.accounts[name].id, "balance": balance, "name": f"{name} line", "tax_ids": False, **dict(*more)}
            )
            for name, balance, *more in lines or (("wages", 100), ("owed", -100))
        ]
        move = self.env["account.move"].create(
            {"move_type": "entry", "journal_id": (journal or self.journal).id, "date": date, "ref": ref, "line_ids": commands, **values}
        )
        if post:
            move.action_post()
        return move

    def _taxed(self, net=100.0, account="sales", **values):
        """A cash sale as an entry: the tax line is Odoo's own."""
        line = (account, -net, {"tax_ids": [Command.set(self.tax.ids)]})
        move = self._entry(line, ("loan", net * 1.1), post=False, **values)
        move.action_post()
        return move

    def _track(self):
        """A plan that stands for Xero's category Region, with two accounts that have options and one that has none."""
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        names = ("North", "South", "Far East")
        accounts = self.env["account.analytic.account"].create([{"name": name, "plan_id": plan.id} for name in names])
        self.connection._propose_mapping()
        self.connection.action_confirm_mapping()
        return accounts

    # === XERO'S SIDE === #

    def _journals(self, status="POSTED"):
        """The manual journals that Xero holds."""
        held = list(self.xero.organisation("AU").manual_journals)
        return [journal for journal in held if not status or journal["Status"] == status]

    def _sums(self):
        """``{account code: sum}`` of all posted manual journals, tax under 'tax'."""
        sums = {}
        for journal in self._journals():
            for line in journal["Lines"]:
                sums[line["AccountCode"]] = sums.get(line["AccountCode"], Decimal(0)) + line["LineAmount"]
                sums["tax"] = sums.get("tax", Decimal(0)) + line["TaxAmount"]
        return {code: amount for code, amount in sums.items() if amount}

    def _option_sums(self, code):
        """What each option (or '' for none) has of one account."""
        sums = {}
        for journal in self._journals():
            for line in (line for line in journal["Lines"] if line["AccountCode"] == code):
                name = " / ".join(sorted(entry["Option"] for entry in line["Tracking"]))
                sums[name] = sums.get(name, Decimal(0)) + line["LineAmount"]
        return sums

    def _assert_sent(self, entry):
        self.assertEqual(entry.xero_state, "synced", f"{entry.xero_message} {entry.xero_messages}")
        [journal] = [journal for journal in self._journals() if journal["DocumentID"] == entry.xero_id]
        return journal

    def _assert_held(self, entry, code):
        self.assertEqual(entry.xero_state, "blocked", entry.xero_message)
        self.assertEqual(entry.xero_problem_id.code, code)
        self.assertFalse(self._journals())
