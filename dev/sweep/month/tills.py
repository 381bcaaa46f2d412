"""Tills: opened, sold at for cash, by card and on account, closed with a difference."""

import uuid
from decimal import ROUND_HALF_UP, Decimal

from dev.sweep.month.trade import Trade

CONFIG, METHOD, SESSION, ORDER = "pos.config", "pos.payment.method", "pos.session", "pos.order"
ADVICE, OPENING_CASH, MISSING = "Advice", 100, 1.35


class Tills(Trade):
    title = "Tills"

    def enter_till(self):
        """A cash register, cards by the bank, customers on account."""
        own = {"company_id": self.company_id}
        cash = self._create("account.journal", name="Till", code="TILL", type="cash", **own)
        methods = [
            self._create(METHOD, name=f"{name} {self.company_id}", journal_id=journal, split_transactions=name == "On account", **own)
            for name, journal in (("Cash", cash), ("Card", self.bank), ("On account", False))
        ]
        self._create(CONFIG, name=f"Shop {self.company_id}", payment_method_ids=[(6, 0, methods)], **own)

    def enter_day_of_cash(self):
        session = self._open_session()
        for quantity in (1, 2, 3):
            self._sell(session, "Lamp", quantity, "Cash")
        self._close_session(session, MISSING)

    def enter_day_of_everything(self):
        """Invoiced at the till, on account, by card, and something brought back."""
        session = self._open_session()
        self._sell(session, "Lamp", 1, "Card")
        self._sell(session, "Table", 1, "Card", self.customers[0], to_invoice=True)
        self._sell(session, ADVICE, 1, "On account", self.customers[1])
        self._sell(session, "Lamp", 2, "Cash")
        self._sell(session, "Lamp", -1, "Cash")
        self._close_session(session, 0)

    # === HOW THINGS ARE DONE === #

    def _open_session(self):
        session = self._create(SESSION, config_id=self._one(CONFIG, ("name", "=", f"Shop {self.company_id}")))
        self.person.call(SESSION, "set_opening_control", [session], OPENING_CASH, "")
        return session

    def _sell(self, session, name, quantity, method, partner=False, **values):
        product = self._product(name)
        [row] = self.person.call("product.product", "read", [product], ["lst_price", "taxes_id"])
        net, gross = self._prices(row["taxes_id"], row["lst_price"], quantity)
        line = {
            "product_id": product, "qty": quantity, "price_unit": row["lst_price"], "discount": 0, "uuid": self._uuid(),
            "tax_ids": [(6, 0, row["taxes_id"])], "price_subtotal": net, "price_subtotal_incl": gross, "full_product_name": name,
        }  # fmt: skip
        payment = {
            "amount": gross,
            "payment_method_id": self._one(METHOD, ("name", "=", f"{method} {self.company_id}")),
            "uuid": self._uuid(),
        }
        order = {
            "uuid": self._uuid(), "session_id": session, "partner_id": partner, "state": "paid", "lines": [(0, 0, line)],
            "payment_ids": [(0, 0, payment)], "amount_total": gross, "amount_paid": gross, "amount_tax": round(gross - net, 2),
            "amount_return": 0, "user_id": self.person.call("res.users", "search", [("login", "=", "admin")])[0],
            **values,
        }  # fmt: skip
        self.person.call(ORDER, "sync_from_ui", [order], context={"generate_pdf": False})  # not all machines can

    def _prices(self, taxes, price, quantity):
        """The price without and with tax; rates on top of the price only, as the demo books have them."""
        rows = self.person.search_read("account.tax", [("id", "in", taxes)], ["amount", "price_include"])
        net = _rounded(Decimal(str(price)) * quantity)
        if any(row["price_include"] for row in rows):
            raise RuntimeError("prices that include tax are not rung up here")
        return float(net), float(net + sum(_rounded(net * Decimal(str(row["amount"])) / 100) for row in rows))

    def _uuid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _close_session(self, session, missing):
        expected = self.person.call(SESSION, "get_closing_control_data", [session])["default_cash_details"]["amount"]
        self.person.call(SESSION, "post_closing_cash_details", [session], round(expected - missing, 2))
        self.person.call(SESSION, "update_closing_control_state_session", [session], "")
        answer = self.person.call(SESSION, "close_session_from_ui", [session])
        if not answer.get("successful"):
            raise RuntimeError(answer.get("message") or "the till could not be closed")


def _rounded(amount):
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
