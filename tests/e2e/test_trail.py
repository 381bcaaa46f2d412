"""The audit trail: who did what, before and after, for administrators to read."""

import re

import pytest
from looks import assert_looks_right

TRAIL = "action-xero_connector.xero_audit_action"


@pytest.mark.parametrize("width", [1366, 400])
def test_what_was_done_is_listed(connected, open_screen, world, width):
    world.person.call("xero.connection", "write", [connected], {"sync_payment": "manual"})
    world.person.call("xero.connection", "write", [connected], {"sync_payment": "auto"})
    screen = open_screen(width=width)
    page = screen.page
    screen.go(TRAIL)
    screen.see("On demand")
    screen.picture(f"audit_trail_{width}")
    assert_looks_right(screen)
    assert page.get_by_role("button", name=re.compile("^(New|Delete|Edit)$")).count() == 0
    rows = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", has_text="Payments")
    rows.first.get_by_text("Payments").click()
    page.locator(".o_form_view").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
