//! app

pub mod ui;

#[cfg(debug_assertions)]
pub mod design;
