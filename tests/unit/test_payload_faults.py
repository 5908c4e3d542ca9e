"""The place of what JSON cannot say, in every kind of container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from veltrix.payload_faults import first_fault

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


def test_first_fault_finds_nothing_in_what_is_json() -> None:
    assert first_fault({"a": [1, 2.5, None, True, "x", b"y"], "b": Struct(Data(3))}) is None


def test_first_fault_ends_where_data_contains_itself() -> None:
    data: list[Any] = []
    data.append(data)
    assert first_fault(data) is None
