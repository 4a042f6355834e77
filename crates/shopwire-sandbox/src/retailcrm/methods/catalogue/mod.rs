//! The store: products, offers, stock and prices, groups, properties.

pub(crate) mod groups;
pub(crate) mod lists;
pub(crate) mod products;
pub(crate) mod properties;
pub(crate) mod stock;
