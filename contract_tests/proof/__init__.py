"""One module a pair of parties: `PAIR` names it, and a test's first sentence says what it checks."""
