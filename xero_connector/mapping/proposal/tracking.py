"""Gathers the analytic plans and accounts the books use and proposes their tracking categories and options, by name."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .accounts import Proposal, only, plain


def propose_category(plan_name, categories):
    """The category with the plan's name; singular and plural are the same.

    :param categories: pairs of id and name
    """
    found = only(key for key, name in categories if _singular(name) == _singular(plan_name))
    return Proposal(found, "same_name" if found else "no_match")


def propose_option(name, code, options):
    """The option with the account's name, else the one named by its code.

    :param options: pairs of id and name
    """
    for wanted, reason in ((name, "same_name"), (code, "same_code")):
        found = [key for key, option_name in options if wanted and plain(option_name) == plain(wanted)]
        if found:
            return Proposal(found[0], reason) if len(found) == 1 else Proposal(None, "several")
    return Proposal(None, "no_match")


def _singular(name):
    return " ".join(word.removesuffix("s") for word in plain(name).split())


class XeroProposalHandler(models.AbstractModel):
    """The mapping of plans and analytic accounts. Accounts are listed when documents use them, or when an option has their name."""

    _inherit = "xero.handler.proposal"

    def _propose_all(self, books):
        super()._propose_all(books)
        used = self._used_analytic_accounts(books._companies())
        self._store(books, "xero.tracking.mapping", lambda line: line.plan_id.id, self._plan_lines(books, used))
        self._drop_moved_accounts(books)
        self._store(books, "xero.option.mapping", lambda line: line.account_id.id, self._option_lines(books, used))

    def _used_analytic_accounts(self, companies):
        """The accounts that posted documents are distributed over."""
        self.env["account.move.line"].flush_model(["analytic_distribution", "parent_state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT part::int FROM account_move_line line, jsonb_object_keys(line.analytic_distribution) key,
                          UNNEST(string_to_array(key, ',')) part
                    WHERE line.company_id = ANY(%s) AND line.parent_state = 'posted' AND line.analytic_distribution IS NOT NULL
                      AND jsonb_typeof(line.analytic_distribution) = 'object' AND part ~ '^[0-9]+$'""",
                companies.ids,
            )
        )
        return self.env["account.analytic.account"].with_context(active_test=False).browse(row[0] for row in rows).exists()

    def _plan_lines(self, connection, used):
        categories = [(category.id, category.name) for category in self._active("xero.tracking.category", connection)]
        lines = {}
        for plan in self.env["account.analytic.plan"].search([("parent_id", "=", False)]):
            answer = propose_category(plan.name, categories)
            needed = plan in used.root_plan_id
            lines[plan.id] = {"plan_id": plan.id, "needed": needed, **self._target("xero_category_id", answer)}
        return self._each_category_once(connection, lines)

    def _each_category_once(self, connection, lines):
        """A category that a person gave to one plan, or that two plans are called like, is proposed for no other."""
        proposed = {(plan_id, values["xero_category_id"]) for plan_id, values in lines.items() if values["xero_category_id"]}
        decided = self._active("xero.tracking.mapping", connection).filtered(lambda line: line.confirmed or line.reason == "chosen")
        targets = [target for _plan_id, target in proposed | {(line.plan_id.id, line.xero_category_id.id) for line in decided}]
        for values in lines.values():
            if targets.count(values["xero_category_id"]) > 1:
                values |= {"xero_category_id": False, "reason": "several"}
        return lines

    def _drop_moved_accounts(self, connection):
        """Lines of accounts that were moved to another plan: the option belongs to the former plan's category."""
        lines = self.env["xero.option.mapping"].search([("connection_id", "=", connection.id)])
        lines.filtered(lambda line: line.account_id.root_plan_id != line.plan_mapping_id.plan_id).unlink()

    def _option_lines(self, connection, used):
        options = self._active("xero.tracking.option", connection).grouped("category_id")
        plans = {line.plan_id: line for line in self._active("xero.tracking.mapping", connection) if line.xero_category_id}
        lines = {}
        for account in self._listed_accounts(connection._companies(), plans) | used.filtered(lambda account: account.root_plan_id in plans):
            plan_line = plans[account.root_plan_id]
            found = [(option.id, option.name) for option in options.get(plan_line.xero_category_id, ())]
            answer = propose_option(account.name, account.code, found)
            if account in used or answer.target:
                identity = {"account_id": account.id, "plan_mapping_id": plan_line.id, "needed": account in used}
                lines[account.id] = {**identity, **self._target("xero_option_id", answer)}
        return lines

    def _listed_accounts(self, companies, plans):
        Account = self.env["account.analytic.account"]
        if not plans:
            return Account
        in_plans = Domain("root_plan_id", "in", [plan.id for plan in plans])
        return Account.search(Domain(Account._check_company_domain(companies)) & in_plans)

    def _active(self, model, connection):
        return self.env[model].search([("connection_id", "=", connection.id)])
