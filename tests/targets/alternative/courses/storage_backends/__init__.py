"""One module per storage provider; client libraries are imported on use only."""
