"""How a condition reads: a sentence in the user's language, never code."""

from odoo.fields import Domain
from odoo.tools import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from .condition import ANY, is_everything

_lt = LazyTranslate(__name__)

NAMES = {"payment_ref": _lt("text"), "amount": _lt("the amount"), "partner_name": _lt("the name that the bank gives")}
COMPARED = {
    "<": _lt("%(field)s is below %(value)s"),
    ">": _lt("%(field)s is above %(value)s"),
    "<=": _lt("%(field)s is at most %(value)s"),
    ">=": _lt("%(field)s is at least %(value)s"),
}
IN_TIME = {
    "<": _lt("%(field)s is before %(value)s"),
    ">": _lt("%(field)s is after %(value)s"),
    "<=": _lt("%(field)s is not after %(value)s"),
    ">=": _lt("%(field)s is not before %(value)s"),
}
IS = {False: _lt("%(field)s is %(value)s"), True: _lt("%(field)s is not %(value)s")}
ONE_OF = {False: _lt("%(field)s is one of %(value)s"), True: _lt("%(field)s is none of %(value)s")}
EMPTY = {False: _lt("%(field)s is empty"), True: _lt("%(field)s is filled in")}
TICKED = {True: _lt("%(field)s is ticked"), False: _lt("%(field)s is not ticked")}
CONTAINS = {False: _lt("%(field)s contains %(value)s"), True: _lt("%(field)s does not contain %(value)s")}
LOOKS_LIKE = {False: _lt("%(field)s looks like %(value)s"), True: _lt("%(field)s does not look like %(value)s")}
BELOW = {"child_of": _lt("%(field)s is %(value)s or below it"), "parent_of": _lt("%(field)s is %(value)s or above it")}
OF_ANOTHER = {False: _lt("%(field)s is one of which: %(value)s"), True: _lt("%(field)s is none of which: %(value)s")}
# an amount whose side is known, by the operator on its size
PAID = {
    "<": _lt("the amount paid is below %s"), "<=": _lt("the amount paid is at most %s"),
    ">": _lt("the amount paid is above %s"), ">=": _lt("the amount paid is at least %s"),
}  # fmt: skip
RECEIVED = {
    "<": _lt("the amount received is below %s"), "<=": _lt("the amount received is at most %s"),
    ">": _lt("the amount received is above %s"), ">=": _lt("the amount received is at least %s"),
}  # fmt: skip
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def sentence(env, domain, use):
    """A condition in words."""
    if is_everything(domain):
        return env._(use.everything)
    if domain.is_false():
        return env._("Nothing")
    said = _sentence(env[use.model], domain)
    return said[:1].upper() + said[1:]


def _sentence(model, domain):
    operator = getattr(domain, "OPERATOR", "")
    if operator == "!":
        return model.env._("not (%s)", _sentence(model, ~domain))
    if operator in ("&", "|"):
        return _several(model, list(domain.children), operator)
    return _several(model, [domain], "&") if hasattr(domain, "field_expr") else model.env._("a condition")


def _several(model, children, operator):
    env = model.env
    said, rest = _amounts(model, children) if operator == "&" else ([], children)
    others = [_condition(model, child) if hasattr(child, "field_expr") else _sentence(model, child) for child in rest]
    others = [f"({each})" if getattr(child, "OPERATOR", "") in ("&", "|") else each for each, child in zip(others, rest, strict=True)]
    *first, last = [*others, *said]
    if not first:
        return last
    first = ", ".join(first)
    if operator == "&":
        return env._("%(first)s and %(last)s", first=first, last=last)
    return env._("%(first)s or %(last)s", first=first, last=last)


def _condition(model, condition):
    env, operator, value = model.env, condition.operator, condition.value
    field, owner = _field(model, condition.field_expr)
    name = _name(model, condition.field_expr)
    if field is None:
        return name
    if operator in ANY:
        inner = _sentence(env[field.comodel_name], Domain(value)) if field.relational else str(value)
        return _filled(env, OF_ANOTHER[operator != "any"], name, inner)
    if operator in BELOW:
        return _filled(env, BELOW[operator], name, _value(owner, field, value))
    if operator.endswith("like"):
        return _text(env, operator, name, value)
    if operator in COMPARED:
        table = IN_TIME if field.type in ("date", "datetime") else COMPARED
        return _filled(env, table[operator], name, _value(owner, field, value))
    return _equal(owner, field, name, value, operator in ("!=", "<>", "not in"))


def _text(env, operator, name, value):
    table = LOOKS_LIKE if "=" in operator else CONTAINS
    return _filled(env, table[operator.startswith("not")], name, str(value))


def _equal(model, field, name, value, is_not):
    values = list(value) if isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ == "OrderedSet" else [value]
    if field.type == "boolean":
        return _filled(model.env, TICKED[(True in values) != is_not], name, "")
    if values == [False]:
        return _filled(model.env, EMPTY[is_not], name, "")
    table = IS if len(values) == 1 else ONE_OF
    return _filled(model.env, table[is_not], name, ", ".join(_value(model, field, each) for each in values))


def _filled(env, text, name, value):
    told = env._(text)
    return told % {"field": name, "value": value}


def _field(model, path):
    """``(field, its model)`` at the end of a path; none of a part of a date."""
    field = None
    for name in path.split("."):
        if field is not None:
            model = model.env.get(field.comodel_name) if field.relational else None
        field = model._fields.get(name) if model is not None else None
    return field, model


def _name(model, path):
    """How people call what a path leads to: "the amount", "Partner: City"."""
    said = []
    for name in path.split("."):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            said.append(name.replace("_", " "))
            continue
        known = not said and NAMES.get(name)
        said.append(model.env._(known) if known else field._description_string(model.env) or name)
        model = model.env[field.comodel_name] if field.relational else None
    return ": ".join(said)


def _value(model, field, value):
    """A value as the user sees it; of records only those that the user may see are named."""
    env = model.env
    if value is False:
        return env._("nothing")
    if field.relational and isinstance(value, int):
        record = env[field.comodel_name].with_context(active_test=False).browse(value).exists()._filtered_access("read")
        return record.display_name or env._("something that you cannot see")
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, str(value))
    if field.type in ("date", "datetime") and isinstance(value, str) and value[:4].isdigit():
        return format_date(env, value[:10])
    return _number(env, value) if isinstance(value, (int, float)) else str(value)


def _number(env, value, currency=None):
    """ "10", or "10.50": no cents where there are none."""
    digits = 0 if value == int(value) else currency.decimal_places if currency else 2
    said = formatLang(env, value, digits=digits)
    if not currency or not currency.symbol:
        return said
    return f"{said} {currency.symbol}" if currency.position == "after" else f"{currency.symbol} {said}"


# === AMOUNTS === #


def _amounts(model, children):
    """``(sentences, the other conditions)``: an amount, its side and its currency are one thing to whoever reads it."""
    amounts = [each for each in children if _is_of(each, "amount", COMPARED) and isinstance(each.value, (int, float))]
    currency, coins = _currency(model, children)
    side = _side(amounts)
    if not side:
        return [], children
    sizes = [each for each in amounts if each.value]
    folded = [*amounts, *(coins if sizes else [])]
    said = [_size(model.env, each, side, currency) for each in sizes]
    if not said:
        said = [model.env._("money goes out") if side < 0 else model.env._("money comes in")]
    return said, [each for each in children if each not in folded]


def _is_of(condition, field, operators):
    return getattr(condition, "field_expr", "") == field and condition.operator in operators


def _side(amounts):
    """-1 if these conditions leave money out only, 1 if money in, 0 if both or too little is said."""
    for each in amounts:
        if each.operator in ("<", "<=") and each.value <= 0:
            return -1
        if each.operator in (">", ">=") and each.value >= 0:
            return 1
    return 0


def _size(env, condition, side, currency):
    operator = condition.operator if side > 0 else MIRRORED[condition.operator]
    told = env._((RECEIVED if side > 0 else PAID)[operator])
    return told % _number(env, side * condition.value, currency)


def _currency(model, children):
    """``(currency, the condition that says it)``."""
    for each in children:
        if _is_of(each, "currency_id", ("=", "in")):
            ids = [each.value] if isinstance(each.value, (int, str)) else list(each.value or ())
            if len(ids) == 1 and isinstance(ids[0], int):
                return model.env["res.currency"].browse(ids[0]).exists(), [each]
    return None, []
