-- Uploaded objects, and the bytes behind them, which are kept once however many objects they are.

-- What signs the addresses of uploads and downloads: one row, made at first need, the same for every server.
CREATE TABLE signing_keys (
    only_row      BIGINT           NOT NULL PRIMARY KEY CHECK (only_row = 1),
    secret        BYTEA            NOT NULL,
    made_at       BIGINT           NOT NULL
);

CREATE TABLE blobs (
    sha256        BYTEA            NOT NULL PRIMARY KEY,
    storage_key   TEXT COLLATE "C" NOT NULL UNIQUE,
    size          BIGINT           NOT NULL,
    created_at    BIGINT           NOT NULL
);

-- Bytes that no blob names: written down before they are written, and before they are deleted, so that none are forgotten.
CREATE TABLE stray_bytes (
    storage_key   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    since         BIGINT           NOT NULL
);

CREATE TABLE objects (
    id            UUID             NOT NULL PRIMARY KEY,
    experiment_id UUID             NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    purpose       TEXT COLLATE "C" NOT NULL,
    filename      TEXT COLLATE "C" NOT NULL,
    content_type  TEXT COLLATE "C",
    sha256        BYTEA            REFERENCES blobs (sha256),
    created_by    UUID             REFERENCES users (id) ON DELETE SET NULL,
    created_at    BIGINT           NOT NULL,
    uploaded_at   BIGINT
);
CREATE INDEX objects_by_experiment ON objects (experiment_id);
CREATE INDEX objects_by_blob ON objects (sha256);
CREATE INDEX objects_by_creator ON objects (created_by);

-- Every picture that was logged under a name.
CREATE TABLE log_images (
    log_id        UUID             NOT NULL REFERENCES logs (id) ON DELETE CASCADE,
    version       BIGINT           NOT NULL,
    object_id     UUID             NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    filename      TEXT COLLATE "C" NOT NULL,
    logged_at     BIGINT           NOT NULL,
    PRIMARY KEY (log_id, version)
);
CREATE INDEX log_images_by_object ON log_images (object_id);
