"""What matchers are measured by holds what it says: the answers add up, and as many lines as promised have a twin, or no match."""

from decimal import Decimal

import pytest

from benchmarks.bank_lines import World

SEEDS = range(1, 6)


def of_answer(world, answer):
    by_id = {item.id: item for item in world.items}
    return [by_id[each] for each in answer.items]


@pytest.mark.parametrize("seed", SEEDS)
def test_shares(seed):
    world = World(seed)
    answers = list(world.answers.values())
    assert len(world.lines) == len(answers) == 500
    assert 95 <= sum(not answer.items for answer in answers) <= 105
    assert 50 <= sum(bool(answer.twins) for answer in answers) <= 65
    assert len(world.items) >= 2 * sum(len(answer.items) for answer in answers)


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_add_up(seed):
    world = World(seed)
    by_id = {item.id: item for item in world.items}
    for line in world.lines:
        answer = world.answers[line.id]
        total = sum((item.amount for item in of_answer(world, answer)), Decimal(0))
        if answer.how == "part":
            assert 0 < line.amount < total
        elif answer.items:
            assert line.amount == total - answer.fee, (line, answer)
        for twin in answer.twins:
            assert sum(by_id[each].amount for each in twin) == line.amount
        assert line.amount


def test_no_item_is_paid_twice():
    for seed in SEEDS:
        world = World(seed)
        paid = [each for answer in world.answers.values() for each in answer.items]
        assert len(paid) == len(set(paid))


def test_the_same_seed_says_the_same():
    one, same, other = World(3), World(3), World(4)
    assert (one.lines, one.items, one.answers) == (same.lines, same.items, same.answers)
    assert one.lines != other.lines
