-- Names in Unicode NFKC, by which new names are compared with existing ones. Empty if it was not computed yet. The indexes are not
-- unique, because names from before may look alike.
ALTER TABLE organizations ADD COLUMN name_nfkc TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN name_nfkc TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN name_nfkc TEXT NOT NULL DEFAULT '';
ALTER TABLE experiments ADD COLUMN name_nfkc TEXT NOT NULL DEFAULT '';
CREATE INDEX organizations_by_name_nfkc ON organizations (name_nfkc) WHERE name_nfkc <> '';
CREATE INDEX users_by_name_nfkc ON users (name_nfkc) WHERE name_nfkc <> '';
CREATE INDEX projects_by_name_nfkc ON projects (organization_id, name_nfkc) WHERE name_nfkc <> '';
CREATE INDEX experiments_by_name_nfkc ON experiments (project_id, name_nfkc) WHERE name_nfkc <> '';

-- Finds names whose NFKC has to be computed: those with characters outside ASCII. The other names are equal to theirs.
CREATE INDEX organizations_without_nfkc ON organizations (id) WHERE name_nfkc = '' AND LENGTH(name) <> LENGTH(CAST(name AS BLOB));
CREATE INDEX users_without_nfkc ON users (id) WHERE name_nfkc = '' AND LENGTH(name) <> LENGTH(CAST(name AS BLOB));
CREATE INDEX projects_without_nfkc ON projects (organization_id, id) WHERE name_nfkc = '' AND LENGTH(name) <> LENGTH(CAST(name AS BLOB));
CREATE INDEX experiments_without_nfkc ON experiments (project_id, id) WHERE name_nfkc = '' AND LENGTH(name) <> LENGTH(CAST(name AS BLOB));
