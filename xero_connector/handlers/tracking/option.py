from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...xero_core import errors
from ...xero_core.resources import batches
from ...xero_core.resources import tracking as resource
from ..dispatch import Outgoing, Result
from ..reading import Reading
from ..reasons import NothingToDo
from .trace import OptionTrace

_lt = LazyTranslate(__name__)

MAX_OPTIONS = 100  # active ones in a category (integrators)
# What a line of a document is distributed over; tax and payment terms are not sent as lines.
ACCOUNTS_OF_LINE = SQL(
    """account_move_line l
       CROSS JOIN LATERAL jsonb_object_keys(CASE jsonb_typeof(l.analytic_distribution) WHEN 'object' THEN l.analytic_distribution END) key
       CROSS JOIN LATERAL UNNEST(string_to_array(key, ',')) part
       JOIN account_analytic_account a ON a.id = CASE WHEN part ~ '^[0-9]+$' THEN part::int END"""
)
IS_SENT = SQL("l.analytic_distribution IS NOT NULL AND l.display_type NOT IN ('tax', 'payment_term')")


@dataclass
class OptionReading(Reading):
    """Of analytic accounts: the ``plans`` (lines of the mapping, by plan), ``options`` by category, ``lines`` of the mapping by account.

    ``owners`` says which account an option stands for, ``ambiguous`` which accounts share their name with another one of their plan.
    """

    accounts: dict  # by id
    plans: dict
    options: dict
    lines: dict
    owners: dict
    ambiguous: object
    lang: str


class XeroHandlerOption(models.AbstractModel):
    """Analytic accounts that documents name and that have no option yet: an option of the plan's tracking category for each.

    An option that has the account's name is taken; otherwise one is made, if the connection allows it. The name of an option is unique in
    its category, so it is found again if no answer came. Renaming the account later changes nothing in Xero: the mapping goes by ids.
    """

    _name = "xero.handler.option"
    _inherit = "xero.handler"
    _description = "Xero Handler: Tracking Options"

    _kind = "option"
    _label = _lt("Tracking Option")
    _sequence = 10
    _setting = ""
    _res_model = "account.analytic.account"
    _trace = OptionTrace
    _is_named = True

    def _batch_limit(self, operation):
        return 1  # all that Xero's description of the call provides for

    # === NAMESAKES === #

    def _take_namesakes(self, connection, accounts):
        """Map accounts to the free, active option that has their name; returns those that have one."""
        reading = self._read_accounts(connection, accounts)
        taken = accounts.browse()
        for account in accounts:
            found = self._namesake(account, reading)
            if found and found.active and found not in reading.owners and account not in reading.ambiguous:
                self._map(reading, account, found, "same_name")
                taken |= account
        return taken

    def _map(self, reading, account, option, reason):
        """Remember that the option stands for the account."""
        values = {"xero_option_id": option.id, "reason": reason, "confirmed": True}
        line = reading.lines.get(account)
        if line:
            line.write(values)
        else:
            plan = reading.plans[account.root_plan_id]
            identity = {"connection_id": plan.connection_id.id, "account_id": account.id, "plan_mapping_id": plan.id}
            reading.lines[account] = self.env["xero.option.mapping"].create({**identity, **values})
        reading.owners[option] = account

    # === READ === #

    def _read(self, connection, jobs):
        return self._read_accounts(connection, self.env[self._res_model].browse(jobs.mapped("res_id")).exists())

    def _read_accounts(self, connection, accounts):
        """What is known of these accounts' plans and options; a few queries.

        :rtype: OptionReading
        """
        own = [("connection_id", "=", connection.id)]
        plans = self.env["xero.tracking.mapping"].search([*own, ("confirmed", "=", True), ("plan_id", "in", accounts.root_plan_id.ids)])
        in_categories = [*own, ("category_id", "in", plans.xero_category_id.ids)]
        options = self.env["xero.tracking.option"].with_context(active_test=False).search(in_categories)
        mapped = ["|", ("account_id", "in", accounts.ids), ("xero_option_id", "in", options.ids)]
        lines = self.env["xero.option.mapping"].search([*own, *mapped])
        return OptionReading(
            connection,
            bindings=self.env["xero.binding"]._by_record(connection, self._res_model, accounts.ids, [self._kind]),
            accounts={account.id: account for account in accounts},
            plans={line.plan_id: line for line in plans},
            options=options.grouped("category_id"),
            lines={line.account_id: line for line in lines},
            owners={line.xero_option_id: line.account_id for line in lines if line.confirmed and line.xero_option_id},
            ambiguous=self._ambiguous(accounts, connection._companies()),
            lang=connection.company_id.partner_id.lang,
        )

    def _ambiguous(self, accounts, companies):
        """Those of the accounts that share their name with another one of their plan."""
        if not accounts:
            return accounts
        domain = Domain("root_plan_id", "in", accounts.root_plan_id.ids) & Domain("name", "in", accounts.mapped("name"))
        domain &= Domain(accounts._check_company_domain(companies))
        groups = accounts._read_group(domain, ["root_plan_id", "name"], ["id:recordset"])
        return accounts.browse().union(*(found for _plan, _name, found in groups if len(found) > 1)) & accounts

    def _name_of(self, account, reading):
        """How the option is called: as the account, in the company's language."""
        return resource.option_name(account.with_context(lang=reading.lang).name)

    def _namesake(self, account, reading):
        """The option with the account's name; an active one first."""
        plan = reading.plans.get(account.root_plan_id)
        name = batches.folded(self._name_of(account, reading))
        options = reading.options.get(plan.xero_category_id, ()) if plan else ()
        same = [option for option in options if batches.folded(option.name) == name]
        return next((option for option in same if option.active), same[0] if same else None)

    # === DECIDE === #

    def _decide(self, job, reading):
        """What is to be done about an analytic account.

        | its plan is tracked | it has an option | options may be made, and the name is free | then       |
        | ------------------- | ---------------- | ----------------------------------------- | ---------- |
        | no                  |                  |                                           | nothing    |
        | yes                 | yes              |                                           | nothing    |
        | yes                 | no               | no                                        | held       |
        | yes                 | no               | yes                                       | it is made |
        """
        account = reading.accounts.get(job.res_id)
        plan = account and reading.plans.get(account.root_plan_id)
        if not plan or not plan.xero_category_id:
            raise NothingToDo(self.env._("The analytic account is not tracked in Xero."))
        line = reading.lines.get(account)
        if line and line.confirmed and line.xero_option_id.category_id == plan.xero_category_id:
            raise NothingToDo(self.env._("The analytic account has its option."))
        name, category = self._name_of(account, reading), plan.xero_category_id
        self._check(account, name, category, reading)
        return Outgoing(
            job_id=job.id,
            res_id=account.id,
            operation="create",
            payload=resource.option_to_xero(resource.Option(category.xero_id, name)),
            fingerprint="",
            trace=self._trace(category_id=category.xero_id, category=category.name, name=name),
            label=name,
        )

    def _check(self, account, name, category, reading):
        """:raise Held: there is, or must be, no new option of this name"""
        tracking = self.env["xero.handler.tracking"]
        if not reading.connection.create_options:
            raise tracking._held_missing(account.id, account.name, category.name)
        if not 0 < len(name) <= resource.NAME_LIMIT:
            raise self._held_by_hand(account, self.env._("The name of “%s” is too long for an option in Xero.", account.name[:60]))
        if account in reading.ambiguous:
            raise self._held_by_hand(account, self.env._("Several analytic accounts of the plan are called “%s”.", account.name))
        self._check_namesake(account, name, category, reading)
        if sum(option.active for option in reading.options.get(category, ())) >= MAX_OPTIONS:
            raise self._held_full(account.id, name, category.name)

    def _check_namesake(self, account, name, category, reading):
        """:raise Held: there is an option of this name that stands for another account, or is archived"""
        namesake = self._namesake(account, reading)
        if namesake and namesake.active:
            owner = reading.owners.get(namesake)
            raise self._held_by_hand(account, self.env._("The option “%(option)s” in Xero stands for “%(account)s” already.",
                                                         option=namesake.name, account=owner.name if owner else ""))  # fmt: skip
        if namesake and namesake.status == "ARCHIVED":
            raise self.env["xero.handler.tracking"]._held_archived(account.id, name, category.name)

    def _held_by_hand(self, account, reason):
        tracking = self.env["xero.handler.tracking"]
        return tracking._held(account.id, reason, self.env._("Choose its option in the mapping, or rename the analytic account."))

    def _held_full(self, account_id, name, category, details=()):
        return self.env["xero.handler.tracking"]._held(
            account_id,
            self.env._(
                "There is no room for “%(option)s”: the tracking category “%(category)s” has %(count)s options, all that Xero allows.",
                option=name, category=category, count=MAX_OPTIONS,
            ),
            self.env._("Archive an option in Xero and press “Read from Xero”, or choose another option in the mapping."),
            details,
        )  # fmt: skip

    # === SEND === #

    def _write(self, client, operation, payloads, idempotency_key):
        raise NotImplementedError  # the category stands in the address of the call, see _call

    def _call(self, client, operation, items, idempotency_key):
        (item,) = items
        result = Result(item)
        try:
            result.remote = client.create_option(item.trace.category_id, item.payload, idempotency_key)
        except errors.ValidationRefused as error:
            result.errors = error.details or (error.message,)
            self._gather(client, operation, [result])
        return [result]

    def _evidence(self, client, operation, items):
        return client.options()

    def _is_ours(self, trace, remote):
        return _is_named(trace, remote) and remote.status == "ACTIVE"

    def _why_refused(self, result):
        """There is an archived one of that name, or no room for another."""
        trace, res_id = result.item.trace, result.item.res_id
        if any(_is_named(trace, option) for option in result.evidence):
            return self.env["xero.handler.tracking"]._held_archived(res_id, trace.name, trace.category)
        if sum(option.category_id == trace.category_id and option.status == "ACTIVE" for option in result.evidence) >= MAX_OPTIONS:
            return self._held_full(res_id, trace.name, trace.category, result.errors)
        return super()._why_refused(result)

    def _refused(self, item, errors):
        reason = self.env._("Xero did not accept the tracking option “%s”.", item.label)
        help_text = self.env._("Choose its option in the mapping, or correct what Xero's message says and press Retry.")
        held = self.env["xero.handler.tracking"]._held(item.res_id, reason, help_text, errors)
        held.failed = True
        return held

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        return client.options()

    def _binding_values(self, remote):
        return {"number": remote.name, "xero_status": remote.status, "parent_xero_id": remote.category_id}

    def _after_done(self, connection, res_ids):
        """The new options take their place in the mapping, and documents that stood behind them can follow."""
        self._keep(connection, res_ids)
        self.env["account.move.line"].flush_model()
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.kind = ANY(%s) AND j.res_model = 'account.move'
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)
                      AND EXISTS (SELECT 1 FROM %s WHERE l.move_id = j.res_id AND a.id = ANY(%s) AND %s)""",
                connection.id, list(self._kinds_that("_is_distributed")), ACCOUNTS_OF_LINE, list(res_ids), IS_SENT,
            )
        )  # fmt: skip

    def _keep(self, connection, res_ids):
        """Our copy of the options that were made, and the accounts they stand for."""
        accounts = self.env[self._res_model].browse(res_ids).exists()
        reading = self._read_accounts(connection, accounts)
        for account in accounts:
            binding, plan, line = reading.bindings.get(account.id), reading.plans.get(account.root_plan_id), reading.lines.get(account)
            if not binding or not plan or binding.parent_xero_id != plan.xero_category_id.xero_id or (line and line.confirmed):
                continue
            self._map(reading, account, self._keep_option(plan.xero_category_id, binding), "created")

    def _keep_option(self, category, binding):
        options_sudo = self.env["xero.tracking.option"].sudo().with_context(active_test=False)
        own = [("connection_id", "=", binding.connection_id.id), ("xero_id", "=", binding.xero_id)]
        values = {"name": binding.number, "status": binding.xero_status, "active": True, "category_id": category.id}
        option = options_sudo.search(own, limit=1)
        if option:
            option.write(values)
            return option
        return options_sudo.create({**values, "connection_id": binding.connection_id.id, "xero_id": binding.xero_id})


def _is_named(trace, option):
    return bool(trace.name) and option.category_id == trace.category_id and batches.folded(option.name) == batches.folded(trace.name)
