"""What a person can ask: the command line, and the pytest plugin that ties the house together."""
