"""What goes from the handlers to the wire and comes back, free of Odoo records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ..xero_core.errors import XeroError
from ..xero_core.resources import batches
from .reasons import Held
from .trace import Trace


@dataclass(frozen=True)
class Claim:
    """Something in Xero of which only ``room`` may be had by what goes out together; who comes too late gets what ``reason`` makes."""

    what: tuple
    reason: Callable[[], Exception] = field(compare=False)
    room: int = 1


# what is kept of an outgoing document while it is on the wire, beside its trace
KEPT = ("res_id", "kind", "res_model", "fingerprint", "xero_id", "label", "last", "restored")


@dataclass
class Outgoing:
    """One counterpart ready to be sent: everything a call and its follow-up need, free of Odoo records.

    Most jobs are about the record whose counterpart they send; one about a movement of money sends several, remembered by other records:
    ``kind``, ``res_model`` and ``res_id`` name the binding. ``last`` says that the job has nothing more to do after this; ``unsettles``,
    that from its call on what was sent before holds no more, whatever comes of it.
    """

    job_id: int
    res_id: int
    operation: str  # create | update | remove
    payload: dict
    fingerprint: str
    xero_id: str = ""
    trace: Trace = Trace()  # how to recognise it in Xero if no answer comes
    label: str = ""
    key: str = ""  # idempotency key of the call it goes with
    content: bytes = b""  # of a file
    kind: str = ""  # these two: the job's, if it says nothing else
    res_model: str = ""
    last: bool = True
    unsettles: bool = False
    claims: tuple[Claim, ...] = ()
    restored: bool = False  # the backup that has come back since was made while it was on the wire
    look_again: bool = False  # it was there, says something else, and is to be compared when it is bound
    beside: object = None  # what its call has to know of others; not kept, as it is read again for each call

    @cached_property
    def size(self):
        """Bytes in a request."""
        return batches.size(self.payload)

    @property
    def id(self):
        """Tells it apart from all others that are on the wire."""
        return (self.job_id, self.kind, self.res_model, self.res_id)

    @property
    def record(self):
        return (self.kind, self.res_model, self.res_id)

    def kept(self):
        """What the job keeps of it until Xero has answered."""
        return {**{name: getattr(self, name) for name in KEPT}, "trace": self.trace.to_json()}

    @classmethod
    def recalled(cls, job, trace_class):
        """What a job had on the wire, to be looked up; without payload, which is not sent again."""
        for kept in job.traces or ():
            values = {name: kept[name] for name in KEPT if name in kept}
            trace = trace_class.from_json(kept.get("trace") or {})
            yield cls(job_id=job.id, operation=job.operation or "", payload={}, trace=trace, **values)


@dataclass
class Result:
    """What came of one item: ``remote`` (done), ``errors`` (refused), ``unknown`` (look it up) or ``again`` (an error: not done, retry).

    ``evidence`` is what Xero holds that may explain a refusal; the handler's ``_judge`` turns it into ``remote`` or ``held``, or
    says in words why it goes ``retry``: what stood in its way has just been put right. ``adopted``: it was there before.
    """

    item: Outgoing
    remote: object = None
    errors: tuple = ()
    evidence: list = field(default_factory=list)
    held: Held | None = None
    unknown: bool = False
    again: XeroError | None = None
    retry: str = ""
    adopted: bool = False
