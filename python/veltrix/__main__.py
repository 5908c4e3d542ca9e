"""``python -m veltrix``: the same as the command ``veltrix``."""

from veltrix.cli import main

if __name__ == "__main__":
    main()
