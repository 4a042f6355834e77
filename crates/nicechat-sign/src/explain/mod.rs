//! Why a signature is wrong: a search for the mistakes that give it.
//!
//! [`search`] tries what clients do wrong, and combinations of up to three of these mistakes:
//!
//! - another dialect, fields unsorted or in the wrong order, key and signature among the signed fields;
//! - JSON written anew, values written otherwise (`15.0` for `15`), double encoding, white space around secret or body;
//! - the path without its last slash or as a whole URL, the method in lower case, HMAC.
//!
//! It finds the fewest mistakes that give the signature, and the text that was hashed with them.
//!
//! The search hashes a bounded number of bytes, up to some hundred megabytes for a large body. It is for tools and
//! test servers: run it on demand, never for each request.
//!
//! ```
//! use nicechat_sign::explain::{Input, Mode, Request, Rules, search};
//! use nicechat_sign::{Credentials, Signer};
//!
//! // A client signs the path without its last slash.
//! let body = br#"{"title":"A"}"#;
//! let signer = Signer::new(Credentials::new("key", "secret"));
//! let wrong = signer.sign_body("/marketplaces/v1/products", body, "POST");
//!
//! let (path, input) = ("/marketplaces/v1/products/", Input::Body(body.to_vec()));
//! let request = Request::new("POST", path, Some(Mode::Json), input, &Rules::new())?;
//! let found = search(&request, "secret", "key", &wrong.to_string().parse()?);
//! assert_eq!(found.sentence().as_deref(), Some("with the path's last slash missing"));
//! assert_eq!(found.sets()[0].text(), br#"secret/marketplaces/v1/products{"title":"A"}POST"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bodies;
mod encoding;
mod ends;
mod fields;
mod found;
mod json;
mod parts;
mod received;
mod recipe;
mod request;
mod search;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod sweep_values;
mod variant;

pub use fields::{Fields, LeftOut};
pub use found::{Explained, Found};
pub use received::{NotASignature, Received};
pub use request::{Input, Mode, Payload, Request, RequestError, Rules};
pub use search::search;
pub use variant::Mistake;
