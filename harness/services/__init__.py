"""Real services for what only they decide: PostgreSQL for locks, Valkey for what processes share. No Django here."""
