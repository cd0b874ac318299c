"""Who and what exists: the factories, bound to the target's own models, and the seeded world."""
