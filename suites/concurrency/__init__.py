"""Does it hold when two ask at once? On a real PostgreSQL, where locks are locks."""
