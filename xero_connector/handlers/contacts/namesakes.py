"""Which contacts of Xero may be the one that was meant. No Odoo."""

import re
import unicodedata


def namesakes(trace, contacts):
    """The active contacts of that name; if there are none, those whose name differs in accents only: Xero may take them for the same."""
    active = [each for each in contacts if each.status == "ACTIVE"]
    same = [each for each in active if each.name.casefold() == trace.name.casefold()]
    return same or [each for each in active if _unaccented(each.name) == _unaccented(trace.name)]


def _unaccented(text):
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def plain(text):
    """A VAT number without spaces and punctuation, for comparing."""
    return re.sub(r"\W", "", text or "").upper()
