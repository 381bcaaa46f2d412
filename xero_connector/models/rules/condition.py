"""The condition of a rule: what of it can be asked, and by whom it could be misused."""

import ast
import math

from odoo.exceptions import UserError
from odoo.fields import Domain

from .uses import SEVERAL

ANY = ("any", "not any")
UNGUARDED = ("any!", "not any!")  # look past the rules of the other model
LONGEST = 10_000  # signs


class Refused(Exception):
    """The condition cannot be asked; the message says why, in words."""


def parse(env, text, use):
    """The condition as a domain. Values only, no expressions: it means the same whoever asks, and whenever.

    :raise Refused:
    """
    try:
        domain = Domain(_literal(text))
        _check(env[use.model], domain, use)
        domain.optimize_full(env[use.model].sudo())
    except (ValueError, TypeError, SyntaxError, KeyError, AttributeError, MemoryError, RecursionError, NotImplementedError, UserError):
        raise Refused(env._("Its condition cannot be understood. Choose it again.")) from None
    return domain


def _literal(text):
    text = (text or "").strip() or "[]"
    if len(text) > LONGEST:
        raise ValueError("too long")
    return ast.literal_eval(text)


def is_everything(domain):
    """Whether a condition excludes nothing, whatever there is."""
    return domain.is_true()


def _check(model, domain, use, depth=1):
    """Whether it asks only for what may be asked for; see ``Use.looks_at``.

    :raise Refused:
    """
    for condition in domain.iter_conditions():
        if condition.operator in UNGUARDED or isinstance(condition.value, float) and not math.isfinite(condition.value):
            raise ValueError(condition.operator)
        path = condition.field_expr.split(".")
        leads_to = _walk(model, path, use, depth)
        if condition.operator in ANY and leads_to is not None:
            _check(leads_to, Domain(condition.value), use, depth + len(path))


def _walk(model, path, use, depth):
    """The model that the last field of a path leads to, ``None`` if it leads nowhere; each step is looked at.

    :raise Refused:
    """
    field = None
    for number, name in enumerate(path):
        if field is not None and field.type in ("date", "datetime"):
            return None  # a part of it: "date.month_number"
        field = model._fields.get(name)
        if field is None:
            raise Refused(model.env._("Its condition asks for “%s”, which is no longer there.", ".".join(path)))
        if not _may_be_asked(field, use, depth + number):
            raise Refused(model.env._("A rule cannot look at “%s”.", field._description_string(model.env)))
        model = model.env[field.comodel_name] if field.relational else model
    return model if field.relational else None


def _may_be_asked(field, use, depth):
    if depth > use.steps or field.groups or not field._description_searchable or field.type in ("binary", "json", "properties"):
        return False
    if not field.relational:
        return field.type != "many2one_reference"
    return field.comodel_name in use.looks_at and (field.type == "many2one" or field.comodel_name in SEVERAL)
