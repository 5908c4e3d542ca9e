"""Error codes: the native table and the Python classes name each other, one to one."""

from __future__ import annotations

import re

import veltrix.errors
from house.sources import ROOT
from veltrix.errors import ERRORS_BY_CODE, VeltrixError

# Codes of classes that no native error stands behind.
PYTHON_ONLY = {"invalid_config", "not_available", "address", "evaluation", "worker_died"}


def _native_codes() -> list[str]:
    text = (ROOT / "cpp/veltrix/base/error.hpp").read_text()
    body = re.search(r"enum class ErrorCode[^{]*\{(.*?)\};", text, re.DOTALL)
    assert body is not None
    names = re.findall(r"^\s*k(\w+),", body.group(1), re.MULTILINE)
    return [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in names]


def _native_names() -> list[str]:
    text = (ROOT / "cpp/veltrix/base/error.cpp").read_text()
    body = re.search(r"kNames = \{(.*?)\};", text, re.DOTALL)
    assert body is not None
    return re.findall(r'"(\w+)"', body.group(1))


def _classes() -> list[type[VeltrixError]]:
    found = [value for value in vars(veltrix.errors).values() if isinstance(value, type)]
    return [value for value in found if issubclass(value, VeltrixError)]


def test_native_names_follow_the_codes() -> None:
    assert len(_native_codes()) > 10
    assert _native_names() == [name.replace("utf_8", "utf8") for name in _native_codes()]


def test_every_native_code_has_its_class() -> None:
    assert sorted(ERRORS_BY_CODE) == sorted(_native_names())


def test_every_class_with_a_code_is_its_codes_class() -> None:
    codes = {cls.code: cls for cls in _classes() if "code" in vars(cls) and cls.code}
    assert {code: cls for code, cls in codes.items() if code not in PYTHON_ONLY} == ERRORS_BY_CODE
    assert len(codes) == sum(1 for cls in _classes() if vars(cls).get("code"))


def test_tree_in_the_docstring_names_every_class() -> None:
    drawn = re.findall(r"(\w+Error)\b(?: \((?:\w+)\))?", veltrix.errors.__doc__ or "")
    assert {cls.__name__ for cls in _classes()} <= set(drawn)
