"""Rules about bank lines: read as sentences, with the list behind each count; a line is booked, and its rule made from it."""

import pytest
from looks import assert_looks_right

RULES = "action-xero_connector.xero_rule_action"


@pytest.fixture
def lines(connected, world):
    """Bank lines that wait, and rules about some of them; the name of an account that the first rule does not book to."""
    call, search_read = world.person.call, world.person.search_read
    [admin] = search_read("res.users", [("login", "=", "admin")], ["id"])
    call("res.users", "write", [admin["id"]], {"group_ids": [[4, each, 0] for each in world._group_ids(["account.group_account_user"])]})
    [journal] = search_read("account.journal", [("type", "=", "bank"), ("company_id", "=", world.company_id)], ["id"], limit=1)
    texts = {"CARD FEE NOV": -9.5, "CARD FEE OCT": -8.0, "RENT DEC": -2750.0}
    values = [{"journal_id": journal["id"], "date": world.today, "payment_ref": text, "amount": amount} for text, amount in texts.items()]
    ids = call("account.bank.statement.line", "create", values)
    account, other = search_read(
        "account.account", [("account_type", "=", "expense"), ("company_ids", "in", world.company_id)], ["name"], limit=2
    )
    own = {"connection_id": connected, "account_id": account["id"]}
    rules = call(
        "xero.rule",
        "create",
        [
            {**own, "name": "Money out", "domain": "[('amount', '<', 0)]", "sequence": 20},
            {**own, "name": "Rent", "domain": "[('payment_ref', 'ilike', 'RENT')]", "account_id": other["id"]},
        ],
    )
    yield other["name"]
    call("xero.rule", "unlink", rules)
    waiting = search_read("account.bank.statement.line", [("id", "in", ids), ("is_reconciled", "=", False)], ["id"])
    call("account.bank.statement.line", "unlink", [line["id"] for line in waiting])


@pytest.mark.parametrize("width", [1366, 400])
def test_rules(lines, open_screen, width):
    screen = open_screen(width=width)
    screen.go(RULES)
    screen.see("Money goes out")
    screen.see("“Rent” comes first and says otherwise of some of these.")
    screen.picture(f"rules_{width}")
    assert_looks_right(screen)
    screen.page.get_by_text("Money goes out").locator("visible=true").first.click()
    screen.see("Suggest Only")
    screen.page.locator(".o_field_domain").get_by_text("record").first.wait_for()
    screen.picture(f"rule_{width}")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_book_and_make_the_rule(lines, open_screen, world):
    screen = open_screen(width=1366)
    page = screen.page
    screen.go(RULES)
    screen.see("Money goes out")
    page.locator(".o_data_row", has_text="Money goes out").locator("button[name=action_show_waiting]").click()
    screen.see("CARD FEE NOV")
    screen.picture("rule_waiting")
    page.locator(".o_data_row", has_text="CARD FEE NOV").get_by_role("button", name="Book…").click()
    screen.see("Your rule “Money out”.", within=".modal")
    account = page.locator(".modal [name=account_id] input")
    account.fill(lines)
    page.locator(".o-autocomplete--dropdown-item", has_text=lines).first.click()
    page.get_by_text("Your rule “Money out”.").wait_for(state="hidden")
    screen.picture("bank_book")
    screen.press("Book", within=".modal")
    screen.see("Do the same for lines like this?", within=".modal")
    screen.see("Text contains CARD FEE and the amount paid is below", within=".modal")
    screen.picture("bank_rule_make")
    screen.see("“Money out” says otherwise of some of these; this rule comes first.", within=".modal")
    assert not page.locator(".modal .o_field_domain").is_visible()
    page.locator(".modal summary").click()
    page.locator(".modal .o_field_domain").get_by_text("record").first.wait_for()
    screen.press("Make the Rule", within=".modal")
    page.locator(".modal").wait_for(state="hidden")
    [rule] = world.person.search_read("xero.rule", [("name", "=", "Card fee")], ["waiting_count", "how"])
    assert (rule["waiting_count"], rule["how"]) == (1, "suggest")
    world.person.call("xero.rule", "unlink", [rule["id"]])
