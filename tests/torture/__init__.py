"""Torture: killed replicas, a killed database, many clients; then every answer is held against the
journal."""
