"""Pipeline files that are wrong in one place each: what is put in, where the error is, its code.

A case replaces or adds lines of a sound file (see ``text_of``); places are line:column of the
result. ``L`` is a line of a queue, ``R`` of a route, ``S`` of a source, ``T`` at the top.
"""

from __future__ import annotations

SOUND = """\
veltrix: 1
name: hunt
sources:
  game:
    path: in.jsonl
routes:
  score:
    type: clue.found
    to: scores
queues:
  scores:
    sink: out
sinks:
  out:
    path: out.jsonl
"""

# (line of SOUND to replace, new text, place, code, a part of the message)
REPLACED = [
    (1, "veltrix: 2", "1:10", "unsupported-version", "write veltrix: 1"),
    (1, 'veltrix: "1"', "1:10", "unsupported-version", "'1' is not a schema version"),
    (1, "veltrix: true", "1:10", "unsupported-version", "True"),
    (1, "# veltrix: 1", "2:1", "missing-field", "the pipeline has no 'veltrix'; add 'veltrix: 1'"),
    (2, "# name", "1:1", "missing-field", "the pipeline has no 'name'"),
    (2, "name: my hunt", "2:7", "invalid-name", "'my hunt' is not a name"),
    (2, "name: [hunt]", "2:7", "invalid-value", "'name' must be text, not a list"),
    (2, "name: 5", "2:7", "invalid-value", "'name' must be text, not 5"),
    (2, "name:", "2:1", "invalid-value", "'name' must be text, not nothing"),
    (3, "sorces:", "3:1", "unknown-field", "is not a pipeline option; did you mean 'sources'?"),
    (4, "  my game:", "4:3", "invalid-name", "'my game'"),
    (5, "    paht: in.jsonl", "5:5", "unknown-field", "'paht' is not a source option"),
    (5, "    connector: jsonl", "4:3", "missing-field", "source 'game' has no 'path'"),
    (5, "    path: []", "5:11", "invalid-value", "'path' must be at least one entry"),
    (5, "    path: ['']", "5:12", "invalid-value", "an empty path"),
    (5, "    path: a\n    parallel: 17", "6:15", "invalid-value", "'parallel' must be at most 16"),
    (5, "    path: {a: b}", "5:11", "invalid-value", "'path' must be a list, not a group"),
    (13, "sinks: {out: all}\nx:", "13:14", "invalid-value", "'out' must be a group of options"),
    (8, "    type: clue..found", "8:11", "invalid-pattern", "an empty part"),
    (8, "    type: [a, 'b*']", "8:15", "invalid-pattern", "position 2"),
    (8, "    type: [a, 5]", "8:15", "invalid-value", "'type' must be text, not 5"),
    (8, "    type: clue found", "8:11", "invalid-pattern", "white space"),
    (8, "    typ: x", "8:5", "unknown-field", "did you mean 'type'?"),
    (9, "    to: score", "9:9", "unknown-queue", "did you mean 'scores'?"),
    (9, "    key: data.x", "7:3", "missing-field", "route 'score' has no 'to'; add 'to: QUEUE'"),
    (12, "    sink: ouch", "12:11", "unknown-sink", "queue 'scores' empties into 'ouch'"),
    (12, "    weight: 2", "11:3", "no-handler", "neither 'handler' nor 'sink'"),
    (12, "    handler: score", "12:14", "invalid-value", 'write "module:function"'),
    (12, "    handler: no.such:f", "12:14", "handler-import", "module 'no.such' is not found"),
    (12, "    handler: json:dumbs", "12:14", "handler-import", "did you mean 'dumps'?"),
    (12, "    handler: json:JSONDecoder", "12:14", "handler-kind", "is a class, not a function"),
    (12, "    handler: json:detect_encoding.x", "12:14", "handler-import", "has no 'x'"),
    (12, "    handler: os:spawnl", "12:14", "handler-signature", "call it 'ctx'"),
    (15, "    path: [a, b]", "15:11", "invalid-value", "'path' must be text, not a list"),
]


def reserve(priority: str, share: str) -> str:
    return f"capacity: {{reserve: {{priority: {priority}, share: {share}}}}}"


def dedup(by: str) -> str:
    return f"dedup: {{by: {by}, window: 1h}}"


def both(on: str, dead_on: str) -> str:
    return f"retry: {{on: {on}, dead_on: {dead_on}}}"


# (lines added at the end of a part, place, code, a part of the message)
IN_QUEUE = [  # line 13, five columns in
    ("prority: 5", "13:5", "unknown-field", "'prority' is not a queue option; did you mean"),
    ("priority: hihg", "13:15", "invalid-value", "did you mean 'high'?"),
    ("priority: 10", "13:15", "invalid-value", "write 0 to 9"),
    ("concurrency: 0", "13:18", "invalid-value", "'concurrency' must be at least 1, not 0"),
    ("concurrency: 1025", "13:18", "invalid-value", "'concurrency' must be at most 1,024"),
    ("concurrency: 1.5", "13:18", "invalid-value", "must be a whole number, not 1.5"),
    ("concurrency: true", "13:18", "invalid-value", "must be a whole number, not True"),
    ("weight: 1001", "13:13", "invalid-value", "at most 1,000"),
    ("max_wait: 0s", "13:15", "invalid-value", "must be longer than 0s"),
    ("max_wait: soon", "13:15", "invalid-value", "'soon' is not a duration"),
    ("order: fifo", "13:12", "invalid-value", "'order' must be key or none or total, not 'fifo'"),
    ("order: [key]", "13:12", "invalid-value", "'order' must be a group of options"),
    ("order: {by: fifo}", "13:17", "invalid-value", "'by' must be key or none or total"),
    (
        "order: {sort: data.at, wait: 1s}",
        "13:19",
        "invalid-value",
        "must be event.time, not 'data.at'",
    ),
    ("order: {sort: 5, wait: 1s}", "13:19", "invalid-value", "'sort' must be event.time, not 5"),
    ("order: {sort: event.time, wait: 0s}", "13:37", "invalid-value", "longer than 0s"),
    ("order: {late: never}", "13:19", "invalid-value", "must be deliver or dead or drop"),
    ("order: {on_retry: wait}", "13:23", "invalid-value", "must be hold or pass, not 'wait'"),
    ("order: {bye: key}", "13:13", "unknown-field", "'bye' is not an order option; did you mean"),
    ("order: {sort: event.time}", "13:13", "option-clash", "add how long to hold, 'wait: 500ms'"),
    ("order: {wait: 1s}", "13:13", "option-clash", "'wait' needs 'sort'; add 'sort: event.time'"),
    ("order: {by: none, on_retry: pass}", "13:23", "option-clash", "'none' keeps none; remove it"),
    ("capacity: 5", "13:15", "invalid-value", "'capacity' must be a group of options"),
    ("capacity: {evens: 5}", "13:16", "unknown-field", "not a capacity option; did you mean"),
    ("capacity: {bytes: 64M}", "13:23", "invalid-value", "'64M' is not a size"),
    ("capacity: {per_key: 0}", "13:25", "invalid-value", "at least 1"),
    ("capacity: {reserve: 1}", "13:25", "invalid-value", "must be a group of options"),
    ("capacity: {reserve: {share: 5%}}", "13:16", "missing-field", "add 'priority: high'"),
    ("capacity: {reserve: {priority: 7}}", "13:16", "missing-field", "'reserve' has no 'share'"),
    (reserve("0", "20%"), "13:36", "invalid-value", "nothing below it"),
    (reserve("10", "20%"), "13:36", "invalid-value", "write 0 to 9"),
    (reserve("7", "91%"), "13:46", "invalid-value", "'91%' is not a share; write 0% to 90%"),
    (reserve("7", "-0.1"), "13:46", "invalid-value", "write 0% to 90%"),
    (reserve("7", "a fifth"), "13:46", "invalid-value", "write 0% to 90%"),
    (
        "overflow: {policy: drop}",
        "13:24",
        "invalid-value",
        "must be block or reject or drop_newest",
    ),
    ("overflow: {policy: drop_oldst}", "13:24", "invalid-value", "did you mean 'drop_oldest'?"),
    ("overflow: {dead_letter: true}", "13:16", "unknown-field", "not an overflow option"),
    ("overflow: {policy: spill}", "13:24", "not-available-yet", "the journal"),
    ("overflow: {policy: reject, timeout: 1s}", "13:32", "option-clash", "never waits; remove it"),
    ("overflow: {timeout: -1}", "13:25", "invalid-value", "-1 is not a duration"),
    ("retry: {max_attempts: '5'}", "13:27", "invalid-value", "must be a whole number, not '5'"),
    ("retry: {backof: 1s}", "13:13", "unknown-field", "'backof' is not a retry option; did you"),
    ("retry: {on: OSError}", "13:13", "option-clash", "a sink has none; remove it"),
    ("retry: {max_age: soon}", "13:22", "invalid-value", "'soon' is not a duration"),
    ("retry: {on: []}", "13:17", "invalid-value", "'on' must be at least one entry"),
    ("retry: {on: {a: b}}", "13:17", "invalid-value", "'on' must be a list, not a group"),
    ("retry: {on: ValueEror}", "13:17", "exception-import", "did you mean 'ValueError'?"),
    ("retry: {on: [OSError, TransportError]}", "13:27", "exception-import", "MODULE.Transport"),
    ("retry: {on: no_such.Error}", "13:17", "exception-import", "module 'no_such' is not found"),
    ("retry: {on: json.DecodeError}", "13:17", "exception-import", "did you mean 'JSONDecodeErr"),
    ("retry: {on: print}", "13:17", "exception-kind", "'print' is no exception class"),
    ("retry: {dead_on: [json.JSONDecoder]}", "13:23", "exception-kind", "no exception class"),
    ("retry: {dead_on: [veltrix.Drop]}", "13:23", "exception-kind", "is a signal"),
    ("retry: {dead_on: [5]}", "13:23", "exception-kind", "'5' is no exception class"),
    (both("KeyError", "LookupError"), "13:36", "option-clash", "'on' names KeyError, which"),
    ("handler: json:dumps", "12:5", "handler-and-sink", "has a handler and a sink"),
    ("ttl: -1", "13:10", "invalid-value", "-1 is not a duration"),
    ("ttl: 367d", "13:10", "invalid-value", "'367d' is too long for an option; write at most 366d"),
    ("timeout: never", "13:14", "invalid-value", "'never' is not a duration"),
    ("pool: fibres", "13:11", "invalid-value", "must be shared or threads"),
    ("batch: 5", "13:12", "invalid-value", "'batch' must be a group of options"),
    ("batch: {max_events: 0}", "13:25", "invalid-value", "at least 1"),
    ("batch: {max_events: 10001}", "13:25", "invalid-value", "at most 10,000"),
    ("batch: {linger: soon}", "13:21", "invalid-value", "'soon' is not a duration"),
    ("batch: {linger: 2m}", "13:21", "invalid-value", "write at most 1m"),
    ("batch: {size: 5}", "13:13", "unknown-field", "'size'"),
    ("breaker: {failures: 20}", "13:5", "not-available-yet", "circuit breakers"),
    ("rate_limit: 500/s", "13:5", "not-available-yet", "rate limits"),
    ("latest: key", "13:13", "invalid-value", "'latest' must be a group of options"),
    ("latest: {by: type}", "13:18", "invalid-value", "'by' must be key, not 'type'"),
    ("latest: {every: often}", "13:21", "invalid-value", "'often' is not a duration"),
    ("dedup: {window: 1h}", "13:5", "missing-field", "'dedup' has no 'by'; add 'by: event.id'"),
    ("dedup: {by: event.id}", "13:5", "missing-field", "add 'window: 1h'"),
    (dedup("[]"), "13:17", "invalid-value", "at least one entry"),
    (dedup("[event.id, data..x]"), "13:28", "invalid-key-path", "a name is missing"),
    (dedup("[team]"), "13:18", "invalid-key-path", "did you mean data.team?"),
    (dedup("data.a + date.b"), "13:26", "unknown-variable", "'date'"),
    (dedup("[event.id, size(data.x]"), "13:32", "unclosed-bracket", "add ')'"),
    ("dedup: {by: event.id, window: 0s}", "13:35", "invalid-value", "longer than 0s"),
    ("dedup: {by: event.id, window: 1h, events: 0}", "13:47", "invalid-value", "at least 1"),
    ("dead_letters: {retention: 1d}", "13:20", "not-available-yet", "the journal"),
    ("dead_letters: {drops: 1}", "13:27", "invalid-value", "'drops' must be true or false, not 1"),
    ("durability: memory", "13:5", "not-available-yet", "the journal"),
]

IN_ROUTE = [  # line 10
    ("unless: rest", "10:13", "unknown-route", "'unless' names 'rest', which is no route"),
    ("unless: [rest]", "10:14", "unknown-route", "no route"),
    ("unless: score", "10:13", "unless-circle", "score -> score"),
    ("key: data..team", "10:10", "invalid-key-path", "a name is missing beside a dot"),
    ("key: team", "10:10", "invalid-key-path", "did you mean data.team?"),
    ("key: event", "10:10", "invalid-key-path", "name an attribute"),
    ("key: data.a + date.b", "10:19", "unknown-variable", "'date'"),
    ("key: 5", "10:10", "invalid-value", "'key' must be text, not 5"),
    ("priority: 'data.x > 5 ? 9'", "10:30", "unexpected-end", "':'"),
    ("priority: 10", "10:15", "invalid-value", "write 0 to 9"),
    ("priority: urgnt", "10:15", "invalid-value", "did you mean 'urgent'?"),
    ("where: data.x >", "10:20", "unexpected-end", "ends too early"),
    ("where: data.x.stratsWith('a')", "10:19", "unknown-method", "'startsWith'"),
    ("where: 'data.x == ''é'' && date.y'", "10:32", "unknown-variable", "'date'"),
    ('where: "data.x == \\"a\\" && date.y"', "10:32", "unknown-variable", "'date'"),
    ("where: ''", "10:13", "empty-expression", "there is no expression"),
    ("where: true", "10:12", "invalid-value", "'where' must be text, not True"),
    ("where: >-\n      data.x\n      > date.y", "10:12", "unknown-variable", "column 10: there is"),
]

IN_SOURCE = [  # line 6
    ("connector: kafka", "6:16", "not-available-yet", "arrives with the Kafka connector"),
    ("connector: rabbitmq", "6:16", "not-available-yet", "the RabbitMQ connector"),
    ("connector: http", "6:16", "not-available-yet", "the HTTP connector"),
    ("connector: lines", "4:3", "no-envelope", "add an 'envelope'"),
    ("connector: xml", "6:16", "invalid-value", "'connector' must be jsonl or lines, not 'xml'"),
    ("envelope: {}", "6:5", "missing-field", "has no 'type'"),
    ("envelope: line.type", "6:15", "invalid-value", "a group of options"),
    ("envelope: {type: 5}", "6:22", "invalid-value", "'type' must be text, not 5"),
    ("envelope: {type: x}", "6:22", "unknown-variable", "'x'"),
    ("envelope: {type: line.x + }", "6:30", "unexpected-end", "ends too early"),
    ("envelope: {type: line.x, tiem: line.y}", "6:30", "unknown-field", "did you mean 'time'?"),
    ("envelope: {type: line.x, id: line.y + data.z}", "6:43", "unknown-variable", "'data'"),
    ("envelope: {type: line.x, time: 'line.y.stratsWith(1)'}", "6:44", "unknown-method", ""),
    ("where: data.x > 1", "6:12", "unknown-variable", "'data'"),
    ("where: line.x >", "6:20", "unexpected-end", "ends too early"),
    ("pattern: a", "6:5", "option-clash", "add 'connector: lines'"),
    ("pattern: (a", "6:14", "invalid-pattern", "missing )"),
    ("pattern: (?P<text>a)", "6:14", "invalid-pattern", "the whole line"),
    ("rate_limit: 5/s", "6:5", "not-available-yet", "rate limits"),
    ("rejects: 5", "6:14", "invalid-value", "'rejects' must be text, not 5"),
]

AT_THE_TOP = [  # line 16
    ("journal: {path: x}", "16:1", "not-available-yet", "arrives with the journal"),
    ("durability: os", "16:1", "not-available-yet", "the journal"),
    ("events: {a: {schema: 'b:C'}}", "16:1", "not-available-yet", "payload schemas"),
    ("projections: {}", "16:1", "not-available-yet", "projections"),
    ("slo: {}", "16:1", "not-available-yet", "service level objectives"),
    ("dispatch: {policy: fair}", "16:20", "invalid-value", "must be classes or strict"),
    ("dispatch: {min_share: 11%}", "16:23", "invalid-value", "'11%' is not a share"),
    ("dispatch: {min_share: x}", "16:23", "invalid-value", "write 0% to 10%"),
    ("dedup: {window: 2 weeks}", "16:17", "invalid-value", "is not a duration"),
    ("dedup: {events: 0}", "16:17", "invalid-value", "at least 1"),
    ("dedup: {by: [event.id]}", "16:9", "unknown-field", "'by' is not a dedup option"),
    ("unmatched: deaf", "16:12", "unknown-queue", "did you mean 'dead'?"),
    ("unmatched: {to: x}", "16:12", "invalid-value", "'unmatched' must be text"),
    ("shutdown: {grace: forever}", "16:19", "invalid-value", "'forever' is not a duration"),
    ("shutdown: 5s", "16:11", "invalid-value", "'shutdown' must be a group of options"),
    ("defaults: {queue: {breaker: {}}}", "16:20", "not-available-yet", "circuit breakers"),
    ("defaults: {queue: {latest: {}, order: total}}", "16:20", "option-clash", "'order: key'"),
    ("defaults: {queue: {handler: 'a:b'}}", "16:20", "unknown-field", "not a queue option"),
    ("defaults: {queues: {}}", "16:12", "unknown-field", "did you mean 'queue'?"),
    ("version: 1", "16:1", "unknown-field", "'version' is not a pipeline option"),
]

_END_OF_PART = {"queue": 12, "route": 9, "source": 5, "top": 15}
_INDENT = {"queue": 4, "route": 4, "source": 4, "top": 0}


def replaced(number: int, text: str) -> str:
    """SOUND with one line replaced."""
    lines = SOUND.splitlines()
    lines[number - 1] = text
    return "\n".join(lines) + "\n"


def added(part: str, text: str) -> str:
    """SOUND with one line added at the end of a part."""
    lines = SOUND.splitlines()
    lines.insert(_END_OF_PART[part], " " * _INDENT[part] + text)
    return "\n".join(lines) + "\n"


Case = tuple[str, str, str, str]  # the file, place, code, a part of the message

CASES: list[Case] = [
    *((replaced(number, text), *expected) for number, text, *expected in REPLACED),
    *((added("queue", text), *expected) for text, *expected in IN_QUEUE),
    *((added("route", text), *expected) for text, *expected in IN_ROUTE),
    *((added("source", text), *expected) for text, *expected in IN_SOURCE),
    *((added("top", text), *expected) for text, *expected in AT_THE_TOP),
]  # type: ignore[assignment]
