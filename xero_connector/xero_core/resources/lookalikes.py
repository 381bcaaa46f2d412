"""Contacts of Xero that may be the one that is about to be made (page "Contacts"): they share what tells contacts apart."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from threading import Lock

from .. import errors
from .base import MAX_PAGES, UNQUOTABLE, Calls, each_once, elements, equal, page_count, split
from .batches import chunks, folded
from .contacts import ACTIVE, Contact, RemoteContact, from_xero

PAGE_SIZE = 1000  # the most that Xero gives; of a contact little is kept
MASK = "*"  # [?] how Xero writes the part of a tax number that it keeps back


# --- tax numbers ----


def plain(tax_number: str) -> str:
    """A tax number for comparing, without spaces and punctuation; '' for what says nothing, as "N/A" or "000 000 000"."""
    text = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", tax_number or "")).upper()
    return text if len(set(re.sub(r"\D", "", text))) > 1 else ""


def bare(tax_number: str) -> str:
    """The same without the country, which one side may write and the other not, as in "GB 123 4567 89"."""
    return re.sub(r"^[A-Z]{2}(?=\w*\d)", "", plain(tax_number))


def is_same_number(one: str, other: str) -> bool | None:
    """Whether two tax numbers are one; None if that cannot be told: one is missing, kept back in part, or lacks the country."""
    first, second = plain(one), plain(other)
    if not first or not second:
        return None
    if MASK in one + other:
        return None if first.endswith(second) or second.endswith(first) else False
    if first == second:
        return True
    return None if is_nearly_same_number(one, other) else False


def is_nearly_same_number(one: str, other: str) -> bool:
    """Whether they are the same but for the country, which one of them lacks."""
    texts = {plain(one), plain(other)}
    return MASK not in one + other and bare(one) == bare(other) != "" and bare(one) in texts


def _spellings(tax_number: str) -> list[str]:
    """How people write it: Xero compares texts. As Odoo has it, in one piece, without the country, and that in groups of three."""
    number = bare(tax_number)
    grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", " ", number) if number.isdigit() else ""
    return [tax_number.strip(), plain(tax_number), number, grouped] if number else []


# --- what two of them may share ----


def _shared(contact: Contact) -> list[tuple[str, str]]:
    """What another contact has to have, one of these at least, to be looked at."""
    number = "" if MASK in contact.tax_number else bare(contact.tax_number)
    found = [("tax", number), ("email", contact.email.strip().casefold()), ("account", folded(contact.account_number))]
    return [each for each in found if each[1]]


def questions(contacts: Iterable[Contact]) -> Iterator[str]:
    """Filters that find all that share anything with any of these."""
    found: list[str] = []
    for contact in contacts:
        found += equal("TaxNumber", split(_spellings(contact.tax_number), UNQUOTABLE)[0])
        found += equal("EmailAddress", split([contact.email.strip()], UNQUOTABLE)[0])
        found += equal("AccountNumber", split([contact.account_number], UNQUOTABLE)[0])
    return chunks(dict.fromkeys(found), " OR ", most=len(found) or 1)


class Lookalikes:
    """Contacts of Xero, found by what they share with another one. `given`: to whom those were given that were taken for the same."""

    def __init__(self, contacts: Iterable[RemoteContact], given: dict):
        self.given = given
        self._found = defaultdict(list)
        for contact in contacts:
            for key in _shared(contact.told) if contact.status == ACTIVE else ():
                self._found[key].append(contact)

    def of(self, contact: Contact) -> list[RemoteContact]:
        return each_once(found for key in _shared(contact) for found in self._found.get(key, ()))


# --- calls ----


class LookalikeCalls(Calls):
    """Who is there already. What was read for one batch is there for the next: a client lives as long as a run."""

    def __init__(self, api, tenant_id: str):
        super().__init__(api, tenant_id)
        self._one_at_a_time, self._given = Lock(), {}
        self._all, self._page_count = None, 0  # the list of all contacts and its pages, as far as they are known

    def contacts_like(self, contacts: list[Contact], waiting: int = 0) -> Lookalikes:
        """Active contacts that have the tax number, the address or the account number of any of these.

        One question is asked. Where it would take several, the list of all contacts is read once, if it has no more pages than questions.

        :param waiting: how many contacts are still to be looked for, these among them
        """
        asked = list(questions(contacts))
        if not asked:
            return Lookalikes((), self._given)
        with self._one_at_a_time:
            if self._all is None and len(asked) > 1:
                self._read_all(len(asked) * max(waiting, len(contacts)) // len(contacts))
            if self._all is not None:
                return self._all
        found = [row for where in asked for row in self._pages(self._api.get_contacts, "Contacts", where=where)]
        return Lookalikes(map(from_xero, found), self._given)

    def _read_all(self, most: int) -> None:
        """Read the list, unless it has more pages than that."""
        found: list[RemoteContact] = []
        for page in range(1, MAX_PAGES + 1):
            if self._page_count > most:
                return
            try:
                answer = self._api.get_contacts(self._tenant_id, page=page, page_size=PAGE_SIZE)
            except errors.HighVolume:
                self._page_count = MAX_PAGES
                return
            rows = elements(answer, "Contacts")
            found += map(_in_short, rows)
            self._page_count = page_count(answer, page, len(rows))
            if not rows or page >= self._page_count:
                break
        self._all = Lookalikes(found, self._given)


def _in_short(payload: dict) -> RemoteContact:
    """A contact without what it is not recognised by: thousands are kept."""
    remote = from_xero(payload)
    names = ("xero_id", "name", "contact_number", "email", "tax_number", "account_number")
    told = Contact(**{name: getattr(remote.told, name) for name in names})
    return replace(remote, told=told, complete=False)
