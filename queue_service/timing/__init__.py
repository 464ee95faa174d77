"""The time: where the service takes it from, a branch's own, and who acts when something is due."""
