"""Manual journals that people post in Xero: drafts of journal entries, amounts to the cent, for an accountant to confirm."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

from ...const import GONE, HOURLY, QUIET
from ...mapping import backwards
from ...xero_core.fingerprint import fingerprint
from ...xero_core.kept import from_json, to_json
from ...xero_core.resources.manual_journals import ManualJournal, RemoteManualJournal
from .. import mark
from ..amounts import exact_amount
from ..answers import CannotTake
from ..made_facts import Facts, Verdict, decide

POSTED = "POSTED"  # Xero's status of a journal that is in its books
ZERO = Decimal(0)
SHOWN = 60  # characters of a narration


class XeroHandlerJournal(models.AbstractModel):
    """One that is changed or voided in Xero after it was confirmed here is told of: nothing that is posted is changed by itself."""

    _inherit = "xero.handler.journal"

    _takes = "takes_journal"
    _interval = HOURLY

    def _is_read(self, connection):
        return bool(self._takes) and connection[self._takes] == "draft"

    # === WHAT XERO TELLS === #

    def _take(self, connection, client, remotes, baseline):
        super()._take(connection, client, remotes, baseline)
        if self._takes:
            self._hear_journals(connection, {remote.xero_id: remote for remote in remotes if remote.complete})

    def _hear_journals(self, connection, remotes):
        known_sudo = self.env["xero.binding"].sudo().search([("connection_id", "=", connection.id), ("xero_id", "in", list(remotes))])
        rows_sudo = self.env["xero.made"].sudo()._by_xero_id(connection, self._kind, remotes)
        for xero_id, row in rows_sudo.items():
            if row.state == "taken" or row.cause == "changed" and row.move_id.state == "posted":
                self._tell_changed(row, remotes[xero_id])
            elif row._is_followed():
                row._hear_again(remotes[xero_id])
        strangers = [remote for xero_id, remote in remotes.items() if xero_id not in {*rows_sudo, *known_sudo.mapped("xero_id")}]
        new = [remote for remote in strangers if self._is_wanted_journal(connection, remote)]
        own = {"connection_id": connection.id, "kind": self._kind, "currency_id": connection.company_id.currency_id.id}
        self.env["xero.made"].sudo().create([{**own, "xero_id": remote.xero_id, **self._said_made(remote)} for remote in new])

    def _is_wanted_journal(self, connection, remote):
        """Whether one that nothing here remembers comes in; what bears a mark was made of an entry of some Odoo."""
        since, is_ours = connection.takes_since, mark.in_text(remote.narration) or f"?{mark.PARAMETER}=" in remote.url
        wanted = connection[self._takes] == "draft" and remote.status == POSTED and not is_ours
        return bool(wanted and remote.date and since and remote.date >= since)

    def _said_made(self, remote):
        """What of a row is Xero's word."""
        text = remote.narration
        number = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
        return {"told": to_json(remote), "number": number or False, "date": remote.date, "amount": float(remote.total or 0)}

    def _kept_made(self, row):
        """:rtype: RemoteManualJournal"""
        return from_json(RemoteManualJournal, row.told, told=from_json(ManualJournal, row.told["told"]))

    def _tell_changed(self, row, remote):
        """Of one that was confirmed: whether to follow, a person says."""
        said = self._said_made(remote)
        if row.told != said["told"]:
            text = self.env._("It was changed in Xero after it came in; compare the entry, and correct it by another one.")
            if remote.status in GONE:
                text = self.env._("It was voided in Xero after it came in; reverse the entry, or leave it.")
            row.write({**said, "state": "held", "cause": "changed", "message": text, "looked_at": fields.Datetime.now()})
            own = [("connection_id", "=", row.connection_id.id), ("kind", "=", self._kind), ("xero_id", "=", remote.xero_id)]
            self.env["xero.binding"].sudo().search(own).write({"state": "accepted", "message": text})
            self._note({row.move_id.id: text})

    # === WHAT BECOMES OF IT === #

    def _judge_made(self, row):
        remote, connection = self._kept_made(row), row.connection_id
        if row.cause == "changed" and row.move_id.state == "posted":
            row.looked_at = fields.Datetime.now()
            return
        bound = self.env["xero.binding"].sudo()._by_xero_id(connection, self._kind, [remote.xero_id])
        answer = decide(
            Facts(
                mode=connection[self._takes] or "",
                is_known=bool(bound),
                is_gone=remote.status in GONE,
                is_said=row.is_said,
                lacks="" if connection.taken_entry_journal_id else self._no_journal(),
                locked=self._locked_day(connection, remote),
            )
        )
        if answer.verdict is Verdict.DRAFT:
            self._make_entry(row, remote)
        elif answer.verdict is Verdict.KNOWN:
            self._settle_made(row, "taken")
        else:
            self._put_off_made(row, answer)

    def _no_journal(self):
        return self.env._("No journal is chosen for journal entries that are made in Xero; choose it in the connection's settings.")

    def _locked_day(self, connection, remote):
        has_tax = any(line.tax_amount for line in remote.told.lines)
        journal = connection.taken_entry_journal_id
        locks = connection.company_id._get_violated_lock_dates(remote.date, has_tax, journal) if journal else []
        return max((lock[0] for lock in locks), default=None)

    def _make_entry(self, row, remote):
        """:raise CannotTake: Odoo does not come to what Xero has, or something has no place here"""
        connection, company = row.connection_id, row.connection_id.company_id
        moves = self.env["account.move"].with_company(company).with_context(**QUIET)
        own = {"move_type": "entry", "company_id": company.id, "journal_id": connection.taken_entry_journal_id.id}
        move = moves.create({**own, "date": remote.date, "ref": remote.narration or False})
        self._fill_made(connection, move, remote)
        row.move_id = move
        self._settle_made(row, "draft", made_as=self._as_made(move))
        self._note({move.id: self.env._("Made in Xero; confirm it to take it into the books.")})

    def _fill_made(self, connection, move, remote):
        """The lines, with what Xero has booked on each account, taxes as amounts on the tax's own account."""
        table, lines = backwards.load(connection, decides=True), []
        for line in remote.told.lines:
            lines += self._entry_lines(move, line, remote.told.line_amount_types, table)
        move.write({"date": remote.date, "ref": remote.narration or False, "line_ids": [(5,), *((0, 0, values) for values in lines)]})
        wanted, has = defaultdict(Decimal), defaultdict(Decimal)
        for values in lines:
            wanted[values["account_id"]] += Decimal(str(values["balance"]))
        for line in move.line_ids:
            has[line.account_id.id] += exact_amount(line.balance, move.company_currency_id)
        if {key: amount for key, amount in wanted.items() if amount} != {key: amount for key, amount in has.items() if amount}:
            raise CannotTake(self.env._("Odoo would not come to what Xero has."))

    def _entry_lines(self, move, line, types, table):
        """:raise CannotTake: nobody knows the account, the tax or the option"""
        tax = line.tax_amount or ZERO
        net = line.amount - tax if types == "Inclusive" else line.amount
        try:
            account_id, tracking = table.account(line.account_code, []), {table.said(*ids, name) for ids, name in line.tags}
            distribution = table.distribution(tracking) or False
            tax_account = self._tax_account(line, table, net) if tax else None
        except backwards.Ambiguous as name:
            raise CannotTake(self.env._("Nothing here, or more than one thing, is mapped to “%s” of Xero.", name)) from name
        text = {"name": line.description or move.ref or "/"}
        found = [{**text, "account_id": account_id, "balance": float(net), "analytic_distribution": distribution}]
        return found + ([{**text, "account_id": tax_account.id, "balance": float(tax)}] if tax else [])

    def _tax_account(self, line, table, net):
        """Where Odoo books the tax of this rate.

        :raise CannotTake: on no account of its own
        """
        uses = ("purchase", "sale") if net > 0 else ("sale", "purchase")
        is_of = {use for each in table.taxes.get(line.tax_type, []) for use in each.mapped("type_tax_use")}
        use = next((each for each in uses if each in is_of), uses[0])
        taxes = self.env["account.tax"].browse(table.tax_ids(line.tax_type, [], use))
        account = taxes.invoice_repartition_line_ids.filtered(lambda each: each.repartition_type == "tax").account_id[:1]
        if not account:
            raise CannotTake(self.env._("The tax “%s” has no account of its own in Odoo.", taxes.display_name or line.tax_type))
        return account

    # === CONFIRMED === #

    def _touched(self, records, event):
        super()._touched(records, event)
        if self._takes and records._name == self._res_model:
            self._follow_made(self._mine(records), event)

    def _leaving(self, records):
        follow = super()._leaving(records)
        return self._leaving_made(records, follow) if self._takes else follow

    def _posted_made(self, row):
        """The pair is remembered. Who has changed the draft has decided so: what differs is said, and stays."""
        remote, move = self._kept_made(row), row.move_id
        own = {"connection_id": row.connection_id.id, "kind": self._kind, "res_model": self._res_model, "res_id": move.id}
        values = {"xero_id": remote.xero_id, "origin": "xero", "sent": self._as_it_came(move), "last_sync": fields.Datetime.now()}
        differs = bool(row.made_as) and row.made_as != self._as_made(move)
        text = self.env._("It was changed in Odoo before it was confirmed; Xero has it as it was made there.")
        state = {"state": "accepted", "message": text} if differs else {"state": "synced", "message": False}
        binding_sudo = self.env["xero.binding"].sudo().create({**own, **self._binding_values(remote), **values, **state})
        self._note_seen(binding_sudo, remote)
        self._settle_made(row, "taken")
        job = [("connection_id", "=", row.connection_id.id), ("kind", "=", self._kind), ("res_id", "=", move.id), ("state", "=", "pending")]
        self.env["xero.job"].sudo().search(job)._set_state("done")

    def _as_made(self, move):
        """Fingerprint of what a person may change of it."""
        lines = [
            [line.name or "", line.account_id.id, f"{line.balance:.2f}", line.analytic_distribution] for line in move.line_ids.sorted("id")
        ]
        return fingerprint({"date": str(move.date), "ref": move.ref or "", "lines": lines})
