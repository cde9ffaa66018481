//! Shared UI components.
//!
//! Every component renders the same tree on the server and in the browser. It is styled by classes only, because the content
//! security policy forbids style attributes, and works as far as plain HTML can before the WASM is loaded. Larger components
//! end with `into_any`, which keeps the types of pages small enough for the compiler. In development builds, the page
//! `/design` shows all of them.

mod button;
mod code;
mod confirm;
mod dialog;
mod disclosure;
mod field;
mod flash;
mod icon;
mod logo;
mod markdown;
mod page_header;
mod select;
mod shell;
mod shortcut_help;
mod skeleton;
mod states;
mod status;
mod tabs;
mod textarea;
mod theme;
mod time;
mod toasts;

pub use self::button::{Button, ButtonKind, IconButton};
pub(crate) use self::code::copy_to_clipboard;
pub use self::code::{CodeBlock, CopyButton};
pub use self::confirm::ConfirmByName;
pub use self::dialog::{Dialog, DialogActions};
pub use self::disclosure::Disclosure;
pub use self::field::Field;
pub use self::flash::Flash;
pub use self::icon::{Glyph, Icon};
pub use self::logo::Logo;
pub use self::markdown::Markdown;
pub use self::page_header::{Breadcrumb, Crumb, PageHeader};
pub use self::select::Select;
pub use self::shell::{AccountMenu, NavItem, Shell};
pub use self::shortcut_help::ShortcutHelp;
pub use self::skeleton::{Skeleton, SkeletonShape};
pub use self::states::{EmptyState, ErrorPanel, Notice, NoticeKind};
pub use self::status::StatusBadge;
pub use self::tabs::{Tab, Tabs};
pub use self::textarea::TextArea;
pub use self::theme::{Theme, ThemeSwitch};
pub use self::time::RelativeTime;
pub(crate) use self::time::{on_clock_tick, use_server_time};
pub use self::toasts::{ToastKind, Toaster, Toasts, use_toasts};
