-- Guesses at passwords and pairing codes: how many in a window that is over at `over_at`, by whose
-- account or from which address. Rows are erased soon after.
CREATE TABLE guess (
    subject text COLLATE "C" PRIMARY KEY,
    guesses integer NOT NULL,
    over_at timestamptz NOT NULL
);

-- The address from which a device asked: one address alone must not use up all codes.
ALTER TABLE pairing ADD COLUMN origin text COLLATE "C" NOT NULL DEFAULT '';
