-- While one of these holds, no bytes of files are deleted: somebody copies them. One that was left behind ends by itself.
CREATE TABLE byte_holds (
    id         BLOB    NOT NULL PRIMARY KEY,
    ends_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
