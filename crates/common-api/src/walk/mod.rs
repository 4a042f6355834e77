//! Walks.

mod engine;
mod page;
mod progress;
mod seen;

pub use engine::{Care, Step, Walk};
pub use page::{End, Meta};
pub use progress::NoProgress;
