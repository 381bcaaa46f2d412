from dataclasses import dataclass

from odoo import fields

from ..xero_core import errors

FEW = 40  # ids in one call, as Xero advises


@dataclass(frozen=True)
class Asked:
    """What was asked for by its ids: of one list, because Xero has rung for records of these categories."""

    name: str
    handlers: list
    categories: frozenset
    ids: list
    asked_at: object
    remotes: list

    def of(self, handler):
        return [remote for remote in self.remotes if handler._is_taken_here(remote)]


class Rung:
    """What few rings name is asked for by its ids: one call, whatever else has changed since the list was read.

    Mostly it is the echo of what we have sent: then none of the lists that tell of such records has to be read, payments included. A list
    that is due anyway tells of it, too; and of many records it does so in fewer calls.
    """

    def __init__(self, env, run, transactions):
        self._env, self._run, self._transactions = env, run, transactions
        self._connection, self._asked, self._spared = run.connection, [], set()

    def ask(self, names):
        """Ask for what has rung, as far as it is little.

        :param names: of the lists that are due because of rings, and for no other reason
        :return: those that need not be read for them
        :raise XeroError: of the connection or the run
        """
        lists = self._connection._read_lists()
        kinds = {name: [self._env["xero.handler"]._of(kind) for kind in lists.get(name, ())] for name in names}
        self._asked = [asked for name, handlers in kinds.items() if (asked := self._ask_of(name, handlers))]
        told = frozenset().union(*(asked.categories for asked in self._asked))
        rung = self._env["xero.event"]._last_rings(self._connection).keys()
        is_all = not any(handler._tells_more(self._connection, asked.of(handler)) for asked in self._asked for handler in asked.handlers)
        self._spared = {asked.name for asked in self._asked}
        if is_all:
            self._spared |= {name for name, handlers in kinds.items() if _categories(handlers) & rung <= told}
        return self._spared

    def _ask_of(self, name, handlers):
        """:rtype: Asked"""
        if not handlers or not all(handler._is_asked_by_id for handler in handlers):
            return None
        categories, asked_at = _categories(handlers), fields.Datetime.now()
        ids = self._env["xero.event"]._rung_for(self._connection, categories)
        if not 0 < len(ids) <= FEW:
            return None
        try:
            remotes = handlers[0]._fetch(self._run.client, ids=ids)
        except errors.XeroError as error:
            if error.scope is not errors.Scope.DOCUMENT and not isinstance(error, errors.AnswerLost):
                raise
            return None  # its list is read, and says why not
        return Asked(name, handlers, categories, ids, asked_at, remotes)

    def take(self, take, unread):
        """Give the kinds what was asked for, once the other lists that tell of it were read.

        :param take: function of a handler and its records
        :param unread: names of lists that were due and were not read to their end
        """
        for asked in self._asked:
            if self._tell(asked) & unread:
                continue  # asked for again, with these, in the next run
            for handler in asked.handlers:
                if mine := asked.of(handler):
                    take(handler, mine)
            self._transactions.insist(lambda _guarded, asked=asked: self._close(asked), 0)

    def _tell(self, asked):
        """Names of the lists that tell of such records."""
        found = self._connection._read_lists().items()
        return {name for name, kinds in found if _categories(map(self._env["xero.handler"]._of, kinds)) & asked.categories}

    def _close(self, asked):
        self._env["xero.event"]._close_asked(self._connection, asked.categories, asked.ids, asked.asked_at)


def _categories(handlers):
    return frozenset(category for handler in handlers for category in handler._rings)
