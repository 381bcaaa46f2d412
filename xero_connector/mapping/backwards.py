"""The confirmed mapping read from Xero's side: which account, taxes and analytic accounts of Odoo something in Xero stands for."""

from dataclasses import dataclass, field

# rates without tax, in the words of Xero's countries
NO_TAX_TYPES = ("BASEXCLUDED", "NONE", "")


class Ambiguous(Exception):
    """Nothing in Odoo, or more than one thing, is mapped to it; the message is Xero's name of it."""


@dataclass
class Backwards:
    """What is mapped to each account (by code), tax rate (by type) and tracking option (by id and name) of Xero.

    Several accounts of Odoo may share one in Xero: what a line has already is kept, if it is among them. Where nothing speaks for one of
    them, a table that ``decides`` takes the first: the account of the lowest code, the company's default taxes.
    """

    accounts: dict = field(default_factory=dict)  # code -> [account ids]
    taxes: dict = field(default_factory=dict)  # type -> [account.tax records]
    options: dict = field(default_factory=dict)  # (category id, name in small letters) -> [analytic account ids]
    names: dict = field(default_factory=dict)  # option id -> name in small letters
    decides: bool = False

    def account(self, code: str, known: list[int]) -> int:
        """:param known: what is used already, the first before all others
        :raise Ambiguous:
        """
        return self._one(self.accounts.get(code, []), known, code)

    def tax_ids(self, tax_type: str, known: list[tuple[int, ...]], use: str) -> tuple[int, ...]:
        """The set of taxes; of several what is used already, or the one for this use ('sale', 'purchase') that is not in the price.

        :param known: the sets that are used already, the first before all others
        :raise Ambiguous:
        """
        mapped = self.taxes.get(tax_type, [])
        sets = {tuple(sorted(taxes.ids)): tuple(taxes.ids) for taxes in mapped}
        used = [sets[key] for each in known if (key := tuple(sorted(each))) in sets]
        fitting = [taxes for taxes in mapped if set(taxes.mapped("type_tax_use")) <= {use}]
        plain = [taxes for taxes in fitting if not any(taxes.mapped("price_include"))]
        if not used and not fitting and tax_type in NO_TAX_TYPES:
            return ()
        return used[0] if used else self._one([tuple(taxes.ids) for taxes in plain or fitting], [], tax_type)

    def said(self, category: str, option: str, name: str = "") -> tuple[str, str]:
        """A line's option by its name, whichever of its id and its name an answer tells."""
        return category, name.lower() or self.names.get(option, option)

    def distribution(self, options) -> dict:
        """:param options: of a line, as ``said``

        :raise Ambiguous:
        """
        found = [str(self._one(self.options.get(option, []), [], option[1])) for option in sorted(options)]
        return {",".join(found): 100.0} if found else {}

    def _one(self, found, known, name):
        """Of several the first that is known."""
        if len(found) != 1:
            found = [each for each in known if each in found][:1] or (found if self.decides else [])
        if not found:
            raise Ambiguous(name)
        return found[0]


def load(connection, *, decides=False) -> Backwards:
    """The confirmed mapping of ``connection``."""
    table, company = Backwards(decides=decides), connection.company_id
    usual = {(company.account_sale_tax_id.id,), (company.account_purchase_tax_id.id,)}
    accounts = connection.account_mapping_ids.filtered(lambda line: line.confirmed and line.use == "post" and line.xero_account_id.code)
    for line in accounts.sorted(lambda line: (line.account_id.code or "", line.account_id.id)):
        table.accounts.setdefault(line.xero_account_id.code, []).append(line.account_id.id)
    rates = connection.tax_mapping_ids.filtered(lambda line: line.confirmed and line.xero_tax_rate_id)
    for line in rates.sorted(lambda line: (tuple(line.tax_ids.ids) not in usual, line.tax_ids[:1].sequence, line.id)):
        sets = table.taxes.setdefault(line.xero_tax_rate_id.tax_type, [])
        if line.tax_ids not in sets:
            sets.append(line.tax_ids)
    for line in connection.env["xero.option.mapping"].search([("connection_id", "=", connection.id), ("confirmed", "=", True)]):
        option = line.xero_option_id
        table.names[option.xero_id] = name = (option.name or "").lower()
        table.options.setdefault((option.category_id.xero_id, name), []).append(line.account_id.id)
    return table
