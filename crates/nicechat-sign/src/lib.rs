//! Canonical forms and SHA-256 signature of the NiceChat API, for clients and servers.
//!
//! The signature is the lower-case hexadecimal SHA-256 of secret, path, body and method, without
//! separators. **Input contract:** the path is the wire's path with its percent-encoding and
//! without the query; a JSON body is signed as the bytes that are sent and never serialised again;
//! a form is sorted and encoded by a [`Dialect`], since the service's document describes that step
//! in three ways that differ. On an error the request is unchanged.
//!
//! ```
//! use nicechat_sign::{Credentials, Form, Signer};
//!
//! let signer = Signer::new(Credentials::new("key", "secret"));
//!
//! // Raw JSON: the bytes as they are sent, the signature in a header.
//! let body = br#"{"title":"A"}"#;
//! let signature = signer.sign_body("/marketplaces/v1/products/", body, "POST");
//! assert_eq!(signature.to_string().len(), 64);
//!
//! // A form: the text to send comes with the signature.
//! let form = Form::new().with("title", "Товар").with("id", 1);
//! let signed = signer.sign_form("/marketplaces/v1/products/", &form, "POST")?;
//! assert_eq!(signed.body, "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80");
//! # Ok::<(), nicechat_sign::Error>(())
//! ```
//!
//! # Features
//!
//! - `std` (default): links the standard library; adds no items. Without it the crate is `no_std`
//!   with `alloc`.
//! - `http`: signs an `http::Request`; verifies one with `Verifier`.
//! - `explain`: searches for the mistakes that give a wrong signature.
//! - `tower`: `SignLayer` for clients, `VerifyLayer` for servers.
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;

mod buffer;
mod canonical;
mod credentials;
mod dialect;
mod encode;
mod error;
#[cfg(feature = "explain")]
#[cfg_attr(docsrs, doc(cfg(feature = "explain")))]
pub mod explain;
mod form;
mod hash;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod json;
mod names;
mod order;
mod php;
mod prose;
mod python;
mod signature;
mod signer;
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub mod tower;
mod urlencoded;
mod value;
#[cfg(feature = "http")]
mod verify;

pub use canonical::{canonical, wire};
pub use credentials::Credentials;
pub use dialect::{Dialect, UnknownDialect};
pub use error::Error;
pub use form::Form;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub use http::{Json, Multipart, ParameterPayload, Payload, Placement};
pub use names::Names;
pub use signature::{InvalidSignature, Signature};
pub use signer::{QueryRule, SignedForm, Signer};
pub use value::{BigInt, Value};
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
pub use verify::{Claim, Verified, Verifier, VerifyError};
