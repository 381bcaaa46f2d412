"""The proof, on paper."""

from collections import Counter

SHOWN = 12  # details per kind of violation


def show(run):
    """Print the report of a run; returns the number of violations."""
    print(f"\n=== chaos, seed {run.scenario.seed} ===")
    _print_summary(run)
    print(f"{run.scenario.sizes}")
    print(f"Simulator: {run.scenario.switches}")
    _print_work(run)
    _print_trouble(run)
    for title, comparisons in (
        ("At rest, with the clicks named above and none on Sync now", run.first),
        ("After one more click on Sync now", run.second),
    ):
        _print_comparison(title, comparisons)
    _print_violations(run.violations)
    print(f"{run.calls} calls, {run.idle_calls} of them for the last click on Sync now.")
    for short in run.missing:
        print(f"FEWER THAN ASKED FOR: {short}")
    print(f"Result: {len(run.violations)} violations. Again with: python -m tests.faults.chaos --seed {run.scenario.seed} {run.options}")
    return len(run.violations)


def _print_summary(run):
    """What to quote."""
    documents, kinds = run.documents, Counter(kind for comparison in run.second for kind, _details in comparison.violations)
    modes = {mode: run.trouble[f"PostgreSQL restarted ({mode})"] for mode in ("fast", "immediate")}
    difference = sum(comparison.difference for comparison in run.second)
    print(
        f"{len(run.violations)} VIOLATIONS. {sum(documents.values())} documents compared ({_counts(documents)}): lost {kinds['lost']}, "
        f"duplicated {kinds['duplicated'] + kinds['orphan']}, difference {difference:.2f}, other {_others(kinds)}.\n"
        f"Under {sum(run.faults.values())} faults of {len(run.faults)} kinds, {run.kills} kill -9 of Odoo's processes, "
        f"{run.trouble['kill -9 of Xero']} kill -9 of Xero, {sum(modes.values())} restarts of PostgreSQL ({_counts(modes)}).\n"
        f"{run.scenario.sizes.companies} companies, 2 servers, {run.calls} calls, {run.seconds / 60:.1f} minutes."
    )


def _counts(counter):
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items(), key=lambda entry: -entry[1])) or "none"


def _print_work(run):
    clicks = sum((person.clicks for person in run.people), Counter())
    refused = sum((person.refused for person in run.people), Counter())
    print(f"People did: {_counts(clicks)}")
    if run.bookkeepers:
        done = sum((one.did for one in run.bookkeepers), Counter())
        print(f"In Xero, which {'rings' if run.scenario.rings else 'does not ring'}: {_counts(done)}; rings: {run.rung}")
        print(f"Answered at rest: {_counts(run.given)}")
        clerks = sum((one.answers.given for one in run.people if hasattr(one, "answers")), Counter())
        print(f"Answered in the storm: {_counts(clerks)}")
    for (step, message), count in refused.most_common(8):
        print(f"  Odoo refused {count} x {step}: {message}")


def _print_trouble(run):
    print(f"Faults that happened: {sum(run.faults.values())}: {_counts(run.faults)}; not counted: {run.slow} slow answers")
    print(
        f"  on the renewal of a token: {_counts(run.token_faults)}; {run.renewals} calls for a token, "
        f"after each of which Xero had forgotten its idempotency keys"
    )
    print(f"  ordered and never met by a call: {_counts(run.left_over)}")
    print(f"Calls: {_counts(run.endpoints)}")
    print(f"Violence: {_counts(run.trouble)}; servers started {run.starts} times")
    print(f"Connected again by the administrator: {_counts(run.reconnections)}")
    print(f"Coming to rest took {run.seconds_to_rest:.0f} s: {_counts(run.notes)}")
    for reason, count in run.reasons.most_common(SHOWN):
        print(f"  Retry pressed on {count} x {reason}")
    for wait, count in run.waits.most_common(8):
        print(f"  waited for {count} x {wait}")
    for last, count in run.other_errors.most_common(5):
        print(f"  Odoo's log, {count} x {last}")


def _print_comparison(title, comparisons):
    counts = sum((comparison.counts for comparison in comparisons), Counter())
    kinds = Counter(kind for comparison in comparisons for kind, _details in comparison.violations)
    difference = sum(comparison.difference for comparison in comparisons)
    print(f"{title}: {_counts(counts)}.")
    twice = kinds["duplicated"] + kinds["orphan"]
    print(f"  lost {kinds['lost']}, duplicated {twice}, difference {difference:.2f}, other {_others(kinds)}")
    for held in [line for comparison in comparisons for line in comparison.held][:SHOWN]:
        print(f"  held: {held}")


def _others(kinds):
    return sum(count for kind, count in kinds.items() if kind not in ("lost", "duplicated", "orphan"))


def _print_violations(violations):
    shown = Counter()
    for kind, details in violations:
        shown[kind] += 1
        if shown[kind] <= SHOWN:
            print(f"VIOLATION {kind}: {details}")
    for kind, count in shown.items():
        if count > SHOWN:
            print(f"VIOLATION {kind}: and {count - SHOWN} more")
