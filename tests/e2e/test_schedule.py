"""When what is sent by itself goes: said where it is set, on the Overview, and on the document."""

import re

import pytest
from looks import assert_looks_right


@pytest.mark.parametrize("width", [1366, 400])
def test_once_a_day(connected, open_screen, world, width):
    world.person.call("xero.connection", "write", [connected], {"sync_invoice": "daily", "send_at": 20.0})
    try:
        invoice = world.new_invoice(world.new_customer(f"Daily {width}"), 80.0)
        screen = open_screen(width=width)
        screen.go("action-xero_connector.xero_overview_action")
        screen.see(re.compile(r"Goes next:\s*Customer Invoices: (today|tomorrow) at 8:00"))
        screen.picture(f"schedule_overview_{width}")
        assert_looks_right(screen)
        screen.go(f"action-xero_connector.xero_connection_action/{connected}")
        screen.page.get_by_role("tab", name="What Is Sent").click()
        screen.see("Goes Next")
        screen.picture(f"schedule_{width}")
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width
        screen.go(f"action-account.action_move_out_invoice_type/{invoice}")
        screen.see(re.compile(r"Goes (today|tomorrow) at 8:00"))
        screen.picture(f"schedule_invoice_{width}")
    finally:
        world.person.call("xero.connection", "write", [connected], {"sync_invoice": "auto"})
    assert world.wait_for_state("account.move", invoice, "synced", "failed", "blocked") == "synced"
