"""Every document of a company beside what the simulator holds. Whatever is not as promised is a violation, with its details."""

from collections import Counter
from decimal import Decimal

from tests.faults.facts import OVER, amount, grouped


class Comparison:
    """``violations``: (kind, details); ``counts``: what was compared; ``held``: documents that say why they are not in Xero."""

    def __init__(self, facts):
        self.facts, self.violations, self.counts, self.held, self.difference = facts, [], Counter(), [], Decimal(0)
        for check in (
            self._invoices, self._cancelled, self._strange_invoices, self._payments, self._strange_payments, self._contacts,
            self._bindings, self._jobs,
        ):  # fmt: skip
            check()

    def _violation(self, kind, details):
        self.violations.append((kind, f"{self.facts.company.name}: {details}"))

    def _held(self, model, record_id):
        """Whether the document stands held, with its reason; then it need not be in Xero as it is in Odoo."""
        job = self.facts.held.get((model, record_id))
        return bool(job and job["state"] in ("blocked", "failed", "ignored") and job["message"])

    # === INVOICES === #

    def _invoices(self):
        live, contacts = self.facts.live_invoices(), self.facts.bound("contact")
        paid = grouped(self.facts.partials.values(), lambda row: row["move_id"])
        for move in self.facts.moves.values():
            if move["state"] != "posted":
                continue
            found = live.get(move["name"], [])
            if len(found) > 1:
                self._violation("duplicated", f"invoice {move['name']} is {len(found)} times in Xero")
            elif self._held("account.move", move["id"]):
                self.counts["invoices held with a reason"] += 1
            elif not found:
                job = self.facts.held.get(("account.move", move["id"]))
                self._violation("lost", f"invoice {move['name']} (id {move['id']}) is not in Xero; job {job and dict(job)}")
            else:
                self.counts["invoices"] += 1
                self.counts["invoices in another currency"] += move["currency"] != self.facts.currency
                self._invoice(move, found[0], contacts.get(move["partner_id"]), paid.get(move["id"], []))

    def _invoice(self, move, remote, contact, partials):
        self.difference += abs(amount(remote["Total"]) - amount(move["amount_total"]))
        open_partials = [row for row in partials if not self._held("account.partial.reconcile", row["id"])]
        due = amount(move["amount_total"]) - sum((amount(row["amount"]) for row in open_partials), Decimal(0))
        self.counts["invoices paid in part"] += 0 < due < amount(move["amount_total"])
        pairs = {
            "total": (amount(move["amount_total"]), amount(remote["Total"])),
            "tax": (amount(move["amount_tax"]), amount(remote["TotalTax"])),
            "amount due": (due, amount(remote["AmountDue"])),
            "status": ("AUTHORISED" if due else "PAID", remote["Status"]),
            "date": (str(move["invoice_date"]), day(remote["Date"])),
            "due date": (str(move["due"]), day(remote["DueDate"])),
            "currency": (move["currency"], remote["CurrencyCode"]),
            "reference": (" ".join(move["reference"].split()), " ".join((remote["Reference"] or "").split())),
            "customer": (contact and contact["ContactID"], remote["ContactID"]),
        }
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._violation(f"different {name}", f"invoice {move['name']} (id {move['id']}): Odoo {odoo}, Xero {xero}")

    def _cancelled(self):
        bound = self.facts.bound("invoice")
        for move_id, remote in bound.items():
            move = self.facts.moves.get(move_id)
            gone = move is None or move["state"] == "cancel"
            if gone and remote and remote["Status"] not in OVER and not self._held("account.move", move_id):
                self._violation("not removed", f"invoice {remote['Number']} (id {move_id}), cancelled in Odoo, is {remote['Status']}")
            self.counts["cancelled invoices"] += gone
            if move and move["state"] == "draft":
                self._violation("unfinished", f"invoice {move['name']} is a draft in Odoo and {remote and remote['Status']} in Xero")

    def _strange_invoices(self):
        """Alive in Xero, though no posted invoice of Odoo is bound to it; or two for one address in Odoo."""
        ours = {remote["DocumentID"] for remote in self.facts.bound("invoice").values() if remote}
        for number, rows in self.facts.live_invoices().items():
            for row in rows:
                if row["DocumentID"] not in ours:
                    self._violation("orphan", f"invoice {number} in Xero ({row['Status']}) belongs to no invoice of Odoo")
        links = grouped((row for rows in self.facts.live_invoices().values() for row in rows), lambda row: row.get("Url"))
        for link, rows in links.items():
            if link and len(rows) > 1:
                self._violation("duplicated", f"invoices {[row['Number'] for row in rows]} all point to {link}")

    # === PAYMENTS === #

    def _payments(self):
        live, invoices = self.facts.live_payments(), self.facts.bound("invoice")
        for partial_id, partial in self.facts.partials.items():
            found, invoice = live.get(partial_id, []), invoices.get(partial["move_id"])
            if len(found) > 1:
                self._violation("duplicated", f"payment #{partial_id} is {len(found)} times in Xero")
            elif self._held("account.partial.reconcile", partial_id) or not invoice:
                self.counts["payments held with a reason"] += 1
            elif not found:
                self._violation("lost", f"payment #{partial_id} of {invoice['Number']} ({partial['amount']}) is not in Xero")
            else:
                self.counts["payments"] += 1
                self._payment(partial, found[0], invoice)

    def _payment(self, partial, remote, invoice):
        self.difference += abs(amount(partial["amount"]) - amount(remote["Amount"]))
        pairs = {
            "payment": (amount(partial["amount"]), amount(remote["Amount"])),
            "invoice of a payment": (invoice["DocumentID"], remote["DocumentID"]),
            "payment date": (str(partial["date"]), day(remote["Date"])),
        }
        for name, (odoo, xero) in pairs.items():
            if odoo != xero:
                self._violation(f"different {name}", f"payment #{partial['id']} of {invoice['Number']}: Odoo {odoo}, Xero {xero}")

    def _strange_payments(self):
        for partial_id, rows in self.facts.live_payments().items():
            if partial_id not in self.facts.partials and not self._held("account.partial.reconcile", partial_id):
                details = f"payment {rows[0]['Reference']} ({rows[0]['Amount']}) is gone from Odoo, alive in Xero"
                self._violation("not removed", details)
        self.counts["removed payments"] += sum(row["Status"] in OVER for row in self.facts.payments)

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
        numbers = {f"{self.facts.prefix}{row['res_id']}": row["xero_id"] for row in self.facts.bindings if row["kind"] == "contact"}
        ours = [row for row in self.facts.contacts if (row.get("ContactNumber") or "").startswith("odoo-")]
        for number, rows in grouped(ours, lambda row: row["ContactNumber"]).items():
            if len(rows) > 1:
                self._violation("duplicated", f"contact number {number} is {len(rows)} times in Xero")
            if numbers.get(number) != rows[0]["ContactID"]:
                self._violation("orphan", f"contact {rows[0]['Name']} ({number}) in Xero is bound to no customer")

    # === BINDINGS AND JOBS === #

    def _bindings(self):
        for pair, rows in grouped(self.facts.bindings, lambda row: (row["kind"], row["xero_id"])).items():
            if len(rows) > 1:
                self._violation("binding", f"{pair} is bound to {[row['res_id'] for row in rows]}")
        for row in self.facts.bindings:
            if row["xero_id"] not in self.facts.by_id[row["kind"]]:
                self._violation("binding", f"{row['kind']} {row['res_id']} is bound to {row['xero_id']}, not in this organisation")

    def _jobs(self):
        for job in self.facts.jobs:
            if job["state"] in ("pending", "sending", "uncertain"):
                self._violation("not settled", f"job {dict(job)}")
            elif not job["message"]:
                self._violation("no reason", f"job {dict(job)}")
            else:
                reason = f"{job['message']} [{job['xero_messages'] or ''}]"
                self.held.append(f"{self.facts.company.name}: {job['kind']} {job['res_id']} {job['state']} ({job['code']}): {reason}")
                if job["state"] == "failed" or job["code"] in ("refused", "internal", None):
                    self._violation("failed", self.held[-1].partition(": ")[2])
        if self.facts.connection["state"] != "connected":
            self._violation("connection", str(dict(self.facts.connection)))


def day(text):
    """The calendar date of a date in the simulator's state."""
    return (text or "")[:10]


def plain_name(text):
    """What Xero takes for a contact's name: one line without angle brackets, single spaces, 255 characters."""
    return " ".join(text.replace("<", " ").replace(">", " ").split())[:255].rstrip()
