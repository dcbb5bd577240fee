"""BlendDesk: plan, run and follow blended learning in classrooms with little technology."""

__version__ = "0.1.0"

RELEASE_MS = 1_795_305_600_000
"""When this version was made (22 November 2026, ms since 1970): no honest clock is much behind or far ahead of it."""
