"""The `where` language: comparisons, AND/OR, parentheses, Guid(), DateTime(), a few methods.

Text is compared without regard to case. What Xero could not read is refused with its QueryParseException.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from .errors import QueryParseError
from .store import Record

Getter = Callable[[Record], Any]
Test = Callable[[Record], bool]
# The ids of all records whose field equals this value (text or a moment, as `normal` makes it), and perhaps of others.
LookUp = Callable[[Any], Collection[str]]
_QUOTED = {
    "doubled": r"""(?P<text>"(?:[^"\\]|"")*"|'(?:[^'\\]|'')*')""",
    "backslash": r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""",
}
_OTHERS = r"""
  | (?P<number>-?\d+(?:\.\d+)?)(?![\w.])
  | (?P<op>==|!=|<>|>=|<=|=|>|<|&&|\|\||!|\(|\)|,)
  | (?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
"""
_TOKENS = {quotes: re.compile(rf"\s*(?:{text}{_OTHERS})", re.VERBOSE) for quotes, text in _QUOTED.items()}
_OPERATORS = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_CASE = ("tolower", "toupper")


def normal(value: Any, accents: bool = False) -> Any:
    """A value as it is compared: text folded, dates as aware moments."""
    if isinstance(value, str):
        value = value.lower()
        if accents:
            value = "".join(char for char in unicodedata.normalize("NFKD", value) if not unicodedata.combining(char))
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


class Condition(NamedTuple):
    """What an expression demands of a record. `among`: the ids beside which none need be tested, None where no index tells.

    `group`: what it demands of the field by which the table is kept apart; `is_all`: and that is all.
    """

    test: Test
    among: Collection[str] | None = None
    group: str | None = None
    is_all: bool = False


def any_of(conditions: list[Condition]) -> Condition:
    """One that is met where one of these is: found where each of them is found."""
    if len(conditions) == 1:
        return conditions[0]
    tests = [condition.test for condition in conditions]
    ids = [condition.among for condition in conditions if condition.among is not None]
    among = set().union(*ids) if len(ids) == len(conditions) else None
    return Condition(lambda record: any(test(record) for test in tests), among)


def all_of(conditions: list[Condition]) -> Condition:
    """One that is met where all of these are: found where the rarest of them is found."""
    if len(conditions) == 1:
        return conditions[0]
    tests = [condition.test for condition in conditions]
    ids = (condition.among for condition in conditions if condition.among is not None)
    group = next((condition.group for condition in conditions if condition.group), None)
    return Condition(lambda record: all(test(record) for test in tests), min(ids, key=len, default=None), group)


class Parser:
    """Recursive descent; one instance reads one expression."""

    def __init__(
        self,
        text: str,
        fields: Mapping[str, Getter],
        kind: str,
        accent_fold: frozenset[str] = frozenset(),
        look_ups: Mapping[str, LookUp] | None = None,
        quotes: str = "doubled",
        group: str = "",
    ):
        self._kind = kind
        self._group = group.lower()
        self._quotes = quotes
        self._fields = {name.lower(): getter for name, getter in fields.items()}
        self._look_ups = {name.lower(): look_up for name, look_up in (look_ups or {}).items()}
        self._accent_fold = accent_fold
        self._tokens = self._read(text)
        self._at = 0

    def _read(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while text[at:].strip():
            found = _TOKENS[self._quotes].match(text, at)
            if not found:
                raise QueryParseError(f"Syntax error at '{text[at : at + 20]}'")
            tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            at = found.end()
        return tokens

    def parse(self) -> Condition:
        if not self._tokens:
            raise QueryParseError("Expression expected")
        condition = self._either()
        if self._at < len(self._tokens):
            raise QueryParseError(f"Syntax error at '{self._tokens[self._at][1]}'")
        return condition

    def _peek(self, *values: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][1].lower() in values

    def _take(self, *values: str) -> tuple[str, str]:
        if self._at >= len(self._tokens) or (values and not self._peek(*values)):
            raise QueryParseError(f"'{values[0] if values else 'Expression'}' expected")
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self) -> Condition:
        conditions = [self._both()]
        while self._peek("or", "||"):
            self._take()
            conditions.append(self._both())
        return any_of(conditions)

    def _both(self) -> Condition:
        conditions = [self._single()]
        while self._peek("and", "&&"):
            self._take()
            conditions.append(self._single())
        return all_of(conditions)

    def _single(self) -> Condition:
        if self._peek("!"):
            self._take()
            inner = self._single().test
            return Condition(lambda record: not inner(record))
        if self._peek("("):
            self._take()
            condition = self._either()
            self._take(")")
            return condition
        return self._comparison()

    def _comparison(self) -> Condition:
        kind, word = self._take()
        if kind != "word":
            raise QueryParseError(f"a field was expected, not '{word}'")
        name, method = self._field(word)
        accents = name.lower() in self._accent_fold
        getter = self._fields[name.lower()]
        if method and method not in _CASE:
            return Condition(self._method(getter, method, accents))
        if method:
            self._take("(")
            self._take(")")
            if self._peek("."):
                raise QueryParseError("methods cannot be chained here")
        if not self._peek(*_OPERATORS):
            return Condition(lambda record: getter(record) is True)
        compare = _OPERATORS[self._take()[1]]
        value = normal(self._value(), accents)

        def test(record: Record) -> bool:
            return _compare(compare, normal(getter(record), accents), value)

        if compare is not operator.eq:
            return Condition(test)
        group = value if name.lower() == self._group and isinstance(value, str) else None
        return Condition(test, self._look_up(name, value), group, bool(group))

    def _look_up(self, name: str, value: Any) -> Collection[str] | None:
        """Nothing is found by what it has not."""
        look_up = self._look_ups.get(name.lower())
        return look_up(value) if look_up and isinstance(value, (str, datetime)) and value else None

    def _field(self, word: str) -> tuple[str, str]:
        if word.lower() in self._fields:
            return word, ""
        name, _, method = word.rpartition(".")
        if name.lower() in self._fields and method.lower() in (*_METHODS, *_CASE):
            return name, method.lower()
        raise QueryParseError(f"No property or field '{word}' exists in type '{self._kind}'")

    def _method(self, getter: Getter, method: str, accents: bool) -> Test:
        self._take("(")
        part = normal(self._value(), accents)
        self._take(")")
        if not isinstance(part, str):
            raise QueryParseError(f"{method} takes text")
        test = _METHODS[method]
        return lambda record: isinstance(getter(record), str) and test(normal(getter(record), accents), part)

    def _value(self) -> Any:
        kind, word = self._take()
        if kind == "text":
            return self._unquoted(word)
        if kind == "number":
            return Decimal(word)
        maker = _CONSTANTS.get(word.lower())
        if maker is not None:
            return maker[0]
        maker = _MAKERS.get(word.lower())
        if kind != "word" or maker is None:
            raise QueryParseError(f"a value was expected, not '{word}'")
        self._take("(")
        arguments = []
        while not self._peek(")"):
            arguments.append(self._value())
            if self._peek(","):
                self._take()
        self._take(")")
        try:
            return maker(*arguments)
        except (TypeError, ValueError) as error:
            raise QueryParseError(f"{word} cannot be read: {error}") from error

    def _unquoted(self, word: str) -> str:
        quote, text = word[0], word[1:-1]
        return text.replace(2 * quote, quote) if self._quotes == "doubled" else re.sub(r"\\(.)", r"\1", text)


def _compare(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return compare(left, right) if compare in (operator.eq, operator.ne) else False
    if type(left) is not type(right):
        raise QueryParseError("Operator incompatible with operand types")
    return compare(left, right)


def _moment(*parts: Decimal) -> datetime:
    return datetime(*(int(part) for part in parts), tzinfo=timezone.utc)


def _parse_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


_CONSTANTS: dict[str, tuple[Any]] = {"null": (None,), "true": (True,), "false": (False,)}
_MAKERS: dict[str, Callable[..., Any]] = {"guid": lambda text: str(text).lower(), "datetime": _moment, "datetime.parse": _parse_moment}


def where(
    text: str,
    fields: Mapping[str, Getter],
    kind: str,
    accent_fold: frozenset[str] = frozenset(),
    look_ups: Mapping[str, LookUp] | None = None,
    quotes: str = "doubled",
    group: str = "",
) -> Condition:
    """The condition that a `where` describes, quotes in its texts written as the switch `where_quotes` says; raises QueryParseError."""
    return Parser(text, fields, kind, accent_fold, look_ups, quotes, group).parse()
