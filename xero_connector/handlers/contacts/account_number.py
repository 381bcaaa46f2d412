from dataclasses import replace

from odoo import models

from ...xero_core.errors import Outcome, XeroError
from ...xero_core.resources.batches import folded
from ...xero_core.resources.contacts import without_account_number
from ..dispatch import Result
from ..reasons import Held
from .namesakes import namesakes


class XeroHandlerContact(models.AbstractModel):
    """A partner's reference is the account number of its contact, which in Xero nobody else may have.

    A contact whose number is taken goes without it, and says so: what may be left out of a contact does not hold up invoices.
    """

    _inherit = "xero.handler.contact"

    def _call(self, client, operation, items, idempotency_key):
        results = super()._call(client, operation, items, idempotency_key)
        taken = [number for number, result in enumerate(results) if self._is_only_its_number(result)]
        if taken:
            again = [replace(results[number].item, payload=without_account_number(results[number].item.payload)) for number in taken]
            for number, result in zip(taken, self._without(client, operation, again, idempotency_key), strict=True):
                result.evidence = result.evidence or results[number].evidence
                results[number] = result
        return results

    def _is_only_its_number(self, result):
        """Whether somebody else has the account number, and nothing else that Xero holds explains the refusal."""
        item, contacts = result.item, result.evidence
        if result.remote or not any(_has_number(item, contact) for contact in contacts):
            return False
        if item.operation == "update":
            own = next((contact for contact in contacts if contact.xero_id == item.xero_id), None)
            return bool(own) and own.status == "ACTIVE"
        return not self._own(item, contacts) and not namesakes(item.trace, contacts)

    def _without(self, client, operation, items, idempotency_key):
        """The call without the numbers. What is known of the others must not be forgotten if it fails."""
        try:
            return super()._call(client, operation, items, f"{idempotency_key}-unnumbered")
        except XeroError as error:
            unknown = error.outcome is Outcome.UNKNOWN
            return [Result(item, unknown=unknown, again=None if unknown else error) for item in items]

    def _disagreement(self, item, remote):
        """In Xero, but without its number."""
        number = item.trace.account_number
        if not number or "AccountNumber" in item.payload or folded(remote.account_number) == folded(number):
            return super()._disagreement(item, remote)
        return Held(
            "account_number_taken",
            self.env._(
                "“%(contact)s” is in Xero, but without its reference %(number)s, which another contact has there.",
                contact=item.label,
                number=number,
            ),
            key=str(item.res_id),
            help=self.env._("Invoices go all the same. Give one of the two contacts another reference, then press Retry."),
            record=(item.res_model, item.res_id),
        )

    def _after_bound(self, connection, res_ids):
        """Documents that stood behind the contact go, whatever it lacks."""
        self._after_done(connection, res_ids)


def _has_number(item, contact):
    number = item.trace.account_number
    return bool(number) and contact.xero_id != item.xero_id and folded(contact.account_number) == folded(number)
