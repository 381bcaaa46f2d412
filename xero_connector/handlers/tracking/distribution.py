"""Analytic distributions as tracking: which options each part of an amount gets in Xero."""

from decimal import Decimal

from odoo import models

from ...mapping import tracking as tracking_table
from ...xero_core.arithmetic import tracking
from ...xero_core.resources.tracking import RemoteOption
from ..reasons import Held, HeldBehind, Wait


class XeroTrackingHandler(models.AbstractModel):
    """Analytic plans stand for tracking categories, their accounts for options; a distribution splits a line.

    Entry points, for documents of any kind:

    * ``_load``: what a batch of documents needs, in a few queries;
    * ``_shares``: the shares of one distribution, each with its options; ``xero_core.tracking.split`` makes lines of them, and
      ``xero_core.tracking.parts`` amounts;
    * ``_tracked``: the lines of a document, split.

    Nothing is left out silently: a plan nobody has decided on, and an account without option, hold the document.
    """

    _name = "xero.handler.tracking"
    _description = "Xero Tracking"

    def _load(self, connection, lines):
        """The mapping for the distributions of these Odoo lines (any records with an ``analytic_distribution``).

        :rtype: tracking_table.TrackingTable
        """
        return tracking_table.load(connection, tracking_table.account_ids(lines.mapped("analytic_distribution")))

    def _tracked(self, lines, move, table):
        """The lines of a document (``xero_core.resources.lines.Line``), those of a distributed Odoo line split; by their keys.

        :raise Held, HeldBehind, Wait: see ``_shares``
        """
        distributions = {str(line.id): line.analytic_distribution for line in move.line_ids if line.analytic_distribution}
        if not distributions:
            return tuple(lines)
        split = (
            tracking.split(line, self._shares(distributions[line.key], table), move.currency_id.name)
            if line.key in distributions and line.quantity is not None
            else (line,)
            for line in lines
        )
        return tuple(part for parts in split for part in parts)

    def _shares(self, distribution, table):
        """The shares of an amount that is distributed so; one without options if it is not distributed, or on plans that are not tracked.

        :param dict distribution: as in ``analytic_distribution``: ``{"1,5": 60.0, "2": 40.0}``
        :param table: from ``_load``
        :rtype: tuple[xero_core.tracking.Share, ...]
        :raise Held, HeldBehind, Wait: naming the plan or account that has no counterpart in Xero
        """
        entries = [
            (Decimal(str(round(percentage, 6))), self._tags(tracking_table.account_ids([{key: 0}]), table))
            for key, percentage in (distribution or {}).items()
        ]
        return tracking.shares(entries, table.digits)

    def _tags(self, account_ids, table):
        found = {}
        for account_id in sorted(account_ids):
            account = table.account(account_id)
            plan = account and self._decided(account, table)
            if plan and plan.category_id:
                found[plan.category_id] = self._option(account_id, account, plan, table)
        return tuple(sorted(found.items()))

    def _decided(self, account, table):
        plan = table.plan(account.plan_id)
        if plan is None or plan.archived:
            reason = self.env._("The analytic plan “%s” has no tracking category in Xero.", account.plan_name)
            if plan:
                reason = self.env._(
                    "The tracking category “%(xero)s” of the analytic plan “%(odoo)s” is archived in Xero.",
                    xero=plan.name, odoo=account.plan_name,
                )  # fmt: skip
            raise Held(
                "tracking_unmapped",
                reason,
                key=str(account.plan_id),
                help=self.env._("Choose the tracking category in the mapping, or tick there that the plan is not tracked."),
            )
        return plan

    def _option(self, account_id, account, plan, table):
        if account.option_id and not account.archived:
            return account.option_id
        job = table.job(account_id)
        if job and job.state in ("blocked", "failed") and job.problem_id:
            raise HeldBehind(job.problem_id, job.problem_id.name)
        if job and job.state != "ignored":
            raise Wait(self.env._("Waits for the tracking option “%s”.", account.name))
        if account.archived:
            raise self._held_archived(account_id, account.name, plan.name)
        raise self._held_missing(account_id, account.name, plan.name)

    # === WHY NOT === #

    def _why_refused(self, result):
        """The reason for Xero's refusal if an option that was sent is not there any more; our copy of it is set right too."""
        active = {each.xero_id for each in result.evidence if isinstance(each, RemoteOption) and each.status == "ACTIVE"}
        gone = {option_id for ids in result.item.trace.tracking or () for option_id in ids} - active
        if not gone:
            return None
        connection = self.env["xero.job"].browse(result.item.job_id).connection_id
        options = self.env["xero.tracking.option"].search([("connection_id", "=", connection.id), ("xero_id", "in", sorted(gone))])
        line = self.env["xero.option.mapping"].search([("xero_option_id", "in", options.ids)], limit=1)
        status = {each.xero_id: each.status for each in result.evidence if isinstance(each, RemoteOption)}
        for option in options:
            option.sudo().write({"active": False, "status": status.get(option.xero_id, "DELETED")})
        option = line.xero_option_id
        return self._held_archived(line.account_id.id, option.name, option.category_id.name, result.errors) if line else None

    def _held_missing(self, account_id, name, category):
        return self._held(
            account_id,
            self.env._(
                "The analytic account “%(account)s” has no option in the tracking category “%(category)s”.", account=name, category=category
            ),
            self.env._("Choose its option in the mapping, or let the connection create missing tracking options."),
        )

    def _held_archived(self, account_id, name, category, details=()):
        return self._held(
            account_id,
            self.env._(
                "The option “%(option)s” of the tracking category “%(category)s” is no longer in use in Xero.",
                option=name,
                category=category,
            ),
            self.env._("Restore the option in Xero and press “Read from Xero”, or choose another option in the mapping."),
            details,
        )

    def _held(self, account_id, reason, help, details=()):  # noqa: A002 - as in Held
        """The one problem of an analytic account and of all documents that name it."""
        return Held(
            "option_missing", reason, key=str(account_id), help=help, details=details, record=("account.analytic.account", account_id)
        )
