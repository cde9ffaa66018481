-- Times of a training in microseconds, and whether a script or user set the status. NULL for what was not recorded.
ALTER TABLE experiments ADD COLUMN status_set BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE experiments ADD COLUMN started_at BIGINT;
ALTER TABLE experiments ADD COLUMN ended_at BIGINT;
ALTER TABLE experiments ADD COLUMN last_news_at BIGINT;
ALTER TABLE experiments ADD COLUMN longest_pause BIGINT NOT NULL DEFAULT 0;
