//! The desk: it has all transfers of the page, lets a few of them run at a time, and tells the views.
//!
//! It lives as long as the frame around all pages, so that an upload goes on whatever page is open. On the server there is
//! none.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use domain::{artifacts::ArtifactName, format, ids::ExperimentId};
use leptos::{ev, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::File;

use super::{
    leaving::Leaving,
    others::Others,
    question::{Batch, Question},
    run::{Trouble, run},
    summary::Summary,
    transfer::{Row, Stage, Transfer},
    transfers::{OpenDesk, Transfers},
};
use crate::{AppError, ui::Toaster};

/// How many files are sent at the same time.
const AT_ONCE: usize = 3;
/// How many rows are shown; the rest is counted.
const ROWS: usize = 100;

/// What the dock and its dialog show.
#[derive(Clone, Copy)]
pub(super) struct Page {
    /// The rows of the dock.
    pub(super) rows: RwSignal<Vec<Row>>,
    /// What is true of all of them together.
    pub(super) summary: RwSignal<Summary>,
    /// What assistive technology is to say.
    pub(super) said: RwSignal<String>,
    /// What has to be decided before something is sent.
    pub(super) question: RwSignal<Option<Question>>,
}

/// What opens the desk.
#[leptos::wasm_split::wasm_split(experiment, wasm_split_path = leptos::wasm_split, fallible)]
pub(super) fn load_desk() -> Result<OpenDesk, AppError> {
    Ok(open)
}

/// Opens the desk and gives its dock; the desk is closed when that goes.
fn open(transfers: Transfers) -> AnyView {
    let page = Page {
        rows: RwSignal::default(),
        summary: RwSignal::default(),
        said: RwSignal::default(),
        question: RwSignal::default(),
    };
    let desk = Desk::open(page, transfers.toasts);
    let (ticking, online, looking) = (desk.this.clone(), desk.this.clone(), desk.this.clone());
    let ticks = set_interval_with_handle(move || with(&ticking, Desk::tick), std::time::Duration::from_millis(500));
    let line = window_event_listener(ev::online, move |_| with(&online, |desk| desk.each(Transfer::wake)));
    let open = SendWrapper::new((ticks, line, desk.clone()));
    on_cleanup(move || {
        let (ticks, line, desk) = open.take();
        line.remove();
        if let Ok(ticks) = ticks {
            ticks.clear();
        }
        desk.close();
    });
    transfers.opened(desk);
    Effect::new(move || {
        let here = transfers.here.get();
        with(&looking, |desk| {
            desk.here.set(here);
            desk.look();
        });
    });
    super::dock::dock(page)
}

/// See the module.
pub(super) struct Desk {
    pub(super) this: Weak<Self>,
    pub(super) page: Page,
    pub(super) toasts: Toaster,
    pub(super) list: RefCell<Vec<Rc<Transfer>>>,
    /// What waits for an answer; the first is asked about.
    pub(super) asked: RefCell<VecDeque<Batch>>,
    pub(super) others: Others,
    /// The experiment whose page is open.
    pub(super) here: Cell<Option<ExperimentId>>,
    keys: Cell<u64>,
    leaving: Leaving,
}

/// Does something at a desk that may be gone.
pub(super) fn with(desk: &Weak<Desk>, what: impl FnOnce(&Desk)) {
    if let Some(desk) = desk.upgrade() {
        what(&desk);
    }
}

impl Desk {
    fn open(page: Page, toasts: Toaster) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| Self {
            this: this.clone(),
            page,
            toasts,
            list: RefCell::default(),
            asked: RefCell::default(),
            others: Others::meet(this.clone()),
            here: Cell::new(None),
            keys: Cell::new(0),
            leaving: Leaving::default(),
        })
    }

    fn close(&self) {
        self.each(Transfer::stop);
        self.others.leave(&self.ids());
        self.leaving.allow(true);
    }

    pub(super) fn each(&self, mut each: impl FnMut(&Transfer)) {
        self.list.borrow().iter().for_each(|transfer| each(transfer));
    }

    pub(super) fn find(&self, key: u64) -> Option<Rc<Transfer>> {
        self.list.borrow().iter().find(|transfer| transfer.key == key).cloned()
    }

    pub(super) fn say(&self, text: impl Into<String>) {
        self.page.said.try_set(text.into());
    }

    pub(super) fn next_key(&self) -> u64 {
        self.keys.set(self.keys.get() + 1);
        self.keys.get()
    }

    /// Puts a file in the row.
    pub(super) fn add(&self, experiment: ExperimentId, name: ArtifactName, file: File, replace: bool) {
        let transfer = Transfer::new(self.next_key(), experiment, name, file, replace);
        self.list.borrow_mut().push(transfer);
    }

    /// Takes a transfer off the desk.
    pub(super) fn remove(&self, key: u64) {
        self.list.borrow_mut().retain(|transfer| transfer.key != key);
    }

    /// What was added, stopped or ended changes what runs and what is shown.
    pub(super) fn changed(&self) {
        self.start_some();
        let list = self.list.borrow();
        let summary = Summary::of(&list);
        self.leaving.allow(summary.busy == 0);
        let all = list.len() <= ROWS;
        let shown = list.iter().filter(|transfer| all || !transfer.is(|stage| matches!(stage, Stage::Stored(_))));
        let rows: Vec<Row> = shown.take(ROWS).map(|transfer| transfer.row()).collect();
        drop(list);
        let same = self
            .page
            .rows
            .try_with_untracked(|before| before.iter().map(|row| row.key).eq(rows.iter().map(|row| row.key)));
        if same == Some(false) {
            self.page.rows.try_set(rows);
        }
        self.page.summary.try_set(summary);
    }

    fn start_some(&self) {
        let list = self.list.borrow().clone();
        let mut free = AT_ONCE.saturating_sub(list.iter().filter(|transfer| transfer.running.get()).count());
        for transfer in list {
            if free == 0 {
                break;
            }
            if !transfer.running.get() && transfer.is(|stage| *stage == Stage::Waiting) {
                free -= 1;
                self.start(transfer);
            }
        }
    }

    fn start(&self, transfer: Rc<Transfer>) {
        transfer.running.set(true);
        // Shown at once: what has no bytes to check goes on to sending without waiting in between.
        transfer.set_stage(Stage::Sending);
        let this = self.this.clone();
        spawn_local(async move {
            let (known, turn) = (this.clone(), transfer.turn());
            let began = move |id| known.upgrade().is_none_or(|desk| desk.others.claim(id));
            let ended = run(&transfer, began).await;
            if !transfer.is_over(turn) {
                with(&this, |desk| desk.ended(&transfer, ended));
            }
        });
    }

    fn ended(&self, transfer: &Transfer, how: Result<String, Trouble>) {
        transfer.running.set(false);
        transfer.loaded.set(0);
        let name = transfer.name.as_str();
        match how {
            Ok(sha256) => {
                transfer.set_stage(Stage::Stored(sha256));
                // It is not kept in memory by us any longer.
                transfer.file.take();
                self.others.let_go(transfer.upload.get());
                self.say_stored(name);
            }
            Err(Trouble::Refused(sentence)) => {
                self.others.let_go(transfer.upload.get());
                self.say(format!("{name}: {sentence}"));
                transfer.set_stage(Stage::Refused(sentence));
            }
            Err(Trouble::Taken) => self.ask_again(transfer),
            Err(Trouble::Stopped | Trouble::Away) => {}
        }
        self.changed();
    }

    /// One by one while there are few; many are told together.
    fn say_stored(&self, name: &str) {
        let Summary { busy, stored, .. } = Summary::of(&self.list.borrow());
        if stored == 1 || busy < AT_ONCE && busy > 0 {
            self.say(format!("{name} is stored."));
        } else if busy == 0 {
            self.say(format!("All is stored: {}.", format::count(stored, "file")));
        }
    }

    fn tick(&self) {
        let list = self.list.borrow().clone();
        if list.iter().any(|transfer| transfer.running.get()) {
            let now = js_sys::Date::now();
            list.iter().for_each(|transfer| transfer.measure(now));
            self.page.summary.try_set(Summary::of(&list));
        }
    }

    /// The uploads that this page has begun or goes on with.
    pub(super) fn ids(&self) -> Vec<domain::ids::UploadId> {
        let list = self.list.borrow();
        let ours = list
            .iter()
            .filter(|transfer| !transfer.is(|stage| matches!(stage, Stage::Interrupted(_) | Stage::Stored(_))));
        ours.filter_map(|transfer| transfer.upload.get()).collect()
    }
}
