"""The service: policy, journal, HTTP, command line."""
