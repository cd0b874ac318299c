"""What people do while others do the same: one journey per file, free of Locust."""
