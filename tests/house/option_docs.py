"""Writes docs/: pipeline.schema.json and options.md from the models of the pipeline, metrics.md.

`make docs` runs it; test_docs.py fails when what is committed differs from what it would write.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from house import metric_docs
from veltrix.pipeline.schema import json_schema
from veltrix.sizes import format_size

DOCS = Path(__file__).resolve().parents[2] / "docs"

_HEAD = """\
# Options of a pipeline file

Written by `make docs` from the models in `python/veltrix/pipeline`; do not edit. Durations are
written `250ms`, `5s`, `1m`, `2h`, `7d`, or as seconds; sizes `64MiB`, `2GB`, or as bytes;
priorities 0 (lowest) to 9 (most urgent), or `urgent` 9, `high` 7, `normal` 4, `low` 2, `bulk` 0.
[policies.md](policies.md) says what the policies of a queue do to order, loss and latency.
"""

Json = dict[str, Any]


def documents() -> dict[Path, str]:
    """Every generated file with its text."""
    schema = json_schema()
    metrics = DOCS / "metrics.md"
    return {
        DOCS / "pipeline.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
        DOCS / "options.md": _HEAD + "".join(_tables(schema)),
        metrics: metric_docs.fresh(metrics.read_text()),
    }


def _tables(schema: Json) -> Iterator[str]:
    """One table for the top level, then one for each named collection such as `queues`."""
    collections = {}
    top = {}
    for name, option in schema["properties"].items():
        entry = option.get("additionalProperties")
        if isinstance(entry, dict):
            collections[f"{name}.NAME"] = _resolve(schema, entry)["properties"]
        else:
            top[name] = option
    yield _table("Top level", _rows(top, schema))
    for title, options in collections.items():
        yield _table(f"`{title}`", _rows(options, schema))


def _table(title: str, rows: Iterator[str]) -> str:
    lines = "\n".join(rows)
    return f"\n## {title}\n\n| option | value | default | meaning |\n|---|---|---|---|\n{lines}\n"


def _rows(options: Json, schema: Json, prefix: str = "") -> Iterator[str]:
    for name, option in options.items():
        group = _resolve(schema, option)
        if "properties" in group and name != "queue":
            yield from _rows(group["properties"], schema, f"{prefix}{name}.")
            continue
        text = " ".join(str(option.get("description", "")).split()).replace("``", "`")
        value = "the options of `queues.NAME`" if name == "queue" else _value(option)
        default = "" if name == "queue" else _default(option)
        yield f"| `{prefix}{name}` | {value} | {default} | {text.replace('|', '/')} |"


def _resolve(schema: Json, option: Json) -> Json:
    """The group of options that may stand there, perhaps beside a short form of it."""
    kinds = [option, *option.get("anyOf", [])]
    reference = next((kind["$ref"] for kind in kinds if "$ref" in kind), None)
    return schema["$defs"][reference.rsplit("/", 1)[-1]] if reference else option


def _value(option: Json) -> str:
    """What may stand there, in a word or two."""
    if "anyOf" in option:
        kinds = [_value(kind) for kind in option["anyOf"] if kind.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    words = option.get("enum") or ([option["const"]] if "const" in option else [])
    if words:
        return ", ".join(f"`{word}`" for word in words)
    kind = option.get("type", "")
    if isinstance(kind, list):
        number = "share" if "examples" in option else "duration"
        return {"number": number, "integer": "size"}[kind[1]]
    if kind == "array":
        return f"list of {_value(option['items'])}s"
    if kind == "integer":
        bounds = (option.get("minimum"), option.get("maximum"))
        return " … ".join(f"{bound:,}" for bound in bounds if bound is not None) or "integer"
    return {"string": "text", "boolean": "`true`, `false`"}.get(kind, kind)


def _default(option: Json) -> str:
    default = option.get("default")
    if default is None or default == []:
        return ""
    if isinstance(default, float):
        return f"`{default:.0%}`"
    if isinstance(default, bool):
        return f"`{default}`".lower()
    sized = option.get("type") == ["string", "integer"]
    return f"`{format_size(default) if sized else default}`"


def main(arguments: list[str]) -> int:
    """Writes the files with --write, else says which of them are stale."""
    stale = 0
    for path, text in documents().items():
        if "--write" in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale += 1
            sys.stdout.write(f"{path.name} is stale: run `make docs`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
