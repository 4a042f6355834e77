//! Reading an answer as far as all services have it in common: its text, the members of its envelope, and the error
//! that it becomes when it is no success.
//!
//! What kind of failure an answer is, and whether the call may have landed, is said by the
//! [table](common_transport::verdict) of the transport. A service adds what is its own: where its envelope says
//! success, and which texts of its say more than the status does.

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
