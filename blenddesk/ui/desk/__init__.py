"""The teacher's desk: a window with a rail and pages."""
