"""The use cases, a file per noun: read, decide, write through the one door. No screen, no SQL."""
