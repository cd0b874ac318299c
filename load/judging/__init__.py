"""From the rows of a run to its verdict: invariants first, then completeness, then objectives."""
