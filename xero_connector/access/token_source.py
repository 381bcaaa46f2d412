"""Access tokens for the client: one renewal, however many workers want one at the same moment."""

import datetime
import threading

import psycopg2.errors

from odoo.tools import SQL

from ..xero_core import errors
from ..xero_core.http.scopes import SCOPES
from ..xero_core.values import utcnow
from . import crypto
from .tokens import TokenRow

MARGIN = datetime.timedelta(seconds=90)  # a token that ends sooner is renewed before it is used
# longer than the slowest renewal under the lock: three requests of at most 70 seconds
LOCK_TIMEOUT = "240s"
ATTEMPTS = 5


class KeyChanged(errors.ConsentLost):
    """The stored tokens were encrypted with another key."""


class KeyUnavailable(errors.NotReached):
    """The key cannot be read just now; nothing was sent, and nothing is known of the tokens."""


class DatabaseCopied(errors.ConsentLost):
    """The stored tokens were given to another database; using them here would cut that one off."""


class TokenSource:
    """Hands out the access token of one connection. Safe to use from threads: it only ever opens cursors of its own.

    The tokens are renewed under a lock of their row, in a transaction of its own that is committed before anybody uses them:
    whatever becomes of the caller's transaction, the rotated refresh token is kept. Waiting workers find the new token after the lock.

    Both methods raise `ConsentLost` (connect again), `AppRefused` (client id or secret wrong) or an error that passes (`NotReached`, ...).
    """

    def __init__(self, registry, connection_id, oauth, is_custom=False):
        self._registry = registry
        self._connection_id = connection_id
        self._oauth = oauth
        self._is_custom = is_custom
        self._guard = threading.Lock()
        self._token = ""
        self._expires_at = None

    def get(self):
        """A token that is good for the next minute."""
        with self._guard:
            if not _is_fresh(self._expires_at):
                self._in_own_transaction(self._read)
            if not _is_fresh(self._expires_at):
                self._in_own_transaction(self._renew, lock=True)
            return self._token

    def renew(self, stale):
        """Another token than ``stale``, which Xero has refused."""
        with self._guard:
            if self._token in ("", stale):
                self._in_own_transaction(self._renew, stale, lock=True)
            return self._token

    def _in_own_transaction(self, work, *args, lock=False):
        for _attempt in range(ATTEMPTS):
            try:
                with self._registry.cursor() as cr:
                    cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
                    token, expires_at = work(TokenRow(cr, self._connection_id, lock), *args)
            except psycopg2.errors.SerializationFailure:
                continue  # another worker renewed while we waited for the lock: look again
            except psycopg2.errors.LockNotAvailable:
                break
            except crypto.KeyUnavailable:
                raise KeyUnavailable("The key that protects the connection cannot be read on this server.") from None
            except crypto.Unreadable:
                raise KeyChanged("The stored tokens cannot be read with the key of this server.") from None
            self._token, self._expires_at = token, expires_at
            return
        raise errors.NotReached("The access token is being renewed elsewhere.")

    def _read(self, row):
        self._check(row)
        return row.secret("access_token"), row.expires_at

    def _renew(self, row, stale=""):
        self._check(row)
        token = row.secret("access_token")
        if token and token != stale and _is_fresh(row.expires_at):
            return token, row.expires_at
        tokens, used = self._request(row)
        row.store_tokens(tokens, used)
        return tokens.access_token, row.expires_at

    def _check(self, row):
        if not row.has("access_token"):
            raise errors.ConsentLost("There are no tokens.")
        if row.is_foreign:
            raise DatabaseCopied("The tokens belong to another database.")

    def _request(self, row):
        """A new token set, and the refresh token that brought it."""
        if self._is_custom:
            return self._oauth.client_credentials(SCOPES), ""
        current, previous = row.secret("refresh_token"), row.secret("previous_refresh_token")
        try:
            return self._refresh(current), current
        except errors.ConsentLost:
            if not previous or previous == current:
                raise
            return self._refresh(previous), previous

    def _refresh(self, refresh_token):
        try:
            return self._oauth.refresh(refresh_token)
        except errors.OutcomeUnknown:
            # the answer was lost: Xero takes the same refresh token again for 30 minutes
            return self._oauth.refresh(refresh_token)


def _is_fresh(expires_at):
    return bool(expires_at) and expires_at > utcnow().replace(tzinfo=None) + MARGIN
