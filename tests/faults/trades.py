"""What people do besides invoicing and paying: credit notes, money on account, journal entries."""

INVOICES = "account.move"
DEBTS = ("asset_receivable", "liability_payable")


class Trades:
    """Steps of ``people.Employee``; each takes several clicks, any of which may meet a server that is gone."""

    def _do_credit(self, step):
        """The dialog Credit Note; then it is matched with its invoice, or the money is paid back."""
        move_id = self._pick(step)
        if not move_id:
            return
        move = self._read(move_id, "move_type", "journal_id")
        if not move["move_type"].endswith("invoice"):
            return
        context = {"active_model": INVOICES, "active_ids": [move_id]}
        wizard = self._call("account.move.reversal", "create", [{"journal_id": move["journal_id"][0]}], context=context)
        self._click_once("account.move.reversal", "refund_moves", wizard, context=context)
        notes = self._call(INVOICES, "search", [("reversed_entry_id", "=", move_id), ("id", "not in", self.made)])
        self._post(notes)
        self.made += notes
        for note in notes:
            if step.values["again"]:
                self._match(move_id, self._open_lines([("move_id", "=", note)]))
            else:
                self._pay([note], {})

    def _do_on_account(self, step):
        """Money that belongs to no document yet."""
        partners = [*self.customers, *self.company.partners]
        if not partners:
            return
        values = {
            "payment_type": "inbound", "partner_type": "customer", "partner_id": partners[int(step.which * len(partners))],
            "amount": step.values["price"], "journal_id": self.company.bank,
        }  # fmt: skip
        [payment] = self._call("account.payment", "create", [values])
        self._click_once("account.payment", "action_post", [payment])

    def _do_match(self, step):
        """An open document with whatever of its partner is open on the other side."""
        move_id = self._pick(step)
        if not move_id:
            return
        move = self._read(move_id, "commercial_partner_id", "amount_residual_signed")
        sign = "<" if move["amount_residual_signed"] > 0 else ">"
        partner = ("partner_id", "=", move["commercial_partner_id"][0])
        self._match(move_id, self._open_lines([partner, ("balance", sign, 0), ("company_id", "=", self.company.company_id)]))

    def _match(self, move_id, lines):
        if lines:
            self._call(INVOICES, "js_assign_outstanding_line", [move_id], lines[0])

    def _open_lines(self, domain):
        domain = [*domain, ("account_type", "in", DEBTS), ("reconciled", "=", False), ("parent_state", "=", "posted")]
        return self._call("account.move.line", "search", domain, limit=1, order="id desc")

    def _do_entry(self, step):
        """Something is set aside."""
        if len(self.company.expenses) < 2:
            return
        debit, credit = ({"account_id": account, "name": "Set aside"} for account in self.company.expenses[:2])
        lines = [(0, 0, {**debit, "debit": step.values["price"]}), (0, 0, {**credit, "credit": step.values["price"]})]
        ids = self._call(INVOICES, "create", [{"move_type": "entry", "journal_id": self.company.general, "line_ids": lines}])
        self._post(ids)
