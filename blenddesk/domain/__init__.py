"""What a classroom is, in plain Python: records, rules and decisions; knows no screen, no SQL and no file."""
