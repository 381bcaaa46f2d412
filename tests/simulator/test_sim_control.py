"""/_simulator/: state, reset, clock, switches, apps, organisations; and faults in process."""

import pickle

import pytest
import requests
from simulator_helpers import CheckedApi, line

from xero_simulator.app import create_app
from xero_simulator.persistence import StateFile, load
from xero_simulator.switches import CHOICES, Switches
from xero_simulator.testing import API, BASE, tokens


def order(control, kind, **fields):
    answer = control("faults", {"faults": [{"kind": kind, **fields}]})
    assert answer.status_code == 200, answer.text


def test_state_tells_everything(api, control):
    invoice = api.invoice()
    api.payment(invoice, 10)
    state = control("state", method="GET").json()
    organisation = state["organisations"][0]
    assert organisation["country"] == "NZ"
    assert [row["Number"] for row in organisation["invoices"]] == [invoice["InvoiceNumber"]]
    assert len(organisation["payments"]) == len(organisation["contacts"]) == 1
    assert state["calls"]["PUT /Invoices"] == 1
    assert state["calls"]["POST /connect/token"] == 1
    assert state["log"][-1]["path"] == "/api.xro/2.0/Payments"
    assert "demo-secret" not in str(state)
    assert api.headers["Authorization"].split()[1] not in str(state)


def test_reset(api, control, switch):
    api.invoice()
    switch(ties="half_even")
    control("reset")
    state = control("state", method="GET").json()
    assert state["organisations"][0]["invoices"] == []
    assert state["switches"]["ties"] == "half_up"
    assert state["switches"]["minute_limit"] is None  # given at the start, so kept
    assert api.get("Organisation").status_code == 401


def test_clock(control):
    before = control("clock", method="GET").json()["now"]
    assert before.startswith("2026-09-14T09:30:00")
    assert control("clock", {"advance_seconds": 90}).json()["now"].startswith("2026-09-14T09:31:30")
    assert control("clock", {"now": "2027-01-01T00:00:00Z"}).json()["now"].startswith("2027-01-01T00:00:00")


def test_switches(control):
    assert control("switches", {"ties": "half_even", "minute_limit": 5}).json()["ties"] == "half_even"
    for wrong in ({"ties": "sideways"}, {"colour": "red"}, {"zero_total_is_paid": "yes"}, {"minute_limit": "none"}):
        answer = control("switches", wrong)
        assert (answer.status_code, "xero_simulator:" in answer.text) == (400, True)
    with pytest.raises(ValueError, match="no such switch"):
        create_app(("AU",), colour="red")


def test_choices_name_real_switches_and_allow_the_default():
    for name, allowed in CHOICES.items():
        assert getattr(Switches(), name) in allowed


def test_apps(app, control):
    control(
        "apps",
        {
            "client_id": "mine",
            "client_secret": "s",
            "flow": "web",
            "name": "My Odoo",
            "redirect_uris": ["https://erp.example.com/xero/callback"],
        },
    )
    assert app.world.identity.apps["mine"].accepts("https://erp.example.com/xero/callback")
    assert tokens(app, "NZ", client_id="mine", secret="s")["access_token"]
    custom = control("apps", {"client_id": "own", "client_secret": "s", "flow": "custom", "tenant": "AU"})
    assert custom.status_code == 200
    assert app.world.identity.apps["own"].tenant == app.world.organisation("AU").tenant_id
    for wrong in ({"client_id": "x", "flow": "magic"}, {"client_id": "x", "redirect_uris": ["http://127.0.0.1/"]}, {"flow": "pkce"}):
        assert control("apps", wrong).status_code == 400


def test_organisations(app, control):
    made = control("organisations", {"country": "UK", "name": "Second Ltd"}).json()
    assert CheckedApi(app, made["tenant_id"]).get("Organisation").json()["Organisations"][0]["Name"] == "Second Ltd"
    assert control("organisations", {"country": "FR"}).status_code == 400
    assert control("organisations/FR", {"plan": "X"}).status_code == 404
    assert control("organisations/NZ", {"colour": "red"}).status_code == 400
    assert control("organisations/NZ", {"archive_accounts": ["none"]}).status_code == 400
    changed = control(
        "organisations/NZ", {"currencies": ["USD"], "add_contacts": ["Eastside Club"], "delete_tax_rates": ["ZERORATED"]}
    ).json()
    assert changed["currencies"] == ["NZD", "USD"]
    assert changed["contacts"][0]["Name"] == "Eastside Club"
    assert control("nonsense").status_code == 404


def test_control_calls_are_free(api, control):
    order(control, "error_500_before", times=None)
    assert control("state", method="GET").status_code == 200
    assert control("faults", method="GET").json()["faults"][0]["kind"] == "error_500_before"
    control("faults", method="DELETE")
    assert api.get("Organisation").status_code == 200


# --- faults ---


def count(api):
    return len(api.organisation.contacts)


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("timeout_before", requests.exceptions.ReadTimeout, 0),
        ("timeout_after", requests.exceptions.ReadTimeout, 1),
        ("reset_before", requests.exceptions.ConnectionError, 0),
        ("reset_after", requests.exceptions.ConnectionError, 1),
    ],
)
def test_broken_connections(api, control, kind, error, done):
    order(control, kind, method="PUT", path="/Contacts$")
    assert api.get("Contacts").status_code == 200
    with pytest.raises(error):
        api.put("Contacts", {"Contacts": [{"Name": "A"}]})
    assert count(api) == done
    assert api.put("Contacts", {"Contacts": [{"Name": "B"}]}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "problem"),
    [
        ("minute_limit", 429, "minute"),
        ("day_limit", 429, "day"),
        ("concurrent_limit", 429, "concurrent"),
        ("app_minute_limit", 429, "appminute"),
        ("unavailable_503", 503, None),
        ("organisation_offline_503", 503, None),
        ("unauthorised_tenant", 403, None),
        ("forbidden", 403, None),
        ("token_expired", 401, None),
        ("token_refused", 401, None),
        ("missing_scope", 401, None),
        ("error_500_before", 500, None),
    ],
)
def test_refusals_do_no_work(api, control, kind, status, problem):
    order(control, kind)
    answer = api.session.put(f"{API}/Contacts", json={"Contacts": [{"Name": "A"}]}, headers=api.headers, timeout=5)
    assert (answer.status_code, answer.headers.get("X-Rate-Limit-Problem")) == (status, problem)
    assert count(api) == 0
    if status == 429:
        assert answer.content == b""
        assert ("Retry-After" in answer.headers) is (problem != "concurrent")
    if status == 503:
        assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("kind", "status"), [("html_200", 200), ("empty_200", 200), ("nonsense_200", 200), ("truncated_200", 200), ("error_500_after", 500)]
)
def test_spoiled_answers_come_after_the_work(api, control, kind, status):
    order(control, kind, path="/Contacts")
    answer = api.session.put(f"{API}/Contacts", json={"Contacts": [{"Name": "A"}]}, headers=api.headers, timeout=5)
    assert answer.status_code == status
    assert count(api) == 1
    assert answer.headers["Xero-Correlation-Id"]


@pytest.mark.parametrize(
    ("kind", "names"), [("missing_element_200", ["A"]), ("extra_element_200", ["A", "B", "B"]), ("reversed_200", ["B", "A"])]
)
def test_answers_with_wrong_elements(api, control, kind, names):
    order(control, kind)
    answer = api.put("Contacts", {"Contacts": [{"Name": "A"}, {"Name": "B"}]})
    assert [row["Name"] for row in answer.json()["Contacts"]] == names


def test_times_skip_and_probability(api, control):
    order(control, "unavailable_503", times=2, skip=1)
    assert [api.get("Organisation").status_code for _ in range(4)] == [200, 503, 503, 200]
    order(control, "unavailable_503", probability=0.0)
    assert api.get("Organisation").status_code == 200
    control("faults", method="DELETE")
    order(control, "unavailable_503", probability=0.5, times=None)
    assert 5 < sum(api.get("Organisation").status_code == 503 for _ in range(40)) < 35


def test_slow_answers_in_process(api, control):
    order(control, "slow", seconds=5)
    assert api.get("Organisation").status_code == 200  # within the time-out of 10 s, and without waiting
    order(control, "slow", seconds=11, method="PUT")
    with pytest.raises(requests.exceptions.ReadTimeout):
        api.put("Contacts", {"Contacts": [{"Name": "A"}]})
    assert count(api) == 1


def test_faults_of_the_identity_service(app, api, control):
    form = {"grant_type": "refresh_token", "refresh_token": api.tokens["refresh_token"]}

    def refresh():
        return api.session.post(f"{BASE}/connect/token", data=form, auth=("demo-client", "demo-secret"), timeout=5)

    for kind, status in (
        ("invalid_grant", 400),
        ("invalid_client", 400),
        ("error_500_before", 500),
        ("html_200", 200),
        ("error_500_after", 500),
    ):
        order(control, kind, path="/connect/token")
        assert refresh().status_code == status
    order(control, "timeout_after", path="/connect/token")
    with pytest.raises(requests.exceptions.ReadTimeout):
        refresh()
    assert refresh().status_code == 200  # the grace of half an hour


def test_unknown_faults(control):
    for wrong in ({"kind": "earthquake"}, {"kind": "slow", "colour": "red"}, {}):
        assert control("faults", {"faults": [wrong]}).status_code == 400
    assert control("faults", {}).status_code == 400


def test_idempotency_after_a_lost_answer(api, control):
    order(control, "reset_after", method="PUT")
    with pytest.raises(requests.exceptions.ConnectionError):
        api.put("Contacts", {"Contacts": [{"Name": "A"}]}, headers={"Idempotency-Key": "k"})
    assert api.put("Contacts", {"Contacts": [{"Name": "A"}]}, headers={"Idempotency-Key": "k"}).status_code == 200
    assert count(api) == 1


# --- keeping the world in a file ---


def test_a_restart_forgets_nothing(api, app, tmp_path):
    invoice = api.invoice(line(10))
    file = StateFile(tmp_path / "deep" / "world")
    file.save(app.world)
    file.close()
    world = load(tmp_path / "deep" / "world")
    assert (
        world.organisation("NZ").invoices.get(invoice["InvoiceID"])["Total"]
        == app.world.organisation("NZ").invoices.get(invoice["InvoiceID"])["Total"]
    )
    assert world.identity.refresh_tokens.keys() == app.world.identity.refresh_tokens.keys()
    assert (tmp_path / "deep" / "world").stat().st_mode & 0o077 == 0


def test_a_file_of_an_older_version(app, api):
    """What it does not know of opens empty, and works."""
    api.contact()
    organisation = app.world.organisation("NZ")
    for name in ("items", "manual_journals", "attachments", "emails", "reports_permission"):
        del vars(organisation)[name]
    loaded = pickle.loads(pickle.dumps(app.world)).organisation("NZ")
    assert (len(loaded.contacts), len(loaded.items), loaded.reports_permission) == (1, 0, True)
    with pytest.raises(ValueError, match="undo"), loaded.transaction():
        loaded.items.put({"ItemID": "1", "Code": "A"})
        raise ValueError("undo")
    assert len(loaded.items) == 0
