"""Reads the option structs of the native core from their headers: field, type, default."""

from __future__ import annotations

import re
from dataclasses import dataclass

from house.sources import ROOT, files

_UNITS = {"kMicrosecond": 1_000, "kMillisecond": 1_000_000, "kSecond": 1_000_000_000}


@dataclass(frozen=True)
class Field:
    """One member of an option struct."""

    name: str
    type: str
    default: object
    comment: str

    @property
    def range(self) -> tuple[int, int] | None:
        """The range that the comment begins with: `1 … 1,000`."""
        found = re.match(r"([\d,]+) … ([\d,]+)", self.comment)
        return (_number(found.group(1)), _number(found.group(2))) if found else None


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def constants() -> dict[str, object]:
    """The named numbers that defaults refer to."""
    text = (ROOT / "cpp/veltrix/base/limits.hpp").read_text()
    found = re.findall(r"(k\w+) = ([\d']+);", text)
    return _UNITS | {name: int(value.replace("'", "")) for name, value in found}


def struct(name: str) -> dict[str, Field]:
    """The fields of an option struct, wherever below cpp/ it is defined."""
    pattern = re.compile(rf"^struct {name} \{{\n(.*?)^\}};", re.MULTILINE | re.DOTALL)
    headers = [path.read_text() for path in files(".hpp", under="cpp/")]
    bodies = [found for text in headers for found in pattern.findall(text)]
    assert len(bodies) == 1, f"struct {name} is defined {len(bodies)} times below cpp/"
    member = re.compile(r"^  ([\w:<>]+) (\w+)(?: = ([^;]+)|\{\})?;\s*(?://\s*(.*))?$", re.MULTILINE)
    fields = [Field(n, t, _value(t, d), c) for t, n, d, c in member.findall(bodies[0])]
    assert fields, f"struct {name} could not be read"
    return {field.name: field for field in fields}


def _value(type_name: str, default: str) -> object:
    """What a C++ default means in Python; an enumerator is its name in lower case."""
    if not default:
        return "" if type_name == "std::string" else None
    if default.startswith('"'):
        return default.strip('"')
    enumerator = re.fullmatch(r"\w+::k(\w+)", default)
    if enumerator:
        return enumerator.group(1).lower()
    text = re.sub(r"(?<=\d)(?:ULL|UL|U)\b|(?<=\d)'(?=\d)|std::size_t", "", default)
    text = text.replace("{", "(").replace("}", ")")
    names = constants() | {"true": True, "false": False}
    return eval(text, {"__builtins__": {}}, names)  # our own headers
