"""The table in the simulator's README of what works with each client, made from `expected.json`.

`make test-clients RECORD=1` writes both anew. A step that fails is kept as [what came, why]: the why is written by hand, and stays as long
as the same comes.
"""

import json
import re
from itertools import groupby
from pathlib import Path

FOLDER = Path(__file__).parent
EXPECTED = FOLDER / "expected.json"
README = FOLDER.parents[1] / "xero_simulator" / "README.md"
START, END = "<!-- clients: written by make test-clients RECORD=1 -->\n", "<!-- end of clients -->\n"
VERBS = ("list", "create", "change", "delete", "allocate", "filter", "put", "get", "report")
PACKAGES = {"pyxero": "pyxero", "tap_xero": "tap-xero", "xero_node": "xero-node", "xero_python": "xero_python"}
OK, UNEXPLAINED = "ok", "?"
YES, NOT_OFFERED = "yes", ""


def expected():
    return json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}


def came(result):
    """What came of a step: "ok", or what stands before the why."""
    return result if isinstance(result, str) else result[0]


def record(name, results):
    """Remember the results of one client."""
    known = expected()
    before = known.get(name, {})
    known[name] = {step: kept(result, before.get(step)) for step, result in results.items()}
    EXPECTED.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n")
    README.write_text(with_table(README.read_text()))


def kept(result, before):
    """A result as the file keeps it, with the why of the same result before."""
    if result == OK or (before and came(before) == result):
        return before if result != OK else OK
    return [result, UNEXPLAINED]


def with_table(text):
    before, _, rest = text.partition(START)
    return before + START + table() + END + rest.partition(END)[2]


def version(name):
    text = "".join((FOLDER / name / file).read_text() for file in ("package.json", "requirements.txt") if (FOLDER / name / file).exists())
    return re.search(rf'{PACKAGES[name]}"?(?:==|: ")([\d.]+)', text)[1]


def table():
    """One row per step; steps with the same verb and the same results in one row. Below it what fails, with the why."""
    known = expected()
    steps = list(dict.fromkeys(step for results in known.values() for step in results))
    whys = []
    rows = [(verb_of(step), step, tuple(mark(results.get(step), whys) for results in known.values())) for step in steps]
    rows.sort(key=lambda row: order(row[0], row[1], steps, row[2]))
    names = [f"{PACKAGES[name].replace('_', '-')} {version(name)}" for name in known]
    lines = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for (verb, marks), group in groupby(rows, key=lambda row: (row[0], row[2])):
        kinds = ", ".join(step.removeprefix(f"{verb} ") for _verb, step, _marks in group)
        lines.append(f"| {f'{verb}: ' if verb else ''}{kinds} | {' | '.join(marks)} |")
    return "\n".join([*lines, "", *(f"{number}. {why}" for number, why in enumerate(whys, 1))]) + "\n"


def verb_of(step):
    verb = step.split()[0]
    return verb if verb in VERBS else ""


def order(verb, step, steps, marks):
    """As the steps come; those with the same verb follow its first, what most clients can do before the rest."""
    alike = [other for other in steps if verb and verb_of(other) == verb]
    return (steps.index(alike[0] if alike else step), -marks.count(YES), marks, steps.index(step))


def mark(result, whys):
    if result is None:
        return NOT_OFFERED
    if result == OK:
        return YES
    why = f"{result[1]} (`{result[0]}`)"
    if why not in whys:
        whys.append(why)
    return f"no {whys.index(why) + 1}"
