from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...const import HELD, PARTIAL
from ..reasons import Held, HeldBehind, NothingToDo, Wait
from .facts import ENTRY, MODELS, WHOLE
from .movement import DOCUMENT, IN_USE, NOT_ON_ACCOUNT, PAID_BACK
from .parts import entries_of, matched_entries, settles
from .trace import PaymentTrace

_lt = LazyTranslate(__name__)


class XeroHandlerPayment(models.AbstractModel):
    """Movements of money: what is to be sent of a payment or bank statement line, now.

    The job names the movement. What Xero should hold of it, and what is to be done for that, is decided by ``movement``; this turns the
    next step into what is sent, as the handlers of the counterparts (payment, batch, money on account, allocation, write-off, surplus) do.
    What one of them waits for, or is held by, does not keep the others.
    """

    _name = "xero.handler.payment"
    _inherit = "xero.handler.money"
    _description = "Xero Handler: Payments"

    _kind = "payment"
    _is_counted = True
    _label = _lt("Payment")
    _sequence = 70
    _setting = "sync_payment"
    _settles = "one"
    _owner_kind = "payment"
    _res_model = "account.payment"
    _trace = PaymentTrace

    # === READ === #

    def _read(self, connection, jobs):
        reading = self._movements(connection, [(job.res_model, job.res_id) for job in jobs])
        coming = {}
        for source in reading.sources.values():
            for kind in {step.key[0] for step in source.movement.steps() if step.operation == "create" and not step.why}:
                coming.setdefault(kind, []).append(source)
        self._read_contacts(reading, [source for kind in self._kinds_that("_is_under_contact") for source in coming.get(kind, ())])
        self._read_details(reading, coming)
        return reading

    def _read_details(self, reading, coming):
        """What the lines of differences name, and allocations that are known already."""
        entries = [source.entry for kind in self._kinds_that("_is_difference") for source in coming.get(kind, ())]
        if entries:
            handler = self.env["xero.handler.write_off"]
            reading.details = handler._line_details(reading.connection, self.env["account.move"].union(*entries))
        if direct := [source.entry for kind in WHOLE for source in coming.get(kind, ()) if source.direct]:
            moves = self.env["account.move"].union(*direct)
            reading.journals = self.env["xero.handler.cash_entry"]._reading_of(reading.connection, moves, {})
        if "allocation" in coming:
            handler = self.env["xero.handler.allocation"]
            credits = {handler._credit_on_account(source) for source in coming["allocation"]}
            reading.allocations = handler._known_allocations(reading.connection, credits)

    def _read_contacts(self, reading, sources):
        """Whose money it is."""
        partners = self.env["res.partner"].union(*(source.partner for source in sources))
        if partners:
            reading.contacts, reading.contact_jobs = self.env["xero.handler.contact"]._known(reading.connection, partners)

    def _is_in_xero(self, job, reading):
        return bool(reading.sources[job.res_model, job.res_id].bindings)

    # === DECIDE === #

    def _decide(self, job, reading):
        """The next of its steps that may go, with those like it; what Xero has refused already is not tried again by itself.

        What Xero should hold of the movement, and in which steps it comes to that, is the table of ``movement``. Of these steps:

        | some may go | some are held         | some wait | then                                                  |
        | ----------- | --------------------- | --------- | ----------------------------------------------------- |
        | yes         |                       |           | the first, and those after it of its kind, if they may |
        | no          | yes                   |           | held, by what Xero has refused before all else        |
        | no          | behind what is held   |           | held behind that                                      |
        | no          | no                    | yes       | it waits for the soonest                              |
        | none is left, all of the money is told |           |           | nothing                     |
        | none is left, a part cannot be told    |           |           | held, and why               |
        """
        source = reading.sources[job.res_model, job.res_id]
        steps, group, reasons = source.movement.steps(), [], []
        for step in steps:
            try:
                self._check_step(step, job, source, reading)
                if not group or (group[0].operation, group[0].kind) == (step.operation, step.key[0]):
                    group.append(self._made(step, job, source, reading))
            except (Held, HeldBehind, Wait) as reason:
                reasons.append(reason)
        if not group:
            raise self._worst(reasons, source)
        for item in group:
            item.last = len(group) == len(steps) and source.movement.is_wholly_told
        return group

    def _made(self, step, job, source, reading):
        handler = self.env[f"xero.handler.{step.key[0]}"]
        item = handler._decide_step(step, job, source, reading)
        item.kind, item.res_model, item.res_id = step.key
        return item

    def _check_step(self, step, job, source, reading):
        """:raise Held, HeldBehind, Wait: the step may not go now"""
        if refused := (job.refused or {}).get(",".join(map(str, step.key))):
            raise Held.from_json(refused)
        if step.operation == "create" and source.key in reading.alike:
            raise self._held_alike(source, reading)
        if step.why == DOCUMENT:
            self._wait_for_part(step.part, source, reading)
        elif step.why == NOT_ON_ACCOUNT:
            raise Wait(self.env._("Waits until %s stands on account in Xero.", source.entry.name))
        elif step.why == IN_USE:
            raise Wait(self.env._("Waits until what it is used for has been removed in Xero."))
        elif step.why == PAID_BACK:
            self._wait_for_refunds(source, reading)
        elif step.why:
            raise Wait(self.env._("Waits until the money that stands in Xero otherwise has been removed there."))

    def _wait_for_refunds(self, source, reading):
        """What pays it back in Xero leaves first.

        :raise HeldBehind: it cannot
        :raise Wait: it has not yet
        """
        self._wait_for_money(self.env._("Waits until what it is used for has been removed in Xero."), source.movement.refunds, reading)

    def _wait_for_money(self, message, others, reading):
        """:param others: ``(kind, model, id)`` of the movements to wait for"""
        domain = [("connection_id", "=", reading.connection.id), ("kind", "=", "payment"), ("state", "in", HELD)]
        jobs = self.env["xero.job"].search([*domain, ("res_id", "in", [res_id for _kind, _model, res_id in others])])
        held = jobs.filtered(lambda job: ("payment", job.res_model, job.res_id) in others and job.problem_id)
        if held:
            raise HeldBehind(held[0].problem_id, message)
        raise Wait(message, asks=others)

    def _wait_for_part(self, part, source, reading):
        entry = source.parts[part.id].invoice
        if part.kind == "money":
            message = self.env._("Waits until %s stands on account in Xero.", entry.name)
            self._wait_for_money(message, [("payment", *self._key_of(entry))], reading)
        self._wait_for_document(entry.name, reading.documents[entry.id])

    def _worst(self, reasons, source):
        """Why nothing goes, that first which a person has to do something about."""
        asks = [each for reason in reasons for each in getattr(reason, "asks", ())]
        for kind in (Held, HeldBehind):
            if found := [reason for reason in reasons if isinstance(reason, kind)]:
                found.sort(key=lambda reason: not getattr(reason, "failed", False))
                found[0].asks = asks
                return found[0]
        if not reasons and not source.movement.is_wholly_told:
            return self._held_unsaid(source) if source.movement.unsaid else self._held_bank_transaction(source)
        if not reasons:
            return NothingToDo(self.env._("Nothing had changed."))
        soonest = min(reasons, key=lambda reason: reason.seconds)
        return Wait(str(soonest), soonest.seconds, asks=asks)

    def _held_unsaid(self, source):
        return Held(
            "not_ready",
            self.env._("%(payment)s is not wholly matched, and cannot stand on account in Xero. %(why)s",
                       payment=source.entry.name, why=source.movement.unsaid),
            key=f"{source.key[0]},{source.key[1]}",
            help=self.env._("Match it with its documents in Odoo; it goes on by itself then."),
            record=source.key,
        )  # fmt: skip

    def _held_bank_transaction(self, source):
        return Held(
            "written_off",
            self.env._("%(payment)s books a difference beside the money, in a way that Xero does not know. %(why)s",
                       payment=source.entry.name, why=source.why_no_bank_transaction),
            key=f"{source.key[0]},{source.key[1]}",
            help=self.env._("Enter this difference in Xero by hand and ignore it here."),
            record=source.key,
        )  # fmt: skip

    # === NEXT === #

    def _after_closed(self, connection, jobs):
        """Money that pays this back, or is paid back by it, may go on; and what found no room because of it is tried again."""
        for held, closed in jobs.grouped(lambda job: job.state in HELD).items():
            entries = self.env["account.move"].union(
                *(entries_of(self.env[model].browse(ids).exists()) for model in (*MODELS, ENTRY) if (ids := _ids(closed, model)))
            )
            self._let_go_of_money(connection, entries.ids, held)
            self._ask_for_settled(connection, entries.filtered(settles), held)

        for model, closed in jobs.filtered(lambda job: job.state not in HELD).grouped("res_model").items():
            self._let_go_of_crowded(connection, model, closed.mapped("res_id"))

    def _let_go_of_crowded(self, connection, model, ids):
        """What had no room on a document because of these movements, or matches of credit notes."""
        self.env["xero.problem"].flush_model()
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_problem p JOIN xero_job j ON j.problem_id = p.id
                    WHERE p.connection_id = %s AND p.state = 'open' AND p.code = 'payment_too_large'
                      AND p.res_model = %s AND p.res_id = ANY(%s) AND j.state = 'blocked'""",
                connection.id, model, list(ids),
            )
        )  # fmt: skip

    def _ask_for_settled(self, connection, entries, held):
        """What is open on documents that entries settle, the documents tell themselves.

        :param bool held: then only those that are held too, or have to be: one that is in step would wake the entry again, for ever
        """
        documents = matched_entries(entries)
        if held and documents:
            own = [
                ("connection_id", "=", connection.id),
                ("kind", "in", self._document_kinds()),
                ("res_id", "in", documents.ids),
                ("state", "in", HELD),
            ]
            telling = set(self.env["xero.job"].search(own).mapped("res_id"))
            documents = documents.browse(telling.union(self.env["xero.handler.document"]._settled_elsewhere(connection, documents)))
        for handler in self.env["xero.handler.document"]._all() if documents else ():
            handler._ask_for_known(handler._mine(documents))

    def _let_go_of_money_of(self, connection, partner_ids):
        """Movements of money of these partners that wait are looked at again; nobody's is the company's own."""
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                     JOIN account_move m ON j.res_id = CASE WHEN j.res_model = 'account.payment' THEN m.origin_payment_id
                                                            ELSE m.statement_line_id END
                     JOIN account_move_line l ON l.move_id = m.id JOIN res_company o ON o.id = m.company_id
                     JOIN res_partner c ON c.id = COALESCE(l.partner_id, o.partner_id)
                    WHERE j.connection_id = %s AND j.kind = %s AND c.commercial_partner_id = ANY(%s)
                      AND (j.state = 'blocked' OR j.state = 'pending' AND j.next_try IS NOT NULL)""",
                connection.id, self._kind, list(partner_ids),
            )
        )  # fmt: skip

    def _enqueue_matched(self, connection, move_ids):
        """All that is matched with these documents is looked at: they stand otherwise in Xero than before."""
        if not move_ids or not connection._sends("payment"):
            return
        self.env[PARTIAL].flush_model()
        found = {}
        for model, res_id in self.env.execute_query(SQL("SELECT DISTINCT model, id FROM (%s) money", _matched_money(move_ids))):
            found.setdefault(model, []).append(res_id)
        self.env["xero.handler.allocation"]._ask_for_both_known(connection, self.env[PARTIAL].browse(found.pop(PARTIAL, ())))
        for model, ids in found.items():
            self._ask_for(connection, ids, model=model)

    def _let_go_of_money(self, connection, move_ids, held=False):
        """Movements that wait for these entries or documents are looked at again.

        :param bool held: these are held; then nobody who is held already has a reason to look again, or two would wake each other for ever
        """
        if not move_ids:
            return
        states = ("pending",) if held else ("pending", "blocked")
        self.env[PARTIAL].flush_model()
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT DISTINCT j.id FROM xero_job j JOIN (%s) money ON money.model = j.res_model AND money.id = j.res_id
                    WHERE j.connection_id = %s AND (j.kind = 'payment' OR j.kind = 'allocation' AND j.res_model = %s)
                      AND j.state = ANY(%s) AND (j.state = 'blocked' OR j.next_try IS NOT NULL)""",
                _matched_money(move_ids), connection.id, PARTIAL, list(states),
            )
        )  # fmt: skip


def _matched_money(move_ids):
    """SQL of what is matched with these entries or documents, ``(model, id)``: movements, and reconciliations of documents among them."""
    ids = list(move_ids)
    return SQL(
        """SELECT CASE WHEN o.origin_payment_id IS NOT NULL THEN 'account.payment'
                       WHEN o.statement_line_id IS NOT NULL THEN 'account.bank.statement.line'
                       WHEN o.move_type = 'entry' AND o.journal_id IS DISTINCT FROM c.currency_exchange_journal_id THEN 'account.move'
                       ELSE 'account.partial.reconcile' END AS model,
                  COALESCE(o.origin_payment_id, o.statement_line_id,
                           CASE WHEN o.move_type = 'entry' AND o.journal_id IS DISTINCT FROM c.currency_exchange_journal_id THEN o.id END,
                           p.id) AS id
             FROM (SELECT p.id, p.credit_move_id AS other FROM account_partial_reconcile p
                     JOIN account_move_line l ON l.id = p.debit_move_id WHERE l.move_id = ANY(%s)
                    UNION ALL
                   SELECT p.id, p.debit_move_id FROM account_partial_reconcile p
                     JOIN account_move_line l ON l.id = p.credit_move_id WHERE l.move_id = ANY(%s)) p
             JOIN account_move_line l ON l.id = p.other JOIN account_move o ON o.id = l.move_id
             JOIN res_company c ON c.id = o.company_id""",
        ids, ids,
    )  # fmt: skip


def _ids(jobs, model):
    return jobs.filtered(lambda job: job.res_model == model).mapped("res_id")
