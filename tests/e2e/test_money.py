"""Money that somebody has made in Xero: asked about, booked by a click, told on the invoice; the choice who records it."""

import pytest
from looks import assert_looks_right

from dev import stack


def money_of(world, invoice, *states):
    """The row of Xero's money for an invoice, once it is in one of these states."""
    for _look in range(120):
        domain = [("move_id", "=", invoice), ("state", "in", states)]
        if found := world.person.search_read("xero.money", domain, ["id"]):
            return found[0]["id"]
        stack.pause(0.5)
    raise AssertionError(f"no money of {invoice} became {states}")


@pytest.mark.parametrize("width", [1366, 400])
def test_paid_in_xero(connected, open_screen, world, width):
    amount = 500.0 + width
    invoice = world.new_invoice(world.new_customer(f"Pays Elsewhere Ltd {width}"), amount)
    assert world.wait_for_state("account.move", invoice, "synced", "blocked", "failed") == "synced"
    world.in_xero_somebody("pay", document=world.read("account.move", invoice, "xero_id")["xero_id"], account="090", date="2026-10-05")
    screen = open_screen(width=width)
    screen.go("xero")
    screen.press("Read Now")
    money_of(world, invoice, "asked")
    screen.go("xero")
    screen.see("Money from Xero", within=".o_xero_needs")
    screen.picture(f"overview_money_{width}")

    screen.go("xero-money")
    screen.see("Nobody has chosen who records the payments of this bank.")
    screen.see("To Decide", within=".o_content")
    screen.picture(f"money_{width}")
    assert_looks_right(screen)
    screen.press("Book It")
    money_of(world, invoice, "booked")
    screen.go(f"customer-invoices/{invoice}")
    screen.see("came from Xero.", within=".o-mail-Chatter" if width > 1000 else "body")
    screen.picture(f"invoice_paid_in_xero_{width}")
    assert world.read("account.move", invoice, "amount_residual")["amount_residual"] == 0


def test_who_records(connected, open_screen):
    """The choice stands with the bank account, each with what it means."""
    screen = open_screen(width=1366)
    screen.go("action-xero_connector.xero_journal_mapping_action")
    screen.see("Payments Are Recorded In")
    screen.picture("who_records")
    assert_looks_right(screen)
