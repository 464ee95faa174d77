-- When the bearer of a token was last heard, to the minute; null before the first time.
ALTER TABLE token ADD COLUMN seen_at timestamptz;
