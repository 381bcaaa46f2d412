"""Invoices that somebody has written in Xero: chosen that they come in, asked whose they are, confirmed, and in step."""

import pytest
from looks import assert_looks_right

from dev import stack


def made_in_odoo(world, number, *states):
    """The row of a document made in Xero, once it is in one of these states."""
    for _look in range(120):
        if found := world.person.search_read("xero.made", [("number", "=", number), ("state", "in", states)], ["id", "move_id"]):
            return found[0]
        stack.pause(0.5)
    raise AssertionError(f"{number} became none of {states}")


@pytest.fixture
def takes(connected, world):
    """The connection takes in invoices as drafts while the test runs."""
    connection = world.person.search_read("xero.connection", [("tenant_id", "!=", False)], ["id"], limit=1)[0]["id"]
    world.person.call("xero.connection", "write", [connection], {"takes_invoice": "draft", "takes_since": "2026-10-01"})
    yield connection
    world.person.call("xero.connection", "write", [connection], {"takes_invoice": "no"})


@pytest.mark.parametrize("width", [1366, 400])
def test_made_in_xero(takes, open_screen, world, width):
    namesake = f"Written Elsewhere and With a Rather Long Name Pty Ltd {width}"
    world.new_customer(namesake)
    contact = world.in_xero_somebody("write_contact", name=namesake)["ContactID"]
    number, lines = f"THEIRS-{width}", [{"Description": "Work", "Quantity": 2, "UnitAmount": "150", "AccountCode": "200"}]
    world.in_xero_somebody("write_invoice", contact=contact, lines=lines, number=number, date="2026-10-05")
    screen = open_screen(width=width)
    screen.go("xero")
    screen.press("Read Now")
    row = made_in_odoo(world, number, "asked")
    screen.go("xero")
    screen.see("Made in Xero", within=".o_xero_needs")

    screen.go("xero-made")
    screen.see("Its contact may be one that is here already; say which.")
    screen.picture(f"made_{width}")
    assert_looks_right(screen)
    screen.press("Choose the Contact")
    screen.see(namesake, within=".modal")
    screen.picture(f"made_contact_{width}")
    screen.press("Use This Contact", within=".modal")
    row = made_in_odoo(world, number, "draft")
    screen.go("xero-made")
    screen.see("Draft to Confirm", within=".o_content")
    screen.press("Open the Draft")
    screen.see("Customer Invoice", within=".o_form_view")
    screen.picture(f"made_draft_{width}")
    world.person.call("account.move", "action_post", [row["move_id"][0]])
    made_in_odoo(world, number, "taken")
    screen.go(f"customer-invoices/{row['move_id'][0]}")
    screen.badge("Synced")
    screen.picture(f"made_taken_{width}")
    move = world.read("account.move", row["move_id"][0], "amount_total", "name")
    assert (move["amount_total"], move["name"]) == (330, number)


def test_what_comes_in_is_chosen(takes, open_screen):
    """The choice stands with the other choices about documents, and says where they stand."""
    screen = open_screen(width=1366)
    screen.go(f"action-xero_connector.xero_connection_action/{takes}")
    screen.page.get_by_role("tab", name="Documents and Money").click()
    screen.see("Dated From")
    screen.picture("what_comes_in")
    assert_looks_right(screen)
