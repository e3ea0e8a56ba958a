"""Scripts that measure quality and speed; each prints one table."""
