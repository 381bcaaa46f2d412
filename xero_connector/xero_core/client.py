"""The Accounting API of one organisation, in our documents: every call the connector makes is a method here."""

from collections.abc import Callable, Iterable
from functools import partial

import requests

from . import answers, batches, errors
from .batches import Kind, Written, chunks, folded, number
from .documents import (
    Account,
    Currency,
    Organisation,
    RemoteContact,
    RemoteInvoice,
    RemotePayment,
    TaxRate,
    TrackingCategory,
)
from .endpoints import checked_url
from .mapping import account, contact, currency, invoice, organisation, payment, tax_rate, tracking_category
from .mapping.fields import rows
from .values import clean_guid, utcnow

KEY_LIMIT = 128
PAGE_SIZE = 100
MAX_PAGES = 1000  # nothing we ask for comes near; ends a server that always promises another page
UNQUOTABLE = '"\\'  # characters that cannot stand in a quoted filter value
UNITDP = 4  # decimals of unit prices; without it Xero rounds them to 2 before it multiplies

CONTACT_ID = ("ContactID", clean_guid)
INVOICE_ID = ("InvoiceID", clean_guid)
CONTACTS = Kind("Contacts", "ContactID", (CONTACT_ID, ("ContactNumber", folded), ("Name", folded)), contact.from_xero)
INVOICES = Kind("Invoices", "InvoiceID", (INVOICE_ID, ("InvoiceNumber", folded), ("Contact.ContactID", clean_guid)), invoice.from_xero)
PAYMENTS = Kind(
    "Payments",
    "PaymentID",
    (("Invoice.InvoiceID", clean_guid), ("Account.AccountID", clean_guid), ("Amount", number), ("Reference", folded)),
    payment.from_xero,
)


class XeroClient:
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

        from .transport import XeroApiClient

        self._tenant_id = tenant_id
        self._api = AccountingApi(XeroApiClient(tokens, session, on_call, clock), base_url=checked_url(api_url) + "/api.xro/2.0")

    # --- reference data (reads) ---

    def organisation(self) -> Organisation:
        """The organisation itself; free of Xero's data charge."""
        return organisation.from_xero(self._one(self._api.get_organisations, "Organisations"))

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

    # --- documents (reads) ---

    def contacts(self, ids: Iterable[str] = (), numbers: Iterable[str] = (), names: Iterable[str] = ()) -> list[RemoteContact]:
        """Contacts with any of these ids, contact numbers or names (case and accents do not count), archived ones included, each once."""
        ask = partial(self._pages, self._api.get_contacts, "Contacts", include_archived=True)
        quotable, others = _split(names, UNQUOTABLE)
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        found += [row for where in chunks(_equal("ContactNumber", numbers), " OR ") for row in ask(where=where)]
        found += [row for where in chunks(_equal("Name", quotable), " OR ") for row in ask(where=where)]
        found += [row for name in others for row in ask(search_term=name) if folded(row.get("Name")) == folded(name)]
        return _each_once(map(contact.from_xero, found))

    def invoices(self, ids: Iterable[str] = (), numbers: Iterable[str] = ()) -> list[RemoteInvoice]:
        """Invoices and bills with any of these ids or numbers, whatever their status, each once and with their lines' ids."""
        ask = partial(self._pages, self._api.get_invoices, "Invoices", unitdp=UNITDP)
        listable, others = _split(numbers, ",")
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        found += [row for group in chunks(listable, ",") for row in ask(invoice_numbers=[group])]
        found += [row for text in others for row in ask(search_term=text) if folded(row.get("InvoiceNumber")) == folded(text)]
        return _each_once(map(invoice.from_xero, found))

    def payments(self, invoice_ids: Iterable[str]) -> list[RemotePayment]:
        """Payments against any of these invoices; removed ones that Xero still lists have status DELETED."""
        terms = (f'Invoice.InvoiceID==guid("{xero_id}")' for xero_id in invoice_ids)
        found = [row for where in chunks(terms, " OR ") for row in self._pages(self._api.get_payments, "Payments", where=where)]
        return _each_once(map(payment.from_xero, found))

    # --- writes ---

    def create_contacts(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create contacts; PUT, so that a name or number that exists is an error and not a change to someone else's contact."""
        return self._write(self._api.create_contacts, CONTACTS, payloads, idempotency_key=_key(idempotency_key))

    def update_contacts(self, payloads: list[dict]) -> list[Written]:
        """Update contacts by id. Without a key: replaying an earlier answer would hide a later change.

        :raise ValueError: a payload has no id (Xero would then change whichever contact has that name)
        """
        return self._write(self._api.update_or_create_contacts, CONTACTS, _with_id(payloads, CONTACTS))

    def create_invoices(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create invoices; PUT, so that a number that exists is an error and not a change to that invoice."""
        return self._write(self._api.create_invoices, INVOICES, payloads, idempotency_key=_key(idempotency_key), unitdp=UNITDP)

    def update_invoices(self, payloads: list[dict]) -> list[Written]:
        """Update invoices by id; lines that are not sent are deleted in Xero.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_invoices, INVOICES, _with_id(payloads, INVOICES), unitdp=UNITDP)

    def create_payments(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Make payments."""
        return self._write(self._api.create_payments, PAYMENTS, payloads, idempotency_key=_key(idempotency_key))

    def delete_payment(self, xero_id: str) -> RemotePayment:
        """Remove a payment; one that is removed already is fine.

        :raise ValidationRefused: it may not be removed (part of a batch, reconciled)
        """
        try:
            removed = self._one(self._api.delete_payment, "Payments", payment_id=xero_id, payment_delete=payment.removal())
        except errors.ValidationRefused:
            # what Xero says to a second removal is not known, so ask instead of reading its text
            removed = self._one(self._api.get_payment, "Payments", payment_id=xero_id)
            if removed.get("Status") != payment.REMOVED:
                raise
        return payment.from_xero(removed)

    def create_account(self, payload: dict, idempotency_key: str) -> Account:
        """Create an account; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_account, "Accounts", account=payload, idempotency_key=_key(idempotency_key))
        return account.from_xero(created)

    def create_tax_rate(self, payload: dict, key: str) -> TaxRate:
        """Create a tax rate; Xero takes one per call.

        :raise ValidationRefused: with Xero's reasons
        """
        created = self._one(self._api.create_tax_rates, "TaxRates", tax_rates={"TaxRates": [payload]}, idempotency_key=_key(key))
        return tax_rate.from_xero(created)

    # --- how ---

    def _list(self, endpoint: Callable, key: str, **params) -> list[dict]:
        """One call; the elements of its answer."""
        return _elements(endpoint(self._tenant_id, **params), key)

    def _one(self, endpoint: Callable, key: str, **params) -> dict:
        """One call about one thing, which is returned.

        :raise ValidationRefused: the thing comes back with errors
        """
        answer = endpoint(self._tenant_id, **params)
        found = _elements(answer, key)
        if len(found) != 1:
            raise answers.unintelligible(answer)
        if batches.is_refused(found[0]):
            raise errors.ValidationRefused("Xero refused the data.", details=answers.messages(found[0]), **answer.about)
        return found[0]

    def _pages(self, endpoint: Callable, key: str, **params) -> list[dict]:
        """As many calls as there are pages; paged answers are the only lists with all fields and lines."""
        found: list[dict] = []
        for page in range(1, MAX_PAGES + 1):
            answer = endpoint(self._tenant_id, page=page, page_size=PAGE_SIZE, **params)
            elements = _elements(answer, key)
            found += elements
            if not elements or page >= _page_count(answer, page, len(elements)):
                break
        return found

    def _write(self, endpoint: Callable, kind: Kind, payloads: list[dict], **params) -> list[Written]:
        """Write a batch; elements fail one by one. `summarizeErrors=false` is not Xero's default, whatever its OpenAPI description says."""
        if not payloads:
            return []
        answer = endpoint(self._tenant_id, {kind.key: payloads}, summarize_errors=False, **params)
        return batches.written(kind, payloads, _elements(answer, kind.key))


def _elements(answer: answers.Answer, key: str) -> list[dict]:
    """The list under `key`, in any letter case.

    :raise Unintelligible: a write was answered without one
    :raise AnswerLost: a read was answered without one
    """
    if answer.status == 304:
        return []
    payload = answer.payload if isinstance(answer.payload, dict) else {}
    name = next((name for name in payload if name.lower() == key.lower()), key)
    if not isinstance(payload.get(name), list):
        raise answers.unintelligible(answer)
    return rows(payload, name)


def _page_count(answer: answers.Answer, page: int, size: int) -> int:
    """How many pages there are, as far as this one tells: Xero says so, or a full page promises another."""
    count = batches.at(answer.payload, "pagination.pageCount")
    return count if isinstance(count, int) else page + (size >= PAGE_SIZE)


def _key(idempotency_key: str) -> str:
    """The key, checked; Xero keys are per app, so it has to name the organisation.

    :raise ValueError: empty or longer than Xero takes
    """
    if not 0 < len(idempotency_key) <= KEY_LIMIT:
        raise ValueError(f"An idempotency key has 1 to {KEY_LIMIT} characters.")
    return idempotency_key


def _with_id(payloads: list[dict], kind: Kind) -> list[dict]:
    if not all(clean_guid(payload.get(kind.id_path)) for payload in payloads):
        raise ValueError("An update needs the Xero id of every record.")
    return payloads


def _equal(name: str, values: Iterable[str]) -> list[str]:
    """Filter terms, for values without quotes."""
    return [f'{name}=="{value}"' for value in values if value]


def _split(texts: Iterable[str], troublesome: str) -> tuple[list[str], list[str]]:
    """Texts without and with any of the troublesome characters, for which Xero documents no way to write them in a filter."""
    given = [text for text in texts if text]
    others = [text for text in given if any(char in text for char in troublesome)]
    return [text for text in given if text not in others], others


def _each_once(records: Iterable) -> list:
    """The records without repetitions, in order."""
    return list({record.xero_id: record for record in records}.values())
