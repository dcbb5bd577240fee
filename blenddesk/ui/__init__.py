"""The screens: theme, painted kit, the teacher's desk, the student's screens, the board."""
