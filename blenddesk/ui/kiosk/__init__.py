"""The student's window: sign in with pictures, my stations, how did it go, my goal, goodbye."""
