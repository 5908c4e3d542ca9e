"""What ``--help`` says; a backspace before a paragraph keeps its lines as they stand."""

from __future__ import annotations

VELTRIX = """\
Prioritised event processing: pipelines from YAML or Python on a native engine.

\b
veltrix validate hunt.yaml    every problem of a pipeline, with its place
veltrix run hunt.yaml         run it to the end of its input
veltrix expr 'data.x > 1'     what an expression makes of an event
veltrix explain hunt.yaml e.json   which routes take an event, and why the others do not
veltrix source peek app.log   what becomes of the records of a file
veltrix demo                  what veltrix is good for, measured on this machine
"""

RUN = """\
Run a pipeline to the end of its input, then print what every queue did.

\b
veltrix run hunt.yaml
veltrix run hunt:app --quiet --json > summary.json
zcat events.jsonl.gz | veltrix run from-stdin.yaml --grace 5s
veltrix run hunt.yaml --metrics 9464      http://127.0.0.1:9464/metrics while it runs

Ctrl-C and SIGTERM let what is in flight end within --grace (default: shutdown.grace of the
pipeline) and report what is left; a second Ctrl-C stops at once.

Exit codes: 0 every event was handled; 1 dead letters or rejected records; 2 wrong usage; 78 the
pipeline cannot run; 130 Ctrl-C; 143 SIGTERM.
"""

VALIDATE = """\
Check a pipeline without running it: options, routes, queues, handlers.

\b
veltrix validate hunt.yaml
veltrix validate hunt:app

Every problem is printed at once, with its place and what to do. Handlers are imported. Exit codes:
0 it can run; 2 wrong usage; 78 it cannot.
"""

DEMO = """\
Tell a story: the same load without and with veltrix, in one run, beside what the story claims.

\b
veltrix demo                  which stories there are
veltrix demo s0               one slow type of event in a queue for all, or in its own
veltrix demo s1               one bus whose handlers filter, or filters before lanes
veltrix demo s4               threads around one priority queue, or priority dispatch
veltrix demo s4 --quick       the same, smaller
veltrix demo s4 --seed 2      another load of the same kind

Every run gets a process of its own, and all of them the same events, threads and room. A target
is printed as met or missed: that is a figure of this machine at this moment, so look at "machine
late" before you believe it. Waits count from when an event was due or handed over.

Exit codes: 0 it was told, whatever came out; 1 a run failed; 2 wrong usage; 130 Ctrl-C.
"""

EXPR = """\
Evaluate an expression (CEL) over events: the language of where:, key: and priority:.

\b
veltrix expr '1 + 2 * 3'                                   7
veltrix expr 'data.amount > 900' --event e.json            true
veltrix expr 'data.amount > 900' --event events.jsonl      a line for each event
tail -f events.jsonl | veltrix expr 'event.type' -e -      as they come
veltrix expr 'data.amount > 900' -e e.json --explain       false: data.amount > 900, where …

\b
event         the whole JSON object: event.type, event.data.team
data          short for event.data
has(data.x)   whether it is there; an expression that names a missing member has no value
data.tags.exists(t, t == "vip")      timestamp(event.time).getHours("Europe/Berlin") >= 22

A value is printed as JSON: bytes as base64, times as text. Each error has a line of its own on
standard error, with the sub-expression and its column. docs/expressions.md has the language.

Exit codes: 0 every event had a value; 1 some had none, or were no JSON; 2 wrong usage; 78 the
expression cannot be read.
"""

EXPLAIN = """\
Say for each route of a pipeline whether it takes an event and, if not, what decided.

\b
veltrix explain hunt.yaml e.json
veltrix explain hunt:app events.jsonl --json
head -1 events.jsonl | veltrix explain hunt.yaml -

Nothing runs: handlers are imported, but not called, and no file of the pipeline is opened. An
event without id, source or specversion gets them, so that {"type": "clue.found", "data": {}} is
enough to ask about.

Exit codes: 0 every event was read, whatever its way; 1 some were no events; 2 wrong usage; 78 the
pipeline cannot run.
"""

SOURCE = """\
What sources read.

\b
veltrix source peek app.log --pipeline hunt.yaml
"""

PEEK = """\
Show records of a file, the event that each becomes, and the routes that the event takes.

\b
veltrix source peek app.jsonl --pipeline hunt.yaml --source app
veltrix source peek app.jsonl --envelope 'type="log." + line.level' --envelope time=line.ts
veltrix source peek app.log --pattern '(?P<level>[A-Z]+) (?P<message>.*)' -e 'type=line.level'

Nothing runs and nothing is written. The file may be packed (gzip). With --pipeline the options of
the source come from there, and without --envelope and --pattern records are CloudEvents.
docs/sources.md has the whole of it.

Exit codes: 0 every record became an event, or was left out by where; 1 some were rejected; 2 wrong
usage; 78 the pipeline or an expression cannot be read.
"""
