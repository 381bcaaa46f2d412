"""What employees spend: their own money, the company's bank account, the company's card; and what a customer pays back."""

from dev.sweep.month.sales import Sales

EXPENSE, POST = "hr.expense", "hr.expense.post.wizard"


class Expenses(Sales):
    title = "Expenses"

    def enter_expense_of_employee(self):
        """Two on one report, paid back; one with tax, one without."""
        found = [self._expense("Meals", 66), self._expense("Meals", 23.4, tax_ids=[(6, 0, [])])]
        [move] = self._post_own(found, 8)
        self.person.pay(move, self._residual(move))

    def enter_expense_not_paid_back(self):
        self._post_own([self._expense("Travel", 149.95, employee=1)], 11)

    def enter_expense_of_company(self):
        """From the bank account, and with the company's card."""
        for amount, journal in ((88, self.bank), (41.3, self._card())):
            method = self._one("account.payment.method.line", ("journal_id", "=", journal), ("payment_type", "=", "outbound"))
            expense = self._expense(
                "Meals", amount, payment_mode="company_account", payment_method_line_id=method, vendor_id=self.vendors[0]
            )
            self.person.call(EXPENSE, "action_post", [expense])

    def enter_expense_in_euros(self):
        currency = self._one("res.currency", ("name", "=", "EUR"))
        self._post_own([self._expense("Travel", 50, currency_id=currency, employee=1)], 17)

    def enter_expense_for_customer(self):
        order = self._order(("Advice", 1, 120))
        self._post_own([self._expense("Travel", 220, sale_order_id=order)], 18)
        self._invoice(order, 19)

    # === HOW THINGS ARE DONE === #

    def _expense(self, product, amount, employee=0, **values):
        """Handed in and approved."""
        people = self.person.search_read(
            "hr.employee", [("company_id", "=", self.company_id), ("name", "like", f"% {self.company_id}")], ["id"]
        )
        values = {"payment_mode": "own_account", "date": self._day(self.random.randrange(1, 8)), **values}
        product_id = self._product(product)
        expense = self._create(
            EXPENSE,
            name=f"{product} {amount}",
            employee_id=people[employee]["id"],
            product_id=product_id,
            total_amount_currency=amount,
            **values,
        )
        self.person.call(EXPENSE, "action_submit", [expense])
        if self._read(EXPENSE, expense, "state") == "submitted":
            self.person.call(EXPENSE, "action_approve", [expense])
        return expense

    def _post_own(self, expenses, day):
        action = self.person.call(EXPENSE, "action_post", expenses)
        context = {**action["context"], "active_ids": expenses}
        journal = self._one("account.journal", ("company_id", "=", self.company_id), ("type", "=", "purchase"))
        values = {"accounting_date": self._day(day), "employee_journal_id": journal}
        [wizard] = self.person.call(POST, "create", [values], context=context)
        self.person.call(POST, "action_post_entry", [wizard], context=context)
        rows = self.person.search_read(EXPENSE, [("id", "in", expenses)], ["account_move_id"])
        return sorted({row["account_move_id"][0] for row in rows})

    def _card(self):
        own = ("company_id", "=", self.company_id)
        found = self.person.search_read("account.journal", [own, ("type", "=", "credit")], ["id"], limit=1)
        return found[0]["id"] if found else self._new_card()

    def _new_card(self):
        """Odoo asks for the number of a bank account only; the card's is entered with the company's accounts."""
        holder = self._read("res.company", self.company_id, "partner_id")[0]
        number = self._create("res.partner.bank", acc_number=f"4500{self.company_id:012d}", partner_id=holder)
        values = {"name": "Company Card", "code": "CARD", "type": "credit", "bank_account_id": number}
        return self._create("account.journal", company_id=self.company_id, **values)
