"""Keys, trust, packages and seats: bytes in, bytes out, and the ledger's door."""
