"""Objects of classes as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

import pydantic
import pytest

from veltrix.plain_values import plain_value


class Inner(pydantic.BaseModel):
    day: date


ID = UUID("01234567-89ab-7def-8123-456789abcdef")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Inner(day=date(2026, 1, 31)), {"day": "2026-01-31"}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (memoryview(b"x"), b"x"),
        (frozenset({1}), [1]),
        (date(2026, 1, 31), "2026-01-31"),
        (ID, str(ID)),
    ],
)
def test_object_has_the_form_of_its_json(given: object, expected: object) -> None:
    assert plain_value(given) == expected


@pytest.mark.parametrize("given", [object(), len, iter([])])
def test_object_is_refused_when_it_is_no_data(given: object) -> None:
    with pytest.raises(TypeError, match="is not data"):
        plain_value(given)


def test_mapping_of_a_users_own_is_a_map() -> None:
    class Own(Mapping[str, int]):
        def __getitem__(self, key: str) -> int:
            return 1

        def __iter__(self):  # type: ignore[no-untyped-def]
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    assert plain_value(Own()) == {"a": 1}
