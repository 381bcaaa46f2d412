from odoo import models

from .kinds import DOCUMENTS
from .money import PARTIAL
from .money_route import ENDED, MODELS, Route, is_live


class XeroHandlerMoney(models.AbstractModel):
    """Reads what is known of movements of money, for all jobs of a batch at once."""

    _inherit = "xero.handler.money"

    def _keys(self, jobs):
        """``{job: (model, id) of its money}``; a reconciliation that is gone is known by its payment."""
        partials = self.env[PARTIAL].browse(jobs.filtered(lambda job: job.res_model == PARTIAL).mapped("res_id")).exists()
        keys = {partial.id: key for partial in partials if (key := self._key_of(partial))}
        found = {}
        for job in jobs:
            if job.res_model in MODELS:
                found[job] = (job.res_model, job.res_id)
            elif job.res_id in keys:
                found[job] = keys[job.res_id]
            elif job.payment_id:
                found[job] = ("account.payment", job.payment_id.id)
        return found

    def _key_of(self, partial):
        sides = partial._xero_sides()
        money = sides[1].move_id if sides else None
        if money and money.origin_payment_id:
            return ("account.payment", money.origin_payment_id[:1].id)
        return ("account.bank.statement.line", money.statement_line_id.id) if money and money.statement_line_id else None

    def _routes(self, connection, jobs):
        """``{key: Route}`` of the money these jobs are about; in a number of queries that does not grow with them."""
        routes = {key: Route(key) for key in self._keys(jobs).values()}
        for model in MODELS:
            records = self.env[model].browse(res_id for name, res_id in routes if name == model).exists()
            for record in records:
                route = routes[model, record.id]
                route.record, route.lines = record, record.move_id._xero_debt_lines()
        self._read_together(routes)
        self._read_bindings(connection, routes)
        self._read_refunds(connection, routes)
        self._read_parts(connection, routes)
        self._read_jobs(connection, routes)
        table = connection._mapping_table() if any(route.is_posted and route.is_unmatched for route in routes.values()) else None
        for route in routes.values():
            route.why_not = self._why_not_on_account(route, connection, table) if route.is_posted and route.is_unmatched else ""
            route.decide(connection.batch_payments, self._may_stand_on_account(route, connection))
        return routes

    def _may_stand_on_account(self, route, connection):
        """Whether unmatched money is sent at all: by policy, and not from before the start."""
        too_early = route.is_posted and connection.sync_from and route.record.move_id.date < connection.sync_from
        return connection.unmatched_payments != "wait" and not too_early

    def _read_together(self, routes):
        """Have lines and reconciliations know of each other, so that one query reads those of all the money."""
        lines = [line_id for route in routes.values() if route.record for line_id in route.lines.ids]
        for route in (route for route in routes.values() if route.record):
            route.lines = route.lines.with_prefetch(lines)
            route.partials = (route.lines.matched_debit_ids | route.lines.matched_credit_ids).sorted("id")
        partials = [partial_id for route in routes.values() if route.partials for partial_id in route.partials.ids]
        for route in (route for route in routes.values() if route.partials):
            route.partials = route.partials.with_prefetch(partials)

    def _partials_of(self, route):
        return route.partials if route.partials and route.is_posted else self.env[PARTIAL]

    def _read_bindings(self, connection, routes):
        """What Xero has of the money: by the record, by its reconciliations, and by the payment of reconciliations that are gone."""
        by_partial = {}
        for route in routes.values():
            by_partial |= dict.fromkeys(route.partials.ids if route.partials else (), route)
        payments = [res_id for model, res_id in routes if model == "account.payment"]
        lines = [res_id for model, res_id in routes if model != "account.payment"]
        own = [("connection_id", "=", connection.id), ("kind", "in", ("payment", "allocation", "prepaid", "batch"))]
        where = ["|", "|", "|", ("payment_id", "in", payments), "&", ("res_model", "=", PARTIAL), ("res_id", "in", list(by_partial))]
        where += ["&", ("res_model", "=", MODELS[0]), ("res_id", "in", payments)]
        where += ["&", ("res_model", "=", MODELS[1]), ("res_id", "in", lines)]
        for binding in self.env["xero.binding"].search([*own, *where]):
            key = (binding.res_model, binding.res_id)
            route = routes.get(key) or by_partial.get(binding.res_id) or routes.get(("account.payment", binding.payment_id.id))
            if route and is_live(binding):
                self._note_binding(route, binding)

    def _read_refunds(self, connection, routes):
        """How many payments in Xero pay back what stands on account there."""
        by_id = {route.prepaid.prepaid_id: route for route in routes.values() if route.prepaid}
        if by_id:
            own = [("connection_id", "=", connection.id), ("kind", "=", "payment"), ("parent_xero_id", "in", list(by_id))]
            for binding in self.env["xero.binding"].search(own):
                by_id[binding.parent_xero_id].refunds += is_live(binding)

    def _note_binding(self, route, binding):
        if binding.kind in ("prepaid", "batch"):
            setattr(route, binding.kind, binding)
        else:
            (route.payments if binding.kind == "payment" else route.allocations)[binding.res_id] = binding

    def _read_parts(self, connection, routes):
        """The reconciliations with documents that are in Xero, or on their way and not left out."""
        parts = {}
        for key, route in routes.items():
            found = [part for p in self._partials_of(route) if (part := p._xero_payment_parts())]
            parts[key] = [part for part in found if part.line in route.lines]
            route.paid_back = len(parts[key]) < len(found)
        documents = list({part.invoice.id for each in parts.values() for part in each})
        in_xero = self.env["xero.binding"]._by_record(connection, "account.move", documents, DOCUMENTS)
        known = {res_id for res_id, binding in in_xero.items() if binding.xero_status not in ENDED}
        open_jobs = [("res_model", "=", "account.move"), ("res_id", "in", documents), ("kind", "in", DOCUMENTS)]
        open_jobs += [("connection_id", "=", connection.id), ("state", "not in", ("done", "cancelled", "ignored"))]
        known |= set(self.env["xero.job"].search(open_jobs).mapped("res_id"))
        known |= set(self._on_account(connection, self.env["account.move"].browse(documents), jobs=True))
        for key, route in routes.items():
            in_payments = {*route.payments, *route.allocations}
            route.parts = [part for part in parts[key] if part.invoice.id in known or part.partial.id in in_payments]
            route.elsewhere = 0 < len(route.parts) < len(parts[key])

    def _on_account(self, connection, moves, jobs=False):
        """``{entry id: binding}`` of the entries of money that stands on account in Xero, with ``jobs`` also of what is on its way."""
        found = {}
        money = moves.filtered(lambda move: move._xero_kind() not in DOCUMENTS)
        for field_name in ("origin_payment_id", "statement_line_id"):
            records = money[field_name]
            entries = {record.id: record.move_id.id for record in records}
            in_xero = self.env["xero.binding"]._by_record(connection, records._name, records.ids, ["prepaid"])
            found |= {entries[res_id]: binding for res_id, binding in in_xero.items() if is_live(binding)}
            domain = [("connection_id", "=", connection.id), ("kind", "=", "prepaid"), ("res_model", "=", records._name)]
            domain += [("res_id", "in", records.ids), ("state", "not in", ("done", "cancelled", "ignored"))]
            waiting = self.env["xero.job"].search(domain) if jobs and records else ()
            found |= {entries[job.res_id]: found.get(entries[job.res_id]) for job in waiting}
        return found

    def _read_jobs(self, connection, routes):
        keys = {(kind, *key): route for key, route in routes.items() for kind in ("prepaid", "batch")}
        for route in routes.values():
            partials = {*route.payments, *route.allocations, *(part.partial.id for part in route.parts)}
            keys |= {(kind, PARTIAL, res_id): route for kind in ("payment", "allocation") for res_id in partials}
        domain = [("connection_id", "=", connection.id), ("state", "not in", ("done", "cancelled"))]
        domain += [("kind", "in", ("prepaid", "batch", "payment", "allocation")), ("res_id", "in", list({key[2] for key in keys}))]
        for job in self.env["xero.job"].search(domain):
            key = (job.kind, job.res_model, job.res_id)
            if key in keys:
                keys[key].jobs[key] = job
