"""Puts what belongs together into units: Odoo's entries and what stands for them in Xero, as the connector has paired them."""

from collections import defaultdict

# kind of document -> what the ledger calls the source of its entries
SOURCES = {
    "invoice": "Invoice", "bill": "Invoice", "credit_note": "CreditNote", "write_off": "CreditNote", "payment": "Payment",
    "batch_payment": "Payment", "allocation": "Allocation", "on_account": "BankTransaction", "bank_transaction": "BankTransaction",
    "transfer": "BankTransfer", "journal": "ManualJournal", "summary": "ManualJournal",
    "cost": "ManualJournal", "cash_entry": "ManualJournal",
}  # fmt: skip
PARTIAL, MOVE = "account.partial.reconcile", "account.move"


class Groups:
    """Nodes, of which some belong together."""

    def __init__(self):
        self._parents = {}

    def find(self, node):
        root = node
        while self._parents.setdefault(root, root) != root:
            root = self._parents[root]
        while self._parents[node] != root:
            self._parents[node], node = root, self._parents[node]
        return root

    def join(self, *nodes):
        roots = [self.find(node) for node in nodes]
        for root in roots[1:]:
            self._parents[self.find(root)] = self.find(roots[0])

    def all(self):
        """``{first node: all of its group}``"""
        found = defaultdict(list)
        for node in list(self._parents):
            found[self.find(node)].append(node)
        return found


class Pairing:
    """Joins nodes: ``(model, id)`` of Odoo's entries and of matches between documents, ``(source, id)`` of what the ledger books.

    :param odoo: ``odoo_side.OdooBooks``
    :param xero: ``xero_side.XeroBooks``
    """

    def __init__(self, odoo, xero):
        self.odoo, self.xero, self.groups = odoo, xero, Groups()
        self.standings = defaultdict(list)  # documents of the connector by node

    def joined(self):
        for move_id in self.odoo.moves:
            self.groups.find((MOVE, move_id))
        for source in self.xero.sources():
            self.groups.find(source)
        for partial in self.odoo.partials.values():
            self._join_exchange(partial)
            self._join_entries(partial)
        for document in self.odoo.documents:
            self._join_document(document)
        return self.groups.all()

    def _join_exchange(self, partial):
        """An exchange difference belongs to the money that made it."""
        if partial["exchange_move_id"]:
            self.groups.join((MOVE, partial["exchange_move_id"][0]), self._of_partial(partial)[0])

    def _join_entries(self, partial):
        """What journal entries settle, be it money or another entry, stands on the clearing account on both of their sides."""
        ends = [self.odoo.move_of_line.get(partial[f"{side}_move_id"][0]) for side in ("debit", "credit")]
        moves = [self.odoo.moves[move_id] for move_id in ends if move_id in self.odoo.moves]
        if len(moves) == len(ends) and all(move["move_type"] == "entry" for move in moves) and not all(move["is_money"] for move in moves):
            self.groups.join(*((MOVE, move_id) for move_id in ends))

    def _of_partial(self, partial):
        """The entries of the money in a match; the match itself where documents are matched with each other."""
        sides = [self.odoo.move_of_line.get(partial[f"{side}_move_id"][0]) for side in ("debit", "credit")]
        money = [(MOVE, move_id) for move_id in sides if move_id in self.odoo.moves and self.odoo.moves[move_id]["is_money"]]
        entries = [(MOVE, move_id) for move_id in sides if move_id in self.odoo.moves and self.odoo.moves[move_id]["move_type"] == "entry"]
        return money or entries or [(PARTIAL, partial["id"])]

    def _join_document(self, document):
        if document["kind"] not in SOURCES:
            return
        nodes = self._odoo_nodes(document)
        self.groups.join(*nodes, *self._xero_nodes(document))
        self.standings[nodes[0]].append(document)

    def _odoo_nodes(self, document):
        model, res_id = document["res_model"], document["res_id"]
        if model == PARTIAL and res_id in self.odoo.partials:
            return self._of_partial(self.odoo.partials[res_id])
        if model == "xero.journal.summary":
            return [(model, res_id), *((MOVE, move_id) for move_id in self.odoo.summaries.get(res_id, ()))]
        move_id = self.odoo.move_of_record.get((model, res_id), res_id if model == MOVE else None)
        return [(MOVE, move_id)] if move_id in self.odoo.moves else [(model, res_id)]

    def _xero_nodes(self, document):
        """What the ledger books of a document's counterpart."""
        xero_id, kind = document["xero_id"], document["kind"]
        if not xero_id:
            return []
        if kind == "batch_payment":
            return [("Payment", payment_id) for payment_id in self.xero.batches.get(xero_id, ())]
        if kind == "on_account":
            return [("BankTransaction", self.xero.transactions.get(xero_id, xero_id))]
        found = [(SOURCES[kind], xero_id)]
        if kind == "write_off":
            found += [("Allocation", allocation_id) for allocation_id in self.xero.allocations.get(xero_id, ())]
        return found
