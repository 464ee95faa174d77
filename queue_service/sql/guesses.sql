-- name: count_guess
INSERT INTO guess (subject, guesses, over_at)
VALUES ($1, 1, now() + make_interval(secs => $2))
ON CONFLICT (subject) DO UPDATE SET
    guesses = CASE WHEN guess.over_at <= now() THEN 1 ELSE guess.guesses + 1 END,
    over_at = CASE WHEN guess.over_at <= now() THEN excluded.over_at ELSE guess.over_at END
RETURNING guesses, ceil(extract(epoch FROM over_at - now()))::integer AS seconds

-- name: take_back
UPDATE guess SET guesses = greatest(guesses - 1, 0) WHERE subject = $1

-- name: forget_guesses
DELETE FROM guess WHERE over_at <= now()
