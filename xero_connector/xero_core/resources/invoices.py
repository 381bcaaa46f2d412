"""Sales invoices and bills."""

from collections.abc import Iterable
from functools import partial

from ..documents import RemoteInvoice
from ..mapping import invoice
from ..values import clean_guid
from .base import UNITDP, Calls, each_once, key, split, with_id
from .batches import Kind, Written, chunks, folded

INVOICE_ID = ("InvoiceID", clean_guid)
INVOICES = Kind("Invoices", "InvoiceID", (INVOICE_ID, ("InvoiceNumber", folded), ("Contact.ContactID", clean_guid)), invoice.from_xero)


class InvoiceCalls(Calls):
    """Invoices and bills, read and written in batches."""

    def invoices(self, ids: Iterable[str] = (), numbers: Iterable[str] = ()) -> list[RemoteInvoice]:
        """Invoices and bills with any of these ids or numbers, whatever their status, each once and with their lines' ids."""
        ask = partial(self._pages, self._api.get_invoices, "Invoices", unitdp=UNITDP)
        listable, others = split(numbers, ",")
        found = [row for group in chunks(ids, ",") for row in ask(i_ds=[group])]
        found += [row for group in chunks(listable, ",") for row in ask(invoice_numbers=[group])]
        found += [row for text in others for row in ask(search_term=text) if folded(row.get("InvoiceNumber")) == folded(text)]
        return each_once(map(invoice.from_xero, found))

    def create_invoices(self, payloads: list[dict], idempotency_key: str) -> list[Written]:
        """Create invoices; PUT, so that a number that exists is an error and not a change to that invoice."""
        return self._write(self._api.create_invoices, INVOICES, payloads, idempotency_key=key(idempotency_key), unitdp=UNITDP)

    def update_invoices(self, payloads: list[dict]) -> list[Written]:
        """Update invoices by id; lines that are not sent are deleted in Xero.

        :raise ValueError: a payload has no id
        """
        return self._write(self._api.update_or_create_invoices, INVOICES, with_id(payloads, INVOICES), unitdp=UNITDP)
