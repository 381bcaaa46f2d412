"""What is told to somebody outside the company: everything that explains what happened, and nobody's name.

What is not known to be harmless is replaced, each text by a name of its own that stays the same wherever it comes again, so that two
sides can still be compared.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

ID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?|/Date\(-?\d+(?:[+-]\d{4})?\)/")
E_MAIL = re.compile(r"[^\s@<>“”\"']+@[^\s@<>“”\"']+")
QUOTED = re.compile(r"“([^”]*)”")
# what stands under these names, in Xero's spelling or ours, are words and figures of the system, never of people
PLAIN = frozenset(
    """
    accountcode accountid amount amountcredited amountdue amountpaid appliedamount banktransactiontype brandingthemeid category cisdeduction
    cisrate code correction creditnotenumber currency currencycode currencyrate date datestring debtor defaulttaxtype discountamount
    discountrate duedate duedatestring enablepayments fullypaidondate invoicenumber isdiscounted isreconciled itemcode kind lineamount
    lineamounttypes method operation origin paymenttype phonetype quantity quantityonhand rate rateofexchange remainingcredit
    senttocontact showoncashbasisreports status statusattributestring subtotal systemtaxtype taxamount taxtype total totaldiscount
    totaltax type unitamount unitdp updateddateutc validationstatus warningtype errornumber page pagesize itemcount pagecount
    includearchived summaryonly order statuses addresstype
    """.split()  # noqa: SIM905 - a word each reads better
)
# of a path of Xero's API all but file names says what was asked
FILES = "Attachments"


class Pseudonyms:
    """Names for what is not to be named; one for each text, in the order in which they come.

    :param known: texts of people and documents that may turn up in the middle of sentences
    """

    def __init__(self, known: Iterable[str] = ()):
        self._names: dict[str, str] = {}
        for text in sorted(
            {" ".join(each.split()) for each in known if each and len(each.strip()) > 1}, key=lambda each: (-len(each), each)
        ):
            self.name(text)

    def name(self, text: str) -> str:
        """What stands for a text: its number, and how long it is."""
        return self._names.setdefault(" ".join(text.split()).lower(), f"[text {len(self._names) + 1}, {len(text)} characters]")

    def value(self, value, key: str = ""):
        """JSON without what people could be known by. Numbers, moments and Xero's ids are nobody's."""
        if isinstance(value, dict):
            return {name: self.value(each, name) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(each, key) for each in value]
        if not isinstance(value, str) or not value or _is_plain(value, key):
            return value
        return self.sentence(value) if key.lower() in ("message", "messages", "detail", "title") else self.name(value)

    def body(self, text: str):
        """A request or answer as it went over the wire; what is no JSON is only measured."""
        if not text:
            return ""
        try:
            return self.value(json.loads(text))
        except ValueError:
            return f"[{len(text)} characters]"

    def sentence(self, text: str) -> str:
        """A sentence, with names for all that is known by now, for what is quoted, and for addresses."""
        for known in sorted(self._names, key=len, reverse=True):
            parts = r"\s+".join(map(re.escape, known.split()))
            text = re.sub(rf"(?<!\w){parts}(?!\w)", lambda _found, known=known: self._names[known], text, flags=re.IGNORECASE)
        text = QUOTED.sub(lambda found: found[0] if found[1].startswith("[text ") else f"“{self.name(found[1])}”", text)
        return E_MAIL.sub(lambda found: self.name(found[0]), text)

    def path(self, path: str) -> str:
        parts = path.split("/")
        return "/".join(self.name(part) if before == FILES and part else part for before, part in zip(["", *parts], parts, strict=False))

    def query(self, query: str) -> str:
        found = ((name, value if _is_plain(value, name) else self.name(value)) for name, value in parse_qsl(query, keep_blank_values=True))
        return urlencode(list(found), safe="[], ")


def _is_plain(value: str, key: str) -> bool:
    whole = ID.fullmatch(value) or MOMENT.fullmatch(value) or all(ID.fullmatch(each) for each in value.split(","))
    return bool(whole) or key.replace("_", "").lower() in PLAIN
