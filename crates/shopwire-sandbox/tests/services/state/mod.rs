//! The state as a whole: clock, seeds, snapshots, a look inside, changes by a manager.

mod clock;
mod manager;
mod script;
mod seeds;
mod snapshot;
