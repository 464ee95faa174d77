"""What the product runs on a machine of its own: a PostgreSQL, its processes, their ends."""
