//! What was chosen or dropped, as a list of files with the names that they would have as artifacts.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, Event, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry, HtmlInputElement,
};

/// The most files that are taken from a folder or a drop.
pub(super) const MOST: usize = 10_000;

/// A file, and the name that it would have: within a folder its path, the folder's name first.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) file: File,
}

/// What was chosen in a file input. It is emptied, so that the same can be chosen again.
pub(super) fn chosen(event: &Event) -> Vec<Chosen> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let files = input.files();
    let all = files.iter().flat_map(|files| (0..files.length()).filter_map(|index| files.get(index)));
    let all = all.map(|file| Chosen { name: path(&file), file }).collect();
    input.set_value("");
    all
}

fn path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

/// What was dropped: files, and folders that have yet to be walked. All of it must be taken within the event.
pub(super) struct Dropped {
    files: Vec<Chosen>,
    folders: Vec<FileSystemEntry>,
    /// Whether there was more than is taken.
    pub(super) more: bool,
    /// How many could not be read.
    pub(super) unread: usize,
}

impl Dropped {
    pub(super) fn take(data: &DataTransfer) -> Self {
        let mut dropped = Self { files: Vec::new(), folders: Vec::new(), more: false, unread: 0 };
        let items = data.items();
        for item in (0..items.length()).filter_map(|index| items.get(index)).filter(|item| item.kind() == "file") {
            match item.webkit_get_as_entry() {
                Ok(Some(entry)) if entry.is_directory() => dropped.folders.push(entry),
                _ => {
                    let file = item.get_as_file().ok().flatten();
                    dropped.files.extend(file.map(|file| Chosen { name: file.name(), file }));
                }
            }
        }
        dropped
    }

    /// The one file that was dropped, if it is one and no folder.
    pub(super) fn single(&self) -> Option<File> {
        match &*self.files {
            [only] if self.folders.is_empty() => Some(only.file.clone()),
            _ => None,
        }
    }

    /// All files, those within folders by their paths.
    pub(super) async fn walk(&mut self) -> Vec<Chosen> {
        let mut files = std::mem::take(&mut self.files);
        let mut found = Vec::new();
        let mut entries = std::mem::take(&mut self.folders);
        while let Some(entry) = entries.pop() {
            if files.len() + found.len() >= MOST {
                self.more = true;
                break;
            }
            if entry.is_directory() {
                self.unread += usize::from(within(entry.unchecked_ref(), &mut entries).await.is_none());
            } else {
                match file_of(&entry).await {
                    Some(file) => found.push(Chosen { name: entry.full_path().trim_matches('/').to_owned(), file }),
                    None => self.unread += 1,
                }
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        files.extend(found);
        files
    }
}

/// Adds what a folder has; none when it cannot be read. It is given in pieces, the last of which is empty.
async fn within(folder: &FileSystemDirectoryEntry, entries: &mut Vec<FileSystemEntry>) -> Option<()> {
    let reader = folder.create_reader();
    loop {
        let piece = asked(|resolve, reject| reader.read_entries_with_callback_and_callback(resolve, reject));
        let piece = Array::from(&piece.await?);
        if piece.length() == 0 || entries.len() > MOST {
            return Some(());
        }
        entries.extend(piece.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemEntry) -> Option<File> {
    let entry = entry.unchecked_ref::<FileSystemFileEntry>();
    let file = asked(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        Ok(())
    });
    file.await?.dyn_into().ok()
}

/// What something gives that takes two functions to call.
async fn asked(ask: impl Fn(&Function, &Function) -> Result<(), JsValue>) -> Option<JsValue> {
    let answer = Promise::new(&mut |resolve, reject| {
        if ask(&resolve, &reject).is_err() {
            _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(answer).await.ok()
}
