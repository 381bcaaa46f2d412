from collections import defaultdict
from decimal import Decimal

from ...handlers.kinds import DOCUMENTS
from .xero_books import ENDED

HELD = ("blocked", "failed", "ignored")
TYPES = {
    "out_invoice": "ACCREC", "out_receipt": "ACCREC", "in_invoice": "ACCPAY", "in_receipt": "ACCPAY",
    "out_refund": "ACCRECCREDIT", "in_refund": "ACCPAYCREDIT",
}  # fmt: skip
ACCOUNT_TYPES = {"asset_receivable": "receivable", "liability_payable": "payable"}


def money(amount):
    return Decimal(str(round(amount, 2))).quantize(Decimal("0.01"))


class OdooBooks:
    """A company's books as far as they are for Xero, from its journal items.

    What is held is left out together with its counterpart: ``held`` are the open jobs by (model, id). ``moves``: the posted documents;
    ``due``: what is open on each; ``open``: by partner, side and currency, of the partners nothing of whom is held; ``bank``: by journal,
    in the company's currency; ``tax``: by side and currency, without held documents and without ``untaxed`` sides.
    """

    def __init__(self, connection):
        self.connection, self.env, self.company = connection, connection.env, connection.company_id
        Job = self.env["xero.job"].sudo()
        self.jobs = Job.search([("connection_id", "=", connection.id), ("state", "not in", ("done", "cancelled"))])
        self.held = {(job.res_model, job.res_id): job for job in self.jobs if job.state in HELD}
        self.bindings = self.env["xero.binding"].sudo().search([("connection_id", "=", connection.id)])
        self.contacts = {row.res_id: row.xero_id for row in self.bindings if row.kind == "contact"}
        rows = self.bindings.filtered(lambda row: row.res_model == "account.partial.reconcile" and row.xero_status not in ENDED)
        self.in_xero = set(rows.mapped("res_id"))
        live = self.bindings.filtered(lambda row: row.kind == "prepaid" and row.xero_status not in ENDED)
        self.on_account = set(live.mapped("res_id"))
        self.known = {row.res_id: row for row in self.bindings if row.kind in DOCUMENTS}
        domain = [("company_id", "=", self.company.id), ("move_type", "in", self._types())]
        self.all_moves = self.env["account.move"].search(domain)
        self.moves = self.all_moves.filtered(lambda move: move.state == "posted")
        self.payments = self.env["account.payment"].search([("company_id", "=", self.company.id), ("state", "in", ("in_process", "paid"))])
        self.tainted = self._tainted()
        self.due = {move: self._due(move) for move in self.moves}
        self.open, self.bank, self.tax = defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal)
        self.in_bank = {}
        self._add_up_documents()
        self._add_up_money()

    def _types(self):
        return [name for name in TYPES if name == "out_invoice" or "xero.handler.allocation" in self.env]

    def is_held(self, record):
        return (record._name, record.id) in self.held

    # === WHAT IS HELD === #

    def _tainted(self):
        """Partners of whom something is held, with its counterparts."""
        partners = self.env["res.partner"]
        for model, record_id in self.held:
            record = self.env[model].browse(record_id).exists()
            if model == "account.partial.reconcile":
                partners |= (record.debit_move_id | record.credit_move_id).partner_id.commercial_partner_id
            elif model == "account.move":
                partners |= record.commercial_partner_id
            elif model == "account.payment":
                partners |= record.partner_id.commercial_partner_id
            elif model == "res.partner":
                partners |= record.commercial_partner_id
        # a document that was in Xero and is a draft now stands there as it was until it is posted or cancelled
        return partners | self.unfinished.commercial_partner_id

    @property
    def unfinished(self):
        return self.all_moves.filtered(lambda move: move.state == "draft" and move.id in self.known)

    # === DOCUMENTS === #

    def _debts(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type in ACCOUNT_TYPES)

    def _due(self, move):
        """What is open in the document's currency; what a held reconciliation took off is still open in Xero."""
        lines = self._debts(move)
        due = money(abs(sum(lines.mapped("amount_residual_currency"))))
        for line in lines:
            due += sum((money(part.debit_amount_currency) for part in line.matched_credit_ids if self.is_absent(part)), Decimal(0))
            due += sum((money(part.credit_amount_currency) for part in line.matched_debit_ids if self.is_absent(part)), Decimal(0))
        return due

    def is_absent(self, partial):
        """Whether a reconciliation is not in Xero, for a reason that is known: it is held, or one of its documents is, or is a draft."""
        if self.is_held(partial):
            return True
        moves = (partial.debit_move_id | partial.credit_move_id).move_id
        if any(move.state == "draft" and move.id in self.known for move in moves):
            return partial.id not in self.in_xero  # it stands as it was
        return any(self.is_held(move) and move.id not in self.known or move.state != "posted" for move in moves)

    def _add_up_documents(self):
        for move in self.moves:
            side, sign = ("receivable" if move.is_sale_document(True) else "payable"), (-1 if "refund" in move.move_type else 1)
            partner = move.commercial_partner_id
            if partner not in self.tainted:
                self.open[partner, side, move.currency_id.name] += sign * self.due[move]
            if not self.is_held(move):
                self.tax[side, move.currency_id.name] += sign * money(move.amount_tax)

    # === MONEY === #

    def _add_up_money(self):
        for payment in self.payments:
            counterparts = payment._seek_for_lines()[1].filtered(lambda line: line.account_id.account_type in ACCOUNT_TYPES)
            on_account = self._is_on_account(payment)
            for line in counterparts:
                partner, side = line.partner_id.commercial_partner_id, ACCOUNT_TYPES[line.account_id.account_type]
                sign = 1 if side == "receivable" else -1
                if on_account and partner not in self.tainted:
                    self.open[partner, side, line.currency_id.name] += sign * money(line.amount_residual_currency)
            self.in_bank[payment] = self._in_bank(payment, counterparts, on_account)
            self.bank[payment.journal_id] += self.in_bank[payment]

    def _is_on_account(self, payment):
        """Whether what is not matched of a payment is in Xero."""
        policy = self.connection.unmatched_payments != "wait" and "xero.handler.prepaid" in self.env
        return policy and not self.is_held(payment) and payment.partner_id

    def _in_bank(self, payment, counterparts, on_account):
        """The payment's effect on the bank account: all of it, or of the parts that are in Xero."""
        liquidity = payment._seek_for_lines()[0]
        total = money(sum(liquidity.mapped("balance")))
        partials = counterparts.matched_debit_ids | counterparts.matched_credit_ids
        partials = partials.filtered(lambda part: part.debit_move_id.move_id != part.credit_move_id.move_id)
        present = partials.filtered(lambda part: not self.is_absent(part))
        if payment.id in self.on_account or present == partials and (on_account or all(line.reconciled for line in counterparts)):
            return total
        shares = [self._share(part, line) for line in counterparts for part in (line.matched_debit_ids | line.matched_credit_ids) & present]
        return sum(shares, Decimal(0)) * (1 if total > 0 else -1)

    def _share(self, partial, line):
        """What a reconciliation takes of a payment's line, in the company's currency at the payment's rate."""
        amount = partial.debit_amount_currency if partial.debit_move_id == line else partial.credit_amount_currency
        return money(abs(line.balance * amount / line.amount_currency))
