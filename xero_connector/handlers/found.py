from odoo import api, models, tools


class XeroHandler(models.AbstractModel):
    """The kinds, found among all that inherit from ``xero.handler``; asked of a family they are that family's."""

    _inherit = "xero.handler"

    @api.model
    @tools.ormcache("self._name")
    def _kinds(self):
        """``((kind, name of its handler), ...)`` of this and all that inherit from it, in the order in which they go."""
        names = self.env.registry.descendants([self._name], "_inherit")
        handlers = [handler for handler in (self.env[name] for name in names) if handler._kind]
        return tuple((handler._kind, handler._name) for handler in sorted(handlers, key=lambda each: (each._sequence, each._kind)))

    @api.model
    def _codes(self, *, with_jobs=False):
        """The kinds of this and of all that inherit from it, as a tuple of text; with ``with_jobs`` those that have jobs of their own."""
        return tuple(kind for kind, name in self._kinds() if self.env[name]._has_jobs or not with_jobs)

    @api.model
    def _of(self, kind):
        """The handler of a kind; ``None`` if no module that is installed knows it."""
        name = dict(self._kinds()).get(kind)
        return None if name is None else self.env[name]

    @api.model
    def _all(self):
        """The handlers of all kinds, in the order in which they go."""
        return [self.env[name] for _kind, name in self._kinds()]

    @api.model
    @tools.ormcache()
    def _document_kinds(self):
        """The kinds of document that are made of invoice-like entries."""
        return self.env["xero.handler.document"]._codes(with_jobs=True)

    @api.model
    @tools.ormcache()
    def _move_types(self):
        """``{type of a journal entry: kind}``; asked for each entry that is written."""
        handlers = self.env["xero.handler"]._all()  # whichever handler is asked
        return tools.frozendict({move_type: handler._kind for handler in handlers for move_type in handler._moves})

    @api.model
    @tools.ormcache()
    def _settling_kinds(self):
        """``(all kinds that take off what is open on documents, those of them that list the documents)``, as tuples of text."""
        handlers = self.env["xero.handler"]._all()  # whichever handler is asked
        settling = {handler._kind: handler._settles for handler in handlers if handler._settles}
        return tuple(settling), tuple(kind for kind, count in settling.items() if count == "several")

    @api.model
    @tools.ormcache("attribute")
    def _kinds_that(self, attribute):
        """The kinds of which this attribute of their handlers holds, as a tuple of text."""
        handlers = self.env["xero.handler"]._all()  # whichever handler is asked
        return tuple(handler._kind for handler in handlers if getattr(handler, attribute))

    @api.model
    def _selection(self):
        """The kinds for a selection field."""
        return [(kind, self.env._(self.env[name]._label) or kind) for kind, name in self._kinds()]
