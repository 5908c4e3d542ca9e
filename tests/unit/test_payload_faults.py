"""The place of what JSON cannot say, in every kind of container."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import numpy as np
import pytest
from pydantic import BaseModel

from veltrix.payload_faults import CURE, first_fault

NAN = float("nan")


class Struct(msgspec.Struct):
    x: Any


@dataclass
class Data:
    x: Any


class Model(BaseModel):
    x: Any


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (NAN, "data is nan"),
        ([1, NAN], "data[1] is nan"),
        ((1, (2, NAN)), "data[1][1] is nan"),
        ({"a": {"b": [NAN]}}, "data.a.b[0] is nan"),
        (Struct(NAN), "data.x is nan"),
        (Data([NAN]), "data.x[0] is nan"),
        (Model(x={"y": NAN}), "data.x.y is nan"),
        ([Struct(Data(Model(x=float("-inf"))))], "data[0].x.x.x is -inf"),
    ],
)
def test_first_fault_names_the_place(data: Any, place: str) -> None:
    fault = first_fault(data, other_types=False)
    assert fault is not None
    assert fault.startswith(place)


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (np.float64(1), "data is a numpy.float64, which is not JSON; pass value.item()"),
        ([Text("a")], f"data[0] is a {__name__}.Text, which is not JSON; pass str(value)"),
        (
            {"a": UserDict()},
            "data.a is a collections.UserDict, which is not JSON; pass dict(value)",
        ),
        ({"a": object()}, f"data.a is an object, which is not JSON; {CURE}"),
        ({"a": {(1, 2): 3}}, "a key of data.a is a tuple, (1, 2); pass text or numbers as keys"),
        ({"a": "\ud800"}, "data.a holds a lone surrogate, which is no UTF-8"),
        ({"\ud800": 1}, "a key of data holds a lone surrogate, which is no UTF-8"),
        ({1: 2, 1.5: date(2026, 1, 1), "b": Struct(msgspec.UNSET)}, None),
    ],
)
def test_first_fault_names_a_cure(data: Any, fault: str | None) -> None:
    assert first_fault(data) == fault


def test_first_fault_finds_nothing_in_what_is_json() -> None:
    assert first_fault({"a": [1, 2.5, None, True, "x", b"y"], "b": Struct(Data(3))}) is None


def test_first_fault_ends_where_data_contains_itself() -> None:
    data: list[Any] = []
    data.append(data)
    assert first_fault(data) is None
