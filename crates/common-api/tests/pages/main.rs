//! Pages, items, changes and their streams over a service in process; time is paused.

mod changes;
mod items;
mod options;
mod positions;
mod prefetch;
mod raw;
mod service;
