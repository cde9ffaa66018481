-- An experiment may start from another one, whose labels and parameters it takes over.

ALTER TABLE experiments ADD COLUMN base_id BLOB REFERENCES experiments (id) ON DELETE SET NULL;
CREATE INDEX experiments_by_base ON experiments (base_id) WHERE base_id IS NOT NULL;
