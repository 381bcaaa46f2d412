"""What Odoo's books have of one company, read over RPC, told in Xero's accounts by the connector's own mapping."""

from collections import defaultdict
from decimal import Decimal

from dev.demo_mapping import said
from dev.sweep.compare import HELD, LOST, NOT_FOR_XERO, SYNCED, Place, Standing
from dev.sweep.xero_side import DEBTS, SIDES, money

MOVE, PAYMENT, BANK_LINE = "account.move", "account.payment", "account.bank.statement.line"
CONTROLS = {kind: name for name, kind in DEBTS.items()}
RESULT = ("income", "expense")
PARTS = ["debit_move_id", "credit_move_id", "exchange_move_id"]
TEXT_LINES = ("line_section", "line_subsection", "line_note")


class OdooBooks:
    """Posted entries of a company with their lines by place, the matches between them, and the connector's documents."""

    def __init__(self, person, company_id, connection_id, xero):
        self.person, self.company, self.connection, self.xero = person, company_id, connection_id, xero
        self._read_moves()
        self.counterparts = Counterparts(person, company_id, connection_id, xero)
        self.clearing = self.counterparts.clearing()
        self._read_documents()
        self._read_lines()
        self._read_partials()

    def _search(self, model, domain, fields, **options):
        return self.person.search_read(model, domain, fields, **options)

    def _read_moves(self):
        posted = [("company_id", "=", self.company), ("state", "=", "posted")]
        fields = [
            "name",
            "move_type",
            "journal_id",
            "origin_payment_id",
            "statement_line_id",
            "amount_total",
            "xero_message",
            "currency_id",
        ]
        [company] = self.person.call("res.company", "read", [self.company], ["currency_id"])
        self.currency = company["currency_id"][0]
        self.moves = {row["id"]: row for row in self._search(MOVE, posted, fields)}
        self.move_of_record = {}
        for row in self.moves.values():
            row["is_money"] = bool(row["origin_payment_id"] or row["statement_line_id"])
            for name, model in (("origin_payment_id", PAYMENT), ("statement_line_id", BANK_LINE)):
                if row[name]:
                    self.move_of_record[model, row[name][0]] = row["id"]

    def _read_documents(self):
        domain = [("connection_id", "=", self.connection)]
        fields = ["kind", "res_model", "res_id", "name", "state", "message", "xero_id", "correction"]
        self.documents = self._search("xero.document", domain, fields)
        contacts = {row["res_id"]: row["xero_id"] for row in self.documents if row["kind"] == "contact" and row["xero_id"]}
        partners = self._search("res.partner", [("active", "in", (True, False))], ["commercial_partner_id", "complete_name"])
        commercial = {row["id"]: row["commercial_partner_id"] or [row["id"], row["complete_name"]] for row in partners}
        self.contact_ids = {partner_id: contacts.get(top) for partner_id, (top, _name) in commercial.items()}
        self.summaries = defaultdict(list)
        of_connection = [("summary_id.connection_id", "=", self.connection)]
        for row in self._search("xero.journal.summary.entry", of_connection, ["summary_id", "move_id"]):
            if row["move_id"]:
                self.summaries[row["summary_id"][0]].append(row["move_id"][0])

    def _lines(self):
        return [("company_id", "=", self.company), ("parent_state", "=", "posted"), ("display_type", "not in", TEXT_LINES),
                ("account_id.account_type", "!=", "off_balance")]  # fmt: skip

    def _read_lines(self):
        self.amounts, self.move_of_line = defaultdict(lambda: defaultdict(Decimal)), {}
        fields = ["move_id", "account_id", "account_type", "journal_id", "partner_id", "balance"]
        for line in self._search("account.move.line", self._lines(), fields):
            self.move_of_line[line["id"]] = line["move_id"][0]
            self.amounts[line["move_id"][0]][self._place(line)] += money(line["balance"])

    def _place(self, line):
        account = self.counterparts.label(line["account_id"][0], line["journal_id"][0])
        control = CONTROLS.get(line["account_type"])
        return Place(account, self._contact(line["partner_id"], control) if control else "")

    def _contact(self, partner, control):
        contact_id = self.contact_ids.get(partner[0]) if partner else ""
        return f"{partner[1]} (not in Xero), {SIDES[control]}" if contact_id is None else self.xero.contact(contact_id, control)

    def _read_partials(self):
        rows = self._search("account.partial.reconcile", [("company_id", "=", self.company)], PARTS)
        self.partials = {row["id"]: row for row in rows}

    # === TOTALS, read apart from the lines === #

    def account_totals(self):
        totals, by = defaultdict(Decimal), ["account_id", "journal_id"]
        for group in self.person.call("account.move.line", "formatted_read_group", self._lines(), by, ["balance:sum"]):
            label = self.counterparts.label(group["account_id"][0], group["journal_id"][0])
            totals[label] += money(group["balance:sum"])
        return totals

    def contact_totals(self):
        totals = defaultdict(Decimal)
        for kind, control in CONTROLS.items():
            domain = [*self._lines(), ("account_id.account_type", "=", kind)]
            for group in self.person.call("account.move.line", "formatted_read_group", domain, ["partner_id"], ["balance:sum"]):
                totals[self._contact(group["partner_id"], control)] += money(group["balance:sum"])
        return totals

    # === HOW DOCUMENTS STAND === #

    def standing(self, document):
        """Of one of the connector's documents."""
        entry = self.moves.get(document["res_id"]) if document["res_model"] == MOVE else None
        state, why = document["state"], (document["message"] or entry and entry["xero_message"] or "").split("\n")[0]
        known = {"synced": SYNCED, "blocked": HELD, "failed": HELD, "approval": HELD, "ignored": NOT_FOR_XERO}
        return Standing(document["name"] or "", known.get(state, LOST), why)

    def left_out(self, move_id):
        """Of an entry without any document: press its button, and the connector says why."""
        move = self.moves[move_id]
        model, res_id = (PAYMENT, move["origin_payment_id"][0]) if move["origin_payment_id"] else (MOVE, move_id)
        why = said(self.person.call(model, "action_xero_sync", [res_id]))
        return Standing(move["name"], NOT_FOR_XERO if why else LOST, why)


class Counterparts:
    """Which account of Xero's stands for an account of Odoo's.

    The connector's mapping says it of most. What it posts nowhere is compared with what Xero keeps itself: banks by their journal, and with
    them the outstanding payments, which Xero's payments pass over; taxes; exchange differences.
    """

    def __init__(self, person, company_id, connection_id, xero):
        self.person, self.company, self.connection, self.xero = person, company_id, connection_id, xero
        self._own = [("company_id", "=", company_id)]
        rows = person.search_read("account.account", [("company_ids", "in", [company_id])], ["code", "name", "account_type"])
        self.accounts = {row["id"]: row for row in rows}
        self._read_mapping()
        self._read_banks()
        self._read_kept_by_xero()

    def _read_mapping(self):
        self.xero_ids = {row["id"]: row["xero_id"] for row in self._of_connection("xero.account", ["xero_id"])}
        mapped = self._of_connection("xero.account.mapping", ["account_id", "xero_account_id", "confirmed"])
        self.mapped = {row["account_id"][0]: self._xero_id(row) for row in mapped if row["confirmed"] and row["xero_account_id"]}

    def _of_connection(self, model, fields):
        domain = [("connection_id", "=", self.connection)]
        return self.person.search_read(model, domain, fields, context={"active_test": False})

    def clearing(self):
        """The clearing account of journals, as it is shown; '' if there is none."""
        [connection] = self.person.call("xero.connection", "read", [self.connection], ["clearing_account_id"])
        chosen = connection["clearing_account_id"]
        return self.xero.label(self.xero_ids[chosen[0]]) if chosen else ""

    def _xero_id(self, row):
        return self.xero_ids[row["xero_account_id"][0]]

    def _read_banks(self):
        rows = self._of_connection("xero.journal.mapping", ["journal_id", "xero_account_id", "confirmed"])
        self.banks = {row["journal_id"][0]: self._xero_id(row) for row in rows if row["confirmed"] and row["xero_account_id"]}
        journals = self.person.search_read(
            "account.journal", [*self._own, ("type", "in", ("bank", "cash", "credit"))], ["default_account_id"]
        )
        self.journal_of_account = {row["default_account_id"][0]: row["id"] for row in journals if row["default_account_id"]}
        payments = self.person.search_read("account.payment", self._own, ["outstanding_account_id"])
        outstanding = {row["outstanding_account_id"][0] for row in payments if row["outstanding_account_id"]}
        self.outstanding = outstanding - self.journal_of_account.keys()

    def _read_kept_by_xero(self):
        lines = [*self._own, ("repartition_type", "=", "tax"), ("account_id", "!=", False)]
        taxes = {row["account_id"][0] for row in self.person.search_read("account.tax.repartition.line", lines, ["account_id"])}
        names = ["income_currency_exchange_account_id", "expense_currency_exchange_account_id"]
        [company] = self.person.call("res.company", "read", [self.company], names)
        self.kept = {account_id: "GST" for account_id in taxes if not self._type(account_id).startswith(RESULT)}
        self.kept |= {company[name][0]: "REALISEDCURRENCYGAIN" for name in names if company[name]}

    def _type(self, account_id):
        return self.accounts.get(account_id, {}).get("account_type", "")

    def label(self, account_id, journal_id):
        """The account in Xero for amounts on this account in entries of this journal, as it is shown; of none Odoo's own."""
        found = self.mapped.get(account_id) or self._bank(account_id, journal_id) or self._kept(account_id)
        if found:
            return self.xero.label(found)
        account = self.accounts.get(account_id, {"code": "", "name": account_id})
        return f"{account['code'] or ''} {account['name']} (Odoo's, no counterpart)".strip()

    def _bank(self, account_id, journal_id):
        if account_id in self.outstanding:
            return self.banks.get(journal_id)
        return self.banks.get(self.journal_of_account.get(account_id))

    def _kept(self, account_id):
        name = self.kept.get(account_id) or CONTROLS.get(self._type(account_id))
        return self.xero.system.get(name) if name else None
