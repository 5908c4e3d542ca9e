"""Random expressions over random events, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

from oracle.grammar import CHOICES, LEAVES, PRODUCTIONS, WRONG, Production

_ATOM = re.compile(r"[\w.]+|'[^' ]*'|[\w.]+\([\w.:' +-]*\)|\[[\w., ]*\]")
_INTS = (0, 1, 2, 3, 7, 59, -1, -60, 255, 1_000_000, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
_DOUBLES = (0.0, 1.0, 1.5, -2.25, 0.1, 1e300, 1e-7, 60.0, 9007199254740993.0, 1e19, -1e19, 7.0)
_TEXTS = (
    "",
    "a",
    "abc",
    "ABC",
    "N12AA",
    "äöü€😀",
    "42",
    "-7",
    "1.5",
    "true",
    "x y",
    "a\nb",
    "0x1F",
)
_TIMES = ("2013-02-08T15:00:00Z", "2024-02-29T23:59:59.123456Z", "2024-07-01T00:30:00+02:00")
_TIMES += ("1969-12-31T23:59:59Z", "2013-03-10T07:00:00Z", "0001-01-01T00:00:00Z", "yesterday")
_SPANS = ("90s", "1h", "-1.5s", "1h30m", "250ms", "0s", "1d", "")
_ZONES = ("UTC", "America/New_York", "Australia/Sydney", "-03:30", "Nowhere/Land")
_PATTERNS = ("^a", "[0-9]{2}", "(", "a|b", "\\d+")


class Generator:
    """Makes cases and counts what they are made of.

    Args:
        seed: Fixes all of them.
    """

    def __init__(self, seed: int) -> None:
        self.used: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._scope: list[tuple[str, str]] = []  # variables of macros, with their types
        self._made: Counter[str] = Counter()

    def expression(self) -> str:
        """An expression, a bool more often than not."""
        self._made = Counter()
        root = "bool" if self._random.random() < 0.62 else "any"
        return self._of(root, self._random.randint(1, 4))

    def accept(self) -> None:
        """The last expression was evaluated: what it is made of counts."""
        self.used.update(self._made)

    def event(self) -> dict[str, Any]:
        """An event; members are there or not, and mostly of the type that expressions expect."""
        pick = self._random.choice
        data: dict[str, Any] = {"none": None, "zero": 0, "s": pick(_TEXTS), "i": pick(_INTS)}
        data |= {"d": pick(_DOUBLES), "b": pick((True, False, True)), "big": pick(_INTS)}
        data |= {"number": pick(("42", "-7", "1.5", "1e3", "0", "nine", "18446744073709551615"))}
        data |= {"text": pick(_TEXTS), "when": pick(_TIMES), "wait": pick(_SPANS)}
        data |= {"zone": pick(_ZONES), "pattern": pick(_PATTERNS)}
        data["small"] = pick((1, 2, 3, 7, 60))
        data["ints"] = [pick(_INTS[:8]) for _ in range(self._random.randint(0, 4))]
        data["words"] = [pick(_TEXTS) for _ in range(self._random.randint(0, 3))]
        data["map"] = {
            pick(_TEXTS[1:5]): pick(_INTS[:8]) for _ in range(self._random.randint(0, 3))
        }
        data["n"] = {"i": pick(_INTS), "d": pick(_DOUBLES), "b": pick((True, False))}
        data["n"] |= {"s": pick(_TEXTS), "ints": [1, "a", None, 2.0]}
        for name in self._random.sample(list(data), 2):
            if name not in ("n", "zero") and self._random.random() < 0.3:
                del data[name]
        event = {"id": "1", "source": "/shop", "type": pick(("order.paid", "flight.departed"))}
        return event | {"time": pick(_TIMES[:5]), "priority": pick((0, 4, 9)), "data": data}

    def _of(self, kind: str, depth: int) -> str:
        if kind.startswith("?"):
            text = self._of(kind[1:], depth)
            return f"dyn({text})" if _is_literal(text) else text
        if kind == "zone?":
            kind = "zone" if self._random.random() < 0.7 else "nothing"
        if kind in CHOICES:
            return self._of(self._random.choice(CHOICES[kind]), depth)
        if self._random.random() < 0.012 and kind not in ("member", "nothing"):
            return self._random.choice(WRONG)
        if depth <= 0 or kind not in PRODUCTIONS or self._random.random() < 0.08:
            return self._leaf(kind)
        return self._build(self._random.choice(PRODUCTIONS[kind]), depth - 1)

    def _leaf(self, kind: str) -> str:
        variables = [name for name, of in self._scope if of == kind]
        if variables and self._random.random() < 0.6:
            return self._random.choice(variables)
        return self._random.choice(LEAVES[kind])

    def _build(self, production: Production, depth: int) -> str:
        self._made[production.name] += 1
        types = production.types
        if types == ("same", "same"):
            types = (self._random.choice(CHOICES["any"]),) * 2
        if types == ("ordered", "ordered"):
            types = (self._random.choice(CHOICES["ordered"]),) * 2
        if "{x}" in production.template:
            return self._macro(production, depth)
        parts = [self._of(kind, depth) for kind in types]
        # Without brackets the same text means another tree, for both; around ?: they stay, or what
        # comes out is mostly refused at load.
        bare = production.template.startswith("{} ") and self._random.random() < 0.2
        parts = [part if bare and "?" not in part else _bracketed(part) for part in parts]
        return production.template.format(*parts)

    def _macro(self, production: Production, depth: int) -> str:
        kind = production.types[0]
        kind = self._random.choice(CHOICES[kind]) if kind in CHOICES else kind
        text = _bracketed(self._of(kind, min(depth, 1)))
        variable = self._random.choice(("x", "y", "item", "x", "event"))
        self._scope.append((variable, "int" if kind == "ints" else "string"))
        template = production.template.replace("{}", text.replace("{", "{{").replace("}", "}}"))
        template = template.replace("{x}", variable)
        for body in ("bool", "int", "string"):
            while "{" + body + ":x}" in template:
                made = self._of(body, depth).replace("{", "{{").replace("}", "}}")
                template = template.replace("{" + body + ":x}", made, 1)
        self._scope.pop()
        return template.replace("{{", "{").replace("}}", "}")


def _is_literal(text: str) -> bool:
    return text[:1] in "'r-0123456789(b\"" or text in ("true", "false", "null")


def _bracketed(text: str) -> str:
    return text if not text or _ATOM.fullmatch(text) else f"({text})"
