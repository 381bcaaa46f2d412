"""GET /Organisation and /Organisation/Actions."""

from __future__ import annotations

from ... import wire
from ...call import Call, Route
from ...idempotency import Answer

ACTIONS = (
    "AttachFilesIntoInvoice", "CreateApprovedBill", "CreateApprovedInvoice", "CreateApprovedPurchaseOrder", "CreateDraftBill",
    "CreateDraftInvoice", "CreateDraftPurchaseOrder", "CreateDraftQuote", "CreateInvoicePayment", "CreateRepeatingBill",
    "CreateRepeatingInvoice", "CreateSentQuote", "UseMulticurrency", "ApproveTransactionsBeforePeriodLockDate",
    "ViewBankSummaryReport", "ViewTrialBalanceReport",
)  # fmt: skip


def _locks(call: Call) -> dict:
    organisation = call.organisation
    dates = {"PeriodLockDate": organisation.period_lock_date, "EndOfYearLockDate": organisation.year_end_lock_date}
    return {name: wire.ms_date(value) for name, value in dates.items() if value}


def get_organisation(call: Call) -> Answer:
    organisation, region = call.organisation, call.organisation.region
    address = {"AddressType": "POBOX", "AddressLine1": "23 Main Street", "AddressLine2": "Central City", "City": region.city}
    address |= {"Region": "", "PostalCode": "1234", "Country": "", "AttentionTo": ""}
    row = {
        "Name": organisation.name,
        "LegalName": region.legal_name,
        "PaysTax": True,
        "Version": region.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": region.currency,
        "CountryCode": region.country,
        "IsDemoCompany": organisation.is_demo,
        "OrganisationStatus": "ACTIVE",
        "TaxNumber": "101-2-303",
        "FinancialYearEndDay": region.year_end[0],
        "FinancialYearEndMonth": region.year_end[1],
        "SalesTaxBasis": region.sales_tax_basis,
        "SalesTaxPeriod": region.sales_tax_period,
        "DefaultSalesTax": "Remember previous",
        "DefaultPurchasesTax": "Remember previous",
        **_locks(call),
        "CreatedDateUTC": wire.bare_ms_date(organisation.created),
        "OrganisationEntityType": "COMPANY",
        "Timezone": region.timezone,
        "ShortCode": organisation.short_code,
        "OrganisationID": organisation.tenant_id,
        "Edition": "BUSINESS",
        "Class": organisation.plan,
        "Addresses": [address],
        "Phones": [{"PhoneType": "OFFICE", "PhoneNumber": "1234 5678", "PhoneCountryCode": region.phone_country}],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }
    return call.envelope("Organisations", [row])


def get_actions(call: Call) -> Answer:
    organisation = call.organisation
    forbidden = set(organisation.forbidden_actions)
    if not organisation.multicurrency:
        forbidden.add("UseMulticurrency")
    if not organisation.adviser:
        forbidden.add("ApproveTransactionsBeforePeriodLockDate")
    if not organisation.reports_permission:
        forbidden |= {name for name in ACTIONS if name.endswith("Report")}
    rows = [{"Name": name, "Status": "NOT-ALLOWED" if name in forbidden else "ALLOWED"} for name in ACTIONS]
    return call.envelope("Actions", rows)


ROUTES = [
    Route("GET", "/Organisation", get_organisation, "accounting.settings"),
    Route("GET", "/Organisation/Actions", get_actions, "accounting.settings"),
]
