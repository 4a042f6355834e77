//! Settings of a sandbox.

mod nicechat;
mod retailcrm;
mod uvygoda;

use std::time::{Duration, SystemTime};

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
    pub(crate) seed: Option<u64>,
    pub(crate) clock: ClockStart,
    #[cfg(feature = "admin")]
    pub(crate) admin_port: Option<u16>,
    pub(crate) nicechat: NiceChatOptions,
    pub(crate) uvygoda: UvygodaOptions,
    pub(crate) retailcrm: RetailCrmOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hosts: Hosts::Loopback,
            pace: Duration::from_millis(60),
            seed: None,
            clock: ClockStart::default(),
            #[cfg(feature = "admin")]
            admin_port: None,
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

    /// Sets how long a feed import stays in each state, and a card in moderation, by the sandbox's
    /// [clock](crate::Clock). Default: 60 ms.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// Serves the admin API and its page on this port of 127.0.0.1; 0 lets the system choose. Default: not at all.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start(Options::default().admin_port(0)).await?;
    /// let url = sandbox.admin().expect("asked for").url();
    /// // A browser opens it; a script reads `{url}/api/requests`.
    /// assert!(url.starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "admin")]
    #[must_use]
    pub fn admin_port(mut self, port: u16) -> Self {
        self.admin_port = Some(port);
        self
    }

    /// Makes the sandbox repeatable: the same calls in the same order get the same ids, keys, tokens and times in
    /// every run. The clock then stands still at 2026-01-01 00:00:00 UTC until it is advanced, unless
    /// [`Options::clock`] says otherwise. Ports still differ, unless they are set. Default: no seed, all is random.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use shopwire_sandbox::{Options, Sandbox};
    ///
    /// let one = Sandbox::start(Options::default().seed(7)).await?;
    /// let other = Sandbox::start(Options::default().seed(7)).await?;
    /// assert_eq!(one.nicechat().api_secret(), other.nicechat().api_secret());
    /// assert_eq!(one.clock().now(), other.clock().now());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets where the clock starts, and whether it runs. Default: the real time, running; with a seed as said at
    /// [`Options::seed`].
    #[must_use]
    pub fn clock(mut self, start: ClockStart) -> Self {
        self.clock = start;
        self
    }
}

/// The start of a sandbox's clock.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use shopwire_sandbox::{ClockStart, Options, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let eve = SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_599);
/// let sandbox = Sandbox::start(Options::default().clock(ClockStart::FrozenAt(eve))).await?;
/// sandbox.clock().advance(Duration::from_secs(1)).await;
/// assert_eq!(sandbox.clock().now(), eve + Duration::from_secs(1));
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockStart {
    /// The real time, running; with a seed 2026-01-01 00:00:00 UTC, frozen.
    #[default]
    Default,
    /// The real time, running, also with a seed.
    Now,
    /// This time, running.
    At(SystemTime),
    /// This time, standing still.
    FrozenAt(SystemTime),
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
