"""Every document of a company beside what the simulator holds. Whatever is not as promised is a violation, with its details."""

from collections import Counter
from decimal import Decimal

from tests.faults.facts import DOCUMENTS, OVER, TYPES, amount, grouped, tail

# what people in Xero have caused, and is told with its reason even if it was tried
BY_PEOPLE = frozenset(["voided_in_xero", "paid_in_xero", "matched_on_bank"])


class Comparison:
    """``violations``: (kind, details); ``counts``: what was compared; ``held``: documents that say why they are not in Xero."""

    def __init__(self, facts):
        self.facts, self.violations, self.counts, self.held, self.difference = facts, [], Counter(), [], Decimal(0)
        for check in (
            self._invoices, self._cancelled, self._strange_invoices, self._payments, self._made_there, self._strange_payments,
            self._on_account, self._waiting,
            self._entries, self._contacts, self._bindings, self._jobs,
        ):  # fmt: skip
            check()

    def _violation(self, kind, details):
        self.violations.append((kind, f"{self.facts.company.name}: {details}"))

    def _held(self, model, record_id):
        """Whether the document stands held, with its reason; then it need not be in Xero as it is in Odoo."""
        job = self.facts.held.get((model, record_id))
        key = (model, record_id)
        return key in self.facts.told | self.facts.accepted or bool(
            job and job["state"] in ("blocked", "failed", "ignored") and job["message"]
        )

    # === DOCUMENTS === #

    def _invoices(self):
        live, bound, contacts = self.facts.live_invoices(), self.facts.bound(*DOCUMENTS), self.facts.bound("contact")
        paid = grouped(self.facts.parts, lambda row: row["move_id"])
        for move in self.facts.moves.values():
            kind, remote = TYPES[move["move_type"]][0], bound.get(move["id"])
            twins = live.get((TYPES[move["move_type"]][1], move["name"]), ()) if move["move_type"].startswith("out_") else ()
            if move["state"] != "posted":
                continue
            if len(twins) > 1:
                self._violation("duplicated", f"{kind} {move['name']} is {len(twins)} times in Xero")
            elif self._held("account.move", move["id"]):
                self.counts["documents held with a reason"] += 1
            elif not remote or remote["Status"] in OVER:
                job = self.facts.held.get(("account.move", move["id"]))
                there = remote and f"{remote['Number']} {remote['Status']}"
                self._violation("lost", f"{kind} {move['name']} (id {move['id']}) is not in Xero ({there}); job {job and dict(job)}")
            else:
                self.counts[f"{kind.replace('_', ' ')}s"] += 1
                self.counts["documents in another currency"] += move["currency"] != self.facts.currency
                self._invoice(move, remote, contacts.get(move["partner_id"]), paid.get(move["id"], []))

    def _invoice(self, move, remote, contact, partials):
        self.difference += abs(amount(remote["Total"]) - amount(move["amount_total"]))
        open_partials = [row for row in partials if not self._is_absent(row)]
        due = amount(move["amount_total"]) - sum((amount(row["amount"]) for row in open_partials), Decimal(0))
        self.counts["documents paid in part"] += 0 < due < amount(move["amount_total"])
        pairs = {
            "type": (TYPES[move["move_type"]][1], remote["Type"]),
            "total": (amount(move["amount_total"]), amount(remote["Total"])),
            "tax": (amount(move["amount_tax"]), amount(remote["TotalTax"])),
            "amount due": (due, amount(remote["AmountDue"])),
            "status": ("AUTHORISED" if due else "PAID", remote["Status"]),
            "date": (str(move["invoice_date"]), day(remote["Date"])),
            "currency": (move["currency"], remote["CurrencyCode"]),
            "customer": (contact and contact["ContactID"], remote["ContactID"]),
        }
        if not move["move_type"].endswith("refund"):
            pairs["due date"] = (str(move["due"]), day(remote["DueDate"]))
        if move["move_type"] == "out_invoice":
            pairs["reference"] = (" ".join(move["reference"].split()), " ".join((remote["Reference"] or "").split()))
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._violation(f"different {name}", f"{remote['Type']} {move['name']} (id {move['id']}): Odoo {odoo}, Xero {xero}")

    def _is_absent(self, partial):
        """Whether a reconciliation is not in Xero for a reason that is known: it is held, or one of its documents was never sent."""
        if any(row["id"] == partial["id"] and ("account.move", row["move_id"]) in self.facts.told for row in self.facts.parts):
            return True
        if partial["id"] in self.facts.matched:
            return False
        if any(self._held(*decider) for decider in self.facts.deciders(partial)):
            return True
        bound = self.facts.bound(*DOCUMENTS)
        return any(row["id"] == partial["id"] and not bound.get(row["move_id"]) for row in self.facts.parts)

    def _cancelled(self):
        bound = self.facts.bound(*DOCUMENTS)
        for move_id, remote in bound.items():
            move = self.facts.moves.get(move_id)
            gone = move is None or move["state"] == "cancel"
            if gone and remote and remote["Status"] not in OVER and not self._held("account.move", move_id):
                self._violation(
                    "not removed", f"{remote['Type']} {remote['Number']} (id {move_id}), cancelled in Odoo, is {remote['Status']}"
                )
            self.counts["cancelled documents"] += gone
            if move and move["state"] == "draft":
                self._violation("unfinished", f"{move['name']} is a draft in Odoo and {remote and remote['Status']} in Xero")

    def _strange_invoices(self):
        """Alive in Xero, though nothing of Odoo is bound to it; or two for one address in Odoo."""
        ours = {row["xero_id"] for row in self.facts.bindings}
        for row in self.facts.live("invoice"):
            if row["DocumentID"] not in ours and row["DocumentID"] not in self.facts.strangers:
                self._violation("orphan", f"{row['Type']} {row['Number']} in Xero ({row['Status']}) belongs to nothing in Odoo")
        for link, rows in grouped(self.facts.live("invoice"), lambda row: row.get("Url")).items():
            if link and len(rows) > 1:
                self._violation("duplicated", f"documents {[row['Number'] for row in rows]} all point to {link}")

    # === PAYMENTS === #

    def _payments(self):
        live, invoices, allocated = self.facts.live_payments(), self.facts.bound(*DOCUMENTS), self.facts.bound("allocation")
        theirs = {res_id for _rows, ids in self.facts.theirs for res_id in ids}
        for partial_id, partial in self.facts.partials.items():
            if partial_id in theirs and partial_id not in live:
                continue
            found, invoice = live.get(partial_id, []), invoices.get(partial["move_id"])
            allocation = allocated.get(partial_id)
            if len(found) + bool(allocation) > 1:
                self._violation("duplicated", f"payment #{partial_id} is {len(found) + bool(allocation)} times in Xero")
            elif not invoice or self._is_absent(partial):
                self.counts["payments held with a reason"] += 1
            elif not found and not allocation:
                self._violation("lost", f"payment #{partial_id} of {invoice['Number']} ({partial['amount']}) is not in Xero")
            elif found:
                self.counts["payments"] += 1
                self._payment(partial, found[0], invoice, found[0]["DocumentID"])
            else:
                self.counts["allocations"] += 1
                self._payment({**partial, "date": None}, allocation, invoice, allocation["InvoiceID"])

    def _payment(self, partial, remote, invoice, target):
        self.difference += abs(amount(partial["amount"]) - amount(remote["Amount"]))
        pairs = {
            "payment": (amount(partial["amount"]), amount(remote["Amount"])),
            "invoice of a payment": (invoice["DocumentID"], target),
        }
        if partial["date"]:
            pairs["payment date"] = (str(partial["date"]), day(remote["Date"]))
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._violation(f"different {name}", f"payment #{partial['id']} of {invoice['Number']}: Odoo {odoo}, Xero {xero}")

    def _made_there(self):
        """Payments that were made in Xero: what they have paid there, their matches here have paid."""
        known = self.facts.partials
        for rows, ids in self.facts.theirs:
            partials = [known[each] for each in ids if each in known]
            moves = {("account.move", part["move_id"]) for part in partials}
            if moves & (self.facts.told | self.facts.accepted) or self._is_on_account(rows):
                self.counts["payments made in Xero that are not compared"] += 1
            elif partials:
                self.counts["payments made in Xero"] += 1
                self._made_there_and_here(rows, partials)
            elif not self._held(*self.facts.owners.get(rows[0]["PaymentID"], ("", 0))):
                self._violation("not removed", f"payment {rows[0]['PaymentID']} ({rows[0]['Amount']}) is gone from Odoo, alive in Xero")

    def _made_there_and_here(self, rows, partials):
        invoices = self.facts.bound(*DOCUMENTS)
        odoo, xero = (sum((amount(row[name]) for row in found), Decimal(0)) for name, found in (("amount", partials), ("Amount", rows)))
        self.difference += abs(odoo - xero)
        pairs = {
            "payment": (odoo, xero),
            "invoice of a payment": (
                {(invoices.get(part["move_id"]) or {}).get("DocumentID") for part in partials},
                {row["DocumentID"] for row in rows},
            ),
            "payment date": ({str(part["date"]) for part in partials}, {day(row["Date"]) for row in rows}),
        }
        money = [self.facts.banked[each] for each in {part["payment_id"] for part in partials} if each in self.facts.banked]
        pairs["bank of a payment"] = ({row["account"] for row in money}, {row["AccountID"] for row in rows})
        pairs["amount on the bank"] = tuple(
            sum((amount(row[name]) for row in found), Decimal(0)) for name, found in (("banked", money), ("BankAmount", rows))
        )
        for name, (here, there) in pairs.items():
            if here != there:
                self._violation(f"different {name}", f"payment made in Xero ({rows[0]['PaymentID']}): Odoo {here}, Xero {there}")

    def _is_on_account(self, rows):
        """Whether money on account was paid back: of that, what is left is compared."""
        return bool({row["DocumentID"] for row in rows} & {row["DocumentID"] for row in self.facts.on_account})

    def _waiting(self):
        """What comes from Xero is booked, or answered."""
        for row in self.facts.waiting:
            self._violation("not answered", f"{row['kind']} {row['xero_id']} {row['state']}: {row['message']} {row['told']}")
        for row in self.facts.drifts:
            self._violation("not answered", f"{row['kind']} {row['name']} (drift {row['id']}): {row['message']}")

    def _strange_payments(self):
        for partial_id, rows in self.facts.live_payments().items():
            if self._is_left_there(rows[0]):
                self.counts["payments of what is not in Odoo"] += 1
            elif partial_id not in self.facts.partials and not self._held(*self.facts.owners.get(rows[0]["PaymentID"], ("", 0))):
                details = f"payment {rows[0]['Reference']} ({rows[0]['Amount']}) is gone from Odoo, alive in Xero"
                self._violation("not removed", details)
        ours = {row["xero_id"] for row in self.facts.bindings}
        for row in self.facts.allocations:
            if row["AllocationID"] not in ours:
                self._violation("orphan", f"an allocation of {row['Amount']} in Xero belongs to nothing in Odoo")
        self.counts["removed payments"] += sum(row["Status"] in OVER for row in self.facts.payments)

    def _is_left_there(self, row):
        """Whether it was made by a person in Xero for a document that is none of Odoo's, or left out here."""
        known = {each["xero_id"] for each in self.facts.bindings} | {each["BankTransactionID"] for each in self.facts.on_account}
        keys = {row["DocumentID"], row["PaymentID"], row["BatchPaymentID"]}
        return bool(keys & self.facts.left_out) or not tail(row) and row["DocumentID"] not in known

    def _on_account(self):
        """Money that is not, or not wholly, matched."""
        bound = self.facts.bound("on_account")
        live = {row["BankTransactionID"] for row in self.facts.live("on_account")}
        for row in self.facts.money:
            remote = bound.get(row["id"])
            if self._held("account.payment", row["id"]):
                self.counts["money on account held with a reason"] += 1
            elif remote and remote["Status"] not in OVER:
                self.counts["money on account"] += 1
                self._same_money(row, remote)
            elif row["residual"]:
                self._violation("lost", f"money on account {row['name']} ({row['residual']} open) is not in Xero")
        strangers = self.facts.strangers.keys() | self.facts.left_out | self._of_others()
        for xero_id in live - {row["xero_id"] for row in self.facts.bindings} - strangers:
            self._violation("orphan", f"money on account {xero_id} in Xero belongs to nothing in Odoo")

    def _of_others(self):
        """Money on account of contacts that are not in Odoo."""
        ours = {row["xero_id"] for row in self.facts.bindings if row["kind"] == "contact"}
        return {row["BankTransactionID"] for row in self.facts.on_account if row["ContactID"] not in ours}

    def _same_money(self, row, remote):
        self.difference += abs(amount(row["amount"]) - amount(remote["Total"]))
        absent = sum((amount(part["amount"]) for part in self._absent_parts(row["id"])), Decimal(0))
        for name, odoo, xero in (("money on account", row["amount"], remote["Total"]), ("credit", row["residual"], remote["AmountDue"])):
            if amount(odoo) != amount(xero) - (absent if name == "credit" else 0):
                self._violation(f"different {name}", f"{row['name']}: Odoo {amount(odoo)}, Xero {amount(xero)}")

    def _absent_parts(self, payment_id):
        return [part for part in self.facts.partials.values() if part.get("payment_id") == payment_id and self._is_absent(part)]

    # === JOURNAL ENTRIES === #

    def _entries(self):
        bound = self.facts.bound("journal")
        for entry in self.facts.entries:
            remote = bound.get(entry["id"])
            if self._held("account.move", entry["id"]):
                self.counts["entries held with a reason"] += 1
            elif not remote or remote["Status"] in OVER:
                self._violation("lost", f"journal entry {entry['name']} (id {entry['id']}) is not in Xero")
            else:
                self.counts["journal entries"] += 1
                self._same_entry(entry, remote)
        live = {row["DocumentID"] for row in self.facts.live("journal")} - self.facts.strangers.keys()
        for xero_id in live - {row["xero_id"] for row in self.facts.bindings}:
            self._violation("orphan", f"manual journal {xero_id} in Xero belongs to nothing in Odoo")

    def _same_entry(self, entry, remote):
        debits = sum((amount(line["LineAmount"]) for line in remote["Lines"] if line["LineAmount"] > 0), Decimal(0))
        self.difference += abs(debits - amount(entry["amount"]))
        for name, odoo, xero in (("entry", amount(entry["amount"]), debits), ("day of entry", str(entry["date"]), day(remote["Date"]))):
            if odoo != xero:
                self._violation(f"different {name}", f"journal entry {entry['name']}: Odoo {odoo}, Xero {xero}")

    # === CONTACTS === #

    def _contacts(self):
        for partner_id, remote in self.facts.bound("contact").items():
            partner = self.facts.partners.get(partner_id)
            if not partner or self._held("res.partner", partner_id) or not remote:
                continue
            self.counts["customers"] += 1
            name = plain_name(partner["xero_contact_name"] or partner["name"] or "")
            pairs = {"name": (name, remote["Name"]), "email": ((partner["email"] or "").strip(), remote.get("EmailAddress") or "")}
            for field, (odoo, xero) in pairs.items():
                if odoo != xero:
                    self._violation(f"different {field}", f"customer {partner_id}: Odoo {odoo!r}, Xero {xero!r}")
        self._strange_contacts()

    def _strange_contacts(self):
        bound = {row["xero_id"] for row in self.facts.bindings if row["kind"] == "contact"}
        ours = [row for row in self.facts.contacts if (row.get("ContactNumber") or "").startswith("odoo-")]
        for number, rows in grouped(ours, lambda row: row["ContactNumber"]).items():
            if len(rows) > 1:
                self._violation("duplicated", f"contact number {number} is {len(rows)} times in Xero")
            # after an older backup came back it may be that nobody needs a customer who was needed then
            if rows[0]["ContactID"] not in bound | self.facts.changed | self.facts.strangers.keys():
                self._violation("orphan", f"contact {rows[0]['Name']} ({number}) in Xero is bound to no customer")

    # === BINDINGS AND JOBS === #

    def _bindings(self):
        for pair, rows in grouped(self.facts.bindings, lambda row: (row["kind"], row["xero_id"])).items():
            if len(rows) > 1:
                self._violation("binding", f"{pair} is bound to {[row['res_id'] for row in rows]}")
        for row in self.facts.bindings:
            known = self.facts.by_id.get(row["kind"])
            if known is not None and row["xero_id"] not in known and row["xero_status"] not in OVER:
                self._violation("binding", f"{row['kind']} {row['res_id']} is bound to {row['xero_id']}, not in this organisation")

    def _jobs(self):
        for job in self.facts.jobs:
            if job["state"] in ("pending", "sending", "uncertain"):
                self._violation("not resting", f"job {dict(job)}")
            elif not job["message"]:
                self._violation("no reason", f"job {dict(job)}")
            else:
                reason = f"{job['message']} [{job['xero_messages'] or ''}]"
                self.held.append(f"{self.facts.company.name}: {job['kind']} {job['res_id']} {job['state']} ({job['code']}): {reason}")
                if job["code"] not in BY_PEOPLE and (job["state"] == "failed" or job["code"] in ("refused", "internal", None)):
                    self._violation("failed", self.held[-1].partition(": ")[2])
        if self.facts.connection["state"] != "connected":
            self._violation("connection", str(dict(self.facts.connection)))


def day(text):
    """The calendar date of a date in the simulator's state."""
    return (text or "")[:10]


def plain_name(text):
    """What Xero takes for a contact's name: one line without angle brackets, single spaces, 255 characters."""
    return " ".join(text.replace("<", " ").replace(">", " ").split())[:255].rstrip()
