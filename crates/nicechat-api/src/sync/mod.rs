//! Keeping the products of NiceChat in step with a catalogue of your own.
//!
//! The service copies each picture to its CDN and shows the address of the copy from then on. The address that is read
//! always differs from the address that was sent. A plain comparison therefore finds a difference in every product and
//! sends all pictures again in each round. [`Memory`] stores the values that were sent together with the values that
//! the service made of them.
//!
//! A round has five parts: read all products, call [`Memory::step`] for each product of the catalogue, send the step
//! that it returns, record the sent values with [`Memory::sent`], and store the memory.
//!
//! ```
//! use nicechat_api::{products, products::Product, sync::{Memory, Step}};
//!
//! let mut memory = Memory::new();
//! let wanted = products::Update::new("PQ1")
//!     .title("Плед")
//!     .image_url("https://shop.example/a.jpg");
//!
//! // The product is not there yet.
//! assert!(matches!(memory.step(&wanted, None), Step::Create(_)));
//! memory.sent(&wanted, None);
//!
//! // The next round reads another picture than was sent, and has nothing to do.
//! let read: Product = r#"{"id": "PQ1", "title": "Плед", "image_url": "https://cdn.nice.chat/1.jpg"}"#
//!     .parse::<nicechat_api::Value>()?
//!     .to()?;
//! assert_eq!(memory.step(&wanted, Some(&read)), Step::InStep);
//! assert_eq!(memory.source("PQ1"), Some("https://shop.example/a.jpg"));
//!
//! // A new price is sent alone: the picture is left out, so it stays.
//! let price: nicechat_api::Decimal = "15.00".parse()?;
//! let wanted = wanted.price(price);
//! let Step::Update(update) = memory.step(&wanted, Some(&read)) else { panic!() };
//! assert_eq!((update.price, update.title, update.image_url), (Some(price), None, None));
//!
//! // The memory is JSON between the rounds.
//! let stored = common_model::to_json(&memory);
//! assert_eq!(common_model::from_json::<Memory>(&stored)?, memory);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it promises
//! - When a step was sent and noted, the next round sends nothing, whatever the service made of the
//!   fields.
//! - A step that was not noted is told again: after a failure, or when the stored memory is lost. A
//!   product whose creation landed unnoticed is then refused
//!   ([`is_conflict`](crate::Error::is_conflict)), and the next round reads it.
//! - A field that changed on either side since then is sent again.
//! - The first value that the service shows in place of what was sent counts as its own rewriting. An
//!   edit by hand just then is not noticed, and neither is a step that was sent just then and not
//!   noted.

mod fields;
mod memory;

pub use memory::{Memory, Step};

#[cfg(test)]
mod tests;
