"""BlendDesk: plan, run and follow blended learning in classrooms with little technology."""

__version__ = "0.1.0"
