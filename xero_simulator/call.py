"""One API call on its way through the simulator, and the table of what can be called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import wire, xml_body
from .errors import NotSimulated, Refused
from .idempotency import Answer
from .identity.accounts import AccessToken
from .organisation import Organisation
from .switches import Switches

if TYPE_CHECKING:
    from .world import World


@dataclass
class Call:
    """What a handler needs to know. `path` holds the variable parts of the address.

    `person`: who does it in Xero's own screens, where it is no app that calls; `moment`: when, if not now.
    """

    world: World
    organisation: Organisation
    token: AccessToken
    method: str
    query: dict[str, str]
    headers: Any
    data: bytes
    path: dict[str, str] = field(default_factory=dict)
    knows_since: bool = False
    person: str = ""
    moment: datetime | None = None

    @cached_property
    def now(self) -> datetime:
        return self.moment or self.world.now()

    @property
    def switches(self) -> Switches:
        return self.world.switches

    @property
    def provider(self) -> str:
        return self.person or self.world.identity.apps[self.token.client_id].name

    def flag(self, name: str, default: bool) -> bool:
        text = self.query.get(name)
        if text is None:
            return default
        try:
            return wire.parse_bool(text)
        except ValueError as error:
            raise NotSimulated(f"query parameter {name} is true or false, not {text!r}", 400) from error

    def unit_places(self) -> int:
        """2, or 4 with unitdp=4."""
        text = self.query.get("unitdp", "2")
        if text not in ("2", "3", "4"):
            raise NotSimulated(f"unitdp is 2, 3 or 4, not {text!r}", 400)
        return int(text)

    def modified_since(self) -> datetime | None:
        text = self.headers.get("If-Modified-Since")
        if not text or not self.knows_since:
            return None
        try:
            return wire.parse_moment(text)
        except ValueError:
            return self._http_moment(text)

    def _http_moment(self, text: str) -> datetime:
        """HTTP's own form of a moment, which some clients send."""
        try:
            return parsedate_to_datetime(text)
        except ValueError as error:
            raise NotSimulated(f"If-Modified-Since is UTC in ISO 8601, not {text!r}", 400) from error

    @cached_property
    def body(self) -> Any:
        kind = self.headers.get("Content-Type") or ""
        name = "Json" if "json" in kind else "Xml" if "xml" in kind else ""
        if not name:
            raise NotSimulated("bodies are read as JSON or XML (Content-Type: application/json or application/xml)", 415)
        try:
            return wire.loads(self.data) if name == "Json" else xml_body.loads(self.data)
        except (ValueError, RecursionError) as error:
            raise Refused(400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": f"Invalid {name} data"}) from error

    def envelope(self, name: str, rows: list[dict], pagination: dict | None = None) -> Answer:
        """A successful answer in Xero's wrapping."""
        body = {
            "Id": self.organisation.new_id(),
            "Status": "OK",
            "ProviderName": self.provider,
            "DateTimeUTC": wire.bare_ms_date(self.now),
        }
        if pagination is not None:
            body["pagination"] = pagination
        return Answer(body={**body, name: rows})


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """`path` like "/Invoices/{id}"; `query` names the parameters known; `scope` without .read.

    Of several scopes any one will do for reading, the first for writing. `raw`: a file goes in or comes out, not JSON.
    """

    method: str
    path: str
    handler: Handler
    scope: str | tuple[str, ...]
    query: tuple[str, ...] = ()
    modified_since: bool = False
    raw: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """`{file*}` may hold slashes."""
        path = re.sub(r"\{(\w+)\*\}", r"(?P<\1>.+)", self.path)
        return re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$", re.IGNORECASE)


# Parts of Xero this simulator does not have: answered 501 so that nobody takes silence for an answer.
ELSEWHERE = (
    "Attachments", "Budgets", "ContactGroups", "Employees", "ExpenseClaims", "InvoiceReminders", "Journals", "LinkedTransactions",
    "PaymentServices", "PurchaseOrders", "Quotes", "Receipts", "RepeatingInvoices", "Reports", "Setup", "Users",
)  # fmt: skip


def _other_number(name: str) -> str:
    """Invoice for Invoices, Currency for Currencies, Organisations for Organisation: Xero takes both (recorded of the first)."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") else f"{name}s"


class Router:
    def __init__(self, routes: list[Route]):
        self.routes = routes
        names = {route.path.split("/")[1] for route in routes}
        self._names = {_other_number(name).lower(): name for name in names}

    def _usual(self, path: str) -> str:
        """The address as the table has it: no slash at the end, the name in the number that Xero's pages use."""
        first, *others = path.strip("/").split("/")
        return "/" + "/".join((self._names.get(first.lower(), first), *others))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        path, others = self._usual(path), set()
        for route in self.routes:
            found = route.pattern.match(path)
            if found and route.method == method:
                return route, found.groupdict()
            if found:
                others.add(route.method)
        if others:
            raise NotSimulated(f"{method} {path} is not simulated; here there are {', '.join(sorted(others))}", 501)
        if {word.lower() for word in path.strip("/").split("/")[::2]} & {name.lower() for name in ELSEWHERE}:
            raise NotSimulated(f"{path} exists in Xero but not in this simulator", 501)
        raise NotSimulated(f"no such address: {path}", 404)
