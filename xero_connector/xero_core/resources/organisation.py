"""The organisation (Xero's page "Organisation")."""

from dataclasses import dataclass

from ..values import clean_guid, parse_date, to_text
from .base import Calls, Date


@dataclass(frozen=True, slots=True)
class Organisation:
    """The Xero organisation; nothing dated on or before a lock date can be written."""

    organisation_id: str
    name: str
    legal_name: str = ""
    short_code: str = ""
    base_currency: str = ""
    country_code: str = ""
    version: str = ""
    timezone: str = ""
    period_lock_date: Date | None = None
    end_of_year_lock_date: Date | None = None
    is_demo: bool = False
    subscription: str = ""
    status: str = ""
    sales_tax_basis: str = ""
    tax_number: str = ""


def from_xero(payload: dict) -> Organisation:
    """Read the organisation; subscriptions and versions Xero invents later stay as they are written."""
    return Organisation(
        organisation_id=clean_guid(payload.get("OrganisationID")),
        name=to_text(payload.get("Name")),
        legal_name=to_text(payload.get("LegalName")),
        short_code=to_text(payload.get("ShortCode")),
        base_currency=to_text(payload.get("BaseCurrency")),
        country_code=to_text(payload.get("CountryCode")),
        version=to_text(payload.get("Version")),
        timezone=to_text(payload.get("Timezone")),
        period_lock_date=parse_date(payload.get("PeriodLockDate")),
        end_of_year_lock_date=parse_date(payload.get("EndOfYearLockDate")),
        is_demo=payload.get("IsDemoCompany") is True,
        subscription=to_text(payload.get("Class")),
        status=to_text(payload.get("OrganisationStatus")),
        sales_tax_basis=to_text(payload.get("SalesTaxBasis")),
        tax_number=to_text(payload.get("TaxNumber")),
    )


def forbidden(actions: list[dict]) -> frozenset[str]:
    """The names of the actions that are not allowed (Xero's page "Organisation", Actions); what Xero does not say is allowed."""
    return frozenset(to_text(action.get("Name")) for action in actions if to_text(action.get("Status")) == "NOT-ALLOWED")


class OrganisationCalls(Calls):
    """The organisation itself, and what may be done in it."""

    def organisation(self) -> Organisation:
        """The organisation itself; free of Xero's data charge."""
        return from_xero(self._one(self._api.get_organisations, "Organisations"))

    def forbidden_actions(self) -> frozenset[str]:
        """The key actions that the organisation's subscription or the user's role does not allow, e.g. ``CreateApprovedInvoice``."""
        return forbidden(self._list(self._api.get_organisation_actions, "Actions"))
