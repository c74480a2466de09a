"""One library or file format per file, each fulfilling a port."""
