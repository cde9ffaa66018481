-- What their owners call their tokens; those that were made before have no name.
ALTER TABLE tokens ADD COLUMN name TEXT;
