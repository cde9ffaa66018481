-- Artifacts, and uploads that come in parts.

-- A blob that came in parts lies in as many segments, in this order. Its own storage key then only names it: nothing lies
-- there. A blob without segments lies under its storage key.
CREATE TABLE blob_segments (
    blob_key        TEXT COLLATE "C" NOT NULL,
    position        BIGINT           NOT NULL,
    storage_key     TEXT COLLATE "C" NOT NULL,
    size            BIGINT           NOT NULL,
    PRIMARY KEY (blob_key, position)
);

-- Uploads that have begun. hashed_parts says how many parts, from the first, hash_state has taken in.
CREATE TABLE uploads (
    id              UUID             NOT NULL PRIMARY KEY,
    object_id       UUID             NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    content_type    TEXT COLLATE "C",
    hashed_parts    BIGINT           NOT NULL DEFAULT 0,
    hash_state      BYTEA,
    changed_at      BIGINT           NOT NULL
);
CREATE INDEX uploads_by_object ON uploads (object_id);

-- What a page said of the file that it uploads.
CREATE TABLE page_uploads (
    upload_id       UUID             NOT NULL PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE,
    artifact_name   TEXT COLLATE "C" NOT NULL,
    replaces        BOOLEAN          NOT NULL,
    size            BIGINT           NOT NULL,
    fingerprint     TEXT COLLATE "C" NOT NULL
);

-- Parts that arrived. They refer to their upload without a foreign key: what is left of one that is gone is swept, bytes first.
CREATE TABLE upload_parts (
    upload_id       UUID             NOT NULL,
    number          BIGINT           NOT NULL,
    storage_key     TEXT COLLATE "C" NOT NULL,
    size            BIGINT           NOT NULL,
    PRIMARY KEY (upload_id, number)
);

CREATE TABLE artifacts (
    id              UUID             NOT NULL PRIMARY KEY,
    experiment_id   UUID             NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    name            TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT           NOT NULL,
    current_version BIGINT           NOT NULL,
    last_version    BIGINT           NOT NULL,
    UNIQUE (experiment_id, name)
);

-- Every file that was stored under an artifact's name and is kept.
CREATE TABLE artifact_versions (
    artifact_id     UUID             NOT NULL REFERENCES artifacts (id) ON DELETE CASCADE,
    version         BIGINT           NOT NULL,
    object_id       UUID             NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    filename        TEXT COLLATE "C" NOT NULL,
    large           BOOLEAN          NOT NULL,
    origin          TEXT COLLATE "C" NOT NULL,
    stored_by       UUID             REFERENCES users (id) ON DELETE SET NULL,
    stored_at       BIGINT           NOT NULL,
    PRIMARY KEY (artifact_id, version)
);
CREATE INDEX artifact_versions_by_object ON artifact_versions (object_id);
CREATE INDEX artifact_versions_by_person ON artifact_versions (stored_by);
