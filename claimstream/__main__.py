"""``python -m claimstream`` is the command ``claimstream``."""

import sys

from claimstream.cli import main

if __name__ == "__main__":
    sys.exit(main())
