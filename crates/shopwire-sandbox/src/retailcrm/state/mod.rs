//! What an account holds, and how it keeps itself consistent. It knows no request, no answer and
//! no route: look-ups give an [`Option`], and what is not taken comes back as a small error of its
//! own ([`refusal::Refusal`], [`account::NoSite`], [`table::NotRenamed`]).
//!
//! - [`account`]: the whole, its key and the sites that the key sees;
//! - [`directory`], [`party`], [`parts`]: customers, persons and companies;
//! - [`orders`], [`ordering`]: orders, and what ties them to their customers and their history;
//! - [`packs`], `merged`: stock set aside for items, which follows them, and what follows a merge;
//! - [`catalogue`], [`references`], [`telephony`], [`records`]: the rest;
//! - [`loyalty`], `activation`, `sms`, `segments`: bonuses, memberships and the checks before them,
//!   and who is in which segment;
//! - [`resolve`], [`custom_fields`]: what a reference means, and what the account's own fields take;
//! - `joined`, [`aside`], `arrange`: what filters see beside the rows, and what a test says about them;
//! - [`table`], [`history`], [`changes`], [`fields`]: what these are made of;
//! - [`seeds`]: what a new account has.

pub(crate) mod account;
mod activation;
mod arrange;
pub(crate) mod aside;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod custom_fields;
pub(crate) mod directory;
pub(crate) mod fields;
pub(crate) mod history;
mod joined;
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
