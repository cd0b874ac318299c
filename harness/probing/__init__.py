"""Looking into a target, past its API: names, source, fresh interpreters, rows, queries."""
