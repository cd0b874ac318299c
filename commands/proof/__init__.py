"""Would we notice? Seeded defects of the reference backend, one at a time, and what the checks make of them."""
