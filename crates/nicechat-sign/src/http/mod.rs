//! Signing `http::Request`s.

mod content;
mod multipart;
mod parameters;
mod payload;
mod request;

pub(crate) use content::Content;
pub use multipart::Multipart;
pub(crate) use multipart::fields as multipart_fields;
pub use parameters::Placement;
pub use payload::{Json, ParameterPayload, Payload};
