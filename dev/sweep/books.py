"""Both sides of one company, cut into units and compared."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from dev.sweep.compare import LOST, NOT_FOR_XERO, WRONG, Row, Unit, rows
from dev.sweep.odoo_side import OdooBooks
from dev.sweep.units import MOVE, Pairing
from dev.sweep.xero_side import XeroBooks, money


@dataclass
class Comparison:
    company: str
    organisation: str
    units: list[Unit]
    accounts: list[Row]
    contacts: list[Row]
    documents: Counter  # how many by state
    lost: list  # of what the connector says nothing, though the books agree

    @property
    def is_right(self):
        """Whether nothing is wrong: each difference has its reason, and no document is lost."""
        return not self.lost and all(row.verdict != WRONG for row in (*self.accounts, *self.contacts))


def compare(person, xero, company, connection_id, country):
    """Read both sides and compare them.

    :param dict company: with its id and name
    """
    theirs = XeroBooks(xero, country)
    ours = OdooBooks(person, company["id"], connection_id, theirs)
    pairing = Pairing(ours, theirs)
    units = [_unit(nodes, pairing) for nodes in pairing.joined().values()]
    standings = [standing for unit in units for standing in unit.standings]
    return Comparison(
        company["name"],
        theirs.state["name"],
        units,
        rows(units, ours.account_totals(), theirs.account_totals(), "account"),
        rows(units, ours.contact_totals(), theirs.contact_totals(), "contact"),
        Counter(standing.state for standing in standings),
        [standing for standing in standings if standing.state == LOST],
    )


def _unit(nodes, pairing):
    odoo = pairing.odoo
    moves = [odoo.moves[key] for model, key in nodes if model == MOVE and key in odoo.moves]
    documents = [document for node in nodes for document in pairing.standings[node]]
    unit = Unit(_name(moves, nodes), _kind(moves, nodes, documents), clearing=odoo.clearing, apart=pairing.xero.apart)
    unit.rounding = pairing.xero.rounding
    _add_amounts(unit, moves, nodes, pairing)
    unit.converted = any(move["currency_id"][0] != odoo.currency for move in moves)
    unit.standings = _standings(moves, documents, odoo)
    if documents:
        _leave_out(unit, moves, pairing)
    return unit


def _standings(moves, documents, odoo):
    """How its documents stand; of entries without any, why they have none."""
    if documents:
        return [odoo.standing(document) for document in documents]
    return [odoo.left_out(move["id"]) for move in moves]


def _add_amounts(unit, moves, nodes, pairing):
    for move in moves:
        for place, amount in pairing.odoo.amounts[move["id"]].items():
            unit.odoo[place] += amount
    for entry in chain.from_iterable(pairing.xero.by_source.get(node, ()) for node in nodes):
        unit.xero[pairing.xero.place(entry)] += money(entry["amount"])


def _leave_out(unit, moves, pairing):
    """Bank lines among what belongs together that are not for Xero: what is on their accounts is missing there, and they say so."""
    told = {node for node, documents in pairing.standings.items() if documents}
    for move in moves:
        if move["statement_line_id"] and (MOVE, move["id"]) not in told:
            standing = pairing.odoo.left_out(move["id"])
            unit.standings.append(standing)
            if standing.state == NOT_FOR_XERO:
                unit.apart |= {place.account for place in pairing.odoo.amounts[move["id"]]}


def _name(moves, nodes):
    return ", ".join(sorted(move["name"] for move in moves)) or ", ".join(f"{kind} {key}" for kind, key in nodes[:3])


def _kind(moves, nodes, documents):
    """What is in a unit, in a few words: causes are told apart by it."""
    kinds = {document["kind"] for document in documents}
    words = sorted(kinds) or [f"{move['journal_id'][1]}" for move in moves] or [kind for kind, _key in nodes]
    return ", ".join(dict.fromkeys(words))
