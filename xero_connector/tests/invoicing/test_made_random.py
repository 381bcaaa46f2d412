# pylint: disable=print-used
import os
import random
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from ..common.made import MadeCase

SEED = int(os.environ.get("SEED", "14"))
EXAMPLES = int(os.environ.get("MADE_EXAMPLES", "60"))
CODES = {"sale": ("200", "260"), "purchase": ("429", "400")}
RATES = {"sale": ("OUTPUT", "EXEMPTOUTPUT", "BASEXCLUDED"), "purchase": ("INPUT", "EXEMPTEXPENSES", "BASEXCLUDED")}


@tagged("post_install", "-at_install")
class TestMadeRandom(MadeCase):
    """Documents of all kinds as people type them in Xero, by lot: here to the cent, or held with a sentence; and nothing goes back.

    SEED and MADE_EXAMPLES (documents) may be given in the environment; both are printed.
    """

    def test_random_documents(self):
        print(f"test_made_random: SEED={SEED} MADE_EXAMPLES={EXAMPLES}")
        self._subscribe("EUR")
        self.connection.action_refresh_reference_data()
        self._run()
        lot, contacts = random.Random(SEED), [self._contact(f"Customer {number}") for number in range(5)]
        ids = [self._write_one(lot, number, lot.choice(contacts)) for number in range(EXAMPLES)]
        before = self._changes()
        for _each in range(2 + EXAMPLES // 100):  # so many are taken in by one run
            self._read()
        states = Counter()
        for xero_id in ids:
            row = self._row(xero_id)
            states[row.state] += 1
            if row.state == "held":
                self.assertTrue(row.message)
                self.assertFalse(row.move_id)
                self.assertNotEqual(row.cause, "internal", row.message)
                continue
            with self.subTest(number=row.number):
                self._assert_as_in_xero(self._made(xero_id), xero_id)
        print(f"test_made_random: {dict(states)}")
        self.assertGreater(states["taken"], EXAMPLES * 0.6)
        self._assert_quiet()
        self.assertEqual(self._changes(), before)

    def _write_one(self, lot, number, contact):
        side = lot.choice(("sale", "purchase"))
        what = lot.choice(("document", "document", "credit_note"))
        verb = {"sale": "invoice", "purchase": "bill"}[side] if what == "document" else what
        how = {"number": f"R-{number}", "line_amount_types": lot.choice(("Exclusive", "Exclusive", "Inclusive", "NoTax"))}
        how |= {"side": side} if what == "credit_note" else {}
        how |= {"currency": "EUR", "rate": lot.choice(("0.6123", "0.581234"))} if lot.random() < 0.2 else {}
        lines = [self._line(lot, side, what, how["line_amount_types"]) for _each in range(lot.randint(1, 6))]
        return self._write(verb, contact=contact, amount=None, lines=lines, date=f"2026-10-{lot.randint(1, 28):02}", **how)

    def _line(self, lot, side, what, types):
        if lot.random() < 0.1:
            return {"Description": lot.choice(("a note", "- - -"))}
        quantity = lot.choice(("1", "1", "3", "0.5", "0.3333", "12.345", "1000"))
        price = lot.choice((Decimal(lot.randint(1, 99999)) / 100, Decimal(lot.randint(1, 999999)) / 10000))
        line = {"Description": lot.choice(("Work", "Thing\nwith two lines", "x" * 80)), "Quantity": quantity, "UnitAmount": str(price)}
        line["AccountCode"] = lot.choice(CODES[side])
        if types != "NoTax":
            line["TaxType"] = lot.choice((RATES[side][0], *RATES[side]))
        if what == "document" and side == "sale" and lot.random() < 0.2:
            line["DiscountRate"] = lot.choice(("10", "33.33", "12.5", "7.777"))
        if types != "NoTax" and line["TaxType"] == RATES[side][0] and lot.random() < 0.15:
            amount = (Decimal(quantity) * price / 10).quantize(Decimal("0.01"))
            line["TaxAmount"] = str(max(amount - Decimal("0.01"), Decimal(0)))
        return line
