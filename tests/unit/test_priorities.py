"""Priorities: numbers and names."""

from __future__ import annotations

import pytest

from veltrix.priorities import NAMES, format_priority, parse_priority


@pytest.mark.parametrize("value", [*range(10), *NAMES])
def test_priority_is_read_back_to_the_same_when_formatted(value: int | str) -> None:
    assert parse_priority(format_priority(parse_priority(value))) == parse_priority(value)


@pytest.mark.parametrize("value", [-1, 10, 255, 4.0, True, None, "", "4", "URGENT", "hihg", []])
def test_parse_priority_refuses_and_lists_the_names_when_it_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="urgent, high, normal, low, bulk"):
        parse_priority(value)
