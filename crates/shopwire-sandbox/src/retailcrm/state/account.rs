//! The account: its data, the scopes of its key, and the sites that the key sees.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::aside::Aside;
use super::catalogue::Catalogue;
use super::directory::Directory;
use super::orders::Orders;
use super::party::Party;
use super::records::Records;
use super::references::{FIRST_SITE, References};
use super::seeds;
use super::sms::Sms;
use super::telephony::Telephony;
use crate::clock::Clock;
use crate::random::Random;
use crate::retailcrm::value::{Object, object};

/// All data of the account.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Account {
    #[serde(skip)]
    pub(crate) clock: Clock,
    /// Gives uuids and tokens.
    pub(crate) random: Random,
    pub(crate) key: Key,
    pub(crate) orders: Orders,
    pub(crate) customers: Directory,
    pub(crate) companies: Directory,
    pub(crate) references: References,
    pub(crate) catalogue: Catalogue,
    pub(crate) telephony: Telephony,
    pub(crate) records: Records,
    /// Additional data of rows, for filters.
    pub(crate) aside: Aside,
    /// SMS checks by their identifiers.
    pub(crate) sms: BTreeMap<String, Sms>,
    /// Time of the last update of the statistics.
    pub(crate) statistics_updated: Option<Timestamp>,
}

/// The permissions of the API key.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Key {
    /// The key itself.
    pub(crate) text: String,
    /// Scopes that it was granted, such as `order_read`.
    pub(crate) scopes: Vec<String>,
    /// Paths of all methods, which the service shows beside the scopes.
    pub(crate) paths: Vec<String>,
    /// The sites it sees.
    pub(crate) sites: Vec<String>,
}

impl Key {
    /// A key that sees the first site.
    pub(crate) fn new(text: String, scopes: Vec<String>, paths: Vec<String>) -> Self {
        Self {
            text,
            scopes,
            paths,
            sites: vec![FIRST_SITE.to_owned()],
        }
    }
}

/// The reason why a site cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoSite {
    /// The account has no site with this code.
    Unknown(String),
    /// The key does not see it.
    Denied,
    /// No site was named, and the key sees several.
    Needed,
}

impl Account {
    /// Builds a new account: references, a small catalogue and users; no orders, no customers.
    pub(crate) fn new(key: Key, clock: &Clock, random: Random) -> Self {
        Self {
            clock: clock.clone(),
            random,
            key,
            orders: Orders::new(clock),
            customers: Directory::new(Party::Person, clock),
            companies: Directory::new(Party::Company, clock),
            references: seeds::references(),
            catalogue: seeds::catalogue(),
            telephony: Telephony::default(),
            records: seeds::records(clock),
            aside: Aside::default(),
            sms: BTreeMap::new(),
            statistics_updated: None,
        }
    }

    /// Dates everything by this clock from now on.
    pub(crate) fn attach(&mut self, clock: &Clock) {
        self.clock = clock.clone();
        self.orders.history.attach(clock);
        self.customers.attach(clock);
        self.companies.attach(clock);
        self.records.attach(clock);
    }

    /// The present time as `Y-m-d H:i:s`; the account's zone is UTC.
    pub(crate) fn now(&self) -> String {
        self.clock.civil()
    }

    /// The present day as `Y-m-d`.
    pub(crate) fn today(&self) -> String {
        self.now().chars().take(10).collect()
    }

    /// Opens another site and lets the key see it.
    pub(crate) fn open_site(&mut self, code: &str) {
        self.references.open_site(code);
        if !self.key.sites.iter().any(|site| site == code) {
            self.key.sites.push(code.to_owned());
        }
    }

    /// Sets whether the loyalty program asks for an SMS before it activates a membership.
    pub(crate) fn confirm_by_sms(&mut self, asks: bool) {
        let programs = self.records.table_mut("loyalties");
        programs.update(1, |row| {
            row.extend(object(json!({"confirmSmsRegistration": asks})));
        });
    }

    /// Returns the site for a new entity: the named one, or the only one that the key sees.
    pub(crate) fn site(&self, named: Option<&str>) -> Result<String, NoSite> {
        match (self.granted(named)?, self.key.sites.as_slice()) {
            (Some(site), _) => Ok(site),
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(NoSite::Needed),
        }
    }

    /// Returns the named site, which must exist and be visible to the key.
    pub(crate) fn granted(&self, named: Option<&str>) -> Result<Option<String>, NoSite> {
        let Some(site) = named else {
            return Ok(None);
        };
        if !self.references.has("sites", site) {
            return Err(NoSite::Unknown(site.to_owned()));
        }
        if !self.key.sites.iter().any(|granted| granted == site) {
            return Err(NoSite::Denied);
        }
        Ok(Some(site.to_owned()))
    }

    /// Whether the key sees the row: it is on one of the key's sites, or has no site.
    pub(crate) fn sees(&self, row: &Object) -> bool {
        row.get("site")
            .is_none_or(|site| self.key.sites.iter().any(|granted| site == granted))
    }

    /// The customers of one kind.
    pub(crate) fn directory(&self, party: Party) -> &Directory {
        match party {
            Party::Person => &self.customers,
            Party::Company => &self.companies,
        }
    }

    /// The customers of one kind, to change.
    pub(crate) fn directory_mut(&mut self, party: Party) -> &mut Directory {
        match party {
            Party::Person => &mut self.customers,
            Party::Company => &mut self.companies,
        }
    }
}
