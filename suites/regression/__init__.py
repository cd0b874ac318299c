"""Has each finding of the audit been remedied, and does it stay so? One file per audited source file."""
