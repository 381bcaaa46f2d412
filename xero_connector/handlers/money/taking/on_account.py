from odoo import models

from ....const import GONE
from .facts import ON_ACCOUNT, ZERO, Told


class XeroHandlerOnAccount(models.AbstractModel):
    """Over- and prepayments that were made, or voided, in Xero: payments here that are matched with nothing yet."""

    _inherit = "xero.handler.on_account"

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        there = [remote for remote in remotes if remote.status not in GONE]
        gone = [_told(remote) for remote in remotes if remote.status in GONE]
        self.env["xero.taking"]._hear(connection, self._in_all(connection, client, there), gone)

    def _in_all(self, connection, client, remotes):
        """Those that nothing here remembers, of contacts that are here, with all that is remembered of them; one call for a page's.

        The list does not say which over- or prepayment a bank transaction has made.
        """
        Binding, own = self.env["xero.binding"].sudo(), [("connection_id", "=", connection.id)]
        ids = [remote.xero_id for remote in remotes]
        known = set(Binding.search([*own, ("kind", "=", self._kind), ("xero_id", "in", ids)]).mapped("xero_id"))
        contacts = [("res_model", "=", "res.partner"), ("xero_id", "in", [remote.told.contact_id for remote in remotes])]
        here = set(Binding.search([*own, *contacts]).mapped("xero_id"))
        new = [remote.xero_id for remote in remotes if remote.xero_id not in known and remote.told.contact_id in here]
        return [_told(remote) for remote in client.on_account(ids=new) if remote.status not in GONE] if new else []


def _told(remote):
    return Told(
        ON_ACCOUNT,
        remote.xero_id,
        remote.told.date,
        account_id=remote.told.account_id,
        reference=remote.told.reference,
        contact_id=remote.told.contact_id,
        is_out=remote.kind.startswith("SPEND"),
        is_prepayment=remote.kind.endswith("PREPAYMENT"),
        amount=remote.total,
        currency=remote.currency,
        on_account_id=getattr(remote, "on_account_id", ""),
        tax=getattr(remote, "total_tax", ZERO) if remote.kind.endswith("PREPAYMENT") else ZERO,
    )
