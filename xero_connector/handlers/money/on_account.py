from decimal import Decimal

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...const import GONE
from ...xero_core import values
from ...xero_core.resources import normal
from ...xero_core.resources import on_account as resource
from ...xero_core.resources.on_account import MoneyOnAccount, RemoteMoneyOnAccount
from .. import mark
from ..amounts import exact_amount
from ..dispatch import Outgoing
from ..reasons import Held
from .trace import OnAccountTrace

_lt = LazyTranslate(__name__)


class XeroHandlerOnAccount(models.AbstractModel):
    """Money that no document is matched with, wholly or in part: it stands in Xero as an overpayment or a prepayment.

    Nothing in Xero keeps one from being made twice, references of bank transactions cannot be asked for, and of overpayments they may not
    even be kept. So the description of its line ends in a mark of ours, by which it is found among those of its day: before it is made,
    and when no answer came. Whether Xero lets it be removed is not known; if not, a person has to void it there.
    """

    _name = "xero.handler.on_account"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Money on Account"

    _kind = "on_account"
    _label = _lt("Unmatched Payment")
    _sequence = 71
    _setting = "sync_payment"
    _owner_kind = "payment"
    _has_jobs = False
    _is_under_contact = True
    _res_model = "account.payment"
    _trace = OnAccountTrace

    def _page(self, short_code, row):
        return values.bank_transaction_url(short_code, row["xero_id"])

    def _removal_payload(self, binding):
        return resource.removal(binding.xero_id)

    # === SNAPSHOT === #

    def _creation(self, step, job, source, reading):
        money = self._snapshot(source, reading)
        return Outgoing(
            job_id=job.id,
            res_id=source.key[1],
            operation="create",
            payload=resource.to_xero(money),
            fingerprint=source.digest,
            trace=self._trace(
                date=money.date,
                mark=mark.told(source.record),
                contact_id=money.contact_id,
                partner_id=source.partner.id,
                partner=source.partner.display_name,
                total=money.amount,
            ),
            label=source.entry.name,
        )

    def _snapshot(self, source, reading):
        """The money as Odoo's entry has it.

        :rtype: MoneyOnAccount
        :raise Held, HeldBehind, Wait: why it cannot go now
        """
        connection, entry = reading.connection, source.entry
        self._check_confirmed(connection)
        self._check_lock_date(entry.date, connection)
        account = self._payment_account(source.journal, reading.table)
        self._check_currency(source.currency, reading.table)
        self._check_contact(source.partner, reading)
        tail = mark.told(source.record)
        return MoneyOnAccount(
            contact_id=reading.contacts[source.partner.id].xero_id,
            account_id=account.xero_id,
            date=entry.date,
            amount=exact_amount(source.amount, source.currency),
            description=f"{entry.name} · {source.partner.display_name} {tail}",
            reference=f"{entry.name} {tail}",
            currency=source.currency.name,
            currency_rate=self._rate(source),
            url=mark.link(source.record, self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")),
            **self._kind_of(source, connection),
        )

    def _kind_of(self, source, connection):
        """As what it arrives. A prepayment has the currency of its bank account and no other, so what is in another is an overpayment."""
        side = "RECEIVE" if sum(source.lines.mapped("balance")) < 0 else "SPEND"
        own = source.journal.currency_id or source.journal.company_id.currency_id
        if connection.unmatched_payments != "prepayment" or source.currency != own:
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

    def _rate(self, source):
        """Units of its currency per unit of the company's, as Odoo booked it; None in the company's own."""
        if source.currency == source.lines.company_currency_id:
            return None
        booked, amount = abs(sum(source.lines.mapped("balance"))), abs(sum(source.lines.mapped("amount_currency")))
        return Decimal(str(round(amount / booked, 6))) if booked else None

    # === SEND === #

    def _asked_first(self, items):
        return items

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "remove":
            return client.remove_on_account(payloads)
        return client.create_on_account(payloads, idempotency_key)

    def _is_ours(self, trace, remote):
        """Made of this very money: it has our mark."""
        return isinstance(remote, RemoteMoneyOnAccount) and remote.status not in GONE and _has_mark(remote, trace.mark)

    def _is_same(self, item, remote):
        is_money = isinstance(remote, RemoteMoneyOnAccount)
        return is_money and bool(item.payload) and normal.repeats(resource.from_xero(item.payload).told, remote.told)

    def _evidence(self, client, operation, items):
        if operation == "remove":
            return client.on_account(ids=[item.xero_id for item in items])
        return client.contacts(ids=sorted({item.trace.contact_id for item in items}))

    def _why_refused(self, result):
        item = result.item
        if item.operation == "remove":
            return self._held_in_use(item, result)
        contact = next((found for found in result.evidence if found.xero_id == item.trace.contact_id), None)
        if contact and contact.status == "ARCHIVED":
            return self.env["xero.handler.contact"]._held_document(contact, item.trace.partner_id, item.trace.partner, result.errors)
        return self._refused(item, result.errors)

    def _held_in_use(self, item, result):
        remote = next((found for found in result.evidence if found.xero_id == item.xero_id), None)
        return self._held(
            item,
            "money_in_use",
            self.env._("%(payment)s has changed in Odoo, but Xero does not let the %(amount)s on account be removed by another program.",
                       payment=item.label or self.env._("A payment"), amount=f"{remote.total:.2f}" if remote else ""),
            self.env._("In Xero, open it, remove whatever it is still allocated to, choose Void, then press Retry here."),
            result.errors,
        )  # fmt: skip

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        found = client.on_account(days=[item.trace.date for item in creates]) if creates else []
        return [*found, *(client.on_account(ids=[item.xero_id for item in removals]) if removals else ())]

    def _binding_values(self, remote):
        return {
            "number": remote.reference or remote.descriptions[:1] and remote.descriptions[0][:80],
            "xero_status": remote.status,
            "xero_type": remote.kind,
            "xero_total": float(remote.total),
            "on_account_xero_id": remote.on_account_id,
            "date": remote.date,
        }


def _has_mark(remote, own):
    """Whether one of its texts ends in our mark."""
    return bool(own) and any(text.split()[-1:] == [own] for text in (remote.reference, *remote.descriptions))
