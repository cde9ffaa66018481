-- Logs: documents as JSON, lines as series of points.

CREATE TABLE logs (
    id            BLOB    NOT NULL PRIMARY KEY,
    experiment_id BLOB    NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    revision      INTEGER NOT NULL,
    document      TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (experiment_id, name)
) STRICT, WITHOUT ROWID;

-- A line's figures. Its points are in full chunks, in the order of (step, arrival), and behind them in the tail, in the order of
-- arrival. Floats are kept as their bits, since SQLite has no NaN.
CREATE TABLE series (
    id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    log_id         BLOB    NOT NULL UNIQUE REFERENCES logs (id) ON DELETE CASCADE,
    points         INTEGER NOT NULL DEFAULT 0,
    first_step     INTEGER NOT NULL DEFAULT 0,
    last_step      INTEGER NOT NULL DEFAULT 0,
    first_at       INTEGER NOT NULL DEFAULT 0,
    last_at        INTEGER NOT NULL DEFAULT 0,
    last_bits      INTEGER NOT NULL DEFAULT 0,
    explicit_steps INTEGER NOT NULL DEFAULT 0,
    chunks         INTEGER NOT NULL DEFAULT 0,
    rewritten      INTEGER NOT NULL DEFAULT 0,
    tail_rows      INTEGER NOT NULL DEFAULT 0,
    tail_points    INTEGER NOT NULL DEFAULT 0,
    next_seq       INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What came since the last full chunk: one row for each commit, merged now and then.
CREATE TABLE series_tail (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    seq       INTEGER NOT NULL,
    points    INTEGER NOT NULL,
    data      BLOB    NOT NULL,
    PRIMARY KEY (series_id, seq)
) STRICT, WITHOUT ROWID;

-- 65,536 points each, with the fine level of the pyramid: a bucket for each 256 points.
CREATE TABLE series_chunks (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    place     INTEGER NOT NULL,
    fine      BLOB    NOT NULL,
    data      BLOB    NOT NULL,
    PRIMARY KEY (series_id, place)
) STRICT, WITHOUT ROWID;

-- The coarse level: a bucket for each 4,096 points, those of 32 chunks in a row.
CREATE TABLE series_coarse (
    series_id INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    segment   INTEGER NOT NULL,
    data      BLOB    NOT NULL,
    PRIMARY KEY (series_id, segment)
) STRICT, WITHOUT ROWID;

-- Requests that were answered, so that the same one again changes nothing. Kept for a day.
CREATE TABLE idempotency_keys (
    experiment_id BLOB    NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    key           TEXT    NOT NULL,
    digest        BLOB    NOT NULL,
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- How an experiment's logs are laid out.
CREATE TABLE dashboards (
    experiment_id BLOB    NOT NULL PRIMARY KEY REFERENCES experiments (id) ON DELETE CASCADE,
    layout        TEXT    NOT NULL,
    version       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
