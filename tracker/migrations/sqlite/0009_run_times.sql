-- Times of a training in microseconds, and whether a script or user set the status. NULL for what was not recorded.
ALTER TABLE experiments ADD COLUMN status_set INTEGER NOT NULL DEFAULT 0 CHECK (status_set IN (0, 1));
ALTER TABLE experiments ADD COLUMN started_at INTEGER;
ALTER TABLE experiments ADD COLUMN ended_at INTEGER;
ALTER TABLE experiments ADD COLUMN last_news_at INTEGER;
ALTER TABLE experiments ADD COLUMN longest_pause INTEGER NOT NULL DEFAULT 0;
