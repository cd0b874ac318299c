"""What is promised: the data files, and the typed loaders that refuse anything malformed."""
