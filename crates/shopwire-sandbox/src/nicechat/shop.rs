//! The shop behind the server: its data and its settings.

use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::gate::Gate;
use super::imports::Imports;
use super::orders;
use super::store::Store;
use crate::background::Background;
use crate::bundled;
use crate::clock::Clock;
use crate::fault::Faults;
use crate::options::Options;
use crate::origin::Origin;
use crate::outbound::Outbound;
use crate::parts::Parts;
use crate::random::Random;
use crate::schema::Description;
use crate::webhooks::Webhooks;

/// The parsed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(bundled::NICECHAT));

/// The state behind the server.
pub(crate) struct Shop {
    pub(super) options: Options,
    pub(super) description: &'static Description,
    pub(super) gate: Gate,
    pub(super) clock: Clock,
    pub(super) origin: Origin,
    data: Mutex<Data>,
    pub(super) outbound: Outbound,
    pub(super) faults: Faults,
    pub(super) webhooks: Webhooks,
    pub(super) background: Background,
}

/// The credentials of the account, which the gate has too.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Keys {
    pub(super) api_key: String,
    pub(super) api_secret: String,
}

impl Keys {
    pub(super) fn of(origin: &Origin) -> Self {
        let mut random = origin.keys("nicechat");
        Self {
            api_key: random.token(16),
            api_secret: random.token(32),
        }
    }
}

/// Hides the secret.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// The data of the shop, which changes.
pub(super) struct Data {
    pub(super) keys: Keys,
    pub(super) categories: Store,
    pub(super) products: Store,
    pub(super) orders: Vec<Value>,
    pub(super) imports: Imports,
    /// Gives the tokens of imports.
    pub(super) random: Random,
}

impl Data {
    /// The data of a new shop.
    pub(super) fn new(keys: Keys, options: &Options, clock: &Clock, seed: u64) -> Self {
        Self {
            keys,
            categories: Store::categories(clock.clone()),
            products: Store::products(clock.clone()),
            orders: orders::seeded(options.nicechat.seeded_orders),
            imports: Imports::default(),
            random: Random::new(seed, "nicechat"),
        }
    }
}

impl Shop {
    pub(super) fn new(faults: Faults, options: &Options, parts: &Parts) -> Self {
        let origin = &parts.origin;
        let keys = Keys::of(origin);
        Self {
            description: &DESCRIPTION,
            gate: Gate::new(&keys.api_key, &keys.api_secret, &options.nicechat),
            clock: origin.clock.clone(),
            origin: origin.clone(),
            data: Mutex::new(Data::new(keys, options, &origin.clock, origin.seed())),
            outbound: Outbound::new(options.hosts),
            faults,
            webhooks: parts.webhooks.clone(),
            background: Background::new(),
            options: options.clone(),
        }
    }

    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
