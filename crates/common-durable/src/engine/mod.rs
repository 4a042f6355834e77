//! The engines, and the decisions that they share.
//!
//! Every engine keeps the same tables, whose names begin with `durable_`:
//! - `queue`: names of sources and accounts.
//! - `lane`: one row per key of a queue, or per work without a key. It has the time at which its work is due, the token
//!   of the lease, the number of claims of its first open work, and the number of open works. A claim reads and writes
//!   lanes alone, so it does not depend on the number of events. A lease, a retry and "nothing to do" are one column.
//! - `event` and `body`: an event's row is small, because ends rewrite it; its body is written once.
//! - `effect` and `params`: the same for effects.
//! - `failure`, `subject` (erasure keys), `cursor`, `meta` (version, salt, epoch).
//! - `proof`, on PostgreSQL: the last transaction of each connection, to find out whether a commit of lost answer is there.
//!
//! Ids are drawn while the lane is locked, so within a key the order of ids is the order of commits.

pub(crate) mod codec;
pub(crate) mod decide;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) mod gather;
pub(crate) mod version;

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
