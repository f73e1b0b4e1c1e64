"""``python -m claimstream`` is the command ``claimstream``."""

import sys

from claimstream.cli import main

sys.exit(main())
