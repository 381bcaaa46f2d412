"""The Accounting API of one organisation, in our documents: every call the connector makes is a method of one of the subjects."""

from collections.abc import Callable

import requests

from .http.endpoints import checked_url
from .lists import ListCalls
from .resources.accounts import AccountCalls
from .resources.allocations import AllocationCalls
from .resources.attachments import AttachmentCalls
from .resources.bank_transactions import BankTransactionCalls
from .resources.bank_transfers import BankTransferCalls
from .resources.batch_payments import BatchPaymentCalls
from .resources.branding_themes import BrandingThemeCalls
from .resources.contacts import ContactCalls
from .resources.credit_notes import CreditNoteCalls
from .resources.currencies import CurrencyCalls
from .resources.history import HistoryCalls
from .resources.invoices import InvoiceCalls
from .resources.items import ItemCalls
from .resources.lookalikes import LookalikeCalls
from .resources.manual_journals import ManualJournalCalls
from .resources.on_account import OnAccountCalls
from .resources.organisation import OrganisationCalls
from .resources.payments import PaymentCalls
from .resources.reports import ReportCalls
from .resources.tax_rates import TaxRateCalls
from .resources.tracking import TrackingCalls
from .values import utcnow


class XeroClient(
    OrganisationCalls,
    AccountCalls,
    TaxRateCalls,
    CurrencyCalls,
    BrandingThemeCalls,
    TrackingCalls,
    ContactCalls,
    LookalikeCalls,
    ItemCalls,
    InvoiceCalls,
    CreditNoteCalls,
    PaymentCalls,
    BankTransferCalls,
    BankTransactionCalls,
    OnAccountCalls,
    BatchPaymentCalls,
    AllocationCalls,
    ManualJournalCalls,
    AttachmentCalls,
    HistoryCalls,
    ReportCalls,
    ListCalls,
):
    """Calls to one organisation. May be used from several threads; keeps nothing but its session.

    Every method may raise `NotReached`, `RateLimited`, `Unavailable`, `ConsentLost`, `ScopeMissing`, `PermissionDenied` and, if it writes,
    `OutcomeUnknown`. `tokens` has `get() -> str` and `renew(stale) -> str`; an empty `tenant_id` is right for a custom connection.
    `on_call` gets a `transport.CallRecord` after every exchange, in the thread that made it.
    """

    def __init__(
        self,
        api_url: str,
        tenant_id: str,
        tokens,
        session: requests.Session | None = None,
        on_call: Callable | None = None,
        clock: Callable = utcnow,
    ):
        # imported here: the SDK takes 0.1 s and 58 MB, which a worker that never talks to Xero should not pay
        from xero_python.accounting import AccountingApi

        from .http.transport import XeroApiClient

        api = AccountingApi(XeroApiClient(tokens, session, on_call, clock), base_url=checked_url(api_url) + "/api.xro/2.0")
        super().__init__(api, tenant_id)
