//! Scenarios: faults over time, as a file.
//!
//! `definition` is a scenario, `json` reads and writes it, `shipped` has the three that are part of this crate. The
//! ledger of faults plays the steps.

mod definition;
mod json;
mod running;
mod shipped;

pub use definition::Scenario;
pub use running::RunningScenario;
