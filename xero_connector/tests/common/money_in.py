from .money import XeroMoneyCommon
from .reading import ReadingCase


class MoneyInCase(ReadingCase, XeroMoneyCommon):
    """A connection that reads by itself; Xero records the payments of its bank."""

    def _prepare(self):
        super()._prepare()
        self.bank = self.company_data["default_journal_bank"]
        self._record_in("xero")
        self._run()

    def _record_in(self, where):
        lines = self.connection.journal_mapping_ids.filtered(lambda line: line.journal_id == self.bank)
        self.account_code = lines.xero_account_id.code
        lines.recorded_in = where

    def _sent(self, document):
        """The document, in Xero."""
        self._run()
        self.assertEqual(document.xero_state, "synced", document.xero_message)
        return document

    def _rita(self, verb, **arguments):
        if verb in ("pay", "batch_deposit"):
            arguments.setdefault("account", self.account_code)
        return super()._rita(verb, **arguments)

    def _read(self):
        self._pass(minutes=16)
        self._run()

    def _payments(self, document):
        return document.reconciled_payment_ids

    def _binding_of(self, payment):
        return self.env["xero.binding"].sudo().search([("payment_id", "=", payment.id)])

    def _money_of(self, document):
        return self.env["xero.money"].search([("move_id", "=", document.id)])

    def _assert_paid(self, document, day, amount):
        payment = self._payments(document)
        self.assertEqual(len(payment), 1, self._money_of(document).mapped("message"))
        self.assertEqual((str(payment.date), str(payment.move_id.date), payment.amount), (day, day, amount))
        self.assertEqual((document.amount_residual, document.payment_state in ("paid", "in_payment")), (0, True))

    def _changes(self):
        """How often something was asked to be changed in Xero."""
        return sum(count for name, count in self.xero.calls.items() if not name.startswith("GET") and "token" not in name)

    def _assert_quiet(self):
        """Both say the same, nothing waits, and another round of reading changes nothing on either side."""
        self._read()
        self.assertFalse(self.env["xero.job"].search([("is_open", "=", True)]).mapped("message"))
        before = (self._changes(), self.env["account.payment"].search_count([]))
        self._pass(days=2)
        self._run()
        self._run()
        self.assertEqual((self._changes(), self.env["account.payment"].search_count([])), before)
        bindings = self.env["xero.binding"].sudo().search([("connection_id", "=", self.connection.id), ("is_there", "=", True)])
        self.assertEqual(set(bindings.mapped("state")), {"synced"}, bindings.mapped("message"))
