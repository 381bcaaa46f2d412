"""The codes of items on the lines of documents."""

from dataclasses import replace

from odoo import models

from ...const import ON_ITS_WAY
from ...xero_core.resources.items import RemoteItem
from ..reasons import Wait
from .item import SIDES, status


class XeroHandlerItem(models.AbstractModel):
    """Entry points: ``_load`` for a batch of documents, ``_coded`` for one; ``_learn`` when Xero refused one.

    A line says its account, tax and price all the same: the code adds to a document, and changes nothing of it.
    """

    _inherit = "xero.handler.item"

    def _load(self, connection, lines):
        """The items of the products on these lines, and the jobs that are about to make them; two queries, none if there are no products.

        :return: ``{product id: binding or open job}``, empty if products are not sent
        """
        products = lines.product_id.ids if connection._sends(self._kind) else []
        if not products:
            return {}
        jobs = self.env["xero.job"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", self._kind),
                ("res_id", "in", products),
                ("is_open", "=", True),
            ]
        )
        bindings = self.env["xero.binding"]._by_record(connection, self._res_model, products, [self._kind])
        return {**{job.res_id: job for job in jobs}, **bindings}

    def _coded(self, lines, move, items):
        """The lines of a document, with the codes of their products' items.

        :raise Wait: an item is being made
        """
        if not items:
            return lines
        side = SIDES["sale" if move.is_sale_document(include_receipts=True) else "purchase"]
        codes = {
            str(line.id): self._code_of(items[line.product_id.id], line.product_id, side)
            for line in move.line_ids
            if line.display_type == "product" and line.product_id.id in items
        }
        return [replace(line, item_code=codes.get(line.key, "")) if line.quantity is not None else line for line in lines]

    def _code_of(self, found, product, side):
        """The code for a line, '' if the line goes without."""
        if found._name == "xero.binding":
            usable = side in (found.xero_status or "").split() and product.default_code
            return found.number if usable else ""
        if found.state in ON_ITS_WAY and not found.tries:
            raise Wait(self.env._("Waits for the product “%s”.", product.display_name))
        return ""

    def _learn(self, result):
        """Bring what we know of the items that a refused document names up to date; if that was not right, the document goes again."""
        sent = result.item.trace.items
        if not sent:
            return
        connection = self.env["xero.job"].browse(result.item.job_id).connection_id
        remotes = {found.xero_id: found for found in result.evidence if isinstance(found, RemoteItem)}
        for xero_id, binding in self.env["xero.binding"]._by_xero_id(connection, self._kind, list(sent)).items():
            remote = remotes.get(xero_id)
            if not remote:
                binding.unlink()
                result.retry = self.env._("An item was deleted in Xero; it is made anew.")
            elif (remote.code, status(remote)) != (sent[xero_id], binding.xero_status):
                binding.write(self._binding_values(remote))
                result.retry = self.env._("An item was changed in Xero.")
