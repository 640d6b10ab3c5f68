"""Stand-ins of the systems outside this house: each a process of its own, with its own store and request log."""
