"""What somebody changed in Xero: read now, told on the document, and changed back if Odoo is right."""

import re

import pytest
from looks import assert_looks_right


@pytest.mark.parametrize("width", [1366, 400])
def test_changed_in_xero(connected, open_screen, world, width):
    invoice = world.new_invoice(world.new_customer(f"Second Thoughts Ltd {width}"), 440.0, ref="PO 7")
    assert world.wait_for_state("account.move", invoice, "synced", "blocked", "failed") == "synced"
    xero_id = world.read("account.move", invoice, "xero_id")["xero_id"]
    world.in_xero_somebody("edit", item=xero_id, fields={"Reference": "PO 8"})
    screen = open_screen(width=width)
    screen.go("xero")
    screen.see("Read Now")
    screen.picture(f"overview_read_now_{width}")
    screen.press("Read Now")
    assert world.wait_for_state("account.move", invoice, "drift") == "drift"

    screen.go(f"customer-invoices/{invoice}")
    screen.badge("Changed in Xero")
    screen.see("It is different in Xero.", within=".o_xero_alert")
    screen.see("Reference is “PO 8” in Xero, “PO 7” here.", within=".o_xero_alert")
    screen.picture(f"invoice_changed_{width}")
    assert_looks_right(screen)
    screen.press("Send Odoo's", within=".o_xero_alert")
    screen.see("Xero's document is changed back to what Odoo has.", within=".modal")
    screen.press("Ok", within=".modal")
    screen.badge("Synced")
    [row] = [row for row in world.in_xero("invoices") if row["DocumentID"] == xero_id]
    assert row["Reference"] == "PO 7"


def test_how_xero_may_ring(connected, screen, world):
    """The steps, the address to copy and the key, in the settings."""
    screen.go("action-xero_connector.xero_settings_action")
    page = screen.page
    page.locator("#xero_webhooks").scroll_into_view_if_needed()
    screen.see("Paste the webhooks key here", within="#xero_webhooks")
    shown = page.locator("#xero_webhooks .o_field_widget[name=xero_webhook_url]").inner_text()
    assert re.search(r"/xero/webhook/[0-9a-f]{8,}", shown)
    screen.picture("settings_webhooks", height=2600)
