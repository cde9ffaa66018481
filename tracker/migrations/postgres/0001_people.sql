-- People, the organizations they belong to, and what proves who they are.
-- Ids are UUIDv7, instants microseconds since 1970 in UTC; text compares and sorts by bytes, as in SQLite.

CREATE TABLE organizations (
    id         UUID             NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT           NOT NULL
);

CREATE TABLE users (
    id            UUID             NOT NULL PRIMARY KEY,
    email         TEXT COLLATE "C" NOT NULL UNIQUE,
    name          TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT           NOT NULL
);

CREATE TABLE memberships (
    organization_id UUID             NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id         UUID             NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role            TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT           NOT NULL,
    PRIMARY KEY (user_id, organization_id)
);
CREATE INDEX memberships_by_organization ON memberships (organization_id);

-- Only the SHA-256 of a secret is kept: whoever reads the database signs in as nobody.
CREATE TABLE sessions (
    id           UUID   NOT NULL PRIMARY KEY,
    user_id      UUID   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash  BYTEA  NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE tokens (
    id           UUID             NOT NULL PRIMARY KEY,
    user_id      UUID             NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scope        TEXT COLLATE "C" NOT NULL,
    secret_hash  BYTEA            NOT NULL UNIQUE,
    created_at   BIGINT           NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX tokens_by_user ON tokens (user_id);

-- At most one row: the link that makes the first owner, until somebody has used it.
CREATE TABLE first_owner_link (
    id          BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    secret_hash BYTEA  NOT NULL
);
