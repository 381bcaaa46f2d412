"""What rules are for: one row per use. Another use joins by a row here, and by what its records become."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PEOPLE = ("res.partner", "res.partner.category", "res.country", "res.country.state")  # whom a record is with


class Use(NamedTuple):
    """
    :param model: whose records the condition is about
    :param everything: the sentence of a condition that all of them fulfil
    :param looks_at: models which a condition may look at beside it. A condition is asked with the rights of the system, so it must not
        get to what the person who wrote it may not read
    :param date: the day that counts for the rule's last day
    :param there: which of them count at all
    :param waiting: which of those wait for somebody
    """

    label: object
    model: str
    everything: object
    looks_at: frozenset
    date: str
    there: tuple
    waiting: tuple


USES = {
    "bank": Use(
        _lt("Bank Lines"),
        "account.bank.statement.line",
        _lt("Every bank line"),
        frozenset([*PEOPLE, "account.journal", "res.currency", "res.company", "res.partner.bank"]),
        "date",
        (("state", "=", "posted"),),
        (("is_reconciled", "=", False),),
    ),
}


def of_model(model):
    """The name of the first use that is about these records."""
    return next(name for name, use in USES.items() if use.model == model)
