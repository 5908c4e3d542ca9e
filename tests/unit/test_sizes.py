"""Sizes: text and numbers to bytes and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veltrix.sizes import MAX_BYTES, format_size, parse_size

GOOD = [
    ("64MiB", 64 << 20),
    ("64mib", 64 << 20),
    ("1 KiB", 1024),
    ("1kB", 1000),
    ("1KB", 1000),
    ("2GB", 2_000_000_000),
    ("1.5KiB", 1536),
    ("512B", 512),
    ("0B", 0),
    (4096, 4096),
    ("1024TiB", MAX_BYTES),
]

BAD = [
    *("", "64", "64M", "64Mi", "MiB", "-1B", "1.5B", "1e3B", "64 MiB free", "1025TiB"),
    *(-1, 1.5, True, None, [], b"64MiB", MAX_BYTES + 1),
]


@pytest.mark.parametrize(("value", "size"), GOOD)
def test_parse_size_reads_what_people_write(value: int | str, size: int) -> None:
    assert parse_size(value) == size


@pytest.mark.parametrize("value", BAD, ids=repr)
def test_parse_size_refuses_with_the_value_when_it_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="is not a") as caught:
        parse_size(value)
    assert repr(value) in str(caught.value)


@given(st.integers(0, MAX_BYTES))
def test_format_size_is_read_back_to_the_same(size: int) -> None:
    assert parse_size(format_size(size)) == size
