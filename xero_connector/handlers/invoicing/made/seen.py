from decimal import Decimal

from odoo import models

from ....const import GONE, ON_THE_WIRE
from ....xero_core.resources import invoices as resource
from ....xero_core.resources.batches import folded
from ... import mark
from ...made_facts import APPROVED, Facts
from ...reasons import Held
from ..snapshot import SALES, TYPES


class XeroHandlerDocument(models.AbstractModel):
    """Reads what has to be known of a document that was made in Xero: who it is for, what is like it here, and where it would stand."""

    _inherit = "xero.handler.document"

    def _is_wanted(self, connection, remote):
        """Whether a document of Xero's that nothing here remembers comes in, as the connection is set."""
        since = connection.takes_since
        return (
            connection[self._takes] in ("draft", "posted")
            and remote.status in APPROVED
            and bool(remote.date and since and remote.date >= since)
            and not self._made_of(remote, connection)
        )

    def _facts_made(self, row, remote):
        """:param row: its ``xero.made``; :rtype: Facts"""
        connection, partner = row.connection_id, row.partner_id
        alike = self.env["account.move"] if row.is_another else self._alike(connection, remote, partner)
        return Facts(
            mode=connection[self._takes] or "",
            is_known=self._is_known_here(connection, remote),
            is_on_the_wire=self._is_perhaps_sent(connection, remote),
            is_gone=remote.status in GONE,
            is_said=row.is_said,
            alike=alike[:1].display_name if alike else "",
            is_sent_once=f"?{mark.PARAMETER}=" in remote.url,
            may_be=0 if partner else len(row.candidate_ids),
            lacks=self._lacking(connection, row, remote),
            locked=self._locked_day(connection, remote),
        )

    def _check_not_made(self, move, reading):
        """:raise Held: somebody has made one in Xero that looks like it, and nobody has said yet whether the two are one"""
        if theirs := reading.proposed.get(move.id):
            raise Held(
                "maybe_made",
                self.env._("%(document)s looks like %(theirs)s, which was made in Xero.", document=move.name, theirs=theirs),
                key=f"account.move,{move.id}",
                help=self.env._("Say under Made in Xero whether the two are one document."),
                record=("account.move", move.id),
            )

    def _is_known_here(self, connection, remote):
        """Whether it is the counterpart of something, of whatever kind: a credit note may stand for a write-off."""
        own = [("connection_id", "=", connection.id), ("xero_id", "=", remote.xero_id)]
        return bool(self.env["xero.binding"].sudo().search_count(own, limit=1))

    def _move_type(self, remote):
        """Odoo's type of what Xero has."""
        return next(move_type for move_type in self._moves if TYPES[move_type] == remote.kind)

    def _is_perhaps_sent(self, connection, remote):
        """Whether something of that number, or of that amount for its contact, was sent and nobody knows what became of it."""
        jobs_sudo = self.env["xero.job"].sudo().search([("connection_id", "=", connection.id), ("state", "in", ON_THE_WIRE)])
        traces = [kept["trace"] for job in jobs_sudo for kept in job.traces or ()]
        numbers = {folded(trace["number"]) for trace in traces if "number" in trace}
        amounts = {(trace["contact_id"], Decimal(trace["total"])) for trace in traces if {"contact_id", "total"} <= trace.keys()}
        return folded(remote.number) in numbers or (remote.contact_id, remote.total) in amounts

    # === WHAT IS LIKE IT HERE === #

    def _alike(self, connection, remote, partner):
        """Documents that are here, are not in Xero, and look like it: of its number, or of its contact, day and total."""
        own = [("company_id", "in", connection._companies().ids), ("move_type", "in", self._moves), ("state", "!=", "cancel")]
        number = "name" if remote.kind in SALES else "ref"
        wanted = []
        if remote.number:
            wanted.append([(number, "=ilike", _exactly(remote.number)), *([] if remote.kind in SALES else _of(partner))])
        if partner:
            same = [("invoice_date", "=", remote.date), ("amount_total", "=", float(remote.total))]
            wanted.append([*_of(partner), *same, ("currency_id.name", "=", remote.currency)])
        found = self.env["account.move"].union(*(self.env["account.move"].search(own + each, limit=20) for each in wanted))
        found = found.filtered(lambda move: TYPES[move.move_type] == remote.kind)
        bound = self.env["xero.binding"].sudo()._by_record(connection, self._res_model, found.ids, [self._kind])
        drafts_sudo = self.env["xero.made"].sudo().search([("move_id", "in", found.ids)])
        return found.filtered(lambda move: not (move.id in bound and bound[move.id].is_there)) - drafts_sudo.move_id

    # === WHAT IT TAKES TO STAND HERE === #

    def _lacking(self, connection, row, remote):
        """What has no place in Odoo, in a sentence; '' if all has, as far as can be told before it is made."""
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", remote.currency)], limit=1)
        if not currency.active:
            return self.env._("The currency %s is not used in Odoo; activate it first.", remote.currency)
        if currency != connection.company_id.currency_id and not remote.told.currency_rate:
            return self.env._("Xero does not say its exchange rate.")
        if remote.cis:
            return self.env._("The construction deduction (CIS) has no place in Odoo; enter it by hand.")
        if not self._taken_journal(connection, remote):
            return self.env._("No journal is chosen for documents that are made in Xero; choose it in the connection's settings.")
        if not row.partner_id and not row.contact_told:
            return self.env._("Xero does not say who its contact is.")
        return ""

    def _taken_journal(self, connection, remote):
        return connection.taken_sale_journal_id if remote.kind in SALES else connection.taken_purchase_journal_id

    def _locked_day(self, connection, remote):
        """The last day of a closed period that the document's day is in; ``None`` if it is in none."""
        journal = self._taken_journal(connection, remote)
        has_tax = bool(remote.total_tax) or any(line.tax_type for line in remote.told.lines)
        locks = connection.company_id._get_violated_lock_dates(remote.date, has_tax, journal) if journal else []
        return max((lock[0] for lock in locks), default=None)

    def _kept_made(self, row):
        """:rtype: xero_core.resources.invoices.RemoteInvoice"""
        return resource.recalled(row.told)


def _exactly(text):
    """For ``=ilike``: no character stands for another one."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _of(partner):
    return [("commercial_partner_id", "=", partner.commercial_partner_id.id)]
