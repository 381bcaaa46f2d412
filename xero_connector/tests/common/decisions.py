import re
from contextlib import contextmanager
from dataclasses import asdict, replace
from unittest.mock import patch

from ...access import clients
from ...engine.prepare import Preparation

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|SELECT\s.*\bFOR\s+(NO\s+KEY\s+)?UPDATE\b)", re.IGNORECASE | re.DOTALL)


class EveryDecisionTwice:
    """Mixed into a test class: each decision of a run is taken a second time, and neither may write, enqueue, or ask Xero.

    ``decided`` holds ``(kind, operation or name of the reason)`` of what has been seen so far, so that a test can say what it stands for.
    """

    def watch_decisions(self):
        self.decided = set()
        outcome = Preparation._outcome

        def twice(preparation, handler, job, reading):
            with self._nothing_is_written(handler):
                found, again = outcome(preparation, handler, job, reading), outcome(preparation, handler, job, reading)
                self.assertEqual(_told(found), _told(again), f"{handler._kind} {job.res_id}: decided otherwise the second time")
            results = [type(found).__name__] if isinstance(found, Exception) else [item.operation for item in found]
            self.decided |= {(handler._kind, result) for result in results}
            return found

        self.patch(Preparation, "_outcome", twice)

    @contextmanager
    def _nothing_is_written(self, handler):
        """What waited to be written is written before; from then on no statement may, and no field may become dirty."""
        handler.env.flush_all()
        execute, written = type(handler.env.cr).execute, []

        def watched(cursor, query, *args, **kwargs):
            code = getattr(query, "code", query)
            if isinstance(code, bytes):
                code = code.decode()
            if WRITES.match(str(code)):
                written.append(str(code)[:200])
            return execute(cursor, query, *args, **kwargs)

        def called(*_args, **_kwargs):
            raise AssertionError(f"{handler._kind}: the decision asks Xero")

        with (
            patch.object(type(handler.env.cr), "execute", watched),
            patch.object(clients, "xero", called),
        ):
            yield
        dirty = {str(field): set(ids) for field, ids in handler.env._field_dirty.items() if ids}
        self.assertFalse(written or dirty, f"{handler._kind}: the decision writes: {written or dirty}")


def _told(found):
    """What a decision says, to be compared."""
    if not isinstance(found, Exception):
        return [asdict(replace(item, claims=())) | {"claims": [claim.what for claim in item.claims]} for item in found]
    names = ("code", "key", "help", "details", "res_model", "res_id", "seconds", "asks", "room", "failed", "candidates", "problem")
    return [type(found).__name__, str(found), *(getattr(found, name, None) for name in names)]
