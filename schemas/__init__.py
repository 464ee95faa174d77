"""The shared vocabulary: wire and domain types."""
