from decimal import Decimal

from odoo import models

from ....const import HOURLY
from .facts import ALLOCATION, PAYMENT, ZERO, Share, Told


class XeroHandlerAllocation(models.AbstractModel):
    """Credit that was used, or taken back, in Xero: as its credit notes, overpayments and prepayments tell.

    An allocation has no stamp, and one that was undone is listed no more: what is gone shows when the credit is read in full.
    """

    _inherit = "xero.handler.allocation"

    _list = ("CreditNotes", "Overpayments", "Prepayments")
    _interval = HOURLY
    _rings = ("CREDITNOTE", "OVERPAYMENT", "PREPAYMENT")
    _rings_itself = True
    _taken_at = 46  # before documents are compared, after the money that may be allocated

    def _is_read(self, connection):
        return connection._takes_allocations()

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        remotes = self._without_differences(connection, remotes)
        known, refunds = self._known_by_credit(connection, remotes), self._refunds(connection, remotes)
        tolds, gone = [], []
        for remote in remotes:
            bound_sudo = known.get(remote.xero_id, self.env["xero.binding"])
            listed = self._listed(connection, client, remote, bound_sudo, refunds.get(remote.xero_id, ZERO))
            here = set(bound_sudo.mapped("xero_id"))
            tolds += [_told(each, remote) for each in listed or () if each.xero_id not in here]
            if listed is not None:
                there = {each.xero_id for each in listed}
                gone += [_gone(binding) for binding in bound_sudo if binding.xero_id not in there]
                self._forget_unlisted(connection, remote, there)
        self.env["xero.taking"]._hear(connection, tolds, gone)

    def _hear_used(self, connection, client, credits):
        """What these credits (pairs of what each is, and its id) were used for; a call each. Of write-offs of ours their money decides."""
        if not connection._takes_allocations():
            return
        own = [("connection_id", "=", connection.id), ("kind", "in", self._kinds_that("_is_difference"))]
        ours = set(
            self.env["xero.binding"].sudo().search([*own, ("xero_id", "in", [xero_id for _source, xero_id in credits])]).mapped("xero_id")
        )
        for source, xero_id in credits:
            listed = client.allocations(source, xero_id) if xero_id not in ours else ()
            shares = [(each, (Share(each.invoice_id, each.amount),)) for each in listed]
            tolds = [Told(ALLOCATION, each.xero_id, each.date, share, credit=source, credit_id=xero_id) for each, share in shares]
            self.env["xero.taking"]._hear(connection, tolds)

    def _without_differences(self, connection, remotes):
        """Those that are no write-offs of ours: what these are allocated to, their money decides."""
        own = [("connection_id", "=", connection.id), ("kind", "in", self._kinds_that("_is_difference"))]
        about = [*own, ("xero_id", "in", [remote.xero_id for remote in remotes])]
        ours = set(self.env["xero.binding"].sudo().search(about).mapped("xero_id"))
        return [remote for remote in remotes if remote.xero_id not in ours]

    def _forget_unlisted(self, connection, credit, there):
        """What was undone in Xero before it was booked here."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("state", "in", ("waiting", "asked", "held"))]
        rows_sudo = self.env["xero.money"].sudo().search(own)
        undone_sudo = rows_sudo.filtered(lambda row: row._told().credit_id == credit.xero_id and row.xero_id not in there)
        undone_sudo.write({"state": "gone", "cause": False, "message": False})

    def _known_by_credit(self, connection, remotes):
        """``{Xero id of a credit: what is remembered of its allocations}``."""
        names = {f"{_source(remote)},{remote.xero_id}": remote.xero_id for remote in remotes}
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_there", "=", True), ("credit", "in", list(names))]
        found = self.env["xero.binding"].sudo().search(own).grouped("credit")
        return {names[credit]: bindings for credit, bindings in found.items()}

    def _listed(self, connection, client, remote, bound, paid_back):
        """What the credit is allocated to; ``None`` if the list left that out and nothing says that it has changed.

        Lists may leave out what is nested in them: so if what they show is not all that was used, the credit is asked for itself.
        """
        allocated = remote.amount_settled - paid_back
        if sum((each.amount for each in remote.allocations), ZERO) == allocated:
            return remote.allocations
        if sum((Decimal(str(each.xero_total)) for each in bound), ZERO) == allocated:
            return None
        if not connection._takes_allocations() or not bound and not self._is_ours_credit(connection, remote):
            return None
        return client.allocations(_source(remote), remote.xero_id)

    def _refunds(self, connection, remotes):
        """``{Xero id of a credit: what of it payments that are known here have paid back}``; one query."""
        own = [("connection_id", "=", connection.id), ("kind", "=", PAYMENT), ("is_there", "=", True)]
        found = {}
        for binding_sudo in self.env["xero.binding"].sudo().search([*own, ("parent_xero_id", "in", [each.xero_id for each in remotes])]):
            key = binding_sudo.parent_xero_id
            found[key] = found.get(key, ZERO) + Decimal(str(binding_sudo.xero_total))
        return found

    def _is_ours_credit(self, connection, remote):
        own = [("connection_id", "=", connection.id), ("is_there", "=", True)]
        about = ["|", ("xero_id", "=", remote.xero_id), ("on_account_xero_id", "=", remote.xero_id)]
        return bool(self.env["xero.binding"].sudo().search_count([*own, *about], limit=1))


def _source(remote):
    return getattr(remote, "source", "CreditNote")


def _told(allocation, credit):
    share = Share(allocation.invoice_id, allocation.amount)
    day = allocation.date or credit.date
    return Told(ALLOCATION, allocation.xero_id, day, (share,), credit=_source(credit), credit_id=credit.xero_id)


def _gone(binding):
    source, _comma, credit_id = (binding.credit or "").partition(",")
    share = Share(binding.parent_xero_id, Decimal(str(binding.xero_total)))
    return Told(ALLOCATION, binding.xero_id, binding.date, (share,), credit=source, credit_id=credit_id)
