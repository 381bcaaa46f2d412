"""Encryption of secrets at rest. The key never lies in the database, so a copy of the database alone opens nothing.

Where the key comes from, first found wins: the option ``xero_connector_key`` in odoo.conf, the environment variable
``XERO_CONNECTOR_KEY``, the file ``xero_connector.key`` in Odoo's data directory (made on first use, readable by Odoo's user only).
"""

import base64
import functools
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo.tools import config

OPTION = "xero_connector_key"
VARIABLE = "XERO_CONNECTOR_KEY"
FILE = "xero_connector.key"


class Unreadable(Exception):
    """The secret was encrypted with another key than the one this server has now."""


class KeyUnavailable(Unreadable):
    """The key cannot be read just now (a disk that is full, or not mounted yet): nothing is known of the secret."""


def encrypt(text, make=True):
    """The ciphertext of ``text``; nothing (None, "") stays None.

    :param bool make: whether a missing key file is made: only where nothing was encrypted before
    :raise KeyUnavailable: if the key cannot be read
    """
    return _fernet(_key(make)).encrypt(text.encode()).decode() if text else None


def decrypt(ciphertext):
    """The text behind ``ciphertext``, "" for nothing.

    :raise Unreadable: if the key has changed
    :raise KeyUnavailable: if it cannot be read; a new one is never made where there is something to be read
    """
    if not ciphertext:
        return ""
    try:
        return _fernet(_key(make=False)).decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def _key(make=True):
    return config.get(OPTION) or os.environ.get(VARIABLE) or _key_of_file(Path(config["data_dir"]) / FILE, make)


@functools.lru_cache(maxsize=8)
def _fernet(key):
    """A Fernet key is taken as it is; any other text is stretched into one."""
    try:
        return Fernet(key)
    except ValueError:
        stretched = hashlib.scrypt(key.encode(), salt=OPTION.encode(), n=2**14, r=8, p=1, dklen=32)
        return Fernet(base64.urlsafe_b64encode(stretched))


def _key_of_file(path, make):
    try:
        if make and not path.exists():
            _make_key_file(path)
        key = path.read_text().strip()
    except OSError:
        raise KeyUnavailable("The key file cannot be read.") from None
    if not key:  # a disk that was full: going on would encrypt with a key that everybody can guess
        raise KeyUnavailable("The key file is empty.")
    return key


def _make_key_file(path):
    """Appears complete or not at all, and the first worker wins: the name is linked to a finished file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(Fernet.generate_key())
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another worker was faster; its key counts
    finally:
        draft.unlink()
