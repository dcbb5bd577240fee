"""``python -m tests.faults.mutation``: changes the program in small ways and shows which changes no test notices."""

from __future__ import annotations

import sys

from tests.faults.mutation.command import main

if __name__ == "__main__":
    sys.exit(main())
