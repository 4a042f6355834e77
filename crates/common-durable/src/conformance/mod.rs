//! The conformance suite: one function per behaviour that every engine must have.
//!
//! An engine offers a [`Factory`] of [`Subject`]s. [`conformance_tests!`](crate::conformance_tests) makes one test for
//! each case: `common_durable::conformance_tests!(MyFactory::new());`. The tests move the clock and hold commits back;
//! none sleeps.

mod append;
mod case;
mod cursor;
mod decision;
mod effect;
mod faults;
mod hot;
mod keep;
mod lease;
mod open;
mod order;
mod own;
mod points;
mod retry;
mod subject;

pub use case::{CASES, Case, run};
pub use hot::{fill, hot_path};
pub use points::Points;
pub use subject::{Factory, Spoilt, Subject, Work};

mod broken;
pub use broken::{Broken, Flaw};
