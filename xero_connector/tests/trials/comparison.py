from collections import Counter, defaultdict
from decimal import Decimal

from .odoo_books import TYPES, OdooBooks, cents
from .xero_books import ENDED, SIDES, XeroBooks

DOCUMENTS = ("invoice", "bill", "credit_note")

ON_ITS_WAY = ("pending", "sending", "uncertain")
# What a person has caused and only a person can end; all else may not be held when everything is at rest.
BY_PEOPLE = frozenset(["lock_date", "match_impossible", "not_ready", "written_off", "paid_in_xero", "settled_by_entry"])


def is_on_its_way(job):
    """Whether a run is still to do something; a document that was reset to draft is given an hour, and its money waits for it."""
    return job.state in ON_ITS_WAY and "draft" not in _documents(job).mapped("state")


def _documents(job):
    """The entries a job is about, or waits for."""
    found = _own_documents(job)
    while more := _owners_of_numbers(job.connection_id, found) - found:
        found |= more
    return found


def _own_documents(job):
    record, moves = job._document(), job.env["account.move"]
    if not record or job.res_model == "account.move" and record.move_type != "entry":
        return record or moves
    if job.res_model == "account.partial.reconcile":
        return (record.debit_move_id | record.credit_move_id).move_id
    if job.res_model != "account.move" and "move_id" not in record:
        return moves
    lines = (record if job.res_model == "account.move" else record.move_id).line_ids
    partials = lines.matched_debit_ids | lines.matched_credit_ids
    return (partials.debit_move_id | partials.credit_move_id).move_id | lines.move_id


def _owners_of_numbers(connection, moves):
    """Documents that have the numbers of others of these in Xero, which wait for them."""
    numbers = {move.name.lower() for move in moves if move.name and move.is_sale_document(True)}
    bindings = connection.env["xero.binding"].sudo().search([("connection_id", "=", connection.id), ("kind", "in", DOCUMENTS)])
    owners = bindings.filtered(lambda row: (row.number or "").lower() in numbers and row.is_there)
    return moves.browse(owners.mapped("res_id")).exists().filtered(lambda move: move.is_sale_document(True))


class Comparison:
    """``differences``: sentences about whatever is not as promised. ``held``: how often what is held with which reason."""

    def __init__(self, desk):
        (self.odoo, self.xero), self.differences = self._books(desk), []
        self.held = Counter(job.problem_id.code or job.state for job in self.odoo.jobs if job.state not in ON_ITS_WAY)
        for check in self._checks():
            check()

    def _books(self, desk):
        return OdooBooks(desk.connection), XeroBooks(desk.organisation)

    def _checks(self):
        return [self._jobs, self._documents, self._gone, self._strange, self._open, self._bank]

    def _differs(self, *words):
        self.differences.append(" ".join(map(str, words)))

    def _jobs(self):
        for job in self.odoo.jobs:
            name = f"{job.kind} {job.res_model} {job.res_id} ({job._document() and job._document().display_name})"
            if is_on_its_way(job):
                self._differs(name, "is not at rest:", job.state, job.message)
            elif job.state not in ON_ITS_WAY and job.state != "ignored":
                if not job.message:
                    self._differs(name, "is held without a reason:", job.state)
                elif not (job.problem_id.code in BY_PEOPLE or self._is_behind_people(job) or self._has_number_of_merged(job)):
                    self._differs(name, "is held and nobody caused it:", job.problem_id.code, job.message, job.xero_messages)

    def _is_behind_people(self, job):
        """Whether it waits, and says so, for something that a person holds back: its number, or room on a document."""
        behind = job.state == "blocked" and job.problem_id.code in ("number_in_use", "payment_too_large")
        return behind and any(each.problem_id.code in BY_PEOPLE for each in self.odoo.jobs)

    def _has_number_of_merged(self, job):
        """Whether the contact of a partner that was merged away still has the reference that this one has inherited."""
        if job.problem_id.code != "account_number_taken":
            return False
        holders = {row["ContactID"] for row in self.xero.organisation.contacts if row.get("AccountNumber") == job._document().ref}
        theirs = [partner_id for partner_id, xero_id in self.odoo.contacts.items() if xero_id in holders]
        return bool(theirs) and not job.env["res.partner"].browse(theirs).exists()

    # === DOCUMENTS === #

    def _documents(self):
        numbered = self.xero.numbered()
        for move in self.odoo.moves:
            kind = TYPES[move.move_type]
            if not move.is_purchase_document(True) and len(numbered.get((kind, move.name), ())) > 1:
                self._differs(move.name, "is more than once in Xero")
            if not self.odoo.is_open(move):
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
            "number": ((move.ref or move.name) if move.is_purchase_document(True) else move.name, remote["Number"]),
            "total": (cents(move.amount_total), remote["Total"]),
            "tax": (cents(move.amount_tax), remote["TotalTax"]),
            "due": (due, self.xero.due[remote["DocumentID"]]),
            "paid": (not due, remote["Status"] == "PAID"),
            "day": (move.invoice_date, remote["Date"]),
            "currency": (move.currency_id.name, remote["CurrencyCode"]),
            "contact": (self.odoo.contacts.get(move.commercial_partner_id.id), remote["ContactID"]),
        }
        if self._stays_with_merged_contact(move, remote):
            pairs.pop("contact")
        if remote["DocumentID"] in self.odoo.disturbed:
            pairs = {name: pair for name, pair in pairs.items() if name not in ("due", "paid")}
        if "refund" not in move.move_type:
            pairs["due date"] = (move.invoice_date_due or move.invoice_date, remote["DueDate"])
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._differs(f"{move.name} ({move.id}), {name}: Odoo {odoo}, Xero {xero}")
        self._tracked(move, remote)

    def _stays_with_merged_contact(self, move, remote):
        """Whether it is of a closed period and stands with the contact of a partner that was merged away: there it stays."""
        lock = self.odoo.connection._last_locked_day()
        theirs = [partner_id for partner_id, xero_id in self.odoo.contacts.items() if xero_id == remote["ContactID"]]
        return bool(lock and move.date <= lock and theirs) and not move.env["res.partner"].browse(theirs).exists()

    def _tracked(self, move, remote):
        """Every part of a line is its exact share, rounded down or up to the cent; and so is what Odoo rounds over all lines."""
        shares, found = self._tracking(move), self._tracking_in_xero(remote)
        over_all = abs(sum(cents(line.price_subtotal) for line in move.invoice_line_ids) - cents(move.amount_untaxed))
        for name in shares.keys() | found.keys():
            exact, xero = shares.get(name, ()), found.get(name, Decimal(0))
            if abs(sum(exact) - xero) >= Decimal("0.01") * max(1, len(exact)) + over_all:
                self._differs(f"{move.name} ({move.id}), tracking of {name}: Odoo {sum(exact):.4f}, Xero {xero}")

    def _tracking(self, move):
        """``{name of the analytic account: exact shares}``."""
        shares = defaultdict(list)
        Account = self.odoo.env["account.analytic.account"]
        for line in move.invoice_line_ids:
            for key, share in (line.analytic_distribution or {}).items():
                shares[Account.browse(int(key)).name].append(cents(line.price_subtotal) * Decimal(str(share)) / 100)
        return shares

    def _tracking_in_xero(self, remote):
        sums = defaultdict(Decimal)
        for line in remote["Lines"]:
            for entry in line["Tracking"]:
                sums[entry["Option"]] += line["LineAmount"]
        return {name: amount for name, amount in sums.items() if amount}

    def _gone(self):
        """What is cancelled or deleted in Odoo is void in Xero."""
        for res_id, binding in self.odoo.known.items():
            move = self.odoo.env["account.move"].browse(res_id).exists()
            remote = self.xero.all.get(binding.xero_id)
            is_open = self.odoo._is_open_binding(binding)
            if (not move or move.state == "cancel") and remote and remote["Status"] not in ENDED and not is_open:
                self._differs(remote["Number"], "is gone from Odoo and", remote["Status"], "in Xero")

    def _strange(self):
        """Everything in Xero belongs to something in Odoo, and once."""
        bound = {row.xero_id for row in self.odoo.bindings}
        for key, row in self.xero.documents.items():
            if key not in bound and row.get("BankTransactionID") not in bound:
                self._differs(row["Type"], row["Number"], row["Total"], "in Xero belongs to nothing in Odoo")
        for _account, amount, xero_id in self.xero.moved:
            if xero_id not in bound:
                self._differs("a movement of", amount, "in Xero belongs to nothing in Odoo")
        links = [row["Url"] for row in self.xero.documents.values() if row.get("Url")]
        if len(links) != len(set(links)):
            self._differs("two documents in Xero stand for one in Odoo:", {link for link in links if links.count(link) > 1})

    # === SUMS === #

    def _open(self):
        """What each partner owes and is owed; one that was merged away, only what is held and so has not followed."""
        names = {xero_id: partner_id for partner_id, xero_id in self.odoo.contacts.items()}
        Partner = self.odoo.env["res.partner"]
        theirs, left = (
            {(Partner.browse(names.get(contact)), side, code): due for (contact, side, code), due in found.items()}
            for found in (self.xero.open, self.xero.open_of(self._apart_ids()))
        )
        theirs = self._with_those_who_stay(theirs, names)
        for key in theirs.keys() | self.odoo.open.keys():
            partner, side, code = key
            odoo, xero = self.odoo.open.get(key, Decimal(0)), theirs.get(key, Decimal(0))
            if not partner.exists():
                xero -= left.get(key, Decimal(0))
            if odoo != xero and partner not in self.odoo.tainted:
                self._differs(f"{side} of {partner.exists().name} ({partner.id}) in {code}: Odoo {odoo}, Xero {xero}")

    def _with_those_who_stay(self, theirs, names):
        """What stands with a merged contact, as its period is closed, counts for whoever has it in Odoo: it follows when that is open."""
        lock, found, Partner = self.odoo.connection._last_locked_day(), defaultdict(Decimal, theirs), self.odoo.env["res.partner"]
        owners = {row.xero_id: row for row in self.odoo.bindings}
        for key, row in self.xero.documents.items():
            contact, binding = Partner.browse(names.get(row["ContactID"])), owners.get(key) or owners.get(row.get("BankTransactionID"))
            if lock and binding and not contact.exists() and str(row["Date"])[:10] <= str(lock) and not self._is_apart(binding):
                side, sign = SIDES[row["Type"]]
                due, record = sign * self.xero.due[key], self.odoo.env[binding.owner_model or binding.res_model]
                record = record.browse(binding.owner_id or binding.res_id).exists()
                lines = self.odoo._debts(record if record._name == "account.move" else record.move_id)
                found[contact, side, row["CurrencyCode"]] -= due
                found[lines[:1].partner_id.commercial_partner_id, side, row["CurrencyCode"]] += due
        return found

    def _bank(self):
        """Every bank account; without what is held or waits, on both sides."""
        mapped = {
            line.xero_account_id.xero_id: line.journal_id for line in self.odoo.connection.journal_mapping_ids if line.xero_account_id
        }
        apart, xero = self._apart_ids(), defaultdict(Decimal)
        for account, amount, xero_id in self.xero.moved:
            if xero_id not in apart and self.xero.is_bank(account):
                xero[mapped.get(account)] += amount
        for journal in xero.keys() | self.odoo.bank.keys():
            if xero[journal] != self.odoo.bank.get(journal, Decimal(0)):
                which = ", ".join(self._different_movements(journal))
                self._differs(f"bank {journal and journal.name}: Odoo {self.odoo.bank.get(journal)}, Xero {xero[journal]}; {which}")

    def _apart_ids(self):
        return {row.xero_id for row in self.odoo.bindings if self._is_apart(row)}

    def _is_apart(self, binding):
        kind, model, res_id = binding._decider()
        return (kind, model, res_id) in self.odoo.open_jobs

    def _different_movements(self, journal):
        """Which movements make the difference."""
        moved = defaultdict(Decimal)
        owners = {row.xero_id: (row.owner_model, row.owner_id) for row in self.odoo.bindings if row.owner_model}
        for _account, amount, xero_id in self.xero.moved:
            moved[owners.get(xero_id)] += amount
        for record in self.odoo.money:
            odoo, xero = self.odoo._moved(record), moved[record._name, record.id]
            if record.move_id.journal_id == journal and not self.odoo.is_open(record, "payment") and odoo != xero:
                yield f"{record.move_id.name} ({record._name} {record.id}): Odoo {odoo}, Xero {xero}"
