//! Files that were picked or dropped, with the names that they get as artifacts.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, Event, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry, HtmlInputElement,
};

/// The maximum number of files in one drop.
pub(super) const MAX_FILES: usize = 10_000;

/// A file with its future artifact name. Files in a folder have their path as name, beginning with the folder's name.
pub(super) struct PickedFile {
    pub(super) name: String,
    pub(super) file: File,
}

/// Returns the files that were picked in a file input, and clears the input, so that the same files can be picked again.
pub(super) fn take_picked_files(event: &Event) -> Vec<PickedFile> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let files = input.files();
    let files = files.iter().flat_map(|files| (0..files.length()).filter_map(|index| files.get(index)));
    let picked = files.map(|file| PickedFile { name: relative_path(&file), file }).collect();
    input.set_value("");
    picked
}

/// Returns the path of a file within a picked folder; the file's name if it was picked itself.
fn relative_path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

/// Dropped files, and folders whose files are not listed yet.
pub(super) struct DroppedItems {
    files: Vec<PickedFile>,
    folders: Vec<FileSystemEntry>,
    /// Whether files beyond the limit were left out.
    pub(super) truncated: bool,
    /// How many files and folders could not be read.
    pub(super) unreadable: usize,
}

impl DroppedItems {
    /// Takes the items of a `drop` event. Must be called within the event; the browser clears them afterwards.
    pub(super) fn from_event_data(data: &DataTransfer) -> Self {
        let mut dropped = Self { files: Vec::new(), folders: Vec::new(), truncated: false, unreadable: 0 };
        let items = data.items();
        for item in (0..items.length()).filter_map(|index| items.get(index)).filter(|item| item.kind() == "file") {
            match item.webkit_get_as_entry() {
                Ok(Some(entry)) if entry.is_directory() => dropped.folders.push(entry),
                _ => {
                    let file = item.get_as_file().ok().flatten();
                    dropped.files.extend(file.map(|file| PickedFile { name: file.name(), file }));
                }
            }
        }
        dropped
    }

    /// Returns the file if exactly one file and no folder was dropped.
    pub(super) fn single_file(&self) -> Option<File> {
        match &*self.files {
            [only] if self.folders.is_empty() => Some(only.file.clone()),
            _ => None,
        }
    }

    /// Returns all files, including those in folders, up to the limit.
    pub(super) async fn collect_files(&mut self) -> Vec<PickedFile> {
        let mut files = std::mem::take(&mut self.files);
        let mut found = Vec::new();
        let mut entries = std::mem::take(&mut self.folders);
        while let Some(entry) = entries.pop() {
            if files.len() + found.len() >= MAX_FILES {
                self.truncated = true;
                break;
            }
            if entry.is_directory() {
                self.unreadable += usize::from(read_folder(entry.unchecked_ref(), &mut entries).await.is_none());
            } else {
                match file_of_entry(&entry).await {
                    Some(file) => found.push(PickedFile { name: entry.full_path().trim_matches('/').to_owned(), file }),
                    None => self.unreadable += 1,
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        files.extend(found);
        files
    }
}

/// Appends the entries of a folder. Returns `None` if it cannot be read. The browser returns the entries in batches and ends
/// with an empty one.
async fn read_folder(folder: &FileSystemDirectoryEntry, entries: &mut Vec<FileSystemEntry>) -> Option<()> {
    let reader = folder.create_reader();
    loop {
        let batch = await_callbacks(|resolve, reject| reader.read_entries_with_callback_and_callback(resolve, reject));
        let batch = Array::from(&batch.await?);
        if batch.length() == 0 || entries.len() > MAX_FILES {
            return Some(());
        }
        entries.extend(batch.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of_entry(entry: &FileSystemEntry) -> Option<File> {
    let entry = entry.unchecked_ref::<FileSystemFileEntry>();
    let file = await_callbacks(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    });
    file.await?.dyn_into().ok()
}

/// Awaits a browser function that takes a success and an error callback. Returns `None` on error.
async fn await_callbacks(call: impl Fn(&Function, &Function) -> Result<(), JsValue>) -> Option<JsValue> {
    let result = Promise::new(&mut |resolve, reject| {
        if call(&resolve, &reject).is_err() {
            _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(result).await.ok()
}
