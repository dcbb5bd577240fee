"""The log and the tables that screens read, in one encrypted SQLite file, written through one door."""
