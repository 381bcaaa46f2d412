from odoo import models

from ..xero_core.resources import refusals
from .reasons import Held

# what is said of a refusal when nothing but Xero's words tells why
GENERAL = ("refused", "item_refused", "money_in_use")


class XeroHandlerBlame(models.AbstractModel):
    """Whom Xero blames for a refusal: what holds up many documents is one problem, whatever kind they are of."""

    _inherit = "xero.handler"

    def _blame(self, item, held):
        """The reason why Xero refused ``item``: ``held``, or the cause that it shares with others.

        | Xero's messages blame           | then                                          |
        | ------------------------------- | --------------------------------------------- |
        | nothing, or something beside it | the document's own problem, as it is          |
        | the lock date                   | one problem for all documents up to that day  |
        | an account, a tax rate          | one problem for all documents that name it    |
        | an archived contact             | the contact's problem                         |
        """
        if held.code not in GENERAL or not held.details:
            return held
        found = refusals.blamed(held.details)
        return found and getattr(self, f"_blamed_{found[0].what}")(item, found[0].name, held.details) or held

    def _blaming(self, code, message, key, help_text, details, **values):
        return Held(code, message, key=key, help=help_text, details=details, failed=True, **values)

    def _blamed_lock(self, item, day, details):
        return self._blaming(
            "lock_date",
            self.env._("Xero is locked up to %s; nothing up to that day can be added or removed.", day)
            if day
            else self.env._("A period is locked in Xero; nothing in it can be added or removed."),
            day,
            self._help_with_lock(),
            details,
        )

    def _blamed_account(self, item, code, details):
        account = self._reference(item, "xero.account", "code", code)
        return self._held_account(account.display_name or code, code, details)

    def _blamed_payment_account(self, item, _name, details):
        """Of money, whose account Xero does not name."""
        xero_id = refusals.named_account(item.payload)
        account = self._reference(item, "xero.account", "xero_id", xero_id)
        return self._held_account(account.display_name, xero_id, details) if account else None

    def _held_account(self, name, key, details):
        return self._blaming(
            "account_refused",
            self.env._("Xero does not accept the account %s.", name),
            key,
            self.env._(
                "Look at the account in Xero: it may be archived, or be one that takes no entries. Or choose another in the mapping."
            ),
            details,
        )

    def _blamed_tax(self, item, tax_type, details):
        rate = self._reference(item, "xero.tax.rate", "tax_type", tax_type)
        return self._blaming(
            "tax_refused",
            self.env._("Xero does not accept the tax rate “%s” on the accounts it is used with.", rate.name or tax_type),
            tax_type,
            self.env._("Look at the tax rate in Xero, or choose another for these accounts in the mapping."),
            details,
        )

    def _blamed_contact(self, item, _name, details):
        connection = self.env["xero.job"].browse(item.job_id).connection_id
        xero_id = refusals.named_contact(item.payload)
        contacts = self.env["xero.handler.contact"]
        binding = self.env["xero.binding"]._by_xero_id(connection, contacts._kind, [xero_id]).get(xero_id) if xero_id else None
        partner = binding and self.env[binding.res_model].browse(binding.res_id).exists()
        return contacts._held_archived(partner.id, partner.display_name, details) if partner else None

    def _reference(self, item, model, key, value):
        connection = self.env["xero.job"].browse(item.job_id).connection_id
        own = [("connection_id", "=", connection.id), (key, "=", value)]
        return self.env[model].with_context(active_test=False).search(own, limit=1)
