//! Layers: [`SignLayer`] for clients, [`VerifyLayer`] for servers.
//!
//! # A client
//!
//! [`SignLayer`] goes inside the retry layer, so that each attempt is signed anew, and next to the
//! connection, so that no other layer changes the signed request.
//!
//! ```
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use nicechat_sign::{Credentials, tower::SignLayer};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Stands for the connection pool.
//! let wire = service_fn(|request: Request<Bytes>| async move {
//!     assert_eq!(request.headers()["x-api-key"], "key");
//!     assert_eq!(request.headers()["x-api-sign"].len(), 64);
//!     Ok::<_, std::io::Error>(Response::new(Bytes::new()))
//! });
//! let client = SignLayer::new(nicechat_sign::Signer::new(Credentials::new("key", "secret")))
//!     .layer(wire);
//! let request = Request::post("https://account.nice.chat/marketplaces/v1/products/")
//!     .header("content-type", "application/json")
//!     .body(Bytes::from_static(b"{}"))?;
//! client.oneshot(request).await?;
//! # Ok(()) }
//! ```
//!
//! # A server
//!
//! [`VerifyLayer`] reads the body up to a limit, looks the key up, checks the signature and passes
//! the exact bytes on. The examples `axum_server` and `hyper_server` are complete programs.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use nicechat_sign::tower::VerifyLayer;
//! use nicechat_sign::{Credentials, Signer, Verified, Verifier};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let handler = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let who = request.extensions().get::<Verified>().map(|it| it.key().to_owned());
//!     Ok::<_, Infallible>(Response::new(Bytes::from(who.unwrap_or_default())))
//! });
//! let account = Credentials::new("key", "secret");
//! let server = VerifyLayer::new(Verifier::new(), account.clone()).layer(handler);
//!
//! let unsigned = Request::get("/marketplaces/v1/products/").body(Full::<Bytes>::default())?;
//! let mut signed = Request::get("/marketplaces/v1/products/").body(Vec::new())?;
//! Signer::new(account).sign_request(&mut signed)?;
//! let signed = signed.map(|body| Full::<Bytes>::from(body));
//!
//! assert_eq!(server.clone().oneshot(unsigned).await?.status(), 401);
//! assert_eq!(server.oneshot(signed).await?.status(), 200);
//! # Ok(()) }
//! ```
// X3

mod body;
mod lookup;
mod refuse;
mod replay;
mod shared;
mod sign;
mod verify;
mod verify_future;

pub use body::{ByType, KnownBody, KnownBytes, ReadBody};
pub use lookup::{Accounts, KeyLookup};
pub use refuse::{Envelope, Refuse};
pub use replay::{MemoryReplayStore, ReplayStore, ReplayStoreFull, Seen, Unguarded};
pub use shared::RawBody;
pub use sign::{InHeaders, InParameters, Sign, SignError, SignFuture, SignLayer};
pub use verify::{Verify, VerifyLayer};
pub use verify_future::VerifyFuture;
