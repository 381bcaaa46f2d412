"""The bank: what both sides have, what is to be matched; matched with a click, undone with another."""

import re

import pytest
from looks import assert_looks_right, assert_takes_focus

from dev import stack

MINE = "AT THE BANK"  # ends the texts of these tests' lines


@pytest.fixture
def bank(connected, world):
    """The journal of the company's bank, with its line of the mapping; bank lines are entered by who keeps the books."""
    [admin] = world.person.search_read("res.users", [("login", "=", "admin")], ["id"])
    groups = [[4, each, 0] for each in world._group_ids(["account.group_account_user"])]
    world.person.call("res.users", "write", [admin["id"]], {"group_ids": groups})
    [mapping] = world.person.search_read(
        "xero.journal.mapping", [("company_id", "=", world.company_id), ("journal_id.code", "=", "BNK1")], ["id", "journal_id"]
    )
    yield mapping
    mine = [("journal_id", "=", mapping["journal_id"][0]), ("payment_ref", "like", MINE), ("is_reconciled", "=", False)]
    left = world.person.search_read("account.bank.statement.line", mine, ["id"])
    world.person.call("account.bank.statement.line", "unlink", [line["id"] for line in left])


def bank_line(world, bank, text, amount, **values):
    """A line of the bank, as it is imported or entered."""
    values = {"journal_id": bank["journal_id"][0], "payment_ref": f"{text} {MINE}", "amount": amount, "date": world.today, **values}
    return world.person.call("account.bank.statement.line", "create", [values])[0]


def paid_invoice(world, bank, name, amount):
    """``(number, bank line)`` of an invoice that is in Xero, and of the money that has come for it."""
    invoice = world.new_invoice(world.new_customer(name), amount)
    world.wait_for_state("account.move", invoice, "synced")
    move = world.read("account.move", invoice, "name", "amount_total", "partner_id")
    return invoice, move["name"], bank_line(world, bank, f"DIRECT CREDIT {name.upper()} {move['name']}", move["amount_total"])


def wait_until_read(world):
    for _look in range(120):
        [found] = world.person.search_read("xero.connection", [("company_id", "=", world.company_id)], ["balances_asked", "balances_at"])
        if found["balances_at"] and not found["balances_asked"]:
            return
        stack.pause(0.5)
    raise AssertionError("Xero's balances were not read")


@pytest.mark.parametrize("width", [1366, 400])
def test_bank(bank, open_screen, world, width):
    name = f"A Customer With Quite a Long Name Pty Ltd {width}"
    invoice, number, line = paid_invoice(world, bank, name, 1200.0 + width)
    bank_line(world, bank, f"STAMP DUTY {width}", -9.5)
    screen = open_screen(width=width)
    page = screen.page
    screen.go("xero-bank")
    screen.see("In Odoo")
    screen.picture(f"bank_cards_{width}")
    assert_looks_right(screen)
    page.locator(".o_kanban_record", has_text="BNK1").or_(page.locator(".o_kanban_record", has_text="Bank")).first.click()
    screen.see("To match", within=".o_xero_figures")
    wait_until_read(world)
    screen.see(re.compile("read .*[AP]M"), within=".o_xero_figures")
    screen.see(number)
    screen.picture(f"bank_{width}")
    assert_looks_right(screen)
    row = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", has_text=number).first
    row.get_by_text("Sure").wait_for()
    row.get_by_role("button", name="Match", exact=True).click()
    world.wait_for_state("account.move", invoice, "synced")
    for _look in range(60):
        if world.read("account.move", invoice, "amount_residual")["amount_residual"] == 0:
            break
        stack.pause(0.5)
    assert world.read("account.bank.statement.line", line, "is_reconciled")["is_reconciled"]
    page.get_by_role("button", name="Matched", exact=True).click()
    matched = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", has_text=number).first
    matched.wait_for()
    screen.picture(f"bank_matched_{width}")
    matched.get_by_role("button", name="Undo Match").click()
    page.get_by_role("button", name=re.compile("^To Match")).click()
    page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)", has_text=number).first.wait_for()
    assert not world.read("account.bank.statement.line", line, "is_reconciled")["is_reconciled"]
    for tab in ("In Xero Only", "In Odoo Only", "Probably Booked Twice"):
        page.get_by_role("button", name=re.compile(f"^{tab}")).click()
        page.locator(".o_xero_figures_tabs .active", has_text=tab).wait_for()
        screen.picture(f"bank_{tab.replace(' ', '_').lower()}_{width}")
        assert_looks_right(screen)


def test_sure_ones_and_other(bank, open_screen, world):
    """All sure ones at once, said before with their sums; *Other…* with the candidates, and what is left."""
    _invoice, number, _line = paid_invoice(world, bank, "Surely Paid Pty Ltd", 731.0)
    bank_line(world, bank, "DEPOSIT 44871 NOBODY KNOWS", 290.77)
    screen = open_screen(width=1366)
    page = screen.page
    screen.go("xero-bank")
    page.locator(".o_kanban_record", has_text="Bank").first.click()
    screen.see(number)
    row = page.locator(".o_data_row", has_text="DEPOSIT 44871").first
    row.get_by_role("button", name="Other").click()
    screen.see("Left", within=".modal")
    screen.picture("bank_other")
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="detached")
    sure = page.get_by_role("button", name="Match the Sure Ones")
    assert_takes_focus(sure)
    sure.click()
    screen.see("Lines", within=".modal")
    screen.picture("bank_sure")
    page.locator(".modal").get_by_role("button", name="Match", exact=True).click()
    page.locator(".modal").wait_for(state="detached")
    page.locator(".o_data_row", has_text=number).first.wait_for(state="detached")
    screen.picture("bank_after_sure")
