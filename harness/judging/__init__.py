"""From what was seen to what it is worth."""
