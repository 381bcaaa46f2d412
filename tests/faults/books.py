"""The two companies of a run, each connected to an organisation of its own, and the people who work in them."""

from dataclasses import dataclass

from dev import demo, stack

COMPANIES = (("AU Company", "AU"), ("NZ Company", "NZ"), ("UK Company", "UK"))
FOREIGN = ("USD", "EUR")  # used in all companies, besides their own currency
GROUPS = (
    ("account", "group_account_manager"), ("base", "group_partner_manager"), ("xero_connector", "group_xero_admin"),
)  # fmt: skip


class Person(stack.Person):
    """At the keyboard; methods without a result are fine."""

    def call(self, model, method, *args, **kwargs):
        try:
            return super().call(model, method, *args, **kwargs)
        except KeyError:  # Odoo leaves the result out of its answer when there is none
            return None


@dataclass
class Company:
    company_id: int
    name: str
    country: str
    connection_id: int = 0
    tenant_id: str = ""
    taxes: tuple = ()  # lists of ids, each a set of taxes of one line that is sold
    purchase_taxes: tuple = ()  # the same of what is bought
    expenses: tuple = ()  # ids of accounts that journal entries use
    bank: int = 0  # journals
    general: int = 0
    partners: tuple = ()  # ids of customers of the demo books
    currencies: tuple = ()  # ids of currencies other than the company's own


def open_company(admin, name, country, organisation):
    """Connect a company of the demo books and accept the proposed mapping, as an administrator would."""
    [found] = admin.search_read("res.company", [("name", "=", name)], ["id"])
    company = Company(found["id"], name, country)
    admin.work_for(company.company_id)
    values = {
        "company_id": company.company_id, "client_id": demo.CLIENT_ID, "client_secret": demo.CLIENT_SECRET, "app_type": "web",
        "sync_from": "2000-01-01", "day_budget": 10**6,  # one run does the work of many days
    }  # fmt: skip
    company.connection_id = admin.call("xero.connection", "create", [values])[0]
    reconnect(admin, company, organisation)
    _choose_journals(admin, company)
    _choose_banks(admin, company)
    admin.call("xero.connection", "action_confirm_mapping", [company.connection_id])
    admin.call("xero.connection", "action_sync_now", [company.connection_id])  # the demo books go first
    _read_choices(admin, company)
    return company


def reconnect(admin, company, organisation):
    """Through the consent page to the organisation."""
    admin.work_for(company.company_id)
    admin.consent(admin.call("xero.connection", "action_connect", [company.connection_id])["url"], organisation)
    domain = [("id", "=", company.connection_id)]
    [connection] = admin.search_read("xero.connection", domain, ["tenant_id", "state", "state_message"])
    if connection["state"] != "connected":
        raise RuntimeError(f"{company.name} is {connection['state']}: {connection['state_message']}")
    company.tenant_id = connection["tenant_id"]


def _choose_journals(admin, company):
    """The entries of the general journal are sent one by one."""
    for kind in ("bank", "general"):
        domain = [("company_id", "=", company.company_id), ("type", "=", kind)]
        [journal] = admin.search_read("account.journal", domain, ["id"], limit=1, order="sequence, id")
        setattr(company, kind, journal["id"])
    domain = [("connection_id", "=", company.connection_id), ("name", "=", "Suspense"), ("can_post", "=", True)]
    for account in admin.search_read("xero.account", domain, ["id"], limit=1):
        admin.call("xero.connection", "write", [company.connection_id], {"clearing_account_id": account["id"]})
    policy = {"connection_id": company.connection_id, "journal_id": company.general, "policy": "each"}
    admin.call("xero.entry.policy", "create", [policy])


def _choose_banks(admin, company):
    """Journals for which nothing was proposed get the first bank account."""
    own = ("connection_id", "=", company.connection_id)
    missing = [line["id"] for line in admin.search_read("xero.journal.mapping", [own, ("xero_account_id", "=", False)], ["id"])]
    if missing:
        [bank] = admin.search_read("xero.account", [own, ("type", "=", "BANK")], ["id"], limit=1, order="code")
        admin.call("xero.journal.mapping", "write", missing, {"xero_account_id": bank["id"]})


def _read_choices(admin, company):
    own = ("connection_id", "=", company.connection_id)
    mapped = admin.search_read("xero.tax.mapping", [own, ("xero_tax_rate_id", "!=", False), ("account_class", "=", False)], ["tax_ids"])
    company.taxes, company.purchase_taxes = (_usable(admin, mapped, use) for use in ("sale", "purchase"))
    accounts = admin.search_read("xero.account.mapping", [own, ("state", "=", "confirmed"), ("use", "=", "post")], ["account_id"])
    domain = [("id", "in", [line["account_id"][0] for line in accounts]), ("account_type", "=", "expense")]
    company.expenses = tuple(row["id"] for row in admin.search_read("account.account", domain, ["id"], order="id", limit=2))
    company.currencies = tuple(row["id"] for row in admin.search_read("res.currency", [("name", "in", FOREIGN)], ["id"], order="id"))
    domain = [("company_id", "in", (False, company.company_id)), ("is_company", "=", True), ("parent_id", "=", False)]
    company.partners = tuple(row["id"] for row in admin.search_read("res.partner", domain, ["id"], limit=12, order="id"))


def _usable(admin, mapped, use):
    """The sets of taxes that the mapping knows, all percentages, none negative."""
    domain = [("type_tax_use", "=", use), ("amount_type", "=", "percent"), ("amount", ">=", 0)]
    usable = {tax["id"] for tax in admin.search_read("account.tax", domain, ["id"])}
    return tuple(line["tax_ids"] for line in mapped if set(line["tax_ids"]) <= usable) or ((),)


def prepare(admin):
    """Unit prices with 4 decimals, and more than one currency."""
    [precision] = admin.search_read("decimal.precision", [("name", "=", "Product Price")], ["id"])
    admin.call("decimal.precision", "write", [precision["id"]], {"digits": 4})
    domain = [("name", "in", FOREIGN), ("active", "=", False)]
    sleeping = [row["id"] for row in admin.search_read("res.currency", domain, ["id"])]
    if sleeping:
        admin.call("res.currency", "write", sleeping, {"active": True})


def hire(admin, address, login, company):
    """A user of their own for a person, and that person at the keyboard."""
    groups = []
    for module, name in GROUPS:
        domain = [("module", "=", module), ("name", "=", name), ("model", "=", "res.groups")]
        groups += [row["res_id"] for row in admin.search_read("ir.model.data", domain, ["res_id"])]
    values = {"name": login, "login": login, "password": login, "company_id": company.company_id}
    values |= {"company_ids": [[6, 0, [company.company_id]]], "group_ids": [[4, group] for group in groups]}
    admin.call("res.users", "create", [values])
    person = Person(address, login, login)
    person.work_for(company.company_id)
    return person
