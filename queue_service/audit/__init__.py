"""Whether the journal is sound: read whole, replayed, held against the laws of a branch-day."""
