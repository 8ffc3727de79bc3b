"""One range, as the standard says it, whatever someone sends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storage.ranges import CannotBeGiven, Span, read_range

SIZES = st.integers(min_value=0, max_value=10**12)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-", 500, 999),
        ("bytes=-300", 700, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=990-5000", 990, 999),
        ("BYTES = 1 - 2", 1, 2),
    ],
)
def test_a_range_is_cut_to_the_file(header: str, first: int, last: int):
    assert read_range(header, 1000) == Span(first=first, last=last)


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-6",
        "bytes=5-4",
        "bytes=",
        "bytes=-",
        "seconds=0-1",
        "bytes=a-b",
        "bytes=1-2-3",
        "",
        "bytes=٣-٤",
    ],
)
def test_what_is_not_one_range_is_answered_with_the_whole_file(header: str):
    assert read_range(header, 1000) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_a_range_outside_of_the_file_cannot_be_given(header: str):
    with pytest.raises(CannotBeGiven):
        read_range(header, 1000)


@given(st.text(max_size=200), SIZES)
def test_no_header_makes_a_span_outside_of_the_file(header: str, size: int):
    try:
        span = read_range(header, size)
    except CannotBeGiven:
        return

    assert span is None or 0 <= span.first <= span.last < size


@given(st.integers(0, 10**13), st.integers(0, 10**13), SIZES)
def test_a_well_formed_range_is_given_exactly_or_not_at_all(first: int, last: int, size: int):
    try:
        span = read_range(f"bytes={first}-{last}", size)
    except CannotBeGiven:
        assert first >= size
        return

    if last < first:
        assert span is None
    else:
        assert span == Span(first=first, last=min(last, size - 1))


def test_a_huge_header_costs_nothing():
    header = "bytes=" + ",".join(f"{n}-{n}" for n in range(500_000))

    started = time.perf_counter()
    span = read_range(header, 1000)

    assert span is None
    assert time.perf_counter() - started < 0.01
