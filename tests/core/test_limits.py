"""What may still be called: the day's budget and the pace within the minute, on a clock of our own."""

from xero_core.http.limits import BURST, Allowance, RateLimits


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def allowance(budget=100, reserve=10, used=0, told=None):
    clock = Clock()
    return Allowance(budget, reserve, used, told, clock), clock


def test_the_last_calls_of_the_day_are_for_people():
    ours, _clock = allowance(used=89)
    assert ours.permits(for_person=False)
    assert not ours.permits(for_person=False, under_way=1)
    ours.note(None)
    assert ours.left == 10
    assert not ours.permits(for_person=False)
    assert ours.permits(for_person=True, under_way=9)
    assert not ours.permits(for_person=True, under_way=10)


def test_what_xero_says_wins_where_it_is_lower():
    ours, _clock = allowance(told=20)
    assert ours.left == 20
    ours.note(RateLimits(day_remaining=5))
    assert ours.left == 5
    ours.note(RateLimits())
    assert ours.left == 4, "an answer without the figure is a call all the same"
    more, _clock = allowance(budget=1000, told=4990)
    more.note(RateLimits(day_remaining=4989))
    assert more.left == 999, "our own budget is the lower one"


def test_a_jump_of_what_is_left_is_a_new_day():
    ours, _clock = allowance(used=95, told=5)
    ours.note(RateLimits(day_remaining=4))
    ours.note(RateLimits(day_remaining=8))
    assert not ours.renewed, "answers overtake each other"
    ours.note(RateLimits(day_remaining=999))
    assert ours.renewed
    assert ours.left == 99


def test_the_first_figure_is_no_jump():
    ours, _clock = allowance()
    ours.note(RateLimits(day_remaining=4000))
    assert not ours.renewed


def test_pace_keeps_within_the_minute_and_uses_nine_tenths_of_it():
    ours, clock = allowance(budget=10**6)
    moments = []
    while clock.now < 1000 + 600:
        clock.now += ours.pause() + 1e-6
        ours.begin()
        moments.append(clock.now)
    busiest = max(sum(start <= moment < start + 60 for moment in moments) for start in moments)
    assert busiest <= 57 + BURST + 1
    assert 600 * 0.9 <= len(moments) <= 600


def test_a_clock_that_jumps_back_neither_blocks_nor_floods():
    ours, clock = allowance()
    for _ in range(BURST):
        assert ours.pause() == 0
        ours.begin()
    clock.now -= 3600
    assert 0 < ours.pause() < 2
    clock.now += 7200
    for _ in range(BURST):
        assert ours.pause() == 0
        ours.begin()
    assert ours.pause() > 0
