//! The shop behind the server: its data and its settings.

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::gate::Gate;
use super::imports::Imports;
use super::orders;
use super::store::Store;
use crate::background::Background;
use crate::bundled;
use crate::callbacks::Callbacks;
use crate::fault::Faults;
use crate::options::Options;
use crate::outbound::Outbound;
use crate::schema::Description;

/// The parsed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(bundled::NICECHAT));

/// The state behind the server.
pub(super) struct Shop {
    pub(super) options: Options,
    pub(super) description: &'static Description,
    pub(super) gate: Gate,
    pub(super) catalog: Mutex<Catalog>,
    pub(super) orders: Vec<Value>,
    pub(super) imports: Imports,
    pub(super) outbound: Outbound,
    pub(super) faults: Faults,
    pub(super) callbacks: Callbacks,
    pub(super) background: Background,
}

/// The data that a merchant can change.
pub(super) struct Catalog {
    pub(super) categories: Store,
    pub(super) products: Store,
}

impl Shop {
    pub(super) fn new(key: &str, secret: &str, faults: Faults, options: &Options) -> Self {
        Self {
            description: &DESCRIPTION,
            gate: Gate::new(key, secret, &options.nicechat),
            catalog: Mutex::new(Catalog {
                categories: Store::categories(),
                products: Store::products(),
            }),
            orders: orders::seeded(options.nicechat.seeded_orders),
            imports: Imports::default(),
            outbound: Outbound::new(options.hosts),
            faults,
            callbacks: Callbacks::default(),
            background: Background::new(),
            options: options.clone(),
        }
    }

    pub(super) fn catalog(&self) -> MutexGuard<'_, Catalog> {
        self.catalog.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
