"""Odoo's logs of a run: tracebacks that run through the connector, other than those of a database that was taken away."""

import re
from collections import Counter

RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): ")
EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*(Error|Exception|Failure|Shutdown|Available|Now|Warning|Interrupt|Exit)\b")
# The database was stopped, or another transaction was faster and Odoo repeats the request: both are expected here.
EXPECTED = re.compile(
    r"psycopg2\.\S*(OperationalError|InterfaceError|AdminShutdown|CrashShutdown|CannotConnectNow|SerializationFailure|LockNotAvailable|DatabaseError)"
    r"|PoolError|could not serialize|KeyboardInterrupt|SystemExit|server closed the connection unexpectedly"
)
LOST = re.compile(r"odoo\.sql_db: bad query[^\0]*(server closed the connection|cursor already closed|connection already closed)")


def records(path):
    """``(level, text)`` per entry; what follows a line without a head belongs to it."""
    level, lines = "", []
    for line in path.read_text(errors="replace").splitlines():
        head = RECORD.match(line)
        if head:
            if lines:
                yield level, "\n".join(lines)
            level, lines = head["level"], []
        lines.append(line)
    if lines:
        yield level, "\n".join(lines)


def exception(text):
    """The exception at the end of the last traceback, without the lines of its message that follow; else the last line."""
    lines = [line for line in text.splitlines() if line.strip()]
    raised = [line for line in lines if EXCEPTION.match(line)]
    return (raised or lines)[-1][:160]


def read(paths):
    """``(unexpected, others)``: entries with a traceback through our code, and all other errors by their last line, counted."""
    unexpected, others = [], Counter()
    for path in paths:
        for level, text in records(path):
            if "Traceback" not in text and level not in ("ERROR", "CRITICAL"):
                continue
            last = exception(text)
            ours = "xero_connector/" in text or "odoo.addons.xero_connector" in text.splitlines()[0]
            if ours and level in ("WARNING", "ERROR", "CRITICAL") and not (EXPECTED.search(last) or LOST.search(text)):
                unexpected.append(f"{path.name}: {text}")
            else:
                others[last] += 1
    return unexpected, others
