"""`make chaos RUNS=30 FROM=1`: that many short runs, one after the other, each with its own seed; a line for each, and their sum.

python -m tests.faults.runs [--runs N] [--first SEED] [--sides mixed|both|odoo]

Every other one has people on both sides.

The details of a run that fails are printed as `make chaos` prints them. Ends with status 0 if all pass.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal

from tests.faults import report
from tests.faults.chaos import Run
from tests.faults.scenario import Scenario, Sizes

PATIENCE = 2  # seconds; the long run waits for Odoo's scheduler to come round by itself instead
# Xero's silence proves nothing for 90 seconds: the sooner the last fault, the sooner all is at rest. A namesake may take that time twice.
SHORT = Sizes(documents=80, faults=15, kills=2, minutes=0.7, calm=0.5, namesakes=0)


def short_run(seed, both=False):
    """A run of a minute and the time it takes to come to rest.

    :param bool both: with people on both sides
    """
    words = " ".join(f"--{name} {getattr(SHORT, name)}" for name in ("documents", "faults", "kills", "minutes", "calm", "namesakes"))
    return Run(Scenario(seed, replace(SHORT, both=both)), words + both * " --both", PATIENCE, insists=False)()


def is_both(seed, sides):
    """Whether a run of this seed has people on both sides: every other one, unless it is said."""
    return seed % 2 == 0 if sides == "mixed" else sides == "both"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--sides", choices=("mixed", "both", "odoo"), default="mixed", help="where people are at work; mixed: by turns")
    given, started = parser.parse_args(), time.monotonic()
    passed, kinds, documents, difference = 0, Counter(), 0, Decimal(0)
    for seed in range(given.first, given.first + given.runs):
        run = short_run(seed, is_both(seed, given.sides))
        if run.violations:
            report.show(run)
        passed += not run.violations
        kinds.update(kind for kind, _details in run.violations)
        documents += sum(run.documents.values())
        difference += sum((comparison.difference for comparison in run.second), Decimal(0))
        sides = ", both sides" if run.scenario.sizes.both else ""
        print(f"seed {seed}{sides}: {'failed' if run.violations else 'passed'}, {sum(run.documents.values())} documents", flush=True)
    others = sum(kinds.values()) - kinds["lost"] - kinds["duplicated"]
    print(
        f"chaos: {passed} of {given.runs} passed in {(time.monotonic() - started) / 60:.0f} min; {documents} documents: "
        f"lost {kinds['lost']}, duplicated {kinds['duplicated']}, difference {difference:.2f}, other {others}"
    )
    sys.exit(passed < given.runs)


if __name__ == "__main__":
    main()
