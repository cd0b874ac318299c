"""What happens when people learn: enrolling, progress, completion, certificates, and the totals they move."""
