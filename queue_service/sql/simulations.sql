-- name: save_scenario
INSERT INTO scenario (id, command, body, actor, at)
VALUES ($1, $2, $3::text::json, $4, $5)
ON CONFLICT (command) DO NOTHING

-- name: saved_by_command
SELECT id, body::text AS body, actor, at FROM scenario WHERE command = $1

-- name: saved_scenario
SELECT id, body::text AS body, actor, at FROM scenario WHERE id = $1

-- name: saved_scenarios
SELECT id, body::text AS body, actor, at FROM scenario ORDER BY at DESC, id LIMIT $1

-- name: delete_scenario
DELETE FROM scenario WHERE id = $1

-- name: add_simulation
INSERT INTO simulation (
    id, command, asked, title, branch, first_date, last_date, days, seed,
    scenario_title, versus_title, replications, scenario, versus, catalogue, actor, at, kind, question
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9,
    $10, $11, $12, $13::text::json, $14::text::json, $15::text::json, $16, $17, $18, $19::text::json
)
ON CONFLICT (command) DO NOTHING

-- name: by_command
SELECT id, asked FROM simulation WHERE command = $1

-- name: simulations
SELECT id, number, title, branch, first_date, last_date, days, seed, scenario_title, versus_title,
    replications, actor, at, state, done, seconds_left, failure, kind
FROM simulation
WHERE number < $1
ORDER BY number DESC
LIMIT $2

-- name: simulation
SELECT id, number, title, branch, first_date, last_date, days, seed, scenario_title, versus_title,
    replications, actor, at, state, done, seconds_left, failure, kind,
    scenario::text AS scenario, versus::text AS versus, question::text AS question,
    found::text AS found
FROM simulation
WHERE id = $1

-- name: stage
SELECT state, done, owner::text AS owner FROM simulation WHERE id = $1

-- name: dates_of_courses
SELECT DISTINCT date FROM simulation_course WHERE simulation = $1 ORDER BY date

-- name: course
SELECT body::text AS body FROM simulation_course WHERE simulation = $1 AND which = $2 AND date = $3

-- name: cancel
UPDATE simulation
SET state = 'cancelled', owner = NULL, leased_until = NULL, seconds_left = NULL
WHERE id = $1 AND state IN ('queued', 'running')
RETURNING id

-- name: delete_simulation
DELETE FROM simulation WHERE id = $1

-- name: take
UPDATE simulation
SET state = 'running', owner = $1, tries = tries + 1,
    leased_until = now() + make_interval(secs => $2)
WHERE id = (
    SELECT id FROM simulation
    WHERE state = 'queued' OR (state = 'running' AND leased_until < now())
    ORDER BY number
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, tries, replications, scenario::text AS scenario, versus::text AS versus,
    question::text AS question, catalogue::text AS catalogue, failure

-- name: renew
UPDATE simulation
SET leased_until = now() + make_interval(secs => $3)
WHERE id = $1 AND owner = $2 AND state = 'running'
RETURNING id

-- name: chunks
SELECT first, body FROM simulation_chunk WHERE simulation = $1 ORDER BY first

-- name: progress
UPDATE simulation
SET done = $3, seconds_left = $4, found = $5::text::json, tries = 0, failure = '',
    leased_until = now() + make_interval(secs => $6), replications = $7
WHERE id = $1 AND owner = $2 AND state = 'running'
RETURNING id

-- name: add_chunk
INSERT INTO simulation_chunk (simulation, first, body) VALUES ($1, $2, $3)

-- name: add_course
INSERT INTO simulation_course (simulation, which, date, body) VALUES ($1, $2, $3, $4::text::json)
ON CONFLICT DO NOTHING

-- name: add_policy
INSERT INTO simulation_policy (simulation, number, body) VALUES ($1, $2, $3::text::json)
ON CONFLICT DO NOTHING

-- name: policy
SELECT body::text AS body FROM simulation_policy WHERE simulation = $1 AND number = $2

-- name: numbers_of_policies
SELECT number FROM simulation_policy WHERE simulation = $1 ORDER BY number

-- name: finish
UPDATE simulation
SET state = 'done', owner = NULL, leased_until = NULL, seconds_left = NULL
WHERE id = $1 AND owner = $2 AND state = 'running'
RETURNING id

-- name: delete_chunks
DELETE FROM simulation_chunk WHERE simulation = $1

-- name: fail
UPDATE simulation
SET state = 'failed', owner = NULL, leased_until = NULL, seconds_left = NULL, failure = $3
WHERE id = $1 AND owner = $2 AND state = 'running'
RETURNING id

-- name: give_back
UPDATE simulation
SET state = 'queued', owner = NULL, leased_until = NULL, tries = tries - $3::integer, failure = $4
WHERE id = $1 AND owner = $2 AND state = 'running'
RETURNING id

-- name: add_draft
INSERT INTO regime_draft (
    id, command, branch, simulation, simulation_title, name, rules, from_date, until_date, note,
    actor, at
)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7::text::jsonb, $8, $9, $10, $11, $12)
ON CONFLICT (command) DO NOTHING

-- name: draft_by_command
SELECT id, branch, simulation FROM regime_draft WHERE command = $1

-- name: drafts
SELECT id, branch, simulation, simulation_title, name::text AS name, rules::text AS rules, from_date,
    until_date, note, actor, at, state, regime
FROM regime_draft
WHERE branch = $1
ORDER BY number DESC
LIMIT $2

-- name: draft
SELECT id, branch, simulation, simulation_title, name::text AS name, rules::text AS rules, from_date,
    until_date, note, actor, at, state, regime
FROM regime_draft
WHERE branch = $1 AND id = $2

-- name: settle_draft
UPDATE regime_draft SET state = $3, regime = $4
WHERE branch = $1 AND id = $2 AND state = 'draft'
RETURNING id
