"""The rows of ``xero.token``: secrets as they lie in the database, and as they are read."""

from odoo.tools import SQL

from . import crypto

# columns that hold ciphertext
SECRETS = ("access_token", "refresh_token", "previous_refresh_token", "client_secret", "consent", "offer", "webhook_keys")
TOKENS = ("access_token", "refresh_token", "previous_refresh_token", "expires_at", "consent", "offer")


class TokenRow:
    """The row of one connection as seen through one cursor. Its repr shows nothing.

    :param lock: hold the row until the end of the transaction; others wait (their wait ends with a serialization failure
        if we change the row, because Odoo's transactions are REPEATABLE READ)
    """

    __slots__ = ("_cr", "_connection_id", "_values")

    def __init__(self, cr, connection_id, lock=False):
        self._cr = cr
        self._connection_id = connection_id
        columns = SQL(", ").join(SQL.identifier(name) for name in (*SECRETS, "expires_at", "database"))
        query = SQL("SELECT %s FROM xero_token WHERE connection_id = %s", columns, connection_id or 0)
        if lock:
            query = SQL("%s FOR NO KEY UPDATE", query)
        cr.execute(query, log_exceptions=False)
        self._values = cr.dictfetchone() or {}

    def has(self, name):
        """Whether something is stored, readable or not."""
        return bool(self._values.get(name))

    def secret(self, name):
        """The decrypted text, "" for nothing.

        :raise crypto.Unreadable: if the key has changed
        """
        return crypto.decrypt(self._values.get(name))

    @property
    def expires_at(self):
        """When the access token ends, naive UTC, or None."""
        return self._values.get("expires_at")

    @property
    def is_foreign(self):
        """Whether there are tokens, and they were given to another database than this."""
        return self.has("access_token") and self._values.get("database") != this_database(self._cr)

    @property
    def was_elsewhere(self):
        """Whether tokens were last given to another database than this, though they may have been forgotten since."""
        return self.has("database") and self._values["database"] != this_database(self._cr)

    def claim(self):
        """The tokens are this database's from now on."""
        self.store(database=this_database(self._cr))

    def store(self, **values):
        """Write columns, encrypting the secret ones; the row is made if it is missing.

        :raise crypto.KeyUnavailable: if the key is gone that others were encrypted with; another would make these unreadable for ever
        """
        make = any(values.get(name) for name in SECRETS) and not self._has_ciphertext()
        values = {name: crypto.encrypt(value, make) if name in SECRETS else value for name, value in values.items()}
        names = [SQL.identifier(name) for name in values]
        self._cr.execute(
            SQL(
                "INSERT INTO xero_token (connection_id, %s) VALUES (%s, %s) ON CONFLICT (connection_id) DO UPDATE SET %s",
                SQL(", ").join(names),
                self._connection_id,
                SQL(", ").join(SQL("%s", value) for value in values.values()),
                SQL(", ").join(SQL("%s = EXCLUDED.%s", name, name) for name in names),
            )
        )
        self._values.update(values)

    def _has_ciphertext(self):
        """Whether anything in the table was encrypted, of whichever connection."""
        columns = SQL(", ").join(SQL.identifier(name) for name in SECRETS)
        self._cr.execute(SQL("SELECT EXISTS (SELECT 1 FROM xero_token WHERE COALESCE(%s) IS NOT NULL)", columns))
        return self._cr.fetchone()[0]

    def store_tokens(self, tokens, previous_refresh_token):
        """Write a token set as Xero gave it to this database."""
        self.store(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            previous_refresh_token=previous_refresh_token,
            expires_at=tokens.expires_at.replace(tzinfo=None),
            database=this_database(self._cr),
        )

    def wipe(self, names=TOKENS):
        """Forget the tokens; the client secret stays unless named."""
        self.store(**dict.fromkeys(names))


def this_database(cr):
    """What tells this database from all others: a copy made by Odoo has another uuid, one made by PostgreSQL another name or oid."""
    cr.execute(
        """SELECT p.value || '/' || d.datname || '/' || d.oid
             FROM ir_config_parameter p, pg_database d
            WHERE p.key = 'database.uuid' AND d.datname = current_database()"""
    )
    return cr.fetchone()[0]
