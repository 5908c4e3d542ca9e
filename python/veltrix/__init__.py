"""veltrix: a prioritised event-processing engine inside your Python process.

>>> import veltrix as vx
>>> app = vx.Pipeline("hunt")
>>> @app.handler("clue.found", key="data.team", priority=vx.HIGH)
... def score(event: vx.Event):
...     print("a clue for", event.data["team"])
>>> with vx.Engine(app) as engine:
...     receipt = engine.publish("clue.found", {"team": "red"})
a clue for red
"""

from importlib.metadata import version as _version

from veltrix.main_interpreter import require as _require_main_interpreter

_require_main_interpreter()

from veltrix import logs, metrics, testing
from veltrix.engine import Engine
from veltrix.errors import (
    AddressError,
    ConfigError,
    ConflictError,
    DeadlockError,
    EngineStoppedError,
    EvaluationError,
    EventError,
    FileError,
    InvalidExpressionError,
    NotAvailableError,
    OptionError,
    PublishError,
    QueueFullError,
    UnmatchedError,
    VeltrixError,
    WaitTimeoutError,
    WorkerDiedError,
)
from veltrix.events import Context, Event, Receipt
from veltrix.expressions import Expression
from veltrix.middleware import Middleware
from veltrix.native import connect as _connect
from veltrix.pipeline.batch import Batch
from veltrix.pipeline.declare import Pipeline
from veltrix.priorities import BULK, HIGH, LOW, NORMAL, URGENT
from veltrix.receipts import Receipts
from veltrix.signals import DeadLetter, Drop, Retry, Signal

__all__ = [
    "BULK",
    "HIGH",
    "LOW",
    "NORMAL",
    "URGENT",
    "AddressError",
    "Batch",
    "ConfigError",
    "ConflictError",
    "Context",
    "DeadLetter",
    "DeadlockError",
    "Drop",
    "Engine",
    "EngineStoppedError",
    "EvaluationError",
    "Event",
    "EventError",
    "Expression",
    "FileError",
    "InvalidExpressionError",
    "Middleware",
    "NotAvailableError",
    "OptionError",
    "Pipeline",
    "PublishError",
    "QueueFullError",
    "Receipt",
    "Receipts",
    "Retry",
    "Signal",
    "UnmatchedError",
    "VeltrixError",
    "WaitTimeoutError",
    "WorkerDiedError",
    "__version__",
    "logs",
    "metrics",
    "testing",
]

__version__ = _version("veltrix")
_connect()
