from decimal import Decimal

from .odoo_books import TYPES, OdooBooks, money
from .xero_books import ENDED, XeroBooks

ON_ITS_WAY = ("pending", "sending", "uncertain")


def is_on_its_way(job):
    """Whether a run is still to do something; a document that was reset to draft is given an hour, and its money waits for it."""
    return job.state in ON_ITS_WAY and "draft" not in _documents(job).mapped("state")


def _documents(job):
    """The entries a job is about, or waits for."""
    record, moves = job._document(), job.env["account.move"]
    if not record or job.res_model == "account.move":
        return record or moves
    if job.res_model == "account.partial.reconcile":
        return (record.debit_move_id | record.credit_move_id).move_id
    if "move_id" not in record:
        return moves
    partials = record.move_id.line_ids.matched_debit_ids | record.move_id.line_ids.matched_credit_ids
    return (partials.debit_move_id | partials.credit_move_id).move_id


class Comparison:
    """``differences``: sentences about whatever is not as promised. ``held``: problem codes of what is held with a reason."""

    def __init__(self, connection, organisation):
        self.odoo, self.xero, self.differences = OdooBooks(connection), XeroBooks(organisation), []
        self.held = [job.problem_id.code or job.state for job in self.odoo.held.values()]
        for check in (self._jobs, self._documents, self._gone, self._strange, self._open, self._bank, self._tax):
            check()

    def _differs(self, *words):
        self.differences.append(" ".join(map(str, words)))

    def _jobs(self):
        for job in self.odoo.jobs:
            name = f"{job.kind} {job.res_id} ({job._document() and job._document().display_name})"
            if is_on_its_way(job):
                self._differs(name, "is not at rest:", job.state, job.message)
            elif job.state not in ON_ITS_WAY and not job.message:
                self._differs(name, "is held without a reason:", job.state)
            elif job.state == "failed" and job.problem_id.code in ("internal", "refused", False):
                self._differs(name, job.state, "for no reason that was foreseen:", job.message, job.xero_messages)

    # === DOCUMENTS === #

    def _documents(self):
        numbered = self.xero.numbered()
        for move in self.odoo.moves:
            kind = TYPES[move.move_type]
            if len(numbered.get((kind, move.name), ())) > 1:
                self._differs(move.name, "is more than once in Xero")
            if not self.odoo.is_held(move):
                binding = self.odoo.known.get(move.id)
                remote = self.xero.documents.get(binding.xero_id) if binding else None
                if remote:
                    self._document(move, remote)
                else:
                    self._differs(f"{kind} {move.name} ({move.id})", "is not in Xero:", move.xero_state, move.xero_message)

    def _document(self, move, remote):
        due = self.odoo.due[move]
        pairs = {
            "type": (TYPES[move.move_type], remote["Type"]),
            "total": (money(move.amount_total), remote["Total"]),
            "tax": (money(move.amount_tax), remote["TotalTax"]),
            "due": (due, self.xero.due[remote["DocumentID"]]),
            "paid": (not due, remote["Status"] == "PAID"),
            "day": (move.invoice_date, remote["Date"]),
            "currency": (move.currency_id.name, remote["CurrencyCode"]),
            "contact": (self.odoo.contacts.get(move.commercial_partner_id.id), remote["ContactID"]),
        }
        if "refund" not in move.move_type:
            pairs["due date"] = (move.invoice_date_due or move.invoice_date, remote["DueDate"])
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._differs(f"{move.name} ({move.id}), {name}: Odoo {odoo}, Xero {xero}")

    def _gone(self):
        """What is cancelled or deleted in Odoo is void in Xero."""
        for res_id, binding in self.odoo.known.items():
            move = self.odoo.env["account.move"].browse(res_id).exists()
            remote = self.xero.all.get(binding.xero_id)
            held = ("account.move", res_id) in self.odoo.held
            if (not move or move.state == "cancel") and remote and remote["Status"] not in ENDED and not held:
                self._differs(remote["Number"], "is gone from Odoo and", remote["Status"], "in Xero")

    def _strange(self):
        """Everything in Xero belongs to something in Odoo, and once."""
        bound = {row.xero_id for row in self.odoo.bindings}
        batches = {row["BatchPaymentID"] for row in self.xero.payments.values()} & bound
        for key, row in self.xero.documents.items():
            if key not in bound and row.get("BankTransactionID") not in bound:
                self._differs(row["Type"], row["Number"], row["Total"], "in Xero belongs to nothing in Odoo")
        for key, row in self.xero.payments.items():
            if key not in bound and row["BatchPaymentID"] not in batches:
                self._differs("the payment", row["Reference"], row["Amount"], "in Xero belongs to nothing in Odoo")
        links = [row["Url"] for row in self.xero.documents.values() if row.get("Url")]
        if len(links) != len(set(links)):
            self._differs("two documents in Xero stand for one in Odoo:", {link for link in links if links.count(link) > 1})

    # === SUMS === #

    def _open(self):
        names = {xero_id: partner_id for partner_id, xero_id in self.odoo.contacts.items()}
        Partner = self.odoo.env["res.partner"]
        theirs = {(Partner.browse(names.get(contact)), side, code): due for (contact, side, code), due in self.xero.open.items()}
        for key in theirs.keys() | self.odoo.open.keys():
            partner, side, code = key
            odoo, xero = self.odoo.open.get(key, Decimal(0)), theirs.get(key, Decimal(0))
            if odoo != xero and partner not in self.odoo.tainted:
                self._differs(f"{side} of {partner.name} in {code}: Odoo {odoo}, Xero {xero}")

    def _bank(self):
        mapped = {line.journal_id: line.xero_account_id.xero_id for line in self.odoo.connection.journal_mapping_ids}
        for journal in mapped:
            if not mapped[journal]:
                continue
            odoo, xero = self.odoo.bank.get(journal, Decimal(0)), self.xero.bank.get(mapped[journal], Decimal(0))
            if odoo != xero:
                self._differs(f"bank {journal.name}: Odoo {odoo}, Xero {xero}; {', '.join(self._different_payments(journal))}")

    def _different_payments(self, journal):
        """Which payments make the difference, as far as their counterparts name them."""
        for payment in self.odoo.env["account.payment"].search([("journal_id", "=", journal.id)]):
            key = (payment._name, payment.id)
            rows = [row for row in self.odoo.bindings if row.payment_id == payment or (row.res_model, row.res_id) == key]
            xero = sum((self._moved(row) for row in rows), Decimal(0))
            odoo = abs(self.odoo.in_bank.get(payment, Decimal(0)))
            if xero != odoo:
                yield f"{payment.name} {payment.state} {payment.amount} {payment.currency_id.name}: Odoo {odoo}, Xero {xero}"

    def _moved(self, binding):
        """What a counterpart in Xero moved on the bank account."""
        if binding.kind == "payment":
            return self.xero.payments.get(binding.xero_id, {}).get("BankAmount", Decimal(0))
        if binding.kind == "batch":
            batch = self.xero.organisation.batch_payments.get(binding.xero_id)
            return batch["TotalAmount"] if batch["Status"] not in ENDED else Decimal(0)
        row = self.xero.organisation.bank_transactions.get(binding.xero_id) if binding.kind == "prepaid" else None
        return self.xero.in_currency_of_account(row) if row and row["Status"] not in ENDED else Decimal(0)

    def _tax(self):
        for key in self.xero.tax.keys() | self.odoo.tax.keys():
            odoo, xero = self.odoo.tax.get(key, Decimal(0)), self.xero.tax.get(key, Decimal(0)) - self._tax_of_held(key)
            if odoo != xero:
                self._differs(f"tax {key}: Odoo {odoo}, Xero {xero}")

    def _tax_of_held(self, key):
        """What stands in Xero of documents that are held, or that Odoo is about to change."""
        documents = [self.odoo.known[move.id] for move in self.odoo.all_moves if move.id in self.odoo.known and self._is_behind(move)]
        rows = [self.xero.documents.get(binding.xero_id) for binding in documents]
        signs = {row["DocumentID"]: -1 if row["Type"].endswith("CREDIT") else 1 for row in rows if row}
        sides = {"ACCREC": "receivable", "ACCRECCREDIT": "receivable"}
        return sum(
            (
                signs[row["DocumentID"]] * row["TotalTax"]
                for row in rows
                if row and (sides.get(row["Type"], "payable"), row["CurrencyCode"]) == key
            ),
            Decimal(0),
        )

    def _is_behind(self, move):
        return self.odoo.is_held(move) or move in self.odoo.unfinished
