"""Runs: what each has done, by kind, and who had asked for it."""

import re

import pytest
from looks import assert_looks_right

RUNS = "action-xero_connector.xero_run_action"


@pytest.mark.parametrize("width", [1366, 400])
def test_what_a_run_did(connected, open_screen, world, width):
    """The newest run has the invoice that it sent; the row opens what it did, by kind."""
    invoice = world.new_invoice(world.new_customer(f"Of One Run {width}"), 75.0)
    world.wait_for_state("account.move", invoice, "synced")
    world.wait_until_at_rest(connected)
    screen = open_screen(width=width)
    page = screen.page
    screen.go(RUNS)
    rows = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    rows.first.get_by_text("Done").wait_for()
    screen.picture(f"runs_{width}")
    assert_looks_right(screen)
    rows.first.get_by_text(re.compile("Somebody asked for it|It went by itself")).click()
    page.locator(".o_form_view").wait_for()
    screen.see(re.compile("Customer Invoice|Invoice"), within=".o_form_view")
    screen.picture(f"run_{width}")
    assert_looks_right(screen)
