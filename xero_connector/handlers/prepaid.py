from decimal import Decimal

from odoo import models

from ..xero_core.documents import Prepaid
from ..xero_core.mapping import prepaid as mapping
from .base import Held, Item, Later, NothingToDo, Result
from .invoice_lines import money
from .money import day
from .money_route import ENDED, ON_ACCOUNT, is_live

MARKS = {"account.payment": "P", "account.bank.statement.line": "S"}


class XeroHandlerPrepaid(models.AbstractModel):
    """Money that no document is matched with, wholly or in part: it stands in Xero as an overpayment or a prepayment.

    Nothing in Xero keeps one from being made twice, references of bank transactions cannot be asked for, and of overpayments they may not
    even be kept. So the description of its line ends in a mark of ours, by which it is found among those of its day: before it is made,
    and when no answer came. Whether Xero lets it be removed is not known; if not, a person has to void it there.
    """

    _name = "xero.handler.prepaid"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Money on Account"

    _kind = "prepaid"
    _res_model = "account.payment"

    def _context(self, connection, jobs):
        routes = self._routes(connection, jobs)
        by_job = {job.id: routes.get(key) for job, key in self._keys(jobs).items()}
        partners = self.env["res.partner"].union(*(route.partner for route in routes.values() if route.is_posted))
        domain = [("connection_id", "=", connection.id), ("kind", "=", "contact"), ("res_id", "in", partners.ids)]
        contact_jobs = self.env["xero.job"].search([*domain, ("state", "not in", ("done", "cancelled"))])
        return {
            "connection": connection,
            "table": connection._mapping_table(),
            "routes": by_job,
            "bindings": {route.key[1]: route.prepaid for route in routes.values() if route.prepaid},
            "contacts": self.env["xero.binding"]._by_record(connection, "res.partner", partners.ids, ["contact"]),
            "contact_jobs": {job.res_id: job for job in contact_jobs},
            "base_url": self.env["ir.config_parameter"].sudo().get_param("web.base.url", ""),
        }

    def _item(self, job, context):
        route = context["routes"][job.id]
        if is_live(route.prepaid):
            if route.prepaid_stays:
                raise NothingToDo(self.env._("Nothing had changed."))
            return self._removal(job, route, context)
        if route.form != ON_ACCOUNT:
            raise self._reason_against(route, context["connection"])
        self._wait_for_leaving(route, ON_ACCOUNT)
        return self._creation(job, route, context)

    def _reason_against(self, route, connection):
        """Why nothing is to stand on account; held if something should and cannot."""
        if not (route.is_posted and route.is_unmatched and route.why_not and self._may_stand_on_account(route, connection)):
            return NothingToDo(self.env._("Nothing of it is to stand on account."))
        return Held(
            "not_ready",
            self.env._("%(payment)s is not wholly matched, and cannot stand on account in Xero. %(why)s",
                       payment=route.record.move_id.name, why=route.why_not),
            key=f"{route.key[0]},{route.key[1]}",
            help=self.env._("Match it with its documents in Odoo; it goes on by itself then."),
            record=route.key,
        )  # fmt: skip

    def _removal(self, job, route, context):
        self._check_lock_date(route.prepaid.date, context["connection"])
        if route.allocations or route.refunds:
            raise Later(self.env._("Waits until what it is used for has been removed in Xero."))
        xero_id = route.prepaid.xero_id
        sent_as = {"xero_id": xero_id, "date": str(route.prepaid.date), "key": list(route.key)}
        return Item(job.id, job.res_id, "remove", mapping.removal(xero_id), "", xero_id, sent_as, route.prepaid.number or "")

    # === SNAPSHOT === #

    def _creation(self, job, route, context):
        prepaid = self._snapshot(route, context)
        return Item(
            job_id=job.id,
            res_id=job.res_id,
            operation="create",
            payload=mapping.to_xero(prepaid),
            fingerprint=route.prepaid_digest,
            sent_as={
                "date": str(prepaid.date),
                "mark": self._mark(route.key),
                "contact_id": prepaid.contact_id,
                "partner_id": route.partner.id,
                "partner": route.partner.display_name,
                "total": str(prepaid.amount),
                "key": list(route.key),
            },
            label=route.record.move_id.name,
        )

    def _snapshot(self, route, context):
        """The money as Odoo's entry has it.

        :rtype: Prepaid
        :raise Held, Behind, Later: why it cannot go now
        """
        connection, entry = context["connection"], route.record.move_id
        self._check_confirmed(connection)
        self._check_lock_date(entry.date, connection)
        account = self._payment_account(route.journal, context["table"])
        self._check_currency(route.currency, context["table"])
        self._check_contact(route.partner, context)
        mark = self._mark(route.key)
        return Prepaid(
            contact_id=context["contacts"][route.partner.id].xero_id,
            account_id=account.xero_id,
            date=entry.date,
            amount=money(route.amount, route.currency),
            description=f"{entry.name} · {route.partner.display_name} {mark}",
            reference=f"{entry.name} {mark}",
            currency=route.currency.name,
            currency_rate=self._rate(route),
            url=self._link(route.key, context["base_url"]),
            **self._kind_of(route, connection),
        )

    def _kind_of(self, route, connection):
        """As what it arrives. A prepayment has the currency of its bank account and no other, so what is in another is an overpayment."""
        side = "RECEIVE" if sum(route.lines.mapped("balance")) < 0 else "SPEND"
        own = route.journal.currency_id or route.journal.company_id.currency_id
        if connection.unmatched_payments == "overpayment" or route.currency != own:
            return {"kind": f"{side}-OVERPAYMENT"}
        account = connection.prepayment_account_id
        if not account:
            raise Held(
                "account_unmapped",
                self.env._("No account is chosen for prepayments."),
                key="prepayment",
                help=self.env._("Choose the prepayment account in the Xero settings, or let unmatched payments arrive as overpayments."),
            )
        return {"kind": f"{side}-PREPAYMENT", "account_code": account.code}

    def _rate(self, route):
        """Units of its currency per unit of the company's, as Odoo booked it; None in the company's own."""
        if route.currency == route.lines.company_currency_id:
            return None
        booked = abs(sum(route.lines.mapped("balance")))
        return Decimal(str(round(route.amount / booked, 6))) if booked else None

    def _mark(self, key):
        return f"#{MARKS[key[0]]}{key[1]}"

    def _link(self, key, base_url):
        link = f"{base_url}/odoo/{key[0]}/{key[1]}"
        return "" if not base_url or "xero" in link.lower() else link

    # === SEND === #

    def _send(self, client, operation, items, idempotency_key):
        if operation == "remove":
            return super()._send(client, operation, items, idempotency_key)
        there = client.prepaid(days=[day(item.sent_as) for item in items])
        made = {item.job_id: found for item in items if (found := self._ours(item.sent_as, there))}
        new = [item for item in items if item.job_id not in made]
        results = [Result(item, remote=made[item.job_id]) for item in items if item.job_id in made]
        return results + (super()._send(client, operation, new, idempotency_key) if new else [])

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "remove":
            return client.remove_prepaid(payloads)
        return client.create_prepaid(payloads, idempotency_key)

    def _ours(self, sent_as, remotes):
        """The one that was made of this very money: it has our mark."""
        return next((r for r in remotes if r.status not in ENDED and _has_mark(r, sent_as["mark"])), None)

    def _evidence(self, client, operation, items):
        if operation == "remove":
            return client.prepaid(ids=[item.xero_id for item in items])
        return client.contacts(ids=sorted({item.sent_as["contact_id"] for item in items}))

    def _judge(self, result):
        item = result.item
        if item.operation == "remove":
            result.remote = self._removed(item.xero_id, result.evidence)
            result.held = None if result.remote else self._held_in_use(item, result)
            return
        contact = next((found for found in result.evidence if found.xero_id == item.sent_as["contact_id"]), None)
        if contact and contact.status == "ARCHIVED":
            result.held = self.env["xero.handler.contact"]._held_document(contact, item.sent_as, result.errors)
        else:
            result.held = self._refused(item, result.errors)

    def _removed(self, xero_id, remotes):
        return next((remote for remote in remotes if remote.xero_id == xero_id and remote.status in ENDED), None)

    def _held_in_use(self, item, result):
        remote = next((found for found in result.evidence if found.xero_id == item.xero_id), None)
        return Held(
            "money_in_use",
            self.env._("%(payment)s has changed in Odoo, but Xero does not let the %(amount)s on account be removed by another program.",
                       payment=item.label or self.env._("A payment"), amount=f"{remote.total:.2f}" if remote else ""),
            key=",".join(map(str, item.sent_as["key"])),
            help=self.env._("In Xero, open it, remove whatever it is still allocated to, choose Void, then press Retry here."),
            details=result.errors,
            record=tuple(item.sent_as["key"]),
            failed=True,
        )  # fmt: skip

    # === RECOVER AND BIND === #

    def _look_up(self, client, jobs):
        return self._look_up_by_day(client.prepaid, jobs)

    def _binding_values(self, remote):
        return {
            "number": remote.reference or remote.descriptions[:1] and remote.descriptions[0][:80],
            "xero_status": remote.status,
            "xero_type": remote.kind,
            "xero_total": float(remote.total),
            "prepaid_id": remote.prepaid_id,
            "date": remote.date,
            "remake": False,
        }


def _has_mark(remote, mark):
    """Whether one of its texts ends in our mark."""
    return any(text.split()[-1:] == [mark] for text in (remote.reference, *remote.descriptions))
