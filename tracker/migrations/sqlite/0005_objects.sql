-- Uploaded objects, and the bytes behind them, which are kept once however many objects they are.

-- What signs the addresses of uploads and downloads: one row, made at first need, the same for every server.
CREATE TABLE signing_keys (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    secret   BLOB    NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blobs (
    sha256      BLOB    NOT NULL PRIMARY KEY,
    storage_key TEXT    NOT NULL UNIQUE,
    size        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Bytes that no blob names: written down before they are written, and before they are deleted, so that none are forgotten.
CREATE TABLE stray_bytes (
    storage_key TEXT    NOT NULL PRIMARY KEY,
    since       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE objects (
    id            BLOB    NOT NULL PRIMARY KEY,
    experiment_id BLOB    NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    purpose       TEXT    NOT NULL,
    filename      TEXT    NOT NULL,
    content_type  TEXT,
    sha256        BLOB    REFERENCES blobs (sha256),
    created_by    BLOB    REFERENCES users (id) ON DELETE SET NULL,
    created_at    INTEGER NOT NULL,
    uploaded_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX objects_by_experiment ON objects (experiment_id);
CREATE INDEX objects_by_blob ON objects (sha256);
CREATE INDEX objects_by_creator ON objects (created_by);

-- Every picture that was logged under a name.
CREATE TABLE log_images (
    log_id    BLOB    NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    object_id BLOB    NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    filename  TEXT    NOT NULL,
    logged_at INTEGER NOT NULL,
    PRIMARY KEY (log_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_images_by_object ON log_images (object_id);
