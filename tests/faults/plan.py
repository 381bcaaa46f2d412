"""What happens in a run, drawn beforehand from one seed: who does what, which faults are ordered when, what is killed when.

Times are fractions of the people's work, so that the plan does not depend on how fast the machine is. Same seed and sizes, same plan.
"""

import random
from dataclasses import dataclass, field

NAMES = (
    "Łódź Café", "東京商事株式会社", "Ω Shipping", "O'Brien & Söhne", 'The "Quoted" Company', "شركة النور", "Ünïcödé  Spaces",
    "<b>Bold</b> Ltd", "Smith, Jones; Brown", "Crème brûlée", "Naïve \\ Backslash", "Big Customer", "100% Wool", "A",
    "Ελληνικά ΑΕ", "Pty Ltd 🚀",
)  # fmt: skip
SWITCHES = {
    "idempotency_scope": ("token",),
    "ties": ("half_up", "half_even"),
    "error_elements": ("echo", "bare"),
    "element_order": ("request", "reversed"),
    "mixed_failure_order": ("request", "errors_first"),
    "minute_window": ("fixed", "rolling"),
    "line_errors": ("document", "line"),
    "idempotency_caches_400": ("true", "false"),
}
# One run does the work of many days, so the day's limit is lifted (day limits come as faults); all other limits are Xero's own.
LIMITS = {"minute_limit": 60, "concurrent_limit": 5, "day_limit": "none"}

WRITES = (
    ("PUT", "/Contacts$"), ("POST", "/Contacts$"), ("PUT", "/Invoices$"), ("POST", "/Invoices$"), ("PUT", "/Payments$"),
    ("POST", "/Payments/"), ("PUT", "/api.xro/"), ("PUT", "/api.xro/"), ("PUT", "/api.xro/"), ("POST", "/api.xro/"), ("POST", "/api.xro/"),
)  # fmt: skip
CALLS = (*WRITES, ("GET", "/api.xro/"), ("", "/api.xro/"), ("", "/api.xro/"))
# kind of fault -> (weight, where); the second table is for long runs only: these make a connection wait for minutes
QUICK = {
    "reset_before": (4, CALLS), "reset_after": (6, WRITES), "error_500_before": (2, CALLS), "error_500_after": (4, WRITES),
    "html_200": (1, CALLS), "empty_200": (1, CALLS), "nonsense_200": (1, CALLS), "truncated_200": (2, WRITES),
    "missing_element_200": (2, WRITES), "extra_element_200": (1, WRITES), "reversed_200": (2, CALLS), "token_expired": (3, CALLS),
    "slow": (3, CALLS), "concurrent_limit": (2, CALLS), "lost_token": (2, CALLS), "lost_token_answer": (1, CALLS),
}  # fmt: skip
PATIENT = {
    "timeout_before": (1, CALLS), "timeout_after": (2, WRITES), "minute_limit": (2, CALLS), "app_minute_limit": (1, CALLS),
    "day_limit": (0.3, CALLS), "unavailable_503": (0.5, CALLS), "organisation_offline_503": (0.5, CALLS), "token_refused": (0.3, CALLS),
    "invalid_grant": (0.3, CALLS), "forbidden": (0.3, CALLS),
}  # fmt: skip
SILENCE = 65.0  # seconds; the connector waits 60 for an answer

STEPS = {
    "invoice": 30, "batch": 6, "pay": 16, "pay_many": 2, "unreconcile": 4, "cancel_payment": 4, "edit": 8, "cancel": 4, "customer": 7,
    "sync": 4, "sync_customer": 2, "sync_now": 3, "retry": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One thing a person does. ``which`` picks among what this person has made so far; ``values`` depends on the kind."""

    kind: str
    which: float
    values: dict = field(default_factory=dict)
    pause: float = 0.0


@dataclass(frozen=True)
class Event:
    """Something that goes wrong when the people have done the fraction ``at`` of their work."""

    at: float
    kind: str  # fault | kill | kill_worker | kill_in_call | postgres | simulator
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Sizes:
    documents: int = 80
    faults: int = 10
    kills: int = 2
    minutes: float = 20.0
    people: int = 4
    patient: bool = False  # faults that make a connection wait for minutes

    @property
    def invoices(self):
        """A document is a customer, an invoice or a payment: about half of them are invoices."""
        return max(self.people, self.documents // 2)


class Plan:
    """``people``: a list of steps for each; ``events`` in order; ``switches`` of the simulator."""

    def __init__(self, seed, sizes):
        self.seed, self.sizes = seed, sizes
        self._random = random.Random(seed)  # noqa: S311 - repeatable, no secrets
        self.switches = {**LIMITS, **{name: self._random.choice(choices) for name, choices in SWITCHES.items()}}
        self.people = [self._steps(number) for number in range(sizes.people)]
        self.events = sorted([*self._faults(), *self._kills()], key=lambda event: event.at)

    # === PEOPLE === #

    def _steps(self, person):
        wanted, made, steps, numbers = self.sizes.invoices / self.sizes.people, 0, [], iter(range(10**6))
        while made < wanted:
            kind = self._random.choices(list(STEPS), list(STEPS.values()))[0]
            count = self._count(kind, wanted - made)
            values = {"invoices": [self._invoice(person, next(numbers)) for _ in range(count)]} if count else self._values(kind)
            steps.append(Step(kind, self._random.random(), values, round(self._random.random() * 0.6, 2)))
            made += count
        return steps

    def _count(self, kind, left):
        if kind == "invoice":
            return 1
        return min(int(left) or 1, self._random.randint(2, max(3, self.sizes.invoices // 60))) if kind == "batch" else 0

    def _invoice(self, person, number):
        return {
            "customer": self._customer(person, number),
            "lines": [self._line() for _ in range(self._random.choice((1, 1, 2, 2, 3, 7)))],
            "reference": self._random.choice(("", "", f"PO {self._random.randint(1, 9999)}", "Straße 7 / ü")),
            "days": self._random.randint(0, 60),
        }

    def _customer(self, person, number):
        """A customer of Odoo's demo books, one this person already has, a new one, or a new one named like another."""
        kind = self._random.choices(("new", "own", "old", "namesake"), (45, 30, 20, 5))[0]
        name = f"{self._random.choice(NAMES)} {self.seed}-{person}-{number}"
        vat = f"{self._random.randint(10**10, 10**11 - 1)}" if self._random.random() < 0.2 else ""
        return {"kind": kind, "which": self._random.random(), "name": name, "email": f"c{person}.{number}@example.com", "vat": vat}

    def _line(self):
        places = self._random.choice((2, 2, 2, 3, 4))
        return {
            "name": self._random.choice(("Work", "Ünïcode Gerät", "Two\nlines", "Long " * 30, "<i>tag</i> & “quotes”")).strip(),
            "quantity": self._random.choice((1, 1, 2, 3, 0.5, 1.25, 7, 12, 0.3333)),
            "price_unit": round(self._random.uniform(0.01, self._random.choice((5, 100, 3000))) + 0.01, places),
            "discount": self._random.choice((0, 0, 0, 5, 10, 33.33, 12.5)),
            "tax": self._random.random(),
        }

    def _values(self, kind):
        return {
            "part": self._random.choice((1, 1, 0.5, 0.3, 0.01)),
            "price": round(self._random.uniform(1, 500), 2),
            "name": f"{self._random.choice(NAMES)} renamed {self.seed}-{self._random.randint(1, 10**9)}",
            "phone": f"+61 2 {self._random.randint(1000, 9999)} {self._random.randint(1000, 9999)}",
            "what": self._random.choice(("price", "price", "reference", "due", "line")),
            "count": self._random.randint(2, 8),
            "again": self._random.random() < 0.5,
        }

    # === TROUBLE === #

    def _faults(self):
        kinds = {**QUICK, **(PATIENT if self.sizes.patient else {})}
        weights = [weight for weight, _where in kinds.values()]
        for _ in range(self.sizes.faults):
            kind = self._random.choices(list(kinds), weights)[0]
            method, path = self._random.choice(kinds[kind][1])
            seconds = SILENCE if kind.startswith("timeout") else round(self._random.uniform(0.5, 4), 1)
            values = {"kind": kind, "method": method, "path": path, "seconds": seconds}
            yield Event(self._random.uniform(0, 0.8), "fault", values)

    def _kills(self):
        for number in range(self.sizes.kills):
            kind = ("kill_in_call", "kill", "kill_worker")[number % 3]
            values = {"server": self._random.randrange(2), "choice": self._random.random(), "wait": round(self._random.random() * 2, 2)}
            method, path = self._random.choice(WRITES)
            yield Event(self._random.uniform(0.1, 0.85), kind, {**values, "method": method, "path": path})
        for number in range((self.sizes.kills + 9) // 10):
            yield Event(self._random.uniform(0.1, 0.8), "postgres", {"mode": ("fast", "immediate")[number % 2]})
            yield Event(self._random.uniform(0.1, 0.8), "simulator")
