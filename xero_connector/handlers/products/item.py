from dataclasses import dataclass, replace
from decimal import Decimal

from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ...xero_core import errors
from ...xero_core.fingerprint import fingerprint
from ...xero_core.resources import batches
from ...xero_core.resources import items as resource
from ...xero_core.resources.items import Item, ItemSide
from ..dispatch import Outgoing, Result
from ..reading import Reading
from ..reasons import Held, NothingToDo
from .trace import ItemTrace

_lt = LazyTranslate(__name__)

TRACKED = "TRACKED"  # Xero keeps its stock: such an item is neither changed nor named on a line
SIDES = {"sale": "SOLD", "purchase": "PURCHASED"}


@dataclass
class ItemReading(Reading):
    """``rivals``: of each code, in lower case, the product that has it in Xero or is the first to ask for it."""

    table: object
    products: dict  # by id
    rivals: dict


class XeroHandlerItem(models.AbstractModel):
    """Products that documents name: untracked items of Xero, by their internal reference.

    A product without reference has no item, and its lines go without a code; so do lines of a product whose item is held, because no
    document waits for long for something that is optional. An item of that code that Xero has already is taken as it is. Nothing is
    deleted in Xero when a product is archived or deleted: lines that were sent name it.
    """

    _name = "xero.handler.item"
    _inherit = "xero.handler"
    _description = "Xero Handler: Products"

    _kind = "item"
    _changes_in_place = True
    _label = _lt("Product")
    _sequence = 30
    _setting = "sync_item"
    _res_model = "product.product"
    _trace = ItemTrace
    _is_named = True

    # === WHAT IS NEEDED === #

    def _enqueue_needed(self, connection, job_ids=None):
        """Products that waiting documents name and that are not in Xero yet; one query.

        :param job_ids: only the documents of these jobs
        :return: whether any was enqueued
        """
        if not connection._sends(self._kind):
            return False
        for model in ("xero.job", "xero.binding", "account.move.line", self._res_model):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, bool_or(j.manual)
                     FROM xero_job j JOIN account_move_line l ON l.move_id = j.res_id JOIN product_product p ON p.id = l.product_id
                    WHERE j.connection_id = %(connection)s AND j.kind = ANY(%(kinds)s) AND j.state = 'pending' AND %(wanted)s
                      AND l.display_type = 'product' AND p.default_code ~ '\\S'
                      AND NOT EXISTS (SELECT 1 FROM xero_binding b WHERE b.connection_id = %(connection)s
                                         AND b.res_model = 'product.product' AND b.res_id = p.id)
                      AND NOT EXISTS (SELECT 1 FROM xero_job c WHERE c.connection_id = %(connection)s AND c.kind = 'item'
                                         AND c.res_id = p.id AND c.is_open
                                         AND (c.manual OR NOT j.manual OR c.state <> 'pending'))
                 GROUP BY p.id""",
                connection=connection.id, kinds=list(self._document_kinds()),
                wanted=connection._is_due_sql() if job_ids is None else SQL("j.id = ANY(%s)", job_ids),
            )
        )  # fmt: skip
        self._ask_for_rows(connection, rows)
        return bool(rows)

    def _read(self, connection, jobs):
        company = connection.company_id
        products = self.env[self._res_model].with_company(company).browse(jobs.mapped("res_id")).exists()
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, jobs.mapped("res_id"), [self._kind])
        by_id = {product.id: product for product in products}
        return ItemReading(connection, bindings, connection._mapping_table(), by_id, self._rivals(connection, products))

    def _rivals(self, connection, products):
        """``{code, folded: product that has it in Xero, or is the first to ask for it}``, of the codes of these products."""
        codes = sorted({_code(product).lower() for product in products if _code(product)})
        if not codes:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (lower(btrim(p.default_code))) p.id
                     FROM product_product p
                     LEFT JOIN xero_binding b ON b.connection_id = %(connection)s AND b.res_model = 'product.product' AND b.res_id = p.id
                    WHERE lower(btrim(p.default_code)) = ANY(%(codes)s)
                      AND (b.id IS NOT NULL OR EXISTS (SELECT 1 FROM xero_job j WHERE j.connection_id = %(connection)s
                                                          AND j.kind = 'item' AND j.res_id = p.id AND j.is_open))
                 ORDER BY lower(btrim(p.default_code)), b.id IS NULL, p.id""",
                connection=connection.id, codes=codes,
            )
        )  # fmt: skip
        return {_code(product).lower(): product for product in products.browse(row[0] for row in rows)}

    # === DECIDE === #

    def _decide(self, job, reading):
        """What is to be done about a product.

        | has a reference | in Xero                | as it was sent | then                                      |
        | --------------- | ---------------------- | -------------- | ----------------------------------------- |
        | no, or deleted  |                        |                | nothing                                   |
        | yes             | Xero keeps its stock   |                | nothing                                   |
        | of another one  |                        |                | held; documents go without it             |
        | yes             | no                     |                | it is made, or the one of that code taken |
        | yes             | yes                    | yes            | nothing                                   |
        | yes             | yes                    | no             | it is changed                             |
        """
        product, binding = reading.products.get(job.res_id), reading.bindings.get(job.res_id)
        if not product or not _code(product):
            raise NothingToDo(self.env._("The product has no internal reference."))
        if binding and binding.xero_status == TRACKED:
            raise NothingToDo(self.env._("Xero keeps the stock of this item; it is left alone."))
        self._check_code(product, reading)
        item = self._snapshot(product, reading)
        digest = fingerprint(resource.to_xero(item))
        if binding and binding.sent == digest:
            raise NothingToDo(self.env._("Nothing had changed."))
        xero_id = binding.xero_id if binding else ""
        return Outgoing(
            job_id=job.id,
            res_id=product.id,
            operation="update" if binding else "create",
            payload=resource.to_xero(replace(item, xero_id=xero_id)),
            fingerprint=digest,
            xero_id=xero_id,
            trace=self._trace(code=item.code),
            label=product.display_name,
        )

    def _check_code(self, product, reading):
        """:raise Held: Xero would refuse the code, or take the product for another one"""
        code = _code(product)
        if len(code) > resource.CODE_LIMIT:
            reason = self.env._("The internal reference “%(code)s” is too long for Xero, which takes %(count)s characters.",
                                code=code, count=resource.CODE_LIMIT)  # fmt: skip
            raise self._held(product, reason, self.env._("Shorten the internal reference."))
        rival = reading.rivals.get(code.lower(), product)
        if rival != product:
            reason = self.env._("The internal reference “%(code)s” is also that of “%(other)s”; Xero takes each once.",
                                code=code, other=rival.with_context(display_default_code=False).display_name)  # fmt: skip
            raise self._held(product, reason, self.env._("Give each product an internal reference of its own."))

    def _held(self, product, reason, way_out, details=(), failed=False):
        way_out = f"{way_out} {self.env._('Until then, documents go to Xero without the item.')}"
        record = (self._res_model, product.id)
        return Held("item_refused", reason, key=str(product.id), help=way_out, details=details, record=record, failed=failed)

    # === SNAPSHOT === #

    def _snapshot(self, product, reading):
        """The product as it is sold and bought in the connection's company.

        :rtype: xero_core.resources.items.Item
        """
        accounts, company = product._get_product_accounts(), reading.connection.company_id
        named = product.with_context(display_default_code=False, lang=company.partner_id.lang)
        sides = {}
        for use, price, account, taxes, text in (
            ("sale", self._sales_price(product, company), accounts["income"], product.taxes_id, named.description_sale),
            ("purchase", product.standard_price, accounts["expense"], product.supplier_taxes_id, named.description_purchase),
        ):
            code, tax_type = self._posting(account, taxes._filter_taxes_by_company(company), reading.table)
            description = "\n".join(filter(None, (named.display_name, text)))
            sides[use] = ItemSide(Decimal(str(round(price, 4))) if price else None, code, tax_type, description)
        return Item(
            code=_code(product),
            name=named.display_name,
            sales=sides["sale"] if product.sale_ok else None,
            purchase=sides["purchase"] if product.purchase_ok else None,
        )

    def _sales_price(self, product, company):
        """Without tax, which is what a line of Xero takes it for; none if it is kept in another currency than the company's."""
        if product.currency_id != company.currency_id:
            return 0.0
        taxes = product.taxes_id._filter_taxes_by_company(company)
        if not any(taxes.mapped("price_include")):
            return product.lst_price
        return taxes.compute_all(product.lst_price, product.currency_id, 1, product)["total_excluded"]

    def _posting(self, account, taxes, table):
        """Account code and tax type, as far as the mapping has them."""
        found = table.account(account.id)
        if not found or found.archived or not found.code:
            return "", ""
        tax = table.tax(taxes.ids, found.account_class)
        return found.code, tax.tax_type if tax and tax.legal else ""

    # === SEND === #

    def _call(self, client, operation, items, idempotency_key):
        """Xero may refuse a whole call for one item that was deleted there; the others go without it."""
        try:
            return super()._call(client, operation, items, idempotency_key)
        except errors.NotFound:
            evidence = self._evidence(client, operation, items)
            there = {remote.xero_id for remote in evidence}
            gone = [Result(item, evidence=evidence) for item in items if item.xero_id and item.xero_id not in there]
            if not gone:
                raise
            rest = [item for item in items if item.xero_id in there]
            return gone + (super()._call(client, operation, rest, idempotency_key) if rest else [])

    def _write(self, client, operation, payloads, idempotency_key):
        if operation == "create":
            return client.create_items(payloads, idempotency_key)
        return client.update_items(payloads)

    def _evidence(self, client, operation, items):
        return client.items(ids=[item.xero_id for item in items if item.xero_id], codes=[item.trace.code for item in items])

    def _own(self, item, remotes):
        """The item with exactly this code, else the one that differs in case only."""
        same = [remote for remote in remotes if self._is_ours(item.trace, remote)]
        return next((remote for remote in same if remote.code == item.trace.code), same[0] if same else None)

    def _is_ours(self, trace, remote):
        return bool(trace.code) and batches.folded(remote.code) == batches.folded(trace.code)

    def _judge(self, result):
        item = result.item
        if item.operation == "update" and not any(remote.xero_id == item.xero_id for remote in result.evidence):
            connection = self.env["xero.job"].browse(item.job_id).connection_id
            self.env["xero.binding"]._by_xero_id(connection, self._kind, [item.xero_id])[item.xero_id].unlink()
            result.retry = self.env._("The item was deleted in Xero; it is made anew.")
        else:
            super()._judge(result)

    def _refused(self, item, details):
        product = self.env[self._res_model].browse(item.res_id)
        reason = self.env._("Xero did not accept the product “%s”.", item.label)
        return self._held(
            product, reason, self.env._("Correct the product as Xero's message says, then press Retry."), details, failed=True
        )

    # === RECOVER AND BIND === #

    def _candidates(self, client, creates, removals):
        return client.items(codes=[item.trace.code for item in creates])

    def _taken(self, item, other):
        if not self.env[other.res_model].browse(other.res_id).exists():
            other.unlink()  # of a product that was merged or deleted
            return None
        return super()._taken(item, other)

    def _binding_values(self, remote):
        return {"number": remote.code, "xero_status": status(remote)}

    def _after_done(self, connection, res_ids):
        """Documents that waited for the product can follow now."""
        self.env["xero.job"]._let_go(
            SQL(
                """SELECT j.id FROM xero_job j
                    WHERE j.connection_id = %s AND j.kind = ANY(%s) AND j.state = 'pending' AND j.next_try IS NOT NULL
                      AND EXISTS (SELECT 1 FROM account_move_line l WHERE l.move_id = j.res_id AND l.product_id = ANY(%s))""",
                connection.id, list(self._document_kinds()), list(res_ids),
            )
        )  # fmt: skip


def _code(product):
    return resource.item_code(product.default_code or "")


def status(remote):
    """What a line has to know of an item: `TRACKED`, else where it may stand."""
    if remote.is_tracked:
        return TRACKED
    return " ".join(text for text, is_on in (("SOLD", remote.is_sold), ("PURCHASED", remote.is_purchased)) if is_on)
