"""A checkout as a running server with the seeded world in it, for as long as a run takes."""
