//! Long jobs, for `export` and `import`: requests counted, progress shown, files that survive a crash, and an end at a
//! safe point.

mod counted;
mod counts;
pub(crate) mod files;
pub(crate) mod lines;
mod progress;
mod stop;

pub(crate) use counted::counted;
pub(crate) use counts::Counts;
pub(crate) use progress::{Progress, span};
pub(crate) use stop::Stop;
