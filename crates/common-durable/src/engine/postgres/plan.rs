//! How the server plans.
//!
//! Every statement of the engine has its index. Left alone, the server would choose by statistics, which a young store
//! does not have, and would keep a plan that it made while the tables were empty: a claim then reads all events of its
//! key. So:
//! - scans of whole tables, and those that must be sorted, are switched off on the engine's connections, but not for the
//!   caller's own statements;
//! - a statement over many keys looks each one up (`cross join lateral (… limit 1)`), or names all ids beside the join,
//!   so that no join can begin at the table.

/// Switches of the server's planner.
const SWITCHES: [&str; 2] = ["enable_seqscan", "enable_bitmapscan"];

/// Statements that set up a connection.
pub(super) fn of_engine() -> String {
    SWITCHES
        .map(|switch| format!("set {switch} = off;"))
        .concat()
}

/// Statements before statements of the caller's, in a transaction.
pub(super) fn of_caller() -> String {
    let set = |switch| format!("set local {switch} to default;");
    SWITCHES.map(set).concat()
}

/// Statements after them.
pub(super) fn of_engine_again() -> String {
    let set = |switch| format!("set local {switch} = off;");
    SWITCHES.map(set).concat()
}
