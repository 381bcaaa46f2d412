"""What nobody knows of Xero makes no difference to the client: the same under every value of the simulator's switches."""

import datetime
from dataclasses import replace

import pytest
from test_client_simulator import URL, D, Wired
from xero_core import errors
from xero_core.resources.lines import Line

values = pytest.importorskip("xero_simulator.switches", exc_type=ImportError).values


@pytest.mark.parametrize("value", values("reverse_charge_inclusive"))
def test_prices_with_tax_beside_a_reverse_charge(value):
    """Xero may take no reverse charge where prices include tax; the document arrives with the same totals."""
    line = Wired("UK", reverse_charge_inclusive=value)
    lines = (
        Line("Work", D(1), D("100.00"), "200", "OUTPUT2", D(20), tax_amount=D("20.00"), amount=D("100.00"), includes_tax=True),
        Line("Site", D(1), D("50.00"), "200", "DRCHARGESUPPLY20", D(0), tax_amount=D(0), amount=D("50.00")),
    )
    made = line.an_invoice(lines=lines, total=D("170.00"), total_tax=D("20.00"))
    result = line.send(replace(made, currency="GBP"))
    assert result.ok, result.errors
    assert (result.remote.total, result.remote.total_tax) == (D("170.00"), D("20.00"))


@pytest.mark.parametrize("value", values("where_quotes"))
def test_names_with_quotes_are_found(value):
    line = Wired(where_quotes=value)
    found = {name: line.a_contact(name) for name in ('The "Best" Ltd', "Back\\slash", "O'Neil")}
    for name, xero_id in found.items():
        assert [each.xero_id for each in line.client.contacts(names=[name])] == [xero_id]


@pytest.mark.parametrize("inclusive", values("modified_since_inclusive"))
@pytest.mark.parametrize("status", values("modified_since_empty_status"))
def test_nothing_archived_since(inclusive, status):
    line = Wired(modified_since_inclusive=inclusive, modified_since_empty_status=status)
    line.a_contact()
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    assert line.client.contacts_archived_since(later) == []


@pytest.mark.parametrize("value", values("idempotency_mismatch"))
def test_a_key_that_was_used_for_something_else(value):
    line = Wired(idempotency_mismatch=value)
    line.send(line.an_invoice(), "same-key")
    with pytest.raises(errors.OutcomeUnknown):
        line.send(line.an_invoice("INV/2"), "same-key")


@pytest.mark.parametrize("value", values("concurrent_retry_after"))
def test_too_many_at_once(value):
    line = Wired(concurrent_retry_after=value)
    line.order("concurrent_limit", method="GET", path="Currencies")
    with pytest.raises(errors.ConcurrentLimit) as caught:
        line.client.currencies()
    assert caught.value.wait() == 1


@pytest.mark.parametrize("value", values("minute_window"))
def test_a_minute_that_is_used_up(value):
    """It waits as long as Xero says, whichever way the minute is counted."""
    line = Wired(minute_window=value, minute_limit=3)
    with pytest.raises(errors.MinuteLimit) as caught:
        for _number in range(4):
            line.client.currencies()
    assert 0 < caught.value.wait() <= 60
    line.session.post(f"{URL}/_simulator/clock", json={"advance_seconds": caught.value.wait()}, timeout=5)
    assert line.client.currencies()
