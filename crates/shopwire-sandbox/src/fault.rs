//! Faults that a test can cause.

mod definition;
mod queue;
mod shape;
mod text;

pub(crate) use definition::Kind;
pub use definition::{Fault, ResetAt};
pub use queue::Faults;
pub(crate) use shape::flipped;
pub(crate) use text::{HTML_PAGE, THROTTLED_PAGE, with_php_warning, with_trailing_commas};
