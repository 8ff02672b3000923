"""Real servers and throw-away stores that fixtures hand to the tests; no test stands here."""
