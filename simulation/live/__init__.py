"""People who use a running service over HTTP: simulated visitors and staff, replays of stories."""
