"""Which permission (Xero's granular scopes) each address of the Accounting API needs; what is asked for at consent follows from it."""

from urllib.parse import urlsplit

# https://developer.xero.com/documentation/guides/oauth2/scopes
ENDPOINTS = {
    "Organisation": "accounting.settings",
    "Accounts": "accounting.settings",
    "TaxRates": "accounting.settings",
    "TrackingCategories": "accounting.settings",
    "Currencies": "accounting.settings",
    "BrandingThemes": "accounting.settings",
    "Items": "accounting.settings",  # Xero's description has no narrower one for writing them
    "Contacts": "accounting.contacts",
    "Invoices": "accounting.invoices",
    "CreditNotes": "accounting.invoices",
    "Payments": "accounting.payments",
    "BatchPayments": "accounting.payments",
    "Overpayments": "accounting.payments",
    "Prepayments": "accounting.payments",
    "BankTransactions": "accounting.banktransactions",
    "BankTransfers": "accounting.banktransactions",
    "ManualJournals": "accounting.manualjournals",
    "Reports/BankSummary": "accounting.reports.banksummary.read",
}
ATTACHMENTS = "accounting.attachments"  # of files, whatever they hang on
# Xero wants no more asked for than is used
SCOPES = ("offline_access", *dict.fromkeys(ENDPOINTS.values()), ATTACHMENTS)


def needed(url: str) -> str:
    """The scope that a request to this address of the Accounting API needs, '' if unknown."""
    endpoint, *rest = urlsplit(url).path.partition("/api.xro/2.0/")[2].split("/")
    if endpoint == "Reports":
        endpoint = "/".join((endpoint, *rest[:1]))
    return ATTACHMENTS if "Attachments" in rest else ENDPOINTS.get(endpoint, "")
