"""From past days of a branch to a scenario: what was seen, what is estimated, how it fits."""
