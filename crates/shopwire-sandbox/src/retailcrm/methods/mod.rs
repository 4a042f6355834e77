//! The methods, over the state. A group uses the state and the shared protocol, and no other group.

pub(crate) mod api;
pub(crate) mod catalogue;
pub(crate) mod costs;
pub(crate) mod custom_fields;
pub(crate) mod customer_interaction;
pub(crate) mod customers;
pub(crate) mod delivery;
pub(crate) mod files;
pub(crate) mod integration;
pub(crate) mod loyalty;
pub(crate) mod notifications;
pub(crate) mod orders;
pub(crate) mod packs;
pub(crate) mod payments;
pub(crate) mod references;
pub(crate) mod settings;
pub(crate) mod tasks;
pub(crate) mod telephony;
pub(crate) mod tracking;
pub(crate) mod users;
pub(crate) mod verification;
pub(crate) mod web_analytics;
