"""``python -m tests.faults.histories``: the long run."""

from __future__ import annotations

import sys

from tests.faults.histories.long_run import main

# What the processes of the pool call must not lie here: they never load this file.
if __name__ == "__main__":
    sys.exit(main())
