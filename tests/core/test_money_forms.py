"""What Xero should hold of a movement of money: a test for each row of the tables in `handlers/money`, without a database."""

from dataclasses import replace
from decimal import Decimal

import pytest
from pure import load

facts, movement = load("handlers.money.facts"), load("handlers.money.movement")
Standing, Part, Counterpart, Difference, Movement = (
    facts.Standing, facts.Part, facts.Counterpart, facts.Difference, movement.Movement,
)  # fmt: skip
THERE, BUSY, HELD_BACK, CHANGING = Standing.THERE, Standing.BUSY, Standing.HELD_BACK, Standing.CHANGING
COMING, HELD, DRAFT, ABSENT = Standing.COMING, Standing.HELD, Standing.DRAFT, Standing.ABSENT
KEY, PARTIAL = ("account.payment", 7), "account.partial.reconcile"
ON_ACCOUNT, BATCH = ("on_account", *KEY), ("batch_payment", *KEY)
WRITE_OFF, BANK_TRANSACTION = ("write_off", "account.move", 70), ("bank_transaction", "account.move", 70)
COUNTS = (THERE, BUSY, HELD_BACK, CHANGING, COMING, HELD)


DIRECT, CASH = Difference("bank_transaction", 70, "b"), ("cash_entry", "account.move", 70)


def payment(number):
    return ("payment", PARTIAL, number)


def allocation(number):
    return ("allocation", PARTIAL, number)


def part(number, standing=THERE, **values):
    given = {"document": 100 + number, "kind": "invoice", "amount": Decimal(10), "xero_id": f"x{number}", "digest": f"d{number}", **values}
    return Part(number, standing=standing, **given)


def money(*parts, **values):
    """A posted payment, of which a rest may stand on account."""
    return Movement(KEY, is_posted=True, parts=tuple(parts), digest="money", **{"may_stand": True, **values})


def there(*keys, **digests):
    """What Xero has, as it should be: ``{key: Counterpart}``."""
    said = {ON_ACCOUNT: "money", **{payment(n): f"d{n}" for n in range(9)}, **{allocation(n): "10" for n in range(9)}, WRITE_OFF: "w"}
    return {key: Counterpart(key, f"id of {key}", digests.get(key[0], said.get(key, False))) for key in keys}


def told(found):
    """The steps as text, those that wait with the reason."""
    return [f"{step.operation} {step.key[0]} {step.key[2]}" + (f" ({step.why})" if step.why else "") for step in found.steps()]


def held_in_xero(found):
    return sorted(f"{kind} {number}" for kind, _model, number in found.wanted())


# --- in which form -------------------------------------------------------------------------------------

FORMS = [
    # (what, the movement, the form, what Xero should hold)
    ("draft, cancelled, deleted", Movement(KEY), "nowhere", []),
    ("one document", money(part(1)), "payments", ["payment 1"]),
    ("one document, in part", money(part(1), rest=True), "on account", ["allocation 1", "on_account 7"]),
    ("nothing", money(rest=True), "on account", ["on_account 7"]),
    ("nothing, by policy it waits", money(rest=True, may_stand=False), "payments", []),
    ("a part, by policy the rest waits", money(part(1), rest=True, may_stand=False), "payments", ["payment 1"]),
    ("a part, the rest cannot stand", money(part(1), rest=True, why_not="no bank"), "payments", ["payment 1"]),
    ("two invoices", money(part(1), part(2)), "batch", ["batch_payment 7"]),
    ("two bills", money(part(1, kind="bill"), part(2, kind="bill")), "batch", ["batch_payment 7"]),
    ("two invoices, no batches wanted", money(part(1), part(2), batches=False), "payments", ["payment 1", "payment 2"]),
    ("invoice and bill", money(part(1), part(2, kind="bill")), "payments", ["payment 1", "payment 2"]),
    ("two credit notes", money(part(1, is_debt=False), part(2, is_debt=False)), "payments", ["payment 1", "payment 2"]),
    ("two currencies", money(part(1), part(2, currency=2)), "payments", ["payment 1", "payment 2"]),
    ("two instalments of one", money(part(1, document=5), part(2, document=5)), "payments", ["payment 1", "payment 2"]),
    ("two invoices, one wholly written off", money(part(1), part(2, amount=Decimal(0))), "payments", ["payment 1"]),
    ("older documents only", money(part(1, ABSENT), part(2, ABSENT)), "payments", []),
    ("an older document too", money(part(1), part(2, ABSENT)), "on account", ["allocation 1", "on_account 7"]),
    ("a draft too", money(part(1), part(2, DRAFT)), "on account", ["allocation 1", "on_account 7"]),
    ("a draft only", money(part(1, DRAFT)), "on account", ["on_account 7"]),
    ("a draft only, by policy it waits", money(part(1, DRAFT), may_stand=False), "payments", []),
    ("paid back", money(paid_back=True), "on account", ["on_account 7"]),
    ("paying back", money(part(1, kind="money")), "payments", ["payment 1"]),
    ("once on account, it stays", money(part(1), there=there(ON_ACCOUNT)), "on account", ["allocation 1", "on_account 7"]),
    ("on account, but changed", money(part(1), there=there(ON_ACCOUNT, on_account="older")), "payments", ["payment 1"]),
    (
        "on account as found there",
        money(part(1), there=there(ON_ACCOUNT, on_account=False)),
        "on account",
        ["allocation 1", "on_account 7"],
    ),
    ("on account, pays another currency", money(part(1), there=there(ON_ACCOUNT), why_not="currency"), "payments", ["payment 1"]),
    ("paid singly, one more", money(part(1), part(2), there=there(payment(1))), "payments", ["payment 1", "payment 2"]),
    ("paid singly, but changed", money(part(1), part(2), there=there(payment(1), payment="older")), "batch", ["batch_payment 7"]),
    ("of nobody", money(is_direct=True, difference=DIRECT), "direct", ["bank_transaction 70"]),
    ("of nobody, on account before", money(is_direct=True, difference=DIRECT, there=there(ON_ACCOUNT)), "direct", ["bank_transaction 70"]),
    ("of nobody, taken back", Movement(KEY, is_direct=True, difference=DIRECT), "nowhere", []),
    ("in a batch, none wanted since", money(part(1), part(2), there=there(BATCH), batches=False), "batch", ["batch_payment 7"]),
]


@pytest.mark.parametrize(("found", "form", "wanted"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_form(found, form, wanted):
    assert (found.form, held_in_xero(found)) == (form, wanted)


@pytest.mark.parametrize("standing", list(Standing))
def test_what_counts_as_matched(standing):
    found = money(part(1), part(2, standing))
    assert found.is_open == (standing not in COUNTS)
    assert (part(2, standing) in found.matched) == (standing in COUNTS)


@pytest.mark.parametrize(
    ("found", "is_told"),
    [
        (money(rest=True, why_not="no bank"), True),
        (money(part(1), rest=True, why_not="no bank"), True),
        (money(part(1), part(2, ABSENT), why_not="no bank"), True),
        (money(part(1), why_not="no bank"), False),
        (money(rest=True, why_not="no bank", may_stand=False), False),
        (Movement(KEY, rest=True, why_not="no bank", may_stand=True), False),
    ],
)
def test_what_cannot_be_told_is_said(found, is_told):
    assert bool(found.unsaid) == is_told


# --- how documents stand -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_there", "state", "needs_room", "is_draft", "is_fresh", "standing"),
    [
        (True, "", False, False, False, THERE),
        (True, "", False, True, True, THERE),
        (True, "ignored", False, False, False, THERE),
        (True, "failed", False, False, False, THERE),
        (True, "failed", True, False, False, THERE),
        (True, "blocked", False, False, False, HELD_BACK),
        *[(True, state, False, False, False, BUSY) for state in ("pending", "sending", "uncertain")],
        *[(True, state, True, False, False, CHANGING) for state in ("pending", "sending", "uncertain")],
        (True, "pending", False, True, True, BUSY),
        *[(False, state, False, False, False, COMING) for state in ("pending", "sending", "uncertain")],
        (False, "pending", True, False, False, COMING),
        (False, "blocked", False, False, False, HELD),
        (False, "failed", False, False, False, HELD),
        (False, "", False, True, True, COMING),
        (False, "", False, True, False, DRAFT),
        (False, "ignored", False, True, False, DRAFT),
        (False, "", False, False, False, ABSENT),
        (False, "ignored", False, False, False, ABSENT),
    ],
)
def test_standing(is_there, state, needs_room, is_draft, is_fresh, standing):
    assert facts.standing_of(is_there, state, needs_room, is_draft, is_fresh) is standing


WAITING = [standing for standing in COUNTS if standing is not THERE]


@pytest.mark.parametrize("standing", WAITING)
def test_new_money_waits_for_its_document(standing):
    assert told(money(part(1, standing))) == ["create payment 1 (document)"]
    assert told(money(part(1), part(2, standing))) == ["create batch_payment 7 (document)"]
    assert told(money(part(1), part(2, standing), batches=False)) == ["create payment 1", "create payment 2 (document)"]
    on_account = money(part(1, standing), rest=True, there=there(ON_ACCOUNT))
    assert told(on_account) == ["create allocation 1 (document)"]
    assert on_account.steps()[0].part == part(1, standing)


@pytest.mark.parametrize("standing", [THERE, BUSY, HELD_BACK])
def test_money_stays_on_a_document(standing):
    assert told(money(part(1, standing), there=there(payment(1)))) == []
    assert told(money(part(1, standing), rest=True, there=there(ON_ACCOUNT, allocation(1)))) == []
    batch = money(part(1), part(2, standing), there=there(BATCH))
    assert told(replace(batch, there=there(BATCH, batch_payment=batch.batch_digest))) == []


def test_money_leaves_a_document_that_is_to_be_changed_and_comes_back():
    assert told(money(part(1, CHANGING), there=there(payment(1)))) == ["remove payment 1", "create payment 1 (other form)"]
    assert told(money(part(1, CHANGING))) == ["create payment 1 (document)"]
    assert told(money(part(1), part(2, CHANGING), there=there(BATCH))) == ["remove batch_payment 7", "create batch_payment 7 (other form)"]
    on_account = money(part(1, CHANGING), part(2), rest=True, there=there(ON_ACCOUNT, allocation(1), allocation(2)))
    assert told(on_account) == ["remove allocation 1", "create allocation 1 (other form)"]
    assert told(replace(on_account, there=there(ON_ACCOUNT, allocation(2)))) == ["create allocation 1 (document)"]


# --- from one form to another ---------------------------------------------------------------------------


def test_nothing_is_done_twice():
    assert told(money(part(1), there=there(payment(1)))) == []
    assert told(money(part(1), there=there(payment(1), payment=False))) == [], "found there rather than sent"
    assert told(Movement(KEY)) == []
    assert told(money(part(1, ABSENT))) == []


def test_what_changed_is_removed_and_made_anew():
    assert told(money(part(1), there=there(payment(1), payment="older"))) == ["remove payment 1", "create payment 1 (other form)"]
    older = money(rest=True, there=there(ON_ACCOUNT, on_account="older"))
    assert told(older) == ["remove on_account 7", "create on_account 7 (other form)"]


def test_what_is_gone_leaves():
    everything = there(ON_ACCOUNT, allocation(1), allocation(2), WRITE_OFF)
    assert told(Movement(KEY, there=everything)) == [
        "remove allocation 1", "remove allocation 2", "remove write_off 70", "remove on_account 7 (in use)",
    ]  # fmt: skip
    assert told(Movement(KEY, there=there(BATCH))) == ["remove batch_payment 7"]
    assert told(money(part(2), there=there(payment(1)))) == ["remove payment 1", "create payment 2"]


def test_another_form_comes_when_the_first_has_left():
    assert told(money(part(1), rest=True, there=there(payment(1)))) == [
        "remove payment 1", "create on_account 7 (other form)", "create allocation 1 (other form)",
    ]  # fmt: skip
    assert told(money(part(1), rest=True, there=there(BATCH)))[0] == "remove batch_payment 7"
    assert told(money(part(1), there=there(BATCH))) == ["remove batch_payment 7", "create payment 1 (other form)"]
    assert told(money(part(1), there=there(ON_ACCOUNT, on_account="older"))) == ["remove on_account 7", "create payment 1 (other form)"]


def test_credit_is_allocated_once_it_stands_on_account():
    assert told(money(part(1), rest=True)) == ["create on_account 7", "create allocation 1 (not on account)"]
    assert told(money(part(1), part(2), rest=True, there=there(ON_ACCOUNT))) == ["create allocation 1", "create allocation 2"]


def test_allocations_leave_with_what_changed():
    older = {**there(allocation(1)), **there(ON_ACCOUNT, on_account="older")}
    assert told(money(part(1), rest=True, there=older)) == [
        "remove allocation 1", "remove on_account 7 (in use)", "create on_account 7 (other form)",
    ]  # fmt: skip


def test_an_allocation_of_another_amount_is_made_anew():
    """What is written off moved to another match of the same money."""
    found = money(part(1, amount=Decimal(9)), rest=True, there=there(ON_ACCOUNT, allocation(1)))
    assert told(found) == ["remove allocation 1", "create allocation 1 (other form)"]


def test_money_that_is_paid_back_stays_until_the_payment_back_has_left():
    refunded = Movement(KEY, there=there(ON_ACCOUNT), refunds=(("payment", "account.payment", 9),))
    assert told(refunded) == ["remove on_account 7 (paid back)"]


# --- write-offs and what came on top ------------------------------------------------------------------------

WRITTEN_OFF, ON_TOP = Difference("write_off", 70, "w"), Difference("bank_transaction", 70, "s")


def shared(number, standing=THERE, share=2, **values):
    return part(number, standing, share=Decimal(share), **values)


def test_a_write_off_is_made_then_allocated():
    found = money(shared(1), difference=WRITTEN_OFF)
    assert told(found) == ["create payment 1", "create write_off 70", "update write_off 70 (first made)"]
    made = replace(found, there=there(payment(1), WRITE_OFF))
    assert told(made) == ["update write_off 70"]
    [step] = made.steps()
    assert movement.allocated(made.shares()) and step.parts == (shared(1),)
    assert told(replace(found, there={**there(payment(1)), **written_off(made)})) == []


def written_off(found):
    """The write-off as it is allocated by now."""
    shares = found.shares()
    return {WRITE_OFF: Counterpart(WRITE_OFF, "id", "w", movement.allocated(shares), tuple(shares))}


def test_a_write_off_with_money_on_account_is_credit_too():
    assert held_in_xero(money(rest=True, difference=WRITTEN_OFF)) == ["on_account 7", "write_off 70"]
    assert told(money(rest=True, difference=WRITTEN_OFF)) == ["create on_account 7", "create write_off 70"]
    assert held_in_xero(money(rest=True, may_stand=False, difference=WRITTEN_OFF)) == []
    assert held_in_xero(money(part(1, ABSENT), difference=WRITTEN_OFF)) == []


def test_a_write_off_leaves_with_its_match():
    assert told(money(may_stand=False, rest=True, difference=WRITTEN_OFF, there=there(WRITE_OFF))) == ["remove write_off 70"]
    assert told(money(shared(1), difference=replace(WRITTEN_OFF, digest="newer"), there=there(payment(1), WRITE_OFF))) == [
        "remove write_off 70", "create write_off 70 (other form)", "update write_off 70 (first made)",
    ]  # fmt: skip


def test_a_write_off_lets_go_of_a_document_that_is_to_be_changed():
    before = money(shared(1), shared(2), difference=WRITTEN_OFF)
    now = money(shared(1, CHANGING), shared(2), difference=WRITTEN_OFF, there={**there(payment(2)), **written_off(before)})
    assert told(now) == ["create payment 1 (document)", "update write_off 70"]
    assert list(now.shares(("x1", "x2"))) == ["x2"]
    rest = replace(now, there={**there(payment(2)), **written_off(now)})
    assert told(rest) == ["create payment 1 (document)", "update write_off 70 (document)"], "it comes back with the document"


@pytest.mark.parametrize("standing", [BUSY, HELD_BACK])
def test_a_write_off_stays_on_a_document_and_waits_for_a_new_one(standing):
    before = money(shared(1), difference=WRITTEN_OFF)
    kept = money(shared(1, standing), difference=WRITTEN_OFF, there={**there(payment(1)), **written_off(before)})
    assert told(kept) == []
    new = money(shared(1), shared(2, standing), difference=WRITTEN_OFF, there={**there(payment(1)), **written_off(before)})
    assert told(new) == ["create payment 2 (document)", "update write_off 70 (document)"]


def test_a_document_wholly_written_off_has_no_payment():
    found = money(part(1), shared(2, amount=Decimal(0)), difference=WRITTEN_OFF)
    assert held_in_xero(found) == ["payment 1", "write_off 70"]


def test_instalments_of_one_document_share_a_credit():
    found = money(shared(1, document=5, xero_id="x"), shared(2, document=5, xero_id="x"), difference=WRITTEN_OFF)
    assert {xero_id: sum(each.share for each in parts) for xero_id, parts in found.shares().items()} == {"x": 4}


@pytest.mark.parametrize("standing", [COMING, HELD])
def test_differences_wait_until_a_document_is_there(standing):
    for difference, name in ((WRITTEN_OFF, "write_off"), (ON_TOP, "bank_transaction")):
        steps = told(money(part(1, standing), difference=difference))
        assert f"create {name} 70 (document)" in steps
        assert f"create {name} 70" in told(money(part(1, standing), part(2), difference=difference))


def test_what_came_on_top():
    assert told(money(part(1), difference=ON_TOP)) == ["create payment 1", "create bank_transaction 70"]
    assert held_in_xero(money(rest=True, difference=ON_TOP)) == ["bank_transaction 70", "on_account 7"]
    assert told(Movement(KEY, there=there(BANK_TRANSACTION))) == ["remove bank_transaction 70"]
    changed = {**there(payment(1)), **there(BANK_TRANSACTION, bank_transaction="older")}
    assert told(money(part(1), difference=ON_TOP, there=changed)) == [
        "remove bank_transaction 70",
        "create bank_transaction 70 (other form)",
    ]


def test_money_of_nobody_stands_in_one_form_at_a_time():
    """Else the bank would have it twice while one of both cannot leave."""
    nobodys = money(is_direct=True, difference=DIRECT)
    assert told(nobodys) == ["create bank_transaction 70"]
    assert told(replace(nobodys, there=there(payment(1)))) == ["remove payment 1", "create bank_transaction 70 (other form)"]
    assert told(replace(nobodys, there=there(ON_ACCOUNT))) == ["remove on_account 7", "create bank_transaction 70 (other form)"]
    known = there(BANK_TRANSACTION, bank_transaction="b")
    assert told(replace(nobodys, there=known)) == []
    assert told(money(part(1), there=known)) == ["remove bank_transaction 70", "create payment 1 (other form)"]
    assert told(money(part(1), part(2), there=known)) == ["remove bank_transaction 70", "create batch_payment 7 (other form)"]
    assert told(money(rest=True, there=known)) == ["remove bank_transaction 70", "create on_account 7 (other form)"]


def test_cash_stands_in_one_form_at_a_time():
    found, known = money(is_direct=True, difference=replace(DIRECT, kind="cash_entry")), there(CASH, cash_entry="b")
    assert (found.form, told(found), told(replace(found, there=known))) == ("direct", ["create cash_entry 70"], [])
    assert told(replace(found, there=there(BANK_TRANSACTION))) == ["remove bank_transaction 70", "create cash_entry 70 (other form)"]
    assert told(money(part(1), there=known)) == ["remove cash_entry 70", "create payment 1 (other form)"]


# --- whatever comes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found, told_all",
    [
        (money(part(1)), True),
        (money(part(1), untold_bank_transaction="tax alone"), False),
        (money(rest=True, untold_bank_transaction="tax alone"), False),
        (money(part(1, ABSENT), untold_bank_transaction="tax alone"), True),
        (Movement(KEY, untold_bank_transaction="tax alone"), True),
        (money(part(1), rest=True, why_not="two partners"), False),
    ],
)
def test_whether_xero_agrees_in_the_end(found, told_all):
    assert found.is_wholly_told is told_all


@pytest.mark.parametrize("standing", list(Standing))
def test_from_anything_to_what_should_be(standing):
    """Doing what may be done, again and again, ends in what is wanted, or waits for a document."""
    beginnings = ([], [ON_ACCOUNT, allocation(1)], [BATCH], [payment(1), payment(3)], [ON_ACCOUNT, allocation(1), allocation(3), WRITE_OFF])
    for begin in beginnings:
        for found in (
            money(part(1), part(2, standing)), money(part(1, standing), rest=True),
            money(shared(1), part(2, standing), difference=WRITTEN_OFF),
            money(part(2, standing), may_stand=False, rest=True), Movement(KEY, parts=(part(1, standing),)),
        ):  # fmt: skip
            end = settled(replace(found, there=there(*begin, on_account="older") if standing is BUSY else there(*begin)))
            assert all(step.why == "document" for step in end.steps()), (begin, end)
            assert set(end.there) <= set(end.wanted())


def settled(found):
    """The movement after all its steps that may go, one after the other, as a run does them."""
    for _round in range(30):
        step = next((step for step in found.steps() if not step.why), None)
        if not step:
            return found
        now = dict(found.there)
        if step.operation == "remove":
            del now[step.key]
        else:
            shares = found.shares(step.there.documents if step.there else ()) if step.operation == "update" else {}
            digest = found.wanted()[step.key]
            now[step.key] = Counterpart(step.key, "new", digest, movement.allocated(shares), tuple(shares))
        found = replace(found, there=now)
    raise AssertionError(f"it goes round in circles: {told(found)}")
