//! Requests of the service to a module (delivery, payments, store, recommendations), and the module's
//! answers.
//!
//! A module registers a path for each of its actions (`integration::Edit`). The service posts forms with JSON in a
//! field to that path, or sends a GET. Each of these requests is a [`Webhook`]: [`read`] reads it from the body or
//! the query, and [`Webhook::Answer`] is the answer to send as JSON. A refusal is a [`shared::ErrorResponse`] with a
//! status other than 2xx.
//!
//! ```
//! use common_model::{Decimal, to_json};
//! use retailcrm_v5::webhooks::{self, CalculateResponse, DeliveryCalculate, ResponseCalculate};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let body = b"clientId=account-7&calculate=%7B%22packages%22%3A%5B%7B%22weight%22%3A500%7D%5D%7D";
//! let asked: DeliveryCalculate = webhooks::read(body)?;
//! assert_eq!(asked.client_id.as_deref(), Some("account-7"));
//! let packages = asked.calculate.packages.unwrap_or_default();
//! assert_eq!(packages[0].weight, Some(Decimal::from(500)));
//!
//! let courier = ResponseCalculate::new().code("courier").cost(Decimal::new(35000, 2));
//! let answer = CalculateResponse::new().success(true).result([courier]);
//! assert_eq!(to_json(&answer), r#"{"success":true,"result":[{"code":"courier","cost":350.00}]}"#);
//! # Ok(())
//! # }
//! ```
//!
//! Requests that ask for nothing but success, such as `payments.approve`, and the HTTP action of a trigger can be stored
//! first and handled later: `NoticeReceiver`.
//!
//! The service signs only a registration ([`RequestConnectionRegister::is_signed_with`]). Use an address that
//! cannot be guessed, and check the `clientId`, to tell its other requests from forged ones.
//!
//! [`shared::ErrorResponse`]: crate::shared::ErrorResponse

#[cfg(feature = "receivers")]
mod notice;
mod read;
#[cfg(feature = "receivers")]
mod receiver;
mod token;

#[cfg(test)]
mod tests;

use common_model::Model;
use common_transport::Param;

pub use crate::generated::webhooks::*;
#[cfg(feature = "receivers")]
pub use notice::{MemoryStore, Notice, NoticeReceiver, Notices};
pub use read::read;
#[cfg(feature = "receivers")]
pub use receiver::{Module, ModuleAnswer, Receiver, Refusal, receiver};
pub use token::is_registration_token;

#[cfg(feature = "receivers")]
pub use common_api::receive::{
    Accepted, Counts, Delivery, Kept, OnReject, Reason, Receipt, ReceiptId, Received, Rejected,
    Rejection, Store,
};

/// A request of the service to a module.
pub trait Webhook: Model + Default {
    /// The answer that the service expects: JSON of this model, or bytes.
    type Answer;

    /// The group and the action, by its name in the module's registration: `delivery.calculate`.
    const NAME: &'static str;

    /// The fields of the form or of the query, and which of them hold JSON.
    const PARAMS: &'static [Param];
}
