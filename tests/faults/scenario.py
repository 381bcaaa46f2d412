"""What happens in a run, drawn beforehand from one seed: who does what and when, which faults come in which order, what is killed when.

Times are fractions of the storm's length. Same seed and sizes, same scenario.
"""

import itertools
import random
from dataclasses import dataclass, field

from xero_simulator.person.bookkeeper import WEIGHTS

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

# With people on both sides: what reaches whom, and what Xero's stamps say.
STAMPS = {
    "payment_moves_invoice_stamp": ("true", "false"), "deleted_payment_moves_stamp": ("true", "false"),
    "deleted_payment_listed": ("true", "false"), "allocation_moves_stamp": ("both", "invoice", "none"),
    "reconcile_moves_stamp": ("payment", "both", "none"), "modified_since_inclusive": ("true", "false"),
    "modified_since_empty_status": (200, 304), "nested_payments": ("full", "empty"), "voided_date_epoch": ("true", "false"),
    "payment_fires_invoice_event": ("true", "false"), "allocation_fires": ("true", "false"), "reconcile_fires": ("true", "false"),
    "silent_edits": ("due_date+sent+line_account", "due_date+sent", "line_account", "none"),
    "webhook_order": ("in_order", "shuffled"), "webhook_sequence": ("gapless", "gaps"), "webhook_duplicates": (0, 2),
    "webhook_drop_percent": (0, 30, 60), "webhook_batch_size": (1, 10), "webhook_event_case": ("UPDATE", "Update"),
}  # fmt: skip
DEAF = 0.3  # share of these runs in which no webhook is set up
# what the accountant in Odoo does about what comes from Xero
CLERK = {"read": 4, "money": 5, "drifts": 4}

CREATE, CHANGE = ("PUT", "/api.xro/"), ("POST", "/api.xro/")
WRITES = (
    *(CREATE,) * 8, *(CHANGE,) * 2, ("PUT", "/Contacts$"), ("PUT", "/Invoices$"), ("PUT", "/Payments$"),
    ("POST", "/Contacts$"), ("POST", "/Invoices$"), ("POST", "/Payments/"), ("PUT", "/CreditNotes$"), ("PUT", "/Allocations$"),
    ("PUT", "/BatchPayments$"), ("PUT", "/BankTransactions$"), ("PUT", "/ManualJournals$"),
)  # fmt: skip
ANYWHERE, QUESTIONS = (("", "/api.xro/"),), (("GET", "/api.xro/"),)
# kind of fault -> (weight, where)
QUICK = {
    "reset_before": (4, WRITES), "reset_after": (6, WRITES), "error_500_before": (2, WRITES), "error_500_after": (4, WRITES),
    "html_200": (1, WRITES), "empty_200": (1, WRITES), "nonsense_200": (1, WRITES), "truncated_200": (2, WRITES),
    "missing_element_200": (2, WRITES), "extra_element_200": (1, WRITES), "reversed_200": (1, WRITES), "token_expired": (4, ANYWHERE),
    "slow": (2, ANYWHERE), "concurrent_limit": (1, ANYWHERE), "lost_token": (2, ANYWHERE), "lost_token_answer": (2, ANYWHERE),
    "forgotten_key": (2, WRITES), "lost_question": (1.5, QUESTIONS),
}  # fmt: skip
# What a lost_question may be. It stops the run, and the connection waits: a few are enough.
LOST_QUESTIONS = ("reset_before", "reset_after", "error_500_before", "html_200", "empty_200", "nonsense_200", "truncated_200")
# A connection stands still until a person connects again, or for minutes. All of them in turn, among every so many others.
STOPS = (
    "token_refused", "invalid_grant", "forbidden", "unauthorised_tenant", "missing_scope", "invalid_client", "unavailable_503",
    "organisation_offline_503", "minute_limit", "app_minute_limit", "day_limit",
)  # fmt: skip
TOKEN_PATH = "/connect/token$"  # noqa: S105 - an address
SILENCES = ("timeout_before", "timeout_after")
SILENCE = 65.0  # seconds; the connector waits 60 for an answer
STOP_EVERY, PATIENT_STOP_EVERY = 8, 50

STEPS = {
    "invoice": 30, "batch": 6, "pay": 16, "pay_many": 5, "unreconcile": 4, "cancel_payment": 4, "edit": 8, "cancel": 4, "customer": 7,
    "credit": 5, "on_account": 3, "match": 4, "entry": 2, "sync": 4, "sync_customer": 2, "sync_now": 3, "retry": 3, "read_again": 1,
}  # fmt: skip
# documents that a step "invoice" or "batch" makes, and their shares
TYPES = {"out_invoice": 60, "in_invoice": 22, "out_refund": 7, "in_refund": 5, "out_receipt": 3, "in_receipt": 3}
LARGEST_BATCH = 60
FOREIGN = 0.12  # share of invoices in another currency
# What people who are done with their own work go on with until everything has gone wrong that was to go wrong.
OVERTIME = {"invoice": 12, "pay": 6, "credit": 2, "on_account": 1, "edit": 2, "customer": 6, "unreconcile": 2, "sync": 2, "sync_now": 1}


@dataclass(frozen=True)
class Step:
    """One thing a person does. ``which`` picks among what this person has made so far; ``values`` depends on the kind."""

    kind: str
    which: float
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """Something that goes wrong when the fraction ``at`` of the storm is over."""

    at: float
    kind: str  # kill | kill_worker | kill_in_call | postgres | simulator | renewal | backup | restore | copy
    values: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Sizes:
    documents: int = 80
    faults: int = 10
    kills: int = 2
    minutes: float = 20.0  # the length of the storm
    people: int = 4
    companies: int = 2
    calm: float = 0.9  # the fraction of the storm after which nothing more is meant to go wrong
    namesakes: int = 5  # in a hundred customers at most; each costs a person a few clicks at the end
    restores: int = 1  # 1: once in the storm an older backup of Odoo's database takes its place; 0: never
    copies: int = 1  # 1: once a copy of the database runs beside it
    patient: bool = False  # silences; and nobody connects again by hand for a wait of a few minutes
    both: bool = False  # people at work in Xero too

    @property
    def invoices(self):
        """A document is a customer, an invoice or a payment: rather more than half of them are invoices."""
        return max(self.people, int(self.documents * 0.6))


class Draw:
    """Draws steps of people from a generator of random numbers."""

    def __init__(self, generator, seed, sizes):
        self._random, self._seed, self._sizes = generator, seed, sizes
        self.most = min(LARGEST_BATCH, max(3, sizes.invoices // 40))  # invoices a person posts at a time

    def kind(self, weights):
        return self._random.choices(list(weights), list(weights.values()))[0]

    def count(self, kind, left):
        """How many invoices a step of this kind makes."""
        if kind == "invoice":
            return 1
        return min(int(left) or 1, self._random.randint(2, self.most)) if kind == "batch" else 0

    def step(self, kind, person, numbers):
        """``numbers``: one for each invoice to be made."""
        invoices = [self._invoice(person, number) for number in numbers]
        return Step(kind, self._random.random(), {"invoices": invoices} if invoices else self._values())

    def _invoice(self, person, number):
        return {
            "type": self.kind(TYPES),
            "customer": self._customer(person, number),
            "lines": [self._line() for _ in range(self._random.choice((1, 1, 2, 2, 3, 7)))],
            "reference": self._random.choice(("", "", f"PO {self._random.randint(1, 9999)}", "Straße 7 / ü")),
            "days": self._random.randint(0, 60),
            "currency": self._random.random() if self._random.random() < FOREIGN else None,
        }

    def _customer(self, person, number):
        """A customer of Odoo's demo books, one this person already has, a new one, or a new one named like another."""
        namesakes = min(self._sizes.namesakes, 3000 / self._sizes.invoices) if number < self._sizes.invoices / self._sizes.people / 2 else 0
        kind = self._random.choices(("new", "own", "old", "namesake"), (45, 30, 20, namesakes))[0]
        name = f"{self._random.choice(NAMES)} {self._seed}-{person}-{number}"
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

    def _values(self):
        return {
            "part": self._random.choice((1, 1, 0.5, 0.3, 0.01)),
            "price": round(self._random.uniform(1, 500), 2),
            "name": f"{self._random.choice(NAMES)} renamed {self._seed}-{self._random.randint(1, 10**9)}",
            "phone": f"+61 2 {self._random.randint(1000, 9999)} {self._random.randint(1000, 9999)}",
            "what": self._random.choice(("price", "price", "reference", "due", "line")),
            "count": self._random.randint(2, 2 * self.most),
            "again": self._random.random() < 0.5,
        }


class Scenario:
    """``people``: a list of steps for each; ``events`` and ``faults`` in order; ``switches`` of the simulator.

    Each of the ``faults`` is a list of orders for the simulator. There are more than are wanted, because not every one meets a call.
    """

    def __init__(self, seed, sizes):
        self.seed, self.sizes = seed, sizes
        self._random = random.Random(seed)  # noqa: S311 - repeatable, no secrets
        self.switches = {**LIMITS, **{name: self._random.choice(choices) for name, choices in SWITCHES.items()}}
        self.people = [self._steps(number) for number in range(sizes.people)]
        self.faults = list(self._faults(4 * sizes.faults))
        events = [*self._kills(), *self._restarts(), *self._renewals(), *self._databases(random.Random(f"{seed} databases"))]  # noqa: S311
        self.events = sorted(events, key=lambda event: event.at)
        self.bookkeepers, self.clerks, self.rings = [], [], False
        if sizes.both:
            self._both_sides(random.Random(f"{seed} both sides"))  # noqa: S311

    # === PEOPLE === #

    def _steps(self, person):
        draw, numbers = Draw(self._random, self.seed, self.sizes), itertools.count()
        wanted, made, steps = self.sizes.invoices / self.sizes.people, 0, []
        while made < wanted:
            kind = draw.kind(STEPS)
            count = draw.count(kind, wanted - made)
            steps.append(draw.step(kind, person, itertools.islice(numbers, count)))
            made += count
        return steps

    def _both_sides(self, generator):
        """For each company a bookkeeper in Xero (``Step``s by the bookkeeper's verbs) and an accountant in Odoo; from a lot of its own."""
        self.switches |= {name: generator.choice(choices) for name, choices in STAMPS.items()}
        self.rings = generator.random() >= DEAF
        count = max(15, self.sizes.invoices // (3 * self.sizes.companies))
        for _company in range(self.sizes.companies):
            verbs = generator.choices(list(WEIGHTS), list(WEIGHTS.values()), k=count)
            self.bookkeepers.append([Step(verb, generator.random()) for verb in verbs])
            kinds = generator.choices(list(CLERK), list(CLERK.values()), k=max(8, count // 2))
            self.clerks.append([Step(kind, generator.random()) for kind in kinds])

    def overtime(self, person):
        """Small steps without end, for whoever is done before the others."""
        draw = Draw(random.Random(f"{self.seed} {person}"), self.seed, self.sizes)  # noqa: S311
        for number in itertools.count(10**6):
            kind = draw.kind(OVERTIME)
            yield draw.step(kind, person, [number][: draw.count(kind, 1)])

    # === TROUBLE === #

    def _faults(self, count):
        stops = (*STOPS, *SILENCES) if self.sizes.patient else STOPS
        turns, every = itertools.cycle(self._random.sample(stops, len(stops))), PATIENT_STOP_EVERY if self.sizes.patient else STOP_EVERY
        weights = [weight for weight, _where in QUICK.values()]
        for number in range(count):
            if number % every == every // 2:
                kind, where = next(turns), ANYWHERE
            else:
                kind = self._random.choices(list(QUICK), weights)[0]
                where = QUICK[kind][1]
            kind = self._random.choice(LOST_QUESTIONS) if kind == "lost_question" else kind
            method, path = self._random.choice(where)
            seconds = SILENCE if kind in SILENCES else round(self._random.uniform(0.5, 4), 1)
            yield orders(kind, method, path, seconds)

    def _kills(self):
        for number in range(self.sizes.kills):
            kind = ("kill_in_call", "kill_worker", "kill")[number % 3]
            values = {"server": self._random.randrange(2), "choice": self._random.random(), "wait": round(self._random.random() * 2, 2)}
            method, path = self._random.choice(WRITES)
            yield Event(self._random.uniform(0.05, self.sizes.calm), kind, {**values, "method": method, "path": path})

    def _restarts(self):
        for number in range((self.sizes.kills + 9) // 10):
            yield Event(self._random.uniform(0.1, self.sizes.calm), "postgres", {"mode": ("fast", "immediate")[(number + self.seed) % 2]})
            yield Event(self._random.uniform(0.1, self.sizes.calm), "simulator")

    def _renewals(self):
        """Access tokens that run out just when several processes want one."""
        for _ in range(self.sizes.kills // 5 + 1):
            yield Event(self._random.uniform(0.1, self.sizes.calm), "renewal", {"company": self._random.randrange(self.sizes.companies)})

    def _databases(self, generator):
        """An older backup comes back, and work goes on; a copy runs beside the database that it was made of."""
        calm = self.sizes.calm
        if self.sizes.restores:
            yield Event(generator.uniform(0.15, 0.35) * calm, "backup")
            yield Event(generator.uniform(0.55, 0.75) * calm, "restore")
        if self.sizes.copies:
            yield Event(generator.uniform(0.2, 0.9) * calm, "copy")


def orders(kind, method, path, seconds):
    """What to order of the simulator; some troubles take two faults."""
    one = {"method": method, "path": path}
    expired, token = {"kind": "token_expired", **one}, {"path": TOKEN_PATH, "seconds": seconds}
    several = {
        "lost_token": [expired, {**token, "kind": "reset_before"}],
        "lost_token_answer": [expired, {**token, "kind": "reset_after"}],
        # of the refresh token and of the one before it
        "invalid_grant": [expired, {**token, "kind": "invalid_grant", "times": 2}],
        "invalid_client": [expired, {**token, "kind": "invalid_client"}],
        # the answer to a write is lost, and before anybody can look into it the token is renewed: Xero has forgotten the idempotency key
        "forgotten_key": [{"kind": "reset_after", **one}, {"kind": "token_expired", "method": "GET", "path": path.removesuffix("$")}],
    }
    return several.get(kind) or [{"kind": kind, **one, "seconds": seconds}]
