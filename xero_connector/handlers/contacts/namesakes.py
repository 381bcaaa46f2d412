"""Which contacts of Xero may be the one that was meant. No Odoo."""

import unicodedata

from ...xero_core.resources.batches import folded
from ...xero_core.resources.contacts import ACTIVE
from ...xero_core.resources.lookalikes import is_nearly_same_number, is_same_number


def namesakes(trace, contacts):
    """The active contacts of that name; if there are none, those whose name differs in accents only: Xero may take them for the same."""
    active = [each for each in contacts if each.status == ACTIVE]
    same = [each for each in active if each.name.casefold() == trace.name.casefold()]
    return same or [each for each in active if has_name(trace, each)]


def compared(trace, contacts):
    """``(the contact that is the same beyond doubt or None, those that may be)``.

    | tax number               | e-mail   | name    | account number | then                                          |
    | ------------------------ | -------- | ------- | -------------- | --------------------------------------------- |
    | another                  | any      | any     | any            | another one                                   |
    | the same                 | any      | any     | any            | the same; of several the one that shares more |
    | untold                   | the same | the same| any            | the same                                      |
    | untold                   | any      | the same| the same       | the same                                      |
    | untold                   | the same | another | any            | it may be                                     |
    | same but for the country | any      | any     | any            | it may be, unless a row above tells           |

    Whatever is empty on both sides is not the same. Of several that are the same none is.
    """
    possible = [each for each in contacts if is_same_number(trace.vat, each.tax_number) is not False]
    numbered = [each for each in possible if is_same_number(trace.vat, each.tax_number)]
    same = _best(trace, numbered) if numbered else [each for each in possible if _is_proof(trace, each)]
    if len(same) == 1:
        return same[0], []
    may_be = [each for each in possible if each in numbered or each in same or _is_suspicious(trace, each)]
    return None, may_be


def _best(trace, contacts):
    """Of contacts of one tax number those that have the address and the name; if there are none, those that have either."""
    if len(contacts) == 1:
        return contacts
    both = [each for each in contacts if _has_email(trace, each) and has_name(trace, each)]
    return both or [each for each in contacts if _has_email(trace, each) or has_name(trace, each)]


def _is_proof(trace, contact):
    return has_name(trace, contact) and (_has_email(trace, contact) or _has_account_number(trace, contact))


def _is_suspicious(trace, contact):
    return _has_email(trace, contact) or is_nearly_same_number(trace.vat, contact.tax_number)


def candidate(contact):
    """What a person is shown of a contact, to say whether it is the same."""
    names = ("xero_id", "name", "email", "tax_number", "account_number")
    about = {
        "number": contact.contact_number,
        "phone": _first(contact.told.phones, _phone),
        "address": _first(contact.told.addresses, _place),
    }
    return {**{name: getattr(contact, name) for name in names}, **about}


def _first(rows, text):
    """What the first of these says that says anything."""
    return next(filter(None, map(text, rows)), "")


def _phone(phone):
    return phone.number


def _place(address):
    """An address in one line."""
    town = " ".join(filter(None, (address.city, address.region, address.postal_code)))
    return ", ".join(filter(None, (address.line1, address.line2, town, address.country)))


def has_name(trace, contact):
    return plain_name(contact.name) == plain_name(trace.name)


def _has_email(trace, contact):
    return bool(contact.email.strip()) and contact.email.strip().casefold() == trace.email.casefold()


def _has_account_number(trace, contact):
    return bool(trace.account_number) and folded(contact.account_number) == folded(trace.account_number)


def plain_name(text):
    """A name for comparing: neither case, spaces, accents nor forms of Unicode count."""
    return "".join(char for char in unicodedata.normalize("NFKD", folded(text)) if not unicodedata.combining(char))
