"""Other people's formats in and out: bytes in, frozen dataclasses out; knows no database and no screen."""
