"""Accounts: who a user is, whether they may sign in, and which tier they pay for."""
