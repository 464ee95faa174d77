-- A job runs a scenario, or asks something of many that are like it: which policy is the best, or what
-- matters most. `question` says what is asked; a run asks nothing.
ALTER TABLE simulation
    ADD COLUMN kind text NOT NULL DEFAULT 'run' CHECK (kind IN ('run', 'search', 'sensitivity')),
    ADD COLUMN question json;

-- A policy that a search has found, as the scenario that has it.
CREATE TABLE simulation_policy (
    simulation text COLLATE "C" NOT NULL REFERENCES simulation ON DELETE CASCADE,
    number integer NOT NULL,
    body json NOT NULL,
    PRIMARY KEY (simulation, number)
);

-- A draft outlives the simulation that it was made of.
ALTER TABLE regime_draft ADD COLUMN simulation_title text NOT NULL DEFAULT '';
UPDATE regime_draft SET simulation_title = simulation.title
FROM simulation
WHERE simulation.id = regime_draft.simulation;
ALTER TABLE regime_draft
    ALTER COLUMN simulation_title DROP DEFAULT,
    ALTER COLUMN simulation DROP NOT NULL,
    DROP CONSTRAINT regime_draft_simulation_fkey,
    ADD FOREIGN KEY (simulation) REFERENCES simulation ON DELETE SET NULL;
