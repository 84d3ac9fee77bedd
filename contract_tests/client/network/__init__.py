"""Whatever a network and a server do, a call ends in a typed success or in a RoarkError that says what became of it."""
