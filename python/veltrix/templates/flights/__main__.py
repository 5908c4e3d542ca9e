"""``python -m veltrix.templates.flights``: the main job."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from .job import main
    except KeyboardInterrupt:  # Ctrl-C while modules are still being imported
        sys.exit(130)
    sys.exit(main())
