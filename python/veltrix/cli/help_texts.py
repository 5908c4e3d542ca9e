"""What ``--help`` says; a backspace before a paragraph keeps its lines as they stand."""

from __future__ import annotations

VELTRIX = """\
Prioritised event processing: pipelines from YAML or Python on a native engine.

\b
veltrix validate hunt.yaml    every problem of a pipeline, with its place
veltrix run hunt.yaml         run it to the end of its input
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
veltrix demo s4               threads around one priority queue, or priority dispatch
veltrix demo s4 --quick       the same, smaller
veltrix demo s4 --seed 2      another load of the same kind

Every run gets a process of its own, and all of them the same events, threads and room. A target
is printed as met or missed: that is a figure of this machine at this moment, so look at "machine
late" before you believe it. Waits count from when an event was due or handed over.

Exit codes: 0 it was told, whatever came out; 1 a run failed; 2 wrong usage; 130 Ctrl-C.
"""
