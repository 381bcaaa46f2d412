"""What is printed: per company every account and contact, then what differs by class and cause, and one line of totals."""

import re
from collections import Counter, defaultdict

from dev.sweep.compare import AGREES, CLASSES, HELD, LOST, NOT_FOR_XERO, SYNCED, WRONG, ZERO

WIDTH = 150
ROW = "  {:<58.58} {:>14} {:>14} {:>12}  {}"
EXAMPLES = 2


def show(comparisons):
    """Print everything; returns whether nothing is wrong."""
    for comparison in comparisons:
        _show_company(comparison)
    print("=" * WIDTH)
    for comparison in comparisons:
        print(_totals(comparison.company, [comparison]))
    print(_totals(f"All {len(comparisons)} companies", comparisons))
    return all(comparison.is_right for comparison in comparisons)


def _show_company(comparison):
    print(f"\n{f' {comparison.company} -> {comparison.organisation} ':=^{WIDTH}}")
    for title, rows in (("Accounts", comparison.accounts), ("Customers and vendors", comparison.contacts)):
        print(ROW.format(title, "Odoo", "Xero", "Difference", ""))
        for row in rows:
            if row.odoo or row.xero or row.touched:
                print(ROW.format(row.name, row.odoo, row.xero, row.difference or "", _parts(row)))
    for verdict in CLASSES[1:]:
        _show_class(verdict, [unit for unit in comparison.units if unit.verdict == verdict])
    for standing in comparison.lost:
        print(f"  nobody says anything of {standing.document}: {standing.why or 'it goes to Xero when its button is pressed'}")


def _parts(row):
    """How the difference is made up, worst first; wrong amounts that make up for each other are wrong all the same."""
    parts = [
        f"{name} {row.parts[name]}" if row.parts.get(name) else f"{name} (makes up)" for name in reversed(CLASSES) if name in row.touched
    ]
    return ", ".join(parts) or AGREES


def _show_class(verdict, units):
    """The units of one class, those with one cause together: how many, how much, and the smallest of them in full."""
    if not units:
        return
    print(f"{verdict.upper()}: {len(units)} of {sum((unit.amount for unit in units), ZERO)}")
    causes = defaultdict(list)
    for unit in units:
        causes[_cause(unit)].append(unit)
    for cause, some in sorted(causes.items(), key=lambda pair: -sum(unit.amount for unit in pair[1])):
        print(f"  {cause}: {len(some)} of {sum((unit.amount for unit in some), ZERO)}")
        for unit in sorted(some, key=lambda unit: unit.amount)[: EXAMPLES if verdict == WRONG else 1]:
            print(f"    {unit.name[:70]}: {_amounts(unit)}")


def _cause(unit):
    """What units of one cause have in common: of what is wrong, the kind and the accounts; of the rest, the reason without its numbers."""
    if unit.verdict == WRONG:
        accounts = dict.fromkeys(place.account for place in unit.differences())
        return f"{unit.kind} ({unit.why()[:90]}) on {', '.join(accounts)}"
    return f"{unit.kind}: {_without_numbers(unit.why())}"


def _without_numbers(reason):
    return re.sub(r"\S*\d\S*", "…", reason)[:110]


def _amounts(unit):
    shown = [
        f"{place.account[:28]}{f' [{place.contact[:40]}]' if place.contact else ''} {amount:+}"
        for place, amount in unit.differences().items()
    ]
    return "; ".join(shown[:6]) + (f"; and {len(shown) - 6} more" if len(shown) > 6 else "")


def _totals(name, comparisons):
    documents = sum((comparison.documents for comparison in comparisons), Counter())
    eligible = documents[SYNCED] + documents[HELD] + documents[LOST]
    verdicts = Counter(row.verdict for comparison in comparisons for row in comparison.accounts)
    contacts = Counter(row.verdict for comparison in comparisons for row in comparison.contacts)
    amounts = {verdict: _amount_of(comparisons, verdict) for verdict in CLASSES[1:]}
    return (
        f"{name}: documents {eligible} eligible, {documents[SYNCED]} synced, {documents[HELD]} held, {documents[LOST]} lost, "
        f"{documents[NOT_FOR_XERO]} not for Xero; accounts {_counts(verdicts)}; contacts {_counts(contacts)}; "
        f"amounts {', '.join(f'{verdict} {amount}' for verdict, amount in amounts.items())}"
    )


def _counts(verdicts):
    explained = sum(verdicts[name] for name in CLASSES if name not in (AGREES, WRONG))
    return f"{verdicts[AGREES]} agree, {explained} explained, {verdicts[WRONG]} wrong"


def _amount_of(comparisons, verdict):
    return sum((unit.amount for comparison in comparisons for unit in comparison.units if unit.verdict == verdict), ZERO)
