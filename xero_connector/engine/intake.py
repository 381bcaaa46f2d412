import logging
import time
from datetime import timedelta, timezone
from functools import partial

from odoo import fields

from ..const import AUTOMATIC, INTERVALS, KEPT_FOR_SENDING, PEOPLE
from ..xero_core import errors
from ..xero_core.lists import Place
from .guard import harmless, harmless_if, in_savepoint
from .pause import words
from .rung import Rung

_logger = logging.getLogger(__name__)

# between readings: for clocks that differ, and for what Xero lists a moment after its stamp
OVERLAP = timedelta(minutes=5)
# how long a run reads, alone and where documents wait
READING_SECONDS, WITH_OTHERS = 30, 10
MADE = 40  # documents whose money is asked for at a time: one call's
TOGETHER = 50  # pieces of money, after which the jobs that they have led to are looked at
KEPT_OF_MINUTE = 12  # of Xero's 60 calls a minute; the run after the next minute reads on


class Intake:
    """Everything that comes in from Xero, whatever way it does: what is due is read to its end, and taken by the kinds.

    Xero's webhooks only ring; a reading at intervals, one that a person asks for, and one after a backup came back differ in when they are
    due and in what they may cost. A list that cannot be read leaves its cursor where it is, and the documents to be sent go all the same.
    """

    def __init__(self, env, run, transactions):
        self._env, self._run, self._transactions = env, run, transactions
        self._connection, self._handlers = run.connection, env["xero.handler"]
        self._rung = Rung(env, run, transactions)
        self._until, self._has_settled = 0.0, False

    def go(self):
        """:raise XeroError: of the connection or the run: nothing else would come through either"""
        self._ask_after_restoring()
        waiting = self._env["xero.job"].search_count([("connection_id", "=", self._connection.id), ("state", "=", "pending")], limit=1)
        self._until = time.monotonic() + (WITH_OTHERS if waiting else READING_SECONDS)
        self._read_lists(self._until)
        self._settle_made()
        self._settle_money()
        self._transactions.insist(lambda _guarded: self._env["xero.taking"]._find_twice(self._connection), 0)
        self._env["xero.event"]._close_heard(self._connection)
        if self._connection.restored_from and not self._is_restoring():
            self._connection.restored_from = False
        self._transactions.commit()

    def _read_lists(self, until):
        """Read what is due; what few rings name is asked for by its ids instead, and taken when what else tells of it was read."""
        due, began = self._due(heard=True), fields.Datetime.now()
        spared = self._ask_rung(due - self._due(heard=False))
        wanted = due.filtered(lambda cursor: cursor.name not in spared)
        for cursor in wanted:
            if cursor.asked == "restored" or self._settle_money() and time.monotonic() < until:
                self._read(cursor, until)
        unread = wanted.filtered(lambda cursor: not cursor.read_at or cursor.read_at < began or cursor.started_at)
        if self._settle_money():
            self._rung.take(lambda handler, remotes: self._take(handler, remotes, baseline=False), set(unread.mapped("name")))

    def _ask_rung(self, only_rung):
        """Names of those lists, due for nothing but rings, that need not be read for them."""
        if not only_rung or not self._permits(only_rung[0]):
            return ()
        spared = self._rung.ask(only_rung.mapped("name"))
        self._transactions.insist(lambda _guarded: None, 0)  # the call is written down
        return spared

    def _due(self, *, heard):
        """Cursors of the lists that are due, in the order in which they are read."""
        readings = self._connection._readings(heard=heard)
        return self._env["xero.cursor"].union(*(cursor for cursor, moment in readings if moment <= fields.Datetime.now()))

    def _settle_money(self):
        """Decide about the money that was made or removed in Xero, a commit each; after a backup came back what is ours is found first.

        Some of it in each run, and more as long as there is time. Returns whether nothing is left: before that no document is compared,
        since what was paid explains what is open.
        """
        due, seen = self._money_due(()), set()
        while due and (not self._has_settled or time.monotonic() < self._until):
            self._has_settled = True
            newest = self._env["xero.job"].search([], order="id desc", limit=1).id or 0
            for money in due:
                self._transactions.insist(partial(self._settle_one, money, self._env["xero.taking"]._attempt), 0)
            self._transactions.insist(partial(self._close_booked, newest), 0)
            seen |= set(due.ids)
            due = self._money_due(seen)
        return not due

    def _money_due(self, seen):
        if self._is_restoring():
            return self._env["xero.money"]
        return self._env["xero.money"]._due(self._connection).filtered(lambda money: money.id not in seen)[:TOGETHER]

    def _close_booked(self, newest, guarded):
        """What was booked asks to be sent, and is in Xero: the documents that are compared next shall not wait for it."""
        with harmless_if(guarded, self._env):
            self._env["xero.runner"]._close_in_step(self._connection, newest)

    def _settle_made(self):
        """Take in documents that were made in Xero, a commit each; then what was paid of them there is asked for, once.

        As money, as long as there is time; the next run follows at once then.
        """
        if self._is_restoring():
            return
        for number, made in enumerate(self._env["xero.made"]._due(self._connection)):
            if not number or time.monotonic() < self._until:
                self._transactions.insist(partial(self._settle_one, made, self._handlers._of(made.kind)._attempt_made), 0)
        own = [("connection_id", "=", self._connection.id), ("money_due", "=", True)]
        for kind, rows in self._env["xero.made"].sudo().search(own, limit=MADE).grouped("kind").items():
            if self._may_read():
                self._ask_for_money(self._handlers._of(kind), rows)

    def _ask_for_money(self, handler, rows):
        """What was paid of documents before they came in; what Xero does not say now is asked again in the next run."""
        asked = []
        self._transactions.insist(partial(self._attempt_money, handler, rows, asked), 0)
        if asked and not is_of_list(asked[-1]):
            raise asked[-1]

    def _attempt_money(self, handler, rows, asked, guarded):
        """:param list asked: gets the error of Xero's that ended it"""
        asked.clear()
        with harmless_if(guarded, self._env):
            try:
                handler._hear_money_made(self._connection, self._run.client, rows)
            except errors.XeroError as error:
                asked.append(error)

    def _settle_one(self, row, attempt, _guarded):
        _done, mistake = in_savepoint(self._env, lambda: attempt(row))
        if mistake:
            _logger.error("xero: what was made in Xero (%s %s) could not be taken in", row.kind, row.xero_id, exc_info=mistake)
            self._env.invalidate_all()
            row._broke()

    def _ask_after_restoring(self):
        """This database was restored from a backup: what Xero was told since then it has forgotten."""
        moment = self._connection.restored_from
        if moment and not self._is_restoring():
            cursors = self._env["xero.cursor"]._of(self._connection, self._connection._read_lists(after_restore=True))
            for cursor in cursors:
                cursor.since = min(filter(None, [cursor.since, moment]))
            cursors._ask("restored")

    def _is_restoring(self):
        return self._env["xero.cursor"].search_count([("connection_id", "=", self._connection.id), ("asked", "=", "restored")], limit=1)

    def _permits(self, cursor):
        """Whether the day's calls suffice for one more page; a person's question counts as what people send."""
        return self._run.permits(PEOPLE) if cursor.asked else self._may_read()

    def _may_read(self):
        """Whether the day's calls suffice for what nobody has asked for."""
        enough = self._run.allowance.left > self._connection.day_budget / KEPT_FOR_SENDING
        return enough and self._run.permits(AUTOMATIC)

    def _read(self, cursor, until):
        """Read a list as far as it goes now. What cannot be read is asked for again later, unless everything waits for it."""
        kinds = [self._handlers._of(kind) for kind in self._handlers._lists(after_restore=True)[cursor.name]]
        is_restored = cursor.asked == "restored"
        try:
            self._read_pages(cursor, kinds, until, is_restored)
        except errors.XeroError as error:
            if is_restored or not is_of_list(error):
                raise
            self._transactions.insist(partial(self._give_up, cursor, kinds, error), 0)

    def _read_pages(self, cursor, kinds, until, is_restored):
        """To the end, or until it is somebody else's turn; what was read is taken and committed page by page."""
        while self._permits(cursor) and (is_restored or time.monotonic() < until):
            if self._read_page(cursor, kinds):
                return
            if not is_restored and self._is_out_of_breath():
                self._transactions.insist(lambda _guarded: cursor._rest(), 0)
                return

    def _is_out_of_breath(self):
        """Whether a little more of this would use up Xero's minute."""
        left = self._run.minute_remaining
        return left is not None and left <= KEPT_OF_MINUTE

    def _read_page(self, cursor, kinds):
        """One call, and what comes of it; returns whether that was the end."""
        is_first = not cursor.started_at
        if is_first:
            cursor._begin(OVERLAP)
            self._transactions.commit()  # a mistake about what is read must not undo that the reading has begun
        place = Place(_aware(cursor.place), cursor.page or 1)
        page = kinds[0]._page_of_list(self._run.client, cursor.name, place.since, place.page)
        baseline, after = not cursor.whole_at, place.after(page)
        for handler in kinds:
            mine = [remote for remote in page.remotes if handler._is_taken_here(remote)]
            for start in range(0, len(mine), handler._take_limit):
                self._take(handler, mine[start : start + handler._take_limit], baseline)
            self._settle_made()
            self._settle_money()  # before documents are compared: what was paid explains what is open
        self._transactions.insist(partial(self._move, cursor, page, after, is_first), 0)
        self._env.invalidate_all()  # memory does not grow with the list
        return after is None

    def _take(self, handler, remotes, baseline):
        """Give a kind its records, and commit; after a mistake of ours one by one, so that one does not spoil the others."""
        asked = []
        self._transactions.insist(partial(self._attempt, handler, remotes, baseline, asked), 0)
        if asked:
            raise asked[-1]

    def _attempt(self, handler, remotes, baseline, asked, guarded):
        """:param list asked: gets the error of Xero's that ended it; it is no mistake of ours, and not tried again at once"""
        asked.clear()
        groups = [[remote] for remote in remotes] if guarded else [remotes]
        try:
            with self._env.cr.savepoint():
                for group in groups:
                    self._tell(handler, group, baseline, guarded, asked)
        except errors.XeroError as error:
            asked.append(error)

    def _tell(self, handler, remotes, baseline, guarded, asked):
        if not guarded:
            handler._take(self._connection, self._run.client, remotes, baseline)
            return
        with harmless(self._env):
            try:
                handler._take(self._connection, self._run.client, remotes, baseline)
            except errors.XeroError as error:
                asked.append(error)

    def _move(self, cursor, page, after, is_first, _guarded):
        """The rows of a page were taken: go on after it, or end."""
        stamps = (_naive(remote.updated) for remote in page.remotes if remote.updated)
        newest = max(filter(None, [cursor.newest, *stamps]), default=False)
        place = (_naive(after.since), after.page) if after else (cursor.place, cursor.page)
        cursor._go_on(*place, newest, _naive(page.asked_at) if is_first else False)
        if after is None:
            cursor._end()

    def _give_up(self, cursor, kinds, error, _guarded):
        cursor._failed(words(self._env, error), INTERVALS[kinds[0]._interval])


def is_of_list(error):
    """Whether it is about this list: others, and what is sent, may go through."""
    return error.scope is errors.Scope.DOCUMENT or isinstance(error, (errors.AnswerLost, errors.ScopeMissing, errors.PermissionDenied))


def _aware(moment):
    return moment.replace(tzinfo=timezone.utc) if moment else None


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0) if moment else False
