"""What rules are for: one row per use. Another use joins by a row here, and by what its records become."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PEOPLE = ("res.partner", "res.partner.category", "res.country", "res.country.state")  # whom a record is with


ITEMS = "account.move.line"  # what a document is made of
SEVERAL = frozenset(
    {"res.partner.category", "product.tag", "account.analytic.account", "account.tax", ITEMS}
)  # of which a record may have many


class Use(NamedTuple):
    """
    :param model: whose records the condition is about
    :param everything: the sentence of a condition that all of them fulfil
    :param looks_at: models which a condition may look at beside it. A condition is asked with the rights of the system, so it must not
        get to what the person who wrote it may not read
    :param steps: how far it may look, in a path of fields
    :param date: the day that counts for the rule's last day
    :param there: which of them count at all
    :param waiting: which of those wait for somebody
    :param ways: what rules of this use may do: values of ``xero.rule.how``, the first of them unless somebody chooses
    :param list_view: how people see what a rule catches; '' is Odoo's own list
    """

    label: object
    model: str
    everything: object
    looks_at: frozenset
    steps: int
    date: str
    there: tuple
    waiting: tuple
    ways: tuple
    list_view: str = ""


USES = {
    "send": Use(
        _lt("Documents"),
        "account.move",
        _lt("Every document"),
        frozenset([
            *PEOPLE, ITEMS, "account.journal", "res.currency", "res.company", "res.users", "account.account", "account.tax",
            "account.payment.term", "account.fiscal.position", "account.incoterms", "account.analytic.account",
            "product.product", "product.template", "product.category", "product.tag", "uom.uom", "res.partner.industry",
        ]),
        3,
        "date",
        (("state", "=", "posted"), ("origin_payment_id", "=", False), ("statement_line_id", "=", False)),
        (("xero_state", "in", ("pending", "approval", "blocked", "failed", "ignored")),),
        ("leave", "ask", "send"),
        "account.view_move_tree",
    ),
    "bank": Use(
        _lt("Bank Lines"),
        "account.bank.statement.line",
        _lt("Every bank line"),
        frozenset([*PEOPLE, "account.journal", "res.currency", "res.company", "res.partner.bank"]),
        2,
        "date",
        (("state", "=", "posted"),),
        (("is_reconciled", "=", False),),
        ("suggest", "book"),
        "xero_connector.account_bank_statement_line_view_list_xero",
    ),
}  # fmt: skip


def of_model(model):
    """The name of the first use that is about these records."""
    return next(name for name, use in USES.items() if use.model == model)
