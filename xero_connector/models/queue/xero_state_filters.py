from lxml import etree

from odoo import api, models
from odoo.fields import Domain

from ... import words


class XeroStateFilters(models.AbstractModel):
    """Search views offer a filter per state, with the words of ``words.DOCUMENT``: in place of ``<separator name="xero_states"/>``.

    The filters are called ``xero_<state>``, that of documents that are not in Xero ``xero_none``. In place of
    ``<separator name="xero_bank"/>`` stand those of money, with ``words.MONEY``.
    """

    _name = "xero.state.filters"
    _description = "Filters by the state in Xero"

    _xero_state_field = "state"
    _xero_bank_field = "bank"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search":
            for name, filters in (("xero_states", self._xero_state_filters), ("xero_bank", self._xero_bank_filters)):
                for place in arch.xpath(f"//separator[@name='{name}']"):
                    groups = {name: place.attrib.pop(name) for name in ("groups",) if name in place.attrib}
                    for attributes in filters():
                        place.addprevious(etree.Element("filter", {**attributes, **groups}))
                    del place.attrib["name"]
        return arch, view

    @api.model
    def _xero_bank_filters(self):
        for value, word in words.MONEY.items():
            yield {"name": f"xero_{value}", "string": self.env._(word.label), "domain": repr([(self._xero_bank_field, "=", value)])}

    @api.model
    def _xero_state_filters(self):
        """Attributes of the filters, in the order of the words."""
        field = self._xero_state_field
        for value, word in words.DOCUMENT.items():
            domain = Domain(field, "=", value) if value else self._xero_none_domain()
            context = {} if value else self._xero_none_context()
            yield {
                "name": f"xero_{value or 'none'}", "string": self.env._(word.label), "domain": repr(list(domain)), "context": repr(context),
            }  # fmt: skip

    @api.model
    def _xero_none_context(self):
        """What has to be in the context for these to be found."""
        return {}

    @api.model
    def _xero_none_domain(self):
        """The records of which it is worth saying that they are not in Xero."""
        return Domain(self._xero_state_field, "=", False)
