from decimal import Decimal

from xero_simulator.person import Impossible, act

LIVE = ("AUTHORISED", "PAID")


class InXero:
    """What people do with money in Xero's own screens, without telling anyone."""

    def _rita(self, verb, **arguments):
        try:
            return act(self.test.xero, self.desk.organisation, verb, "Rita Mills", **arguments)
        except Impossible as impossible:
            raise self.Nothing() from impossible

    def _rows(self, table, *, open_only=True):
        """Live documents of a table, in an order that does not depend on their ids; of ours and of nobody else there are none."""
        rows = getattr(self.desk.organisation, table)
        return [row for row in rows if row["Status"] in LIVE and (not open_only or row["AmountDue"])]

    def _no_write_offs(self, rows):
        """Credit that is no write-off of Odoo's: what becomes of those in Xero is not read back."""
        own = [("connection_id", "=", self.desk.connection.id), ("kind", "=", "write_off")]
        ours = set(self.env["xero.binding"].sudo().search(own).mapped("xero_id"))
        return [row for row in rows if row["DocumentID"] not in ours]

    def _code(self, journal):
        line = self.desk.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == journal)
        return line.xero_account_id.code

    def _bank_for(self, row):
        """``(code of a bank, what of a foreign amount reaches it per unit)``."""
        if row["CurrencyCode"] == self.company.currency_id.name:
            return self._code(self.random.choice((self.desk.bank, self.desk.savings))), None
        if self.random.random() < 0.5:
            return self._code(self.desk.foreign_bank), None
        return self._code(self.desk.bank), Decimal(str(self.random.choice((1.37, 1.52, 1.613))))

    def _part(self, due):
        share = self.random.choice((1, 1, "0.5", "0.3"))
        return (due * Decimal(share)).quantize(Decimal("0.01"))

    def _do_theirs_pay(self):
        row = self._one(self._rows(self.random.choice(("invoices", "invoices", "credit_notes"))))
        code, rate = self._bank_for(row)
        amount = self._part(row["AmountDue"])
        bank = {"bank_amount": str((amount * rate).quantize(Decimal("0.01")))} if rate else {}
        self._rita("pay", document=row["DocumentID"], amount=str(amount), account=code, date=str(self._day()), **bank)
        return f"{amount} {row['CurrencyCode']} for {row['Number']} to {code} {bank}"

    def _do_theirs_pay_several(self):
        rows = [row for row in self._rows("invoices") if row["CurrencyCode"] == self.company.currency_id.name]
        first = self._one(rows)
        alike = [row for row in rows if row["Type"] == first["Type"] and row is not first][: self.random.randint(1, 3)]
        if not alike:
            raise self.Nothing()
        payments = [{"document": row["DocumentID"], "amount": str(self._part(row["AmountDue"]))} for row in (first, *alike)]
        self._rita("batch_deposit", payments=payments, account=self._code(self.desk.bank), date=str(self._day()))
        return f"{[(row['Number'], payment['amount']) for row, payment in zip((first, *alike), payments, strict=True)]}"

    def _do_theirs_delete_payment(self):
        rows = [row for row in self.desk.organisation.payments if row["Status"] == "AUTHORISED"]
        row = self._one(rows)
        if batch := row.get("BatchPaymentID"):
            self._rita("remove_and_redo", item=batch)
        else:
            self._rita("delete_payment", payment=row["PaymentID"])
        return f"{row['Amount']} {row.get('Reference', '')}"

    def _do_theirs_allocate(self):
        credit = self._one(self._no_write_offs([row for table in ("credit_notes", "overpayments") for row in self._rows(table)]))
        side = "ACCREC" if credit["Type"] in ("ACCRECCREDIT", "RECEIVE-OVERPAYMENT") else "ACCPAY"
        alike = [
            row
            for row in self._rows("invoices")
            if (row["Type"], row["ContactID"], row["CurrencyCode"]) == (side, credit["ContactID"], credit["CurrencyCode"])
        ]
        invoice = self._one(alike)
        amount = self._part(min(credit["AmountDue"], invoice["AmountDue"]))
        self._rita("allocate", credit=credit["DocumentID"], invoice=invoice["DocumentID"], amount=str(amount))
        return f"{amount} of {credit['Number']} to {invoice['Number']}"

    def _do_theirs_unallocate(self):
        credits = [row for table in ("credit_notes", "overpayments") for row in self._rows(table, open_only=False) if row["Allocations"]]
        credit = self._one(self._no_write_offs(credits))
        self._rita("unallocate", credit=credit["DocumentID"])
        return f"{credit['Number']}"

    def _do_theirs_on_account(self):
        contact = self._one([row for row in self.desk.organisation.contacts if row["ContactStatus"] == "ACTIVE"])
        amount, side = self.random.choice((70, 131.5)), self.random.choice(("sale", "purchase"))
        how = {"account": self._code(self.desk.bank), "date": str(self._day()), "kind": "overpayment", "side": side}
        self._rita("prepay", contact=contact["ContactID"], amount=amount, **how)
        return f"{amount} of {contact['Name']}, {side}"
