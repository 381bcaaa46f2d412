"""The Mapping, on a desk and on a phone: what is to be chosen stands first, no line hides, and a reader is told who can change it."""

import re

import pytest
from test_problems import is_plain

WIDTHS = (1366, 400)
MAPPING = "action-xero_connector.xero_connection_action_mapping"


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_to_be_chosen(connected, open_screen, world, width):
    """An account that came into use is the first thing on the screen; chosen there, the document goes."""
    code, name = f"4399{width % 10}{width % 7}", f"Consulting Days of {width}"
    account_id = world.new_income_account(code, name)
    invoice_id = world.new_invoice(world.new_customer(f"Mapped Late {width}"), 110.0, account_id=account_id)
    world.wait_for_state("account.move", invoice_id, "blocked", "failed")
    screen = open_screen(width=width, height=768 if width > 1000 else 800)
    page = screen.page
    screen.go(MAPPING)
    screen.see(re.compile(r"^To choose: \d"))
    screen.see(f"{code} {name}")
    screen.picture(f"mapping_gap_{width}")
    is_plain(screen)
    _choose(screen, f"{code} {name}", "260", "260 Other Revenue", width)
    world.wait_for_state("account.move", invoice_id, "synced")
    screen.go(MAPPING)
    screen.see(re.compile(r"Confirmed on|^To choose: \d"))  # other tests may have left something to choose
    assert page.locator(".o_field_widget[name=account_gap_ids]").get_by_text(f"{code} {name}").locator("visible=true").count() == 0
    assert page.get_by_role("button", name="Confirm the Mapping").locator("visible=true").count() == 0
    screen.picture(f"mapping_confirmed_{width}")
    is_plain(screen)


def _choose(screen, label, typed, option, width):
    """On a phone a field opens the list of its choices."""
    page = screen.page
    if width > 1000:
        row = page.locator(".o_data_row", has_text=label)
        row.locator("td[name=xero_account_id]").click()
        row.locator("td[name=xero_account_id] input").fill(typed)
        page.get_by_role("option", name=option).click()
        page.locator(".o_form_button_save").click()
        return
    page.locator(".o_kanban_record", has_text=label).get_by_text("Choose", exact=True).first.click()
    page.locator(".modal [name=xero_account_id] input").click()
    screen.picture("mapping_choose_400")
    page.locator(".modal").last.get_by_text(option).locator("visible=true").first.click()
    page.locator(".modal .o_form_button_save").locator("visible=true").last.click()
    page.locator(".modal").wait_for(state="detached")
    if (save := page.locator(".o_form_button_save").locator("visible=true")).count():
        save.first.click()


@pytest.mark.parametrize("width", WIDTHS)
def test_each_kind_is_an_ordinary_list(connected, open_screen, width):
    """The kinds carry their counts and open lists of what is needed, all of which can be searched and edited."""
    screen = open_screen(width=width, height=768 if width > 1000 else 800)
    page = screen.page
    for kind in ("Accounts", "Taxes", "Banks", "Control Accounts"):
        screen.go(MAPPING)
        button = page.locator(".oe_stat_button", has_text=kind).locator("visible=true").first
        if not button.count():
            page.locator(".o-form-buttonbox .o_button_more, .o-form-buttonbox-small .o-dropdown").locator("visible=true").first.click()
            button = page.locator(".oe_stat_button, .o-dropdown-item", has_text=kind).locator("visible=true").first
        assert re.search(r"\d+ of \d+", button.inner_text()), button.inner_text()
        button.click()
        page.locator(".o_list_view, .o_kanban_view").first.wait_for()
        screen.picture(f"mapping_{kind.split()[0].lower()}_{width}")
        is_plain(screen)


def test_a_reader_is_told_who_can_change_it(connected, open_screen, world):
    """E15: not silently read-only."""
    world.new_user("map.reader", "xero_connector.group_xero_user", "account.group_account_invoice")
    screen = open_screen("map.reader", width=1366, height=768)
    screen.go(MAPPING)
    screen.see("Only a Xero administrator can change this.")
    screen.press("Notify Them")
    screen.see("A Xero administrator was notified.")
    assert screen.page.get_by_role("button", name=re.compile("Confirm|Create in Xero|Propose")).locator("visible=true").count() == 0
    screen.picture("mapping_reader")
