"""``pool: processes``: handlers that compute, each attempt in a worker process of its own.

The engine's thread hands the event to a worker over a socket, waits without the GIL, and gives the
worker's answer to the engine as if the handler had run here. A worker that dies takes one attempt
with it and nothing else. JSON only, no pickle.
"""

from veltrix.processes.handler import ProcessHandler, process_handler

__all__ = ["ProcessHandler", "process_handler"]
