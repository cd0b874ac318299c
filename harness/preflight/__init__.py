"""The ladder that every target climbs before it is judged."""
