"""The versions of a document, on a desk and on a phone: what is kept, what is no longer kept, and none yet."""

import os

import pytest
from looks import assert_looks_right

from dev import databases

LINES = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


@pytest.mark.parametrize("width", [1280, 400])
def test_versions_of_a_document(connected, open_screen, world, width):
    """An administrator opens what was sent and what Xero answered; of what is no longer kept, that it is not."""
    screen = open_screen(width=width)
    page = screen.page
    customer_id = world.new_customer(f"Every Change Kept of a Company Whose Name Takes More than One Line on Any Screen {width}")
    invoice_id = world.new_invoice(customer_id, 55.0)
    assert world.wait_for_state("account.move", invoice_id, "synced", "blocked", "failed") == "synced"
    number = world.read("account.move", invoice_id, "name")["name"]
    _open_versions(screen, invoice_id)
    screen.picture(f"versions_list_{width}")
    page.locator(LINES, has_text="Created").first.click()
    screen.see("Xero's Answer")
    screen.see(f'"Number": "{number}"')
    screen.picture(f"versions_{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"

    _change_versions("UPDATE xero_version v SET content = NULL, pruned = TRUE FROM", invoice_id)
    _open_versions(screen, invoice_id)
    screen.picture(f"versions_list_pruned_{width}")
    page.locator(LINES, has_text="Created").first.click()
    screen.see("no longer kept")
    screen.picture(f"versions_pruned_{width}")

    _change_versions("DELETE FROM xero_version v USING", invoice_id)
    _open_versions(screen, invoice_id)
    screen.see("No change of this document is kept yet")
    screen.picture(f"versions_none_{width}")


@pytest.mark.parametrize("width", [1366, 400])
def test_support_file(connected, open_screen, world, width):
    """What is in it, and what is left out, is said before it is made."""
    screen = open_screen(width=width)
    page = screen.page
    invoice_id = world.new_invoice(world.new_customer(f"Nobody Outside Reads This Name {width}"), 65.0)
    assert world.wait_for_state("account.move", invoice_id, "synced", "blocked", "failed") == "synced"
    _press_on_why(screen, invoice_id, "Make a Support File")
    dialog = page.locator(".modal", has_text="Make a Support File")
    dialog.get_by_text("secrets and tokens").wait_for()
    screen.picture(f"support_{width}")
    assert_looks_right(screen)
    assert dialog.locator(".btn-primary:visible").count() == 1
    dialog.get_by_role("button", name="Cancel").click()
    dialog.wait_for(state="detached")


def _open_versions(screen, invoice_id):
    _press_on_why(screen, invoice_id, "Versions")
    screen.page.locator(f"{LINES}, .o_view_nocontent").first.wait_for()


def _press_on_why(screen, invoice_id, name):
    screen.go(f"xero-why/{invoice_id}")
    button = screen.page.get_by_role("button", name=name).locator("visible=true")
    screen.see("Is it sent?")
    if not button.count():  # a phone has room for one button, and a menu of the others
        screen.page.locator(".o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons_dropdown").locator("visible=true").last.click()
    button.first.click()


def _change_versions(statement, invoice_id):
    """What the nightly pruning does, or an upgrade from a version that kept none, for one invoice."""
    about = f"b.id = v.binding_id AND b.res_model = 'account.move' AND b.res_id = {int(invoice_id)}"
    databases.execute(f"{statement} xero_binding b WHERE {about}", database=f"e2e_{os.getpid()}")
