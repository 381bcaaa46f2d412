"""Where Xero is, and the check that keeps secrets from travelling in the clear."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Base addresses of Xero's three hosts: Xero's own, or on this machine. Client secret and tokens are sent there, so nothing that is
    kept in a database may lead them elsewhere; whoever runs the server may allow further hosts (`allowed`).

    :raise ValueError: for an address of another host, or one that is not https, unless its host is this machine
    """

    login_url: str = "https://login.xero.com"
    identity_url: str = "https://identity.xero.com"
    api_url: str = "https://api.xero.com"
    allowed: frozenset[str] = frozenset()

    def __post_init__(self):
        for name in ("login_url", "identity_url", "api_url"):
            object.__setattr__(self, name, xeros_url(getattr(self, name), self.allowed))

    @property
    def authorize_url(self) -> str:
        """Page on which a person consents."""
        return self.login_url + "/identity/connect/authorize"

    @property
    def token_url(self) -> str:
        """Where codes and refresh tokens are exchanged."""
        return self.identity_url + "/connect/token"

    @property
    def revocation_url(self) -> str:
        """Where a refresh token, and with it all of that person's connections, is revoked."""
        return self.identity_url + "/connect/revocation"

    @property
    def connections_url(self) -> str:
        """The organisations a token reaches."""
        return self.api_url + "/connections"


def xeros_url(url: str, allowed: frozenset[str] = frozenset()) -> str:
    """The address without a trailing slash.

    :raise ValueError: as `checked_url`; and for a host that is neither Xero's, nor allowed, nor this machine
    """
    address = checked_url(url)
    host = (urlsplit(address).hostname or "").lower()
    if host == "xero.com" or host.endswith(".xero.com") or host in allowed or _is_this_machine(host):
        return address
    raise ValueError(f"{host} is not one of Xero's hosts.")


def checked_url(url: str) -> str:
    """The address without a trailing slash.

    :raise ValueError: unless it is https, or http to localhost or a loopback address, with nothing but scheme, host, port and path
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError("This is not a web address.") from error
    if not host or any((parts.username, parts.password, parts.query, parts.fragment)):
        raise ValueError("Give a plain web address, with nothing but its host, port and path.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(host)):
        raise ValueError(f"The address of {host} must begin with https.")
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
