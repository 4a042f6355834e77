//! Settings of a sandbox.

mod nicechat;
mod retailcrm;
mod uvygoda;

use std::time::Duration;

pub use nicechat::{CallbackForm, DeleteAnswer, NextLinks, NiceChatOptions, Replacement};
pub use retailcrm::{RateLimit, RetailCrmOptions};
pub use uvygoda::{Moderation, Seller, UvygodaOptions};

/// Settings of a [`crate::Sandbox`]. Every setter consumes and returns the options. The settings of one service are
/// changed in a closure.
///
/// ```
/// use shopwire_sandbox::{Options, RateLimit};
///
/// let options = Options::default()
///     .nicechat(|nicechat| nicechat.page_size(4))
///     .retailcrm(|crm| crm.rate_limit(RateLimit::Lifted).port(8083));
/// assert!(format!("{options:?}").contains("Lifted"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) hosts: Hosts,
    pub(crate) pace: Duration,
    pub(crate) nicechat: NiceChatOptions,
    pub(crate) uvygoda: UvygodaOptions,
    pub(crate) retailcrm: RetailCrmOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hosts: Hosts::Loopback,
            pace: Duration::from_millis(60),
            nicechat: NiceChatOptions::default(),
            uvygoda: UvygodaOptions::default(),
            retailcrm: RetailCrmOptions::default(),
        }
    }
}

impl Options {
    /// Changes the settings of NiceChat.
    #[must_use]
    pub fn nicechat(mut self, set: impl FnOnce(NiceChatOptions) -> NiceChatOptions) -> Self {
        self.nicechat = set(self.nicechat);
        self
    }

    /// Changes the settings of Uvygoda.
    #[must_use]
    pub fn uvygoda(mut self, set: impl FnOnce(UvygodaOptions) -> UvygodaOptions) -> Self {
        self.uvygoda = set(self.uvygoda);
        self
    }

    /// Changes the settings of RetailCRM.
    #[must_use]
    pub fn retailcrm(mut self, set: impl FnOnce(RetailCrmOptions) -> RetailCrmOptions) -> Self {
        self.retailcrm = set(self.retailcrm);
        self
    }

    /// Sets which hosts the sandbox may call itself (feeds, callbacks, webhooks). Default: loopback.
    #[must_use]
    pub fn hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Sets how long a feed import stays in each state, and a card in moderation. Default: 60 ms.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }
}

/// Hosts that the sandbox may call itself.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hosts {
    /// 127.0.0.0/8, ::1 and `localhost` only.
    #[default]
    Loopback,
    /// Any host that `http://` reaches.
    Any,
}
