"""The organisation and its lists."""

from ..documents import Account, BrandingTheme, Currency, Organisation, TaxRate, TrackingCategory
from ..mapping import account, branding_theme, currency, organisation, tax_rate, tracking_category
from .base import Calls, key


class SettingsCalls(Calls):
    """Reads of what the organisation lists; accounts and tax rates can be made, one per call."""

    def organisation(self) -> Organisation:
        """The organisation itself; free of Xero's data charge."""
        return organisation.from_xero(self._one(self._api.get_organisations, "Organisations"))

    def forbidden_actions(self) -> frozenset[str]:
        """The key actions that the organisation's plan or the connecting user's role does not allow, e.g. ``CreateApprovedInvoice``."""
        return organisation.forbidden(self._list(self._api.get_organisation_actions, "Actions"))

    def accounts(self) -> list[Account]:
        """The whole chart of accounts, archived ones included."""
        return [account.from_xero(row) for row in self._list(self._api.get_accounts, "Accounts")]

    def tax_rates(self) -> list[TaxRate]:
        """All tax rates, removed ones included."""
        return [tax_rate.from_xero(row) for row in self._list(self._api.get_tax_rates, "TaxRates")]

    def tracking_categories(self) -> list[TrackingCategory]:
        """All tracking categories with their options, archived ones included."""
        found = self._list(self._api.get_tracking_categories, "TrackingCategories", include_archived=True)
        return [tracking_category.from_xero(row) for row in found]

    def currencies(self) -> list[Currency]:
        """The currencies the organisation is subscribed to."""
        return [currency.from_xero(row) for row in self._list(self._api.get_currencies, "Currencies")]

    def branding_themes(self) -> list[BrandingTheme]:
        """How sales documents may look in print."""
        return [branding_theme.from_xero(row) for row in self._list(self._api.get_branding_themes, "BrandingThemes")]

    def create_account(self, payload: dict, idempotency_key: str) -> Account:
        """Create an account; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_account, "Accounts", account=payload, idempotency_key=key(idempotency_key))
        return account.from_xero(created)

    def create_tax_rate(self, payload: dict, idempotency_key: str) -> TaxRate:
        """Create a tax rate; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_tax_rates, "TaxRates", tax_rates={"TaxRates": [payload]}, idempotency_key=key(idempotency_key))
        return tax_rate.from_xero(created)
