"""The way back: what each kind hears of, and what it does with what was read. Whatever way it came in, it ends in ``_take``."""

from odoo import api, models, tools

from ..const import OFTEN, ON_THE_WIRE, RESTORED


class XeroHandlerIncoming(models.AbstractModel):
    """Which of Xero's lists tells of the records of a kind, how often it is read, and the hook that gets what was read."""

    _inherit = "xero.handler"

    _list = ""  # the list of Xero's (``xero_core.lists``) in which the kind's records are, or several; '' if nothing is read for it
    _interval = OFTEN  # how long what changed in Xero may go unseen where nothing rings: a key of ``const.INTERVALS``
    _rings = ()  # the categories of Xero's webhooks that tell of changes in the list
    _takes = ""  # the connection's field that says how records of the kind that were made in Xero come in; '' if they do not
    _paid_online = ()  # the statuses in which its customer may pay it on a page of Xero's; () if never
    _brings_bank_lines = False  # whether its records become bank lines here, or bank lines its records (``_bank_lines``)
    _rings_itself = False  # whether each change of a record in the list rings: payments ring for what they pay, if at all
    _is_asked_by_id = False  # whether a few records that Xero has rung for are asked for by their ids, instead of the list
    _taken_at = 50  # of what was read, kinds take theirs in this order
    _take_limit = 100  # so many records are taken, and committed, at a time

    @api.model
    @tools.ormcache("after_restore")
    def _lists(self, *, after_restore=False):
        """``{list: kinds that take from it}``, both in the order in which they are read and taken.

        :param bool after_restore: with those that are read after a backup came back only
        """
        handlers = self.env["xero.handler"]._all()
        reading = [handler for handler in handlers if handler._list and (after_restore or handler._interval != RESTORED)]
        found = {}
        for handler in sorted(reading, key=lambda each: (each._taken_at, each._sequence, each._kind)):
            for name in [handler._list] if isinstance(handler._list, str) else handler._list:
                found[name] = (*found.get(name, ()), handler._kind)
        return tools.frozendict(found)

    def _is_read(self, connection):
        """Hook: whether lists are read for the kind, as the connection is set; what is read for others is told to it, too."""
        return True

    def _page_of_list(self, client, name, since, page):
        """One call: a page of what was changed in the list; see ``ListCalls.changed``. Does not touch the database.

        :param since: aware, to the second; ``None`` for all there is
        :rtype: Page
        :raise XeroError: if Xero did not say
        """
        return client.changed(name, since, page)

    def _is_taken_here(self, remote):
        """Whether a record of the list is of this kind."""
        return True

    def _take(self, connection, client, remotes, baseline):
        """Hook: records of the kind were read in Xero, whatever way they came in; called in the transaction that keeps what comes of it.

        Some may have been told before, in the same reading or days ago: what was seen is known by its fingerprint (``_is_echo``). That a
        record is not among them says nothing about it. May be called again if the transaction has to be repeated.

        :param client: for what else has to be asked; :raise XeroError: if Xero did not say, all of these are told again
        :param remotes: list of ``Remote``, at most ``_take_limit``, as they were read
        :param bool baseline: the first reading of the list: what is there is only compared, nothing is booked
        """

    def _send_bank_lines(self, connection, mappings):
        """Hook: ask for the bank lines that go to Xero since their banks have no feed there.

        :param mappings: lines of the mapping for which that was just chosen
        """

    def _tells_more(self, connection, remotes):
        """Hook: whether records that Xero has rung for say of themselves that something about them is new that only other lists tell."""
        return False

    def _is_echo(self, binding, remote):
        """Whether Xero says what it said when we last saw it, which mostly is what we have sent; the stamp proves nothing either way."""
        return bool(binding.seen) and binding.seen == self._seen(remote)

    def _note_seen(self, binding, remote):
        """Remember what Xero holds by now."""
        if seen := self._seen(remote):
            stamp = remote.updated.replace(tzinfo=None, microsecond=0) if remote.updated else False
            binding.write({"seen": seen, "xero_updated": stamp})

    def _compare_marked(self, connection, client):
        """Hook, at the end of a run: compare what is marked to be looked at again, as soon as nothing of it is on its way.

        :raise XeroError: if Xero did not say
        """

    def _waiting(self, connection, res_ids):
        """Of these records, the ids of those that wait to be sent, and of those that are on the wire; one query."""
        own = [("connection_id", "=", connection.id), ("kind", "=", self._kind), ("is_open", "=", True), ("res_id", "in", list(res_ids))]
        jobs_sudo = self.env["xero.job"].sudo().search(own)
        return set(jobs_sudo.mapped("res_id")), {job.res_id for job in jobs_sudo if job.state in ON_THE_WIRE}

    def _is_marked(self, item, remote):
        """Hook: whether what was just made in Xero, or found there, is to be looked at again: it has something that was not made here."""
        return False
