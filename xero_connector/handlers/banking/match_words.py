"""What people read of a suggestion: what it is, and why. Made from what was found, in the reader's language."""

from decimal import Decimal

from odoo import fields, models

from ... import words
from .matching.facts import PAYMENT, TRANSFER


class XeroBankMatchWords(models.AbstractModel):
    """Entry points: ``_what`` (the suggestion) and ``_why`` (its reason), of a candidate as ``xero.bank.matching`` keeps it."""

    _name = "xero.bank.match.words"
    _description = "Xero: Words of Suggestions for Bank Lines"

    # === WHAT === #

    def _what(self, candidate, amount, currency):
        if not candidate:
            return self.env._("Nothing fits")
        if candidate["reason"] in ("rule", "habit"):
            return self._account_and_taxes(candidate)
        names = " + ".join(dict.fromkeys(candidate["names"]))
        if candidate["kind"] == TRANSFER:
            return self.env._("Transfer to %s", names) if amount < 0 else self.env._("Transfer from %s", names)
        if candidate["kind"] == PAYMENT and candidate["reason"] == "fee" and len(candidate["items"]) > 1:
            total = currency.format(float(candidate["open"]))
            return self.env._("Card payments of %(day)s: %(total)s", day=self._day(candidate), total=total)
        return self.env._("%s, a part", names) if candidate["part"] else names

    def _account_and_taxes(self, candidate):
        account_sudo = self.env["account.account"].sudo().browse(candidate["account"]).exists()
        taxes_sudo = self.env["account.tax"].sudo().browse(candidate["taxes"]).exists()
        named = ", ".join(taxes_sudo.mapped("name")) or self.env._("no tax")
        return f"{account_sudo.name}, {named}"

    def _day(self, candidate):
        return words.day(self.env, fields.Date.to_date(candidate["day"]))

    # === WHY === #

    def _why(self, candidate, amount, currency):
        if not candidate:
            return ""
        if candidate["reason"] == "rule":
            rule_sudo = self.env["xero.rule"].sudo().browse(candidate["rule"]).exists()
            return rule_sudo._why() if rule_sudo else self.env._("The rule is gone.")
        if candidate["reason"] == "habit":
            return candidate["why"]
        return getattr(self, f"_why_{candidate['reason']}")(candidate, amount, currency)

    def _why_number(self, candidate, amount, currency):
        return self.env._("Same amount, number in the text.")

    def _why_numbers(self, candidate, amount, currency):
        if len(candidate["items"]) == 2:
            return self.env._("Both numbers in the text, sum is the same.")
        return self.env._("All numbers in the text, sum is the same.")

    def _why_together(self, candidate, amount, currency):
        return self.env._("Same customer, sum is the same.") if amount > 0 else self.env._("Same supplier, sum is the same.")

    def _why_name(self, candidate, amount, currency):
        return self.env._("Same amount; the name is written differently.")

    def _why_amount(self, candidate, amount, currency):
        return self.env._("Same amount; the text names nobody.")

    def _why_another_number(self, candidate, amount, currency):
        if amount > 0:
            return self.env._("Same amount, same customer; the number in the text is another one.")
        return self.env._("Same amount, same supplier; the number in the text is another one.")

    def _why_partner(self, candidate, amount, currency):
        """With when it was due: the day before and after in words, else the day."""
        if candidate["kind"] == PAYMENT:
            return self.env._("Same amount and partner as the payment of %s.", self._day(candidate))
        if amount > 0:
            near = {
                -1: self.env._("Same amount, same customer, 1 day before due."),
                0: self.env._("Same amount, same customer, on the day it was due."),
                1: self.env._("Same amount, same customer, 1 day after due."),
            }
            return near.get(candidate["days"]) or self.env._("Same amount, same customer, due %s.", self._day(candidate))
        near = {
            -1: self.env._("Same amount, same supplier, 1 day before due."),
            0: self.env._("Same amount, same supplier, on the day it was due."),
            1: self.env._("Same amount, same supplier, 1 day after due."),
        }
        return near.get(candidate["days"]) or self.env._("Same amount, same supplier, due %s.", self._day(candidate))

    def _why_transfer(self, candidate, amount, currency):
        if not candidate["days"]:
            if amount < 0:
                return self.env._("The same amount came in there on the same day.")
            return self.env._("The same amount left there on the same day.")
        if amount < 0:
            return self.env._("The same amount came in there on %s.", self._day(candidate))
        return self.env._("The same amount left there on %s.", self._day(candidate))

    def _why_fee(self, candidate, amount, currency):
        account_sudo = self.env["account.account"].sudo().browse(candidate["account"]).exists()
        fee = currency.format(float(candidate["fee"]))
        return self.env._("Less %(fee)s to %(account)s, as before.", fee=fee, account=account_sudo.name)

    def _why_cents(self, candidate, amount, currency):
        lack = Decimal(candidate["fee"])
        told = currency.format(float(abs(lack)))
        if (lack > 0) == (amount > 0):
            return self.env._("Number in the text; %s less.", told)
        return self.env._("Number in the text; %s more.", told)

    def _why_part(self, candidate, amount, currency):
        whole = Decimal(candidate["open"])
        left = abs(whole) - abs(Decimal(str(currency.round(amount))))
        return self.env._(
            "Open: %(open)s. Left afterwards: %(left)s.", open=currency.format(float(abs(whole))), left=currency.format(float(left))
        )
