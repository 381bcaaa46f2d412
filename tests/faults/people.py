"""Somebody who does what the scenario says, over HTTP, whatever happens to the server meanwhile: click again, or go to the other server."""

import threading
from collections import Counter
from datetime import datetime, timedelta, timezone

import requests

from dev import stack
from tests.faults.trades import DEBTS, Trades

TRIES = 12
OVERTIME_PAUSE = 2  # seconds
# Messages of Odoo that mean "the database was away" or "somebody else was faster": a person clicks again.
PASSING = (
    "server closed the connection", "connection already closed", "terminating connection", "could not serialize", "cursor already closed",
    "the database system is", "Connection refused", "connection to server", "deadlock detected", "could not obtain lock",
    "connection has been closed", "No such file or directory", "server terminated abnormally",
)  # fmt: skip
INVOICES, PARTNERS = "account.move", "res.partner"


def today():
    return datetime.now(timezone.utc).date()


class Gone(Exception):
    """The servers did not come back."""


class Employee(Trades, threading.Thread):
    """``refused`` counts what Odoo would not do, by step and message; ``made`` are the invoices' ids, ``customers`` the partners' names.

    The ``steps`` are spread over the storm; whoever is late makes no pause. ``overtime`` are steps for afterwards, until the storm is over.
    """

    def __init__(self, number, person, addresses, company, steps, overtime, storm):
        super().__init__(name=f"worker{number}", daemon=True)
        self.person, self.addresses, self.company, self.steps = person, addresses, company, steps
        self._overtime, self._storm, self.is_done = overtime, storm, False
        self.made, self.customers, self.refused, self.clicks, self.errors = [], {}, Counter(), Counter(), []

    def run(self):
        for number, step in enumerate(self.steps):
            self._storm.wait_for(number / len(self.steps))
            if self._storm.over.is_set():
                self.clicks["steps left undone"] = len(self.steps) - number
                return
            self._try(step)
        self.is_done = True
        for step in self._overtime:
            self._storm.over.wait(OVERTIME_PAUSE)
            if self._storm.over.is_set():
                return
            self._try(step)

    def forget(self, query):
        """The database is an older one: what it does not have is not there any more. Their ids come again, for others."""
        known = {row["id"] for row in query("SELECT id FROM account_move WHERE id = ANY(%s)", self.made)}
        partners = {row["id"] for row in query("SELECT id FROM res_partner WHERE id = ANY(%s)", list(self.customers))}
        self.made = [move_id for move_id in self.made if move_id in known]
        self.customers = {key: name for key, name in self.customers.items() if key in partners}

    def _try(self, step):
        try:
            with self._storm.at_work():
                getattr(self, f"_do_{step.kind}")(step)
            self.clicks[step.kind] += 1
        except RuntimeError as refusal:
            self.refused[step.kind, str(refusal).split("\n")[0][:160]] += 1
        except Exception as error:  # noqa: BLE001 - reported as a violation at the end
            self.errors.append(f"{self.name}, {step.kind}: {type(error).__name__}: {error}")

    # === CALLS THAT SURVIVE === #

    def _call(self, model, method, *args, **kwargs):
        """Call Odoo; if the server or its database is away, try the other server, and again.

        :raise RuntimeError: Odoo's own refusal
        """
        for attempt in range(TRIES):
            try:
                return self.person.call(model, method, *args, **kwargs)
            except requests.RequestException:
                self._change_server(attempt)
            except RuntimeError as refusal:
                if not any(text in str(refusal) for text in PASSING):
                    raise
                self._change_server(attempt)
        raise Gone(f"{model}.{method} was not answered {TRIES} times")

    def _change_server(self, attempt):
        position = self.addresses.index(self.person.address)
        self.person.address = self.addresses[(position + 1) % len(self.addresses)]
        stack.pause(min(5, 0.5 + attempt))

    def _read(self, move_id, *fields):
        return self._call(INVOICES, "read", [move_id], list(fields))[0]

    def _pick(self, step, state="posted"):
        """One of the invoices made so far that is in this state, or 0."""
        if not self.made:
            return 0
        start = int(step.which * len(self.made))
        for move_id in (self.made[start:] + self.made[:start])[:5]:
            if self._read(move_id, "state")["state"] == state:
                return move_id
        return 0

    # === INVOICES === #

    def _do_invoice(self, step):
        values = [self._invoice(invoice) for invoice in step.values["invoices"]]
        ids = self._call(INVOICES, "create", values)
        self._post(ids)
        self.made += ids

    _do_batch = _do_invoice

    def _post(self, ids):
        """Post what is not posted yet: a click whose answer was lost may have worked."""
        for _attempt in range(TRIES):
            drafts = [move["id"] for move in self._call(INVOICES, "read", ids, ["state"]) if move["state"] == "draft"]
            if not drafts:
                return
            try:
                self.person.call(INVOICES, "action_post", drafts)
            except requests.RequestException:
                self._change_server(1)
            except RuntimeError as refusal:
                if not any(text in str(refusal) for text in PASSING):
                    raise
                self._change_server(1)
        raise Gone(f"invoices {ids} could not be posted")

    def _invoice(self, invoice):
        lines = [(0, 0, self._line(line, invoice["type"])) for line in invoice["lines"]]
        due = today() + timedelta(days=invoice["days"])
        values = {
            "move_type": invoice["type"], "partner_id": self._customer(invoice["customer"]), "invoice_line_ids": lines,
            "ref": invoice["reference"], "invoice_date": str(today()), "invoice_date_due": str(due), "invoice_payment_term_id": False,
        }  # fmt: skip
        currencies = self.company.currencies
        if invoice["currency"] is not None and currencies:
            values["currency_id"] = currencies[int(invoice["currency"] * len(currencies))]
        return values

    def _line(self, line, move_type):
        choices = self._taxes(move_type)
        taxes = choices[int(line["tax"] * len(choices))]
        return {**{name: value for name, value in line.items() if name != "tax"}, "tax_ids": [(6, 0, taxes)]}

    def _taxes(self, move_type):
        return self.company.taxes if move_type.startswith("out_") else self.company.purchase_taxes

    def _customer(self, customer):
        kind, known = customer["kind"], list(self.customers)
        if kind == "old" and self.company.partners:
            return self.company.partners[int(customer["which"] * len(self.company.partners))]
        if kind == "own" and known:
            return known[int(customer["which"] * len(known))]
        name = customer["name"]
        if kind == "namesake" and known:
            name = self.customers[known[int(customer["which"] * len(known))]]
        values = {"name": name, "email": customer["email"], "is_company": True, "ref": customer["vat"]}
        [partner_id] = self._call(PARTNERS, "create", [values])
        self.customers[partner_id] = name
        return partner_id

    def _do_edit(self, step):
        """Reset to draft, change something, post again."""
        move_id = self._pick(step)
        if not move_id:
            return
        if step.values["what"] in ("reference", "due"):
            self._call(INVOICES, "write", [move_id], self._small_change(step))
            return
        if self._read(move_id, "state")["state"] == "posted":
            self._call(INVOICES, "button_draft", [move_id])
        self._call(INVOICES, "write", [move_id], {"invoice_line_ids": self._changed_lines(step, move_id)})
        self._post([move_id])

    def _small_change(self, step):
        if step.values["what"] == "due":
            return {"invoice_date_due": str(today() + timedelta(days=90))}
        return {"ref": f"Changed {step.values['price']}"}

    def _changed_lines(self, step, move_id):
        move = self._read(move_id, "invoice_line_ids", "move_type")
        lines = move["invoice_line_ids"]
        if step.values["what"] == "line":
            taxes = [(6, 0, self._taxes(move["move_type"])[0])]
            return [(0, 0, {"name": "One more", "quantity": 1, "price_unit": step.values["price"], "tax_ids": taxes})]
        return [(1, lines[0], {"price_unit": step.values["price"]})]

    def _do_cancel(self, step):
        if move_id := self._pick(step):
            self._call(INVOICES, "button_cancel", [move_id])

    # === PAYMENTS === #

    def _do_pay(self, step):
        if move_id := self._pick(step):
            due = self._read(move_id, "amount_residual")["amount_residual"]
            amount = round(due * step.values["part"], 2)
            if amount > 0:
                self._pay([move_id], {"amount": amount})

    def _do_pay_many(self, step):
        start = int(step.which * len(self.made))
        chosen = self._call(INVOICES, "read", self.made[start : start + step.values["count"]], ["state", "payment_state", "move_type"])
        open_ones = [move for move in chosen if move["state"] == "posted" and move["payment_state"] == "not_paid"]
        side = open_ones[0]["move_type"][:3] if open_ones else ""
        ids = [move["id"] for move in open_ones if move["move_type"].startswith(side) and not move["move_type"].endswith("refund")]
        if ids:
            # together: one payment for all invoices of a customer
            self._pay(ids, {"group_payment": step.values["again"]})

    def _pay(self, ids, values):
        """Not repeated if its answer is lost: whoever pays looks before they pay again."""
        context = {"active_model": INVOICES, "active_ids": ids}
        wizard = self._call("account.payment.register", "create", [values], context=context)
        self._click_once("account.payment.register", "action_create_payments", wizard, context=context)

    def _click_once(self, model, method, ids, **kwargs):
        """A click that would do its work again if it were repeated."""
        try:
            self.person.call(model, method, ids, **kwargs)
        except requests.RequestException:
            self._change_server(1)

    def _payments(self, step):
        move_id = self._pick(step)
        return self._read(move_id, "matched_payment_ids")["matched_payment_ids"] if move_id else []

    def _do_unreconcile(self, step):
        """Undo the match of a payment with its invoice; sometimes match it again."""
        move_id = self._pick(step)
        if not move_id:
            return
        domain = [("move_id", "=", move_id), ("account_type", "in", DEBTS)]
        lines = self._call("account.move.line", "search_read", domain, ["matched_credit_ids", "matched_debit_ids"])
        for line in lines[:1]:
            side = "credit" if line["matched_credit_ids"] else "debit"
            for partial in self._call("account.partial.reconcile", "read", line[f"matched_{side}_ids"][:1], [f"{side}_move_id"]):
                self._call(INVOICES, "js_remove_outstanding_partial", [move_id], partial["id"])
                if step.values["again"]:
                    self._match(move_id, [partial[f"{side}_move_id"][0]])

    def _do_cancel_payment(self, step):
        if payments := self._payments(step):
            self._call("account.payment", "action_draft", payments[:1])
            self._call("account.payment", "action_cancel", payments[:1])

    # === CUSTOMERS AND CLICKS === #

    def _do_customer(self, step):
        known = list(self.customers)
        if known:
            partner = known[int(step.which * len(known))]
            name = {"name": step.values["name"]} if step.values["again"] else {}
            self._call(PARTNERS, "write", [partner], {"phone": step.values["phone"], **name})

    def _do_sync(self, step):
        if move_id := self._pick(step):
            self._call(INVOICES, "action_xero_sync", [move_id])

    def _do_sync_customer(self, step):
        known = list(self.customers)
        if known:
            self._call(PARTNERS, "action_xero_sync", [known[int(step.which * len(known))]])

    def _do_sync_now(self, _step):
        self._call("xero.connection", "action_sync_now", [self.company.connection_id])

    def _do_read_again(self, _step):
        """Accounts, taxes and currencies: calls to Xero from the process that serves the click."""
        self._call("xero.connection", "action_refresh_reference_data", [self.company.connection_id])

    def _do_retry(self, _step):
        domain = [("connection_id", "=", self.company.connection_id), ("state", "in", ("failed", "blocked"))]
        found = self._call("xero.document", "search", domain, limit=20)
        if found:
            self._call("xero.document", "action_retry", found)
