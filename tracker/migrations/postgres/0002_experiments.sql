-- Projects and their experiments. Names are unique within their parent.

CREATE TABLE projects (
    id              UUID             NOT NULL PRIMARY KEY,
    organization_id UUID             NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name            TEXT COLLATE "C" NOT NULL,
    description     TEXT COLLATE "C" NOT NULL,
    created_by      UUID             REFERENCES users (id) ON DELETE SET NULL,
    created_at      BIGINT           NOT NULL,
    updated_at      BIGINT           NOT NULL,
    UNIQUE (organization_id, name)
);
CREATE INDEX projects_by_creator ON projects (created_by);

-- What a project makes of a person there, other than their role in the organization says.
CREATE TABLE project_roles (
    project_id UUID             NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    UUID             NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_roles_by_user ON project_roles (user_id);

CREATE TABLE experiments (
    id          UUID             NOT NULL PRIMARY KEY,
    project_id  UUID             NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name        TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    status      TEXT COLLATE "C" NOT NULL,
    created_by  UUID             REFERENCES users (id) ON DELETE SET NULL,
    created_at  BIGINT           NOT NULL,
    updated_at  BIGINT           NOT NULL,
    version     BIGINT           NOT NULL,
    UNIQUE (project_id, name)
);
CREATE INDEX experiments_by_creator ON experiments (created_by);
