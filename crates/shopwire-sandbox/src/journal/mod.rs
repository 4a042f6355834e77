//! The journal: every exchange of the three servers, with the reasons why a request was refused.
//!
//! One journal numbers the requests of all services. It is bounded in bytes (`store`) and tells subscribers of each
//! exchange that has ended. A service reports its reasons in [`Notes`], beside its answer.

mod arrivals;
mod body;
mod cut;
mod entry;
mod exchange;
mod explanation;
mod filter;
mod handle;
mod line;
mod notes;
mod open;
mod reason;
mod shared;
mod store;
mod subscription;

pub use body::Body;
pub(crate) use body::KEPT;
pub use exchange::{Exchange, Message};
pub use explanation::{Difference, Explanation, SignatureExplanation};
pub use filter::{Filter, InvalidStatus, Page, StatusFilter};
pub use handle::Journal;
pub(crate) use notes::Notes;
pub(crate) use open::Open;
pub use reason::{Reason, ReasonKind};
pub use subscription::{Missed, Subscription};
