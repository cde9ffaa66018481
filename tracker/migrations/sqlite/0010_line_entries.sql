-- Lines: the smallest and the largest value, entries that are not numbers, and several named lines in one log.

-- A named line is a log of its own, hidden behind the log that it belongs to.
ALTER TABLE logs ADD COLUMN parent_id BLOB REFERENCES logs (id) ON DELETE CASCADE;
CREATE INDEX logs_by_parent ON logs (parent_id) WHERE parent_id IS NOT NULL;

-- Values and steps are stored as the bits of floats. For points from before these columns existed, a background task adds them.
ALTER TABLE series ADD COLUMN min_bits INTEGER;
ALTER TABLE series ADD COLUMN min_step INTEGER;
ALTER TABLE series ADD COLUMN max_bits INTEGER;
ALTER TABLE series ADD COLUMN max_step INTEGER;
ALTER TABLE series ADD COLUMN extremes_known INTEGER NOT NULL DEFAULT 0;
CREATE INDEX series_without_extremes ON series (id) WHERE extremes_known = 0;

-- Entries that are not numbers. Their points have the value NaN with the position in its payload.
ALTER TABLE series ADD COLUMN texts INTEGER NOT NULL DEFAULT 0;
CREATE TABLE series_texts (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    json      TEXT    NOT NULL,
    PRIMARY KEY (series_id, position)
) STRICT, WITHOUT ROWID;
