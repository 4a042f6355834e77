//! The data of an account, and the rules that keep it consistent. It knows no request, answer or route. Look-ups
//! return an [`Option`], and refusals are small errors of its own ([`refusal::Refusal`], [`account::NoSite`],
//! [`table::NotRenamed`]).
//!
//! - [`account`]: the whole, its key and the sites that the key sees;
//! - [`directory`], [`party`], [`parts`]: customers, persons and companies;
//! - [`orders`], [`ordering`]: orders, and their ties to customers and history;
//! - [`catalogue`], [`references`], [`telephony`], [`records`]: the rest;
//! - [`loyalty`], `activation`, `sms`, `segments`: bonuses, memberships and their activation, and the members of
//!   segments;
//! - [`resolve`], [`custom_fields`]: references in requests, and values of custom fields;
//! - `joined`, [`aside`], `arrange`: data that filters see beyond the rows, and data that tests add;
//! - `generated`: plausible data by a seed;
//! - [`table`], [`history`], [`changes`], [`fields`]: the building blocks;
//! - [`seeds`]: the data of a new account.

pub(crate) mod account;
mod activation;
mod arrange;
pub(crate) mod aside;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod custom_fields;
pub(crate) mod directory;
pub(crate) mod fields;
mod generated;
pub(crate) mod history;
mod joined;
mod lookup;
pub(crate) mod loyalty;
mod merged;
pub(crate) mod ordering;
pub(crate) mod orders;
pub(crate) mod packs;
pub(crate) mod parts;
pub(crate) mod party;
pub(crate) mod records;
pub(crate) mod references;
pub(crate) mod refusal;
pub(crate) mod resolve;
mod seeds;
mod segments;
mod sms;
pub(crate) mod table;
pub(crate) mod telephony;

pub(crate) use account::Account;
