-- Artifacts, and uploads that come in parts.

-- A blob that came in parts lies in as many segments, in this order. Its own storage key then only names it: nothing lies
-- there. A blob without segments lies under its storage key.
CREATE TABLE blob_segments (
    blob_key    TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    storage_key TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    PRIMARY KEY (blob_key, position)
) STRICT, WITHOUT ROWID;

-- Uploads that have begun. hashed_parts says how many parts, from the first, hash_state has taken in.
CREATE TABLE uploads (
    id           BLOB    NOT NULL PRIMARY KEY,
    object_id    BLOB    NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    content_type TEXT,
    hashed_parts INTEGER NOT NULL DEFAULT 0,
    hash_state   BLOB,
    changed_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_by_object ON uploads (object_id);

-- What a page said of the file that it uploads.
CREATE TABLE page_uploads (
    upload_id     BLOB    NOT NULL PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    artifact_name TEXT    NOT NULL,
    replaces      INTEGER NOT NULL CHECK (replaces IN (0, 1)),
    size          INTEGER NOT NULL,
    fingerprint   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Parts that arrived. They refer to their upload without a foreign key: what is left of one that is gone is swept, bytes first.
CREATE TABLE upload_parts (
    upload_id   BLOB    NOT NULL,
    number      INTEGER NOT NULL,
    storage_key TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    PRIMARY KEY (upload_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
    id              BLOB    NOT NULL PRIMARY KEY,
    experiment_id   BLOB    NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    current_version INTEGER NOT NULL,
    last_version    INTEGER NOT NULL,
    UNIQUE (experiment_id, name)
) STRICT, WITHOUT ROWID;

-- Every file that was stored under an artifact's name and is kept.
CREATE TABLE artifact_versions (
    artifact_id BLOB    NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    version     INTEGER NOT NULL,
    object_id   BLOB    NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    filename    TEXT    NOT NULL,
    large       INTEGER NOT NULL CHECK (large IN (0, 1)),
    origin      TEXT    NOT NULL,
    stored_by   BLOB    REFERENCES users (id) ON DELETE SET NULL,
    stored_at   INTEGER NOT NULL,
    PRIMARY KEY (artifact_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifact_versions_by_object ON artifact_versions (object_id);
CREATE INDEX artifact_versions_by_person ON artifact_versions (stored_by);
