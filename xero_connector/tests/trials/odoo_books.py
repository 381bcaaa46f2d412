from collections import defaultdict
from decimal import Decimal

DOCUMENTS = ("invoice", "bill", "credit_note")

HELD = ("blocked", "failed", "ignored")
TYPES = {
    "out_invoice": "ACCREC", "out_receipt": "ACCREC", "in_invoice": "ACCPAY", "in_receipt": "ACCPAY",
    "out_refund": "ACCRECCREDIT", "in_refund": "ACCPAYCREDIT",
}  # fmt: skip
ACCOUNT_TYPES = {"asset_receivable": "receivable", "liability_payable": "payable"}


def cents(amount):
    return Decimal(str(round(amount, 2))).quantize(Decimal("0.01"))


class OdooBooks:
    """A company's books as far as they are for Xero, from its journal items and from nothing that the connector has decided.

    What is held or waits is left out together with its counterpart: ``open_jobs`` by ``(kind, model, id)``. ``moves``: the posted
    documents, ``due``: what is open on each; ``disturbed``: Xero ids of those with money that is about to leave, or is kept; ``open``: by
    partner, side and currency; ``bank``: by journal, in its currency.
    """

    def __init__(self, connection):
        self.connection, self.company = connection, connection.company_id
        self.env = connection.env(context={**connection.env.context, "active_test": False})
        own = [("connection_id", "=", connection.id)]
        self.jobs = self.env["xero.job"].sudo().search([*own, ("is_open", "=", True)])
        self.open_jobs = {(job.kind, job.res_model, job.res_id): job for job in self.jobs}
        self.bindings = self.env["xero.binding"].sudo().search(own)
        self.left = {(row.kind, row.res_model, row.res_id) for row in self.bindings if row.state == "accepted"}
        live = self.bindings.filtered(lambda row: row.is_there)
        self.contacts = {row.res_id: row.xero_id for row in self.bindings if row.kind == "contact"}
        self.known = {row.res_id: row for row in self.bindings if row.kind in DOCUMENTS}
        self.in_xero = {row.res_id: row for row in live if row.kind in DOCUMENTS}
        open_ones = live.filtered(lambda row: row._decider() in self.open_jobs)
        self.disturbed = {xero_id for row in open_ones for xero_id in row._xero_documents()}
        self.matched = set(live.filtered(lambda row: row.res_model == "account.partial.reconcile").mapped("res_id"))
        domain = [("company_id", "=", self.company.id), ("move_type", "in", list(TYPES))]
        self.all_moves = self.env["account.move"].search(domain)
        self.moves = self.all_moves.filtered(lambda move: move.state == "posted")
        self.money = self._movements()
        self.tainted = self._tainted()
        self.due = {move: self._due(move) for move in self.moves}
        self.open, self.bank = self._open(), self._bank()

    # === WHAT IS HELD OR WAITS === #

    def is_open(self, record, *kinds):
        """Whether something is still to be done about a record, or is held."""
        known = self.open_jobs.keys() | self.left  # a person has left these as they are
        return any((kind, record._name, record.id) in known for kind in kinds or (*DOCUMENTS, "payment", "contact", "transfer"))

    @property
    def unfinished(self):
        """What was in Xero and is a draft now stands there as it was until it is posted, cancelled, or left for an hour."""
        return self.all_moves.filtered(lambda move: move.state == "draft" and move.id in self.in_xero)

    def _tainted(self):
        """Partners of whom something is held or waits, with its counterparts."""
        partners = self.unfinished.commercial_partner_id
        for job in self.jobs:
            record = self.env[job.res_model].browse(job.res_id).exists()
            if job.res_model == "account.partial.reconcile":
                partners |= (record.debit_move_id | record.credit_move_id).partner_id.commercial_partner_id
            elif job.res_model == "res.partner":
                partners |= record.commercial_partner_id
            elif "move_id" in record:
                # a payment that was cancelled may have no entry any more
                partners |= self._partners_of_money(record.move_id) | record.partner_id.commercial_partner_id
            elif job.res_model == "account.move":
                partners |= record.commercial_partner_id
        # whose document it was when it was last in Xero, and whose documents have money there that is about to leave or cannot
        apart = (row for row in self.bindings if row.kind in DOCUMENTS and (self._is_open_binding(row) or row.xero_id in self.disturbed))
        gone = [row.contact_xero_id for row in apart]
        for _kind, model, res_id in self.left:
            if model == "account.move":
                partners |= self.env[model].browse(res_id).exists().commercial_partner_id
        return partners | partners.browse(res_id for res_id, xero_id in self.contacts.items() if xero_id in gone)

    def _is_open_binding(self, row):
        return (row.kind, row.res_model, row.res_id) in self.open_jobs

    def _partners_of_money(self, entry):
        lines = self._debts(entry)
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return (lines | partials.debit_move_id | partials.credit_move_id).partner_id.commercial_partner_id

    # === DOCUMENTS === #

    def _debts(self, moves):
        return moves.line_ids.filtered(lambda line: line.account_id.account_type in ACCOUNT_TYPES)

    def _due(self, move):
        """What is open in the document's currency; what a match took off that is not in Xero is still open there."""
        lines = self._debts(move)
        due = cents(abs(sum(lines.mapped("amount_residual_currency"))))
        for line in lines:
            due += sum((cents(part.debit_amount_currency) for part in line.matched_credit_ids if self.is_absent(part)), Decimal(0))
            due += sum((cents(part.credit_amount_currency) for part in line.matched_debit_ids if self.is_absent(part)), Decimal(0))
        return due

    def is_absent(self, partial):
        """Whether a match is not in Xero, for a reason that is known: one of its sides is not, or it is held or waits itself."""
        moves = (partial.debit_move_id | partial.credit_move_id).move_id
        if self.is_open(partial, "allocation"):
            return partial.id not in self.matched
        return any(self._lets_absent(move, partial) for move in moves)

    def _lets_absent(self, move, partial):
        money = move.origin_payment_id or move.statement_line_id
        if money:
            return move.state != "posted" or self.is_open(money, "payment") and partial.id not in self.matched
        if move.move_type == "entry":
            return partial.id not in self.matched and not self._is_exchange_of_present(move) and self._may_be_untold(move)
        return move.id not in self.in_xero or move.state != "posted" and partial.id not in self.matched

    def _may_be_untold(self, entry):
        """An entry that settles documents is told of, or held."""
        is_exchange = entry.journal_id == self.company.currency_exchange_journal_id
        return entry.state != "posted" or is_exchange or self.is_open(entry, "payment")

    def _is_exchange_of_present(self, move):
        """Whether this entry is the exchange difference of matches that are in Xero, which books it by itself."""
        partials = self.env["account.partial.reconcile"].search([("exchange_move_id", "=", move.id)])
        return bool(partials) and not any(self.is_absent(partial) for partial in partials)

    def _open(self):
        found = defaultdict(Decimal)
        for move in self.moves:
            side, sign = ("receivable" if move.is_sale_document(True) else "payable"), (-1 if "refund" in move.move_type else 1)
            found[move.commercial_partner_id, side, move.currency_id.name] += sign * self.due[move]
        for record in self.money:
            for line in self._debts(record.move_id):
                side = ACCOUNT_TYPES[line.account_id.account_type]
                sign = 1 if side == "receivable" else -1
                rest = line.amount_residual_currency + self._absent_of(line)
                found[line.partner_id.commercial_partner_id, side, line.currency_id.name] += sign * cents(rest)
        return found

    def _absent_of(self, line):
        """What of a line of money is matched in Odoo with what Xero knows nothing of, signed like the line."""
        taken = sum(part.debit_amount_currency for part in line.matched_credit_ids if self._is_with_absent(part, line))
        given = sum(part.credit_amount_currency for part in line.matched_debit_ids if self._is_with_absent(part, line))
        return taken - given

    def _is_with_absent(self, partial, line):
        other = (partial.debit_move_id | partial.credit_move_id).move_id - line.move_id
        return self._lets_absent(other, partial) if other else False

    # === MONEY === #

    def _movements(self):
        """Posted payments, and bank statement lines that settle debts directly."""
        payments = self.env["account.payment"].search([("company_id", "=", self.company.id), ("state", "in", ("in_process", "paid"))])
        lines = self.env["account.bank.statement.line"].search([("company_id", "=", self.company.id)])
        return [*payments.filtered("move_id"), *lines.filtered(lambda line: self._debts(line.move_id))]

    def _bank(self):
        bank = defaultdict(Decimal)
        for record in self.money:
            if not self.is_open(record, "payment"):
                bank[record.move_id.journal_id] += self._moved(record)
        account = self.company.transfer_account_id
        domain = [("debit_move_id.account_id", "=", account.id), ("company_id", "=", self.company.id)]
        for partial in self.env["account.partial.reconcile"].search(domain):
            if not self._is_transfer_open(partial):
                bank[partial.debit_move_id.move_id.journal_id] -= cents(partial.amount)
                bank[partial.credit_move_id.move_id.journal_id] += cents(partial.amount)
        return bank

    def _is_transfer_open(self, partial):
        return self.is_open(partial, "transfer")

    def _moved(self, record):
        """What came or went on the bank account, in its currency; of a bank line, what is explained and not a transfer."""
        lines = record._seek_for_lines()[0]
        if record._name == "account.bank.statement.line":
            journal = record.journal_id
            apart = journal.suspense_account_id | self.company.transfer_account_id
            return -sum((cents(line.balance) for line in record.move_id.line_ids - lines if line.account_id not in apart), Decimal(0))
        foreign = record.journal_id.currency_id not in (self.env["res.currency"], self.company.currency_id)
        return cents(sum(lines.mapped("amount_currency" if foreign else "balance")))
