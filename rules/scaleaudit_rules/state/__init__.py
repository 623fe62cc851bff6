"""State: what ties a user or a file to one process."""
