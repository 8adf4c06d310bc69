"""What is left of an approval: from answers that took longer, given how long it has waited."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headway.domain.vendors.rules.waits import ASSUMED, Answer, joint_left, told, wait_left

DAYS = (2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0)
LEGAL = [Answer("legal", "contract", days) for days in DAYS]


def test_what_has_waited_is_held_against_the_answers_that_took_longer() -> None:
    fresh = wait_left("legal", "contract", None, LEGAL)
    assert (fresh.left, fresh.usual, fresh.n) == ((2, 6, 15), (2, 15), 8)
    assert fresh.words == "approval of legal: not asked yet, usually 2 to 15"
    asked = wait_left("legal", "contract", 6.0, LEGAL)
    # Of 8, 10, 12 and 15 days six are over: 2, 4, 6 and 9 are left.
    assert asked.left == (2, 4, 9)
    assert asked.words == "approval of legal: waits 6 days, usually 2 to 15"
    assert asked.sentence.endswith("(as 4 of 8 answers about contracts that took longer).")


def test_what_has_waited_longer_than_nearly_all_may_wait_as_long_again() -> None:
    late = wait_left("legal", "contract", 12.0, LEGAL)
    assert late.left == (0.5, 6, 12)
    assert "longer than 7 of 8 answers" in late.sentence


def test_too_little_history_is_assumed_and_said() -> None:
    few = wait_left("legal", "contract", None, LEGAL[:4])
    assert (few.left, few.usual) == (ASSUMED, None)
    assert few.sentence.endswith("1 to 15 assumed (4 answers known, a range takes 5).")
    assert wait_left("legal", "contract", 10.0, []).left == (0.5, 5, 10)


def test_answers_about_the_same_sort_of_thing_speak_first() -> None:
    bills = [Answer("legal", "invoice", 1.0)] * 5
    assert wait_left("legal", "contract", None, [*LEGAL, *bills]).left == (2, 6, 15)
    assert wait_left("legal", "order", None, [*LEGAL, *bills]).n == 13
    assert wait_left("privacy", "contract", None, [*LEGAL, *bills]).n == 0


def test_functions_asked_at_once_take_as_long_as_the_slowest() -> None:
    legal = wait_left("legal", "contract", 6.0, LEGAL)
    finance = wait_left("finance", "contract", None, [])
    assert joint_left([legal, finance]) == (2, 5, 15)
    assert joint_left([]) is None
    assert told([legal, finance]).startswith("approval of finance: not asked yet, 1 to 15 assumed")


@given(
    st.lists(st.floats(0.5, 200), max_size=30),
    st.none() | st.floats(0.5, 400),
)
def test_a_range_is_in_order_and_never_over(days: list[float], waited: float | None) -> None:
    answers = [Answer("legal", "contract", one) for one in days]
    low, middle, high = wait_left("legal", "contract", waited, answers).left
    assert 0.5 <= low <= middle <= high
