"""Who teaches which course, and what they may do in it."""
