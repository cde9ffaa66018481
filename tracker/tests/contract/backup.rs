//! Backups: complete, consistent, and restorable only to an empty database.

use std::{
    fs,
    io::{self, Cursor, Read, Write},
};

use bytes::Bytes;
use domain::{
    artifacts::{ArtifactName, Fingerprint, part_size},
    files::{FileName, Purpose, Sha256Hash},
    ids::{ArtifactId, ExperimentId},
    logs::{Data, Kind, LogName},
    people::{Email, NewToken, Scope},
};
use futures_util::stream;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _};
use tracker::{
    Actor, BackupError, IfExists, NewArtifact, NewObject, NewUpload, Tracker, TrackerConfig, backup, restore,
};

use crate::{Case, cases, test_tracker::TestTracker};

pub fn cases() -> Vec<Case> {
    cases![backup:
        restores_all_data,
        unfinished_uploads_continue_after_a_restore,
        contains_artifacts_deleted_during_the_backup,
        does_not_restore_over_existing_data,
        rejects_damaged_archives_and_leaves_nothing_behind,
        rejects_damaged_databases,
        rejects_bytes_that_differ_from_the_database,
        rejects_large_first_entries_unread,
        removes_what_killed_restores_left;
        only Sqlite: an_unpacked_archive_is_a_data_directory
    ]
}

/// An experiment with logs and files, and its owner.
struct ExperimentWithFiles<'a> {
    test: &'a TestTracker,
    actor: Actor,
    experiment: ExperimentId,
    small: ArtifactId,
    multipart: ArtifactId,
}

/// Returns the content of a file that is uploaded in three parts.
fn three_part_file() -> Vec<u8> {
    let size = usize::try_from(2 * part_size(0)).unwrap() + 1_000;
    (0u8..251).cycle().take(size).collect()
}

fn sha256(bytes: &[u8]) -> Sha256Hash {
    Sha256Hash(Sha256::digest(bytes).into())
}

fn sha256_hex(bytes: &[u8]) -> String {
    sha256(bytes).0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn new_upload(name: &str) -> NewUpload {
    NewUpload {
        name: ArtifactName::parse(name).unwrap(),
        filename: FileName::parse("best.pt").unwrap(),
        size: three_part_file().len() as u64,
        content_type: None,
        fingerprint: Fingerprint::parse("best.pt|1700000000".to_owned()).unwrap(),
        replace: false,
    }
}

async fn upload_part(tracker: &Tracker, actor: &Actor, upload: domain::ids::UploadId, number: usize) {
    let size = usize::try_from(part_size(0)).unwrap();
    let file = three_part_file();
    let part = Bytes::copy_from_slice(&file[(number - 1) * size..file.len().min(number * size)]);
    let number = i64::try_from(number).unwrap();
    tracker.upload_part(actor, upload, number, stream::iter([Ok(part)])).await.unwrap();
}

impl<'a> ExperimentWithFiles<'a> {
    async fn new(test: &'a TestTracker) -> Self {
        let (actor, experiment) = test.owner_with_experiment().await;
        let tracker = &test.tracker;
        for step in 0..3 {
            let data = Data::from_json(Kind::Line, &json!(f64::from(step) / 2.0));
            tracker.log(&actor, experiment, LogName::parse("loss").unwrap(), data, IfExists::Continue).await.unwrap();
        }
        let filename = FileName::parse("best.pt").unwrap();
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: filename.clone() };
        let object = tracker.create_object(&actor, test.organization_of(&actor).await, &new).await.unwrap();
        let signed_url = tracker.sign_upload(&actor, object).await.unwrap();
        tracker.upload(&signed_url, None, stream::iter([Ok(Bytes::from_static(b"weights"))])).await.unwrap();
        let name = ArtifactName::parse("small").unwrap();
        let new = NewArtifact { name, filename, object, large: false };
        let small = tracker.store_artifact(&actor, experiment, &new).await.unwrap().id;
        let upload = tracker.begin_upload(&actor, experiment, &new_upload("multipart")).await.unwrap();
        for number in 1..=3 {
            upload_part(tracker, &actor, upload.id, number).await;
        }
        let multipart = tracker.finish_upload(&actor, upload.id, &sha256(&three_part_file())).await.unwrap().id;
        Self { test, actor, experiment, small, multipart }
    }

    async fn backup(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        backup(self.test.config(), self.test.dir.path(), &mut archive, |_| ()).await.unwrap();
        archive
    }

    /// Restores the archive to another instance. Returns its tracker and the same user there.
    async fn restore_elsewhere(&self, archive: &[u8]) -> (Tracker, Actor) {
        let config = self.test.other_instance_config().await;
        restore(config.clone(), archive, |_| ()).await.unwrap();
        let tracker = Tracker::open(config).await.unwrap();
        let email = Email::parse("person0@example.org").unwrap();
        let secret = tracker.operator().create_token(&email, &NewToken::unnamed(Scope::Write, None)).await.unwrap();
        let actor = tracker.actor_by_token(secret.reveal()).await.unwrap().unwrap();
        (tracker, actor)
    }
}

async fn restores_all_data(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let (restored, actor) = source.restore_elsewhere(&source.backup().await).await;
    let before = test.tracker.dashboard(&source.actor, source.experiment, 0, "").await.unwrap();
    let after = restored.dashboard(&actor, source.experiment, 0, "").await.unwrap();
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
    for (artifact, expected) in [(source.small, b"weights".to_vec()), (source.multipart, three_part_file())] {
        let head = restored.artifact_head(&actor, artifact, None, 1 << 30).await.unwrap();
        assert!(head.bytes == expected, "{} bytes", head.bytes.len());
    }
    // The restored instance accepts new data.
    let data = Data::from_json(Kind::Line, &json!(1.5));
    let name = LogName::parse("loss").unwrap();
    restored.log(&actor, source.experiment, name, data, IfExists::Continue).await.unwrap();
    restored.close().await;
}

async fn unfinished_uploads_continue_after_a_restore(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let upload = test.tracker.begin_upload(&source.actor, source.experiment, &new_upload("later")).await.unwrap();
    upload_part(&test.tracker, &source.actor, upload.id, 1).await;
    let (restored, actor) = source.restore_elsewhere(&source.backup().await).await;
    for number in 2..=3 {
        upload_part(&restored, &actor, upload.id, number).await;
    }
    let artifact = restored.finish_upload(&actor, upload.id, &sha256(&three_part_file())).await.unwrap();
    assert_eq!(artifact.now.file.size, three_part_file().len() as u64);
    restored.close().await;
}

/// Collects the archive. Runs `on_first_write` when the first bytes arrive, after the database was copied.
struct InterruptedWriter<F: FnOnce()> {
    archive: Vec<u8>,
    on_first_write: Option<F>,
}

impl<F: FnOnce()> Write for InterruptedWriter<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(interrupt) = self.on_first_write.take() {
            interrupt();
        }
        self.archive.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn contains_artifacts_deleted_during_the_backup(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let files = test.stored_file_sizes();
    let config = test.config();
    let (actor, experiment, artifacts) = (source.actor.clone(), source.experiment, [source.small, source.multipart]);
    // Deletes on another server, in a runtime of its own, because the writer blocks the runtime of the backup.
    let delete = move || {
        let deleting = async move {
            let tracker = Tracker::open(config).await.unwrap();
            tracker.delete_artifacts(&actor, experiment, &artifacts).await.unwrap();
            tracker.sweep().await.unwrap();
            tracker.close().await;
        };
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::thread::spawn(move || runtime().block_on(deleting)).join().unwrap();
    };
    let mut out = InterruptedWriter { archive: Vec::new(), on_first_write: Some(delete) };
    backup(test.config(), test.dir.path(), &mut out, |_| ()).await.unwrap();
    assert!(out.on_first_write.is_none(), "the artifacts were deleted");
    assert_eq!(test.stored_file_sizes(), files, "no bytes are deleted during the backup");
    let (restored, actor) = source.restore_elsewhere(&out.archive).await;
    let head = restored.artifact_head(&actor, source.multipart, None, 1 << 30).await.unwrap();
    assert!(head.bytes == three_part_file());
    restored.close().await;
    test.tracker.sweep().await.unwrap();
    assert_eq!(test.stored_file_sizes(), Vec::<u64>::new(), "the bytes are deleted afterwards");
}

async fn does_not_restore_over_existing_data(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let message = restore(test.config(), &*archive, |_| ()).await.unwrap_err().to_string();
    assert!(message.contains("already exists") || message.contains("already in use"), "{message}");
    assert_eq!(test.tracker.artifact_head(&source.actor, source.small, None, 10).await.unwrap().bytes, b"weights");
}

/// Tries to restore an invalid archive and returns the error message.
async fn restore_error(config: &TrackerConfig, archive: &[u8]) -> String {
    match restore(config.clone(), archive, |_| ()).await {
        Err(BackupError::Failed(message)) => message,
        other => panic!("{other:?}"),
    }
}

async fn rejects_damaged_archives_and_leaves_nothing_behind(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let config = test.other_instance_config().await;
    let end = archive.len();
    for cut in [0, 100, 512, 2_000, end / 2, end - 2_048] {
        let message = restore_error(&config, &archive[..cut]).await;
        assert!(message.contains("incomplete") || message.contains("not a Groundglass backup"), "{cut}: {message}");
    }
    let weights = archive.windows(7).position(|bytes| bytes == b"weights").unwrap();
    let mut flipped = archive.clone();
    flipped[weights] ^= 1;
    let message = restore_error(&config, &flipped).await;
    assert!(message.contains("checksum"), "{message}");
    let mut newer = archive.clone();
    let format = newer.windows(9).position(|bytes| bytes == b"\"form\": 1").unwrap();
    newer[format + 8] = b'9';
    assert!(restore_error(&config, &newer).await.contains("newer Groundglass"));
    let mut other = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    other.append_data(&mut header, "notes.txt", Cursor::new(b"x")).unwrap();
    assert!(restore_error(&config, &other.into_inner().unwrap()).await.contains("not a Groundglass backup"));
    // The failed attempts left nothing behind, so a valid archive can still be restored.
    assert_eq!(test.other_instance_file_sizes(), Vec::<u64>::new());
    restore(config, &*archive, |_| ()).await.unwrap();
}

/// The entries of an archive, without the checksums, to change them.
struct Entries(Vec<(String, Vec<u8>)>);

impl Entries {
    fn read(archive: &[u8]) -> Self {
        let mut entries = Vec::new();
        for entry in tar::Archive::new(archive).entries().unwrap() {
            let mut entry = entry.unwrap();
            let (name, mut content) = (entry.path().unwrap().to_str().unwrap().to_owned(), Vec::new());
            entry.read_to_end(&mut content).unwrap();
            entries.push((name, content));
        }
        entries.pop_if(|(name, _)| name == "SHA256SUMS").unwrap();
        Self(entries)
    }

    /// Returns the content of the database's entry, the second one.
    fn database(&mut self) -> &mut Vec<u8> {
        &mut self.0[1].1
    }

    /// Returns the content of the entry with these bytes.
    fn blob(&mut self, content: &[u8]) -> &mut Vec<u8> {
        &mut self.0.iter_mut().find(|(_, found)| found == content).unwrap().1
    }

    /// Writes an archive with correct checksums.
    fn write(&self) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        let mut checksums = String::new();
        let mut append = |name: &str, content: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, name, content).unwrap();
        };
        for (name, content) in &self.0 {
            append(name, content);
            checksums += &format!("{}  {name}\n", sha256_hex(content));
        }
        append("SHA256SUMS", checksums.as_bytes());
        archive.into_inner().unwrap()
    }
}

/// Checks that nothing is left of a failed restore.
fn assert_nothing_left(test: &TestTracker, config: &TrackerConfig, case: &str) {
    assert!(!config.data_dir.exists(), "{case}: {:?}", fs::read_dir(&config.data_dir).unwrap().collect::<Vec<_>>());
    assert_eq!(test.other_instance_file_sizes(), [0; 0], "{case}");
}

async fn rejects_damaged_databases(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let config = test.other_instance_config().await;
    let database = Entries::read(&archive).database().clone();
    let mut flipped = database.clone();
    // SQLite: inside a page of a table. PostgreSQL: inside the compressed rows of a table.
    let (start, end) = (database.len() / 3, database.len() / 2);
    flipped[start..end].fill(0x5a);
    let empty_database = match test.database_url {
        None => {
            let path = test.dir.path().join("empty.sqlite3");
            fs::write(&path, "").unwrap();
            let mut connection = sqlx::SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
            connection.execute("CREATE TABLE other (id INTEGER)").await.unwrap();
            connection.close().await.unwrap();
            fs::read(path).unwrap()
        }
        Some(_) => b"-- no dump".to_vec(),
    };
    for (case, database) in [
        ("empty", Vec::new()),
        ("another database", empty_database),
        ("cut", database[..database.len() / 2].to_vec()),
        ("overwritten", flipped),
        ("garbage", vec![7; 10_000]),
    ] {
        let mut entries = Entries::read(&archive);
        *entries.database() = database;
        let message = restore_error(&config, &entries.write()).await;
        // pg_restore notices some damage only while it loads.
        let expected = ["database in this backup is damaged", "pg_restore failed"];
        assert!(expected.iter().any(|part| message.contains(part)), "{case}: {message}");
        assert_nothing_left(&test, &config, case);
    }
}

async fn rejects_bytes_that_differ_from_the_database(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let config = test.other_instance_config().await;
    let last_part = three_part_file().split_off(usize::try_from(2 * part_size(0)).unwrap());
    for (case, change, expected) in [
        ("another file", (|entries| entries.blob(b"weights")[0] ^= 1) as fn(&mut Entries), "differ"),
        ("a shorter file", |entries| entries.blob(b"weights").truncate(3), "differ"),
        ("another part", |entries| entries.0.last_mut().unwrap().1[0] ^= 1, "differ"),
        (
            "an additional file",
            |entries| entries.0.push((format!("blobs/ab/{}", "0".repeat(30)), b"more".to_vec())),
            "does not refer to",
        ),
    ] {
        let mut entries = Entries::read(&archive);
        // The last entry is a part of the file in parts.
        entries.0.sort_by_key(|(_, content)| *content == last_part);
        change(&mut entries);
        let manifest: serde_json::Value = serde_json::from_slice(&entries.0[0].1).unwrap();
        let segments = entries.0.iter().filter(|(name, _)| name.starts_with("blobs/")).count();
        let changed = json!({"pieces": segments});
        let mut manifest = manifest.as_object().unwrap().clone();
        manifest.extend(changed.as_object().unwrap().clone());
        entries.0[0].1 = serde_json::to_vec(&manifest).unwrap();
        let message = restore_error(&config, &entries.write()).await;
        assert!(message.contains(expected), "{case}: {message}");
        assert_nothing_left(&test, &config, case);
    }
}

/// A header, then endless bytes. Counts what is read.
struct EndlessEntry {
    header: Cursor<Vec<u8>>,
    read: usize,
}

impl Read for &mut EndlessEntry {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.header.read(buffer)? {
            0 => {
                buffer.fill(b' ');
                buffer.len()
            }
            read => read,
        };
        self.read += read;
        Ok(read)
    }
}

async fn rejects_large_first_entries_unread(test: TestTracker) {
    let config = test.other_instance_config().await;
    for (name, kind) in [
        ("groundglass-backup.json", tar::EntryType::Regular),
        ("groundglass-backup.json", tar::EntryType::GNULongName),
        ("groundglass-backup.json", tar::EntryType::XHeader),
        ("other", tar::EntryType::Regular),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_path(name).unwrap();
        header.set_entry_type(kind);
        header.set_size(4 << 30);
        header.set_cksum();
        let mut archive = EndlessEntry { header: Cursor::new(header.as_bytes().to_vec()), read: 0 };
        let error = restore(config.clone(), &mut archive, |_| ()).await.unwrap_err();
        assert!(error.to_string().contains("not a Groundglass backup"), "{kind:?}: {error}");
        assert!(archive.read <= 1 << 20, "{kind:?}: {} bytes", archive.read);
        assert_nothing_left(&test, &config, name);
    }
}

async fn removes_what_killed_restores_left(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    let config = TrackerConfig { blob_url: None, ..test.other_instance_config().await };
    let scratch = config.data_dir.join(".groundglass-restore-killed");
    let key = format!("ab/{}", "1".repeat(30));
    let leave = || {
        fs::create_dir_all(&scratch).unwrap();
        fs::write(scratch.join("lock"), "").unwrap();
        fs::write(scratch.join("keys"), format!("{key}\n")).unwrap();
        fs::create_dir_all(config.data_dir.join("blobs/ab")).unwrap();
        fs::write(config.data_dir.join("blobs").join(&key), "written before the kill").unwrap();
    };
    leave();
    restore(config.clone(), &*archive, |_| ()).await.unwrap();
    assert!(!scratch.exists() && !config.data_dir.join("blobs").join(&key).exists());
    // The restore was complete: its bytes are in use.
    leave();
    Tracker::open(config.clone()).await.unwrap().close().await;
    assert!(!scratch.exists() && config.data_dir.join("blobs").join(&key).exists());
}

async fn an_unpacked_archive_is_a_data_directory(test: TestTracker) {
    let source = ExperimentWithFiles::new(&test).await;
    let archive = source.backup().await;
    // Works for files in S3, too.
    let config = TrackerConfig { blob_url: None, ..test.other_instance_config().await };
    tar::Archive::new(&*archive).unpack(&config.data_dir).unwrap();
    let restored = Tracker::open(config).await.unwrap();
    let email = Email::parse("person0@example.org").unwrap();
    let secret = restored.operator().create_token(&email, &NewToken::unnamed(Scope::Read, None)).await.unwrap();
    let actor = restored.actor_by_token(secret.reveal()).await.unwrap().unwrap();
    assert_eq!(restored.artifact_head(&actor, source.small, None, 10).await.unwrap().bytes, b"weights");
    restored.close().await;
}
