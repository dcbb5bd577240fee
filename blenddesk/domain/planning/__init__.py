"""Solvers of the planner: groups, rotations and playlists. Plain integers in and out, seeded, anytime, cancellable."""
