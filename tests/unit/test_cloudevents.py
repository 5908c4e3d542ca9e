"""Events as CloudEvents 1.0 JSON, both ways, beside the `cloudevents` package."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

import veltrix as vx

pytestmark = pytest.mark.slow

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
VALUES = st.one_of(TEXT, st.booleans(), st.integers(-(2**31), 2**31 - 1))
NAMES = st.from_regex(r"x[a-z0-9]{1,18}", fullmatch=True)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(minutes=330))])
TIMES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)
DATA = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**53), 2**53), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@st.composite
def events(draw: st.DrawFn) -> CloudEvent:
    """Events of the reference package."""
    attributes: dict[str, Any] = {name: draw(TEXT) for name in ("id", "source", "type")}
    attributes["specversion"] = "1.0"
    attributes["time"] = draw(TIMES)
    attributes["datacontenttype"] = "application/json"
    if draw(st.booleans()):
        attributes["subject"] = draw(TEXT)
    if draw(st.booleans()):
        attributes["partitionkey"] = draw(TEXT)
    attributes.update(draw(st.dictionaries(NAMES, VALUES, max_size=4)))
    return CloudEvent(attributes, draw(DATA))


def plain(document: bytes) -> dict[str, Any]:
    """A JSON event with its time as an instant, so that two spellings of one time are equal."""
    members: dict[str, Any] = json.loads(document)
    members["time"] = datetime.fromisoformat(members["time"])
    return members


@given(events())
def test_event_is_equal_when_the_reference_wrote_it(reference: CloudEvent) -> None:
    written = JSONFormat().write(reference)
    assert plain(vx.Event.from_json(written).to_json()) == plain(written)


@given(events())
def test_event_is_equal_when_the_reference_reads_it(reference: CloudEvent) -> None:
    event = vx.Event.from_json(JSONFormat().write(reference))
    again = JSONFormat().read(CloudEvent, event.to_json())
    assert again.get_attributes() == reference.get_attributes()
    assert again.get_data() == reference.get_data()


@given(st.lists(events(), max_size=5))
def test_batch_is_equal_when_it_is_split(references: list[CloudEvent]) -> None:
    written = [JSONFormat().write(reference) for reference in references]
    batch = vx.Event.from_json_batch(b"[" + b",".join(written) + b"]")
    assert [plain(event.to_json()) for event in batch] == [plain(one) for one in written]


def test_bytes_travel_as_base64_when_written() -> None:
    event = vx.Event("raw.seen", b"\x00\xff", id="1", source="/here")
    document = event.to_json()
    assert json.loads(document)["data_base64"] == "AP8="
    assert vx.Event.from_json(document).data == b"\x00\xff"


BAD = {
    "invalid_json": [b"", b"{", b"nul", b'{"id":}', b'{"id":"1"}x'],
    "invalid_event": [
        b"{}",
        b"[]",
        b'{"specversion":"0.3","id":"1","source":"/a","type":"t"}',
        b'{"specversion":"1.0","id":"","source":"/a","type":"t"}',
        b'{"specversion":"1.0","id":1,"source":"/a","type":"t"}',
        b'{"specversion":"1.0","id":"1","source":"/a"}',
        b'{"specversion":"1.0","id":"1","source":"/a","type":"t","priority":10}',
        b'{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"yesterday"}',
        b'{"specversion":"1.0","id":"1","source":"/a","type":"t","Tenant":"x"}',
    ],
    "duplicate_member": [b'{"specversion":"1.0","id":"1","id":"2","source":"/a","type":"t"}'],
}


@pytest.mark.parametrize(
    ("code", "document"), [(code, text) for code, texts in BAD.items() for text in texts]
)
def test_event_is_refused_by_code_when_it_is_bad(code: str, document: bytes) -> None:
    with pytest.raises(vx.EventError) as caught:
        vx.Event.from_json(document)
    assert caught.value.code == code
