"""The confirmed mapping of analytic plans and accounts as a plain object: read once for a batch of documents, asked per line."""

from collections.abc import Iterable
from dataclasses import dataclass

from odoo.tools import SQL

TABLES = ("xero.tracking.mapping", "xero.option.mapping", "xero.tracking.category", "xero.tracking.option", "account.analytic.account")


@dataclass(frozen=True, slots=True)
class TrackedPlan:
    """What stands for an analytic plan: a tracking category, or (`category_id` '') nothing, because a person said so."""

    category_id: str
    name: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class TrackedAccount:
    """An analytic account, the root of its plan, and the option that stands for it ('' if none does)."""

    plan_id: int
    plan_name: str
    name: str
    option_id: str = ""
    archived: bool = False
    option_name: str = ""


class TrackingTable:
    """Entry points: ``plan``, ``account``, ``job``; ``digits`` are the decimals to which percentages are meant."""

    def __init__(self, plans=(), accounts=(), jobs=None, digits=2):
        self._plans = {plan_id: TrackedPlan(*values) for plan_id, *values in plans}
        self._accounts = {account_id: TrackedAccount(*values) for account_id, *values in accounts}
        self._jobs = jobs or {}
        self.digits = digits

    def plan(self, plan_id: int) -> TrackedPlan | None:
        """What was decided for a root plan; None if nobody has decided."""
        return self._plans.get(plan_id)

    def account(self, account_id: int) -> TrackedAccount | None:
        """An analytic account; None if it no longer exists."""
        return self._accounts.get(account_id)

    def option_names(self) -> dict[str, str]:
        """Id of each option -> its name, of all the accounts that were asked for."""
        return {account.option_id: account.option_name for account in self._accounts.values() if account.option_id}

    def job(self, account_id: int):
        """The open job that brings the account's option in step, if there is one."""
        return self._jobs.get(account_id)


def account_ids(distributions: Iterable[dict | bool | None]) -> set[int]:
    """The analytic accounts that distributions name; their keys are ids joined by commas."""
    return {int(text) for each in distributions if each for key in each for text in key.split(",") if text.strip().isdigit()}


def load(connection, wanted: set[int]) -> TrackingTable:
    """The mapping of the plans, and of these analytic accounts; three queries, none if there are no accounts."""
    if not wanted:
        return TrackingTable()
    env = connection.env
    for model in TABLES:
        env[model].flush_model()
    jobs = env["xero.job"].search(
        [
            ("connection_id", "=", connection.id),
            ("kind", "=", "option"),
            ("res_id", "in", sorted(wanted)),
            ("is_open", "=", True),
        ]
    )
    return TrackingTable(
        plans=env.execute_query(_plans(connection.id)),
        accounts=env.execute_query(_accounts(connection, sorted(wanted))),
        jobs={job.res_id: job for job in jobs},
        digits=env["decimal.precision"].precision_get("Percentage Analytic"),
    )


def _plans(connection_id):
    return SQL(
        """SELECT line.plan_id, COALESCE(category.xero_id, ''), COALESCE(category.name, ''), NOT COALESCE(category.active, TRUE)
           FROM xero_tracking_mapping line LEFT JOIN xero_tracking_category category ON category.id = line.xero_category_id
           WHERE line.connection_id = %s AND line.confirmed AND (line.not_tracked OR category.id IS NOT NULL)""",
        connection_id,
    )


def _accounts(connection, wanted):
    """An option of another category than the plan's, chosen before the plan's was changed, is none."""
    model = connection.env["account.analytic.account"]
    return SQL(
        """SELECT account.id, account.root_plan_id, %(plan_name)s, %(name)s,
                  COALESCE(option.xero_id, ''), NOT COALESCE(option.active, TRUE), COALESCE(option.name, '')
           FROM account_analytic_account account JOIN account_analytic_plan plan ON plan.id = account.root_plan_id
           LEFT JOIN xero_tracking_mapping decided ON decided.plan_id = plan.id AND decided.connection_id = %(connection)s
           LEFT JOIN xero_option_mapping line ON line.account_id = account.id AND line.connection_id = %(connection)s AND line.confirmed
           LEFT JOIN xero_tracking_option option ON option.id = line.xero_option_id AND option.category_id = decided.xero_category_id
           WHERE account.id = ANY(%(wanted)s)""",
        plan_name=connection.env["account.analytic.plan"]._field_to_sql("plan", "name"),
        name=model._field_to_sql("account", "name"),
        connection=connection.id,
        wanted=wanted,
    )
