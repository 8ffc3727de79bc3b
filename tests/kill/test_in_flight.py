"""P-01: the rate of an account is kept by all workers together, with hundreds of jobs due at once."""

from __future__ import annotations

import pytest

from benchmarks.in_flight import RATE, measure, most_in_a_second


@pytest.mark.kill
def test_p01_two_workers_never_ask_more_than_the_account_allows_in_any_second():
    figures = measure(jobs=400, seconds=8)

    assert 0 < figures.most <= RATE


def test_p01_the_fullest_second_is_found_wherever_it_begins():
    assert most_in_a_second([0.0, 0.9, 1.0, 1.5, 1.89, 3.0]) == 4
