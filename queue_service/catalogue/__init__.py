"""The catalogue: loaded into the database, read back for every request."""
