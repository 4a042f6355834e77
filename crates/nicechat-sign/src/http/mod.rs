//! Signing of `http::Request`s.

mod content;
mod media;
mod multipart;
mod parameters;
mod payload;
mod request;

pub(crate) use content::Content;
pub use multipart::Multipart;
pub(crate) use multipart::{declares_charset, fields as multipart_fields};
pub use parameters::Placement;
pub use payload::{Json, ParameterPayload, Payload};
