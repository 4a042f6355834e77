//! The parts of reading an answer that all services share: its text, the members of its envelope, and the error of
//! an answer that is not a success.
//!
//! The [table](common_transport::verdict) of the transport decides which kind of failure an answer is, and whether
//! the call may have taken effect. A service adds its own rules: how its envelope marks success, and which of its
//! messages say more than the status.

mod charset;
mod fields;
mod members;
mod named;
mod reply;
#[cfg(test)]
mod tests;
mod truth;

pub use charset::{Text, Trust};
pub use fields::fields;
pub use members::{KEPT_BYTES, members, others};
pub use named::named_status;
pub use reply::Reply;
pub use truth::is_true;
