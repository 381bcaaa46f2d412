"""What the scripts in Python share: steps and their results, the person on the consent page, the simulator's control.

Standard library only, because each client has an environment of its own; no client is known here.
"""

import atexit
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request

SIMULATOR = os.environ.get("SIMULATOR", "")
UNKNOWN = "11111111-1111-4111-8111-111111111111"
CLIENT_ID, CLIENT_SECRET, REDIRECT = "other-client", "other-secret", "https://app.example.com/callback"  # registered by place.py
SCOPES = [
    "offline_access", "openid", "profile", "email", "accounting.contacts", "accounting.invoices", "accounting.payments",
    "accounting.banktransactions", "accounting.manualjournals", "accounting.settings", "accounting.attachments",
    "accounting.reports.trialbalance.read", "accounting.reports.banksummary.read",
]  # fmt: skip
EMPTY = (None, False, [], "", b"")
_browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_HEADERS = re.compile(r" HTTP response headers: .*\}\) HTTP response body: ")
_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


class Steps:
    """What a client was asked to do, in order, and how it went: "ok", or why not."""

    def __init__(self):
        self.results = {}
        atexit.register(self.show)  # also when the script itself breaks

    def __call__(self, name, work, *arguments, **keywords):
        """Do one step, which ends well if `work` gives something and not False; gives what it gives, None if it failed."""
        try:
            value = work(*arguments, **keywords)
        except Exception as error:  # noqa: BLE001  whatever a client does not manage is its result
            self.results[name] = told(error)
            return None
        self.results[name] = "other than expected" if value in EMPTY else "ok"
        return value

    def refused(self, name, kind, text, work):
        """A step that ends well if it raises `kind` with `text` in it."""
        try:
            work()
        except kind as error:
            found = f"{error} {getattr(error, 'errors', '')}"
            self.results[name] = "ok" if text in found else told(error)
        except Exception as error:  # noqa: BLE001
            self.results[name] = told(error)
        else:
            self.results[name] = "no error was raised"

    def show(self):
        print(json.dumps(self.results, indent=1))


def told(error):
    """The error in a line, without what differs from run to run."""
    text = _HEADERS.sub(" ", " ".join(_IDS.sub("<id>", str(error)).split()))
    return f"{type(error).__name__}: {text}"[:200]


def control(path, **body):
    request = urllib.request.Request(
        f"{SIMULATOR}/_simulator/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with _browser.open(request, timeout=30) as answer:
        return json.load(answer)


def limit(kind="minute_limit"):
    """The next call meets a limit: for an error, `concurrent_limit` for clients that would wait as long as Retry-After says."""
    control("faults", faults=[{"kind": kind, "path": "^/api.xro/"}])


def short_limit(token, tenant):
    """The next call meets the minute's limit in the last second of a minute, for clients that wait it out."""
    limit()
    headers = {"Authorization": f"Bearer {token}", "xero-tenant-id": tenant}
    try:
        _browser.open(urllib.request.Request(f"{SIMULATOR}/api.xro/2.0/Organisation", headers=headers), timeout=30)
    except urllib.error.HTTPError as answer:
        control("clock", advance_seconds=int(answer.headers["Retry-After"]) - 1)
    limit()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def consent(url):
    """What the person does at the address where a client has sent the browser; gives the address the browser is sent back to."""
    address = SIMULATOR + urllib.parse.urlsplit(url).path + "?" + urllib.parse.urlsplit(url).query
    with _browser.open(address, timeout=30) as page:
        tenant = re.search(r'name="tenant" value="([^"]+)"', page.read().decode())[1]
    form = [*urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query), ("tenant", tenant), ("action", "allow")]
    staying = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
    try:
        staying.open(address.split("?")[0], urllib.parse.urlencode(form).encode(), timeout=30)
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"]
    raise RuntimeError("the consent page did not send the browser back")


def authorize_url(state="x"):
    """For clients that leave the consent to other libraries."""
    asked = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": " ".join(SCOPES), "state": state}
    return f"https://login.xero.com/identity/connect/authorize?{urllib.parse.urlencode(asked)}"


def exchange(location):
    """Tokens for the code in the address the browser came back to."""
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    form |= {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    with _browser.open(f"{SIMULATOR}/connect/token", urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        return json.load(answer)


def tenant_of(token):
    """The organisation that the person has chosen."""
    request = urllib.request.Request(f"{SIMULATOR}/connections", headers={"Authorization": f"Bearer {token}"})
    with _browser.open(request, timeout=30) as answer:
        return json.load(answer)[0]["tenantId"]
