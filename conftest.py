"""Nothing lives here: the gate's pytest plugin is `commands/plugin.py`, each suite's own fixtures stand in its room."""
