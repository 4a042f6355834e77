//! How a sandbox is started.

use std::time::Duration;

/// Settings of a [`crate::Sandbox`]; every setter consumes and returns the options.
///
/// ```
/// use shopwire_sandbox::{Options, RateLimit};
///
/// let options = Options::default().rate_limit(RateLimit::Lifted).retailcrm_port(8083);
/// assert!(format!("{options:?}").contains("Lifted"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) rate_limit: RateLimit,
    pub(crate) hosts: Hosts,
    pub(crate) nicechat_port: u16,
    pub(crate) uvygoda_port: u16,
    pub(crate) retailcrm_port: u16,
    pub(crate) dialect: nicechat_sign::Dialect,
    pub(crate) names: nicechat_sign::Names,
    pub(crate) query_rule: nicechat_sign::QueryRule,
    pub(crate) delete_answer: DeleteAnswer,
    pub(crate) page_size: usize,
    pub(crate) next_links: NextLinks,
    pub(crate) seeded_orders: u32,
    pub(crate) callback_form: CallbackForm,
    pub(crate) pace: Duration,
    pub(crate) moderation: Moderation,
    pub(crate) seller: Seller,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rate_limit: RateLimit::Enforced,
            hosts: Hosts::Loopback,
            nicechat_port: 0,
            uvygoda_port: 0,
            retailcrm_port: 0,
            dialect: nicechat_sign::Dialect::default(),
            names: nicechat_sign::Names::default(),
            query_rule: nicechat_sign::QueryRule::default(),
            delete_answer: DeleteAnswer::Envelope,
            page_size: 10,
            next_links: NextLinks::Path,
            seeded_orders: 12,
            callback_form: CallbackForm::Urlencoded,
            pace: Duration::from_millis(60),
            moderation: Moderation::Automatic,
            seller: Seller::Pro,
        }
    }
}

impl Options {
    /// Whether RetailCRM holds its callers to 10 (telephony 40) requests a second. Default: it does.
    #[must_use]
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    /// Which hosts the sandbox itself calls (feeds, callbacks, webhooks). Default: loopback.
    #[must_use]
    pub fn feed_hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// NiceChat's port on 127.0.0.1; 0 (default) lets the system choose.
    #[must_use]
    pub fn nicechat_port(mut self, port: u16) -> Self {
        self.nicechat_port = port;
        self
    }

    /// Uvygoda's port on 127.0.0.1; 0 (default) lets the system choose.
    #[must_use]
    pub fn uvygoda_port(mut self, port: u16) -> Self {
        self.uvygoda_port = port;
        self
    }

    /// RetailCRM's port on 127.0.0.1; 0 (default) lets the system choose.
    #[must_use]
    pub fn retailcrm_port(mut self, port: u16) -> Self {
        self.retailcrm_port = port;
        self
    }

    /// The canonical form in which NiceChat expects forms to be signed (N22). Default: PHP.
    #[must_use]
    pub fn dialect(mut self, dialect: nicechat_sign::Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// The names under which NiceChat looks for key and signature (N9, N10). Default: the names of
    /// the document's samples.
    #[must_use]
    pub fn names(mut self, names: nicechat_sign::Names) -> Self {
        self.names = names;
        self
    }

    /// Whether NiceChat takes a GET's query as signed (N27). Default: it does not.
    #[must_use]
    pub fn query_rule(mut self, rule: nicechat_sign::QueryRule) -> Self {
        self.query_rule = rule;
        self
    }

    /// What NiceChat answers to a DELETE (N36). Default: HTTP 200 with the documented envelope.
    #[must_use]
    pub fn delete_answer(mut self, answer: DeleteAnswer) -> Self {
        self.delete_answer = answer;
        self
    }

    /// Elements on a NiceChat page. Default 10, at least 1.
    #[must_use]
    pub fn page_size(mut self, size: usize) -> Self {
        self.page_size = size.max(1);
        self
    }

    /// How NiceChat writes `next` and `previous` (N41). Default: as a path with a query.
    #[must_use]
    pub fn next_links(mut self, links: NextLinks) -> Self {
        self.next_links = links;
        self
    }

    /// How many orders NiceChat has from the start. Default 12: two pages.
    #[must_use]
    pub fn seeded_orders(mut self, count: u32) -> Self {
        self.seeded_orders = count;
        self
    }

    /// In which form NiceChat posts the fields of a callback (N85). Default: urlencoded.
    #[must_use]
    pub fn callback_form(mut self, form: CallbackForm) -> Self {
        self.callback_form = form;
        self
    }

    /// How long a feed rests in each state, and a card in moderation. Default 60 ms.
    #[must_use]
    pub fn pace(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// What kind of account Uvygoda's seller has (U2). Default: the PRO account that the API asks for.
    #[must_use]
    pub fn seller(mut self, seller: Seller) -> Self {
        self.seller = seller;
        self
    }

    /// Who ends the moderation of Uvygoda's cards. Default: time does.
    #[must_use]
    pub fn moderation(mut self, moderation: Moderation) -> Self {
        self.moderation = moderation;
        self
    }
}

/// Whether rate limits hold.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimit {
    /// Above the documented rate comes the 503 page.
    #[default]
    Enforced,
    /// Any rate will do.
    Lifted,
}

/// Hosts the sandbox may call on its own.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hosts {
    /// 127.0.0.0/8, ::1 and `localhost` only.
    #[default]
    Loopback,
    /// Any host that `http://` reaches.
    Any,
}

/// The answer to a DELETE: the document shows a body beside code 204 (N36).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeleteAnswer {
    /// HTTP 200 and `{"status":"ok","code":204,"description":"Accepted"}`.
    #[default]
    Envelope,
    /// HTTP 204 without a body.
    Empty,
}

/// How NiceChat writes the address of another page: the document says "path", servers of its kind
/// send any of these (N41).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NextLinks {
    /// `/marketplaces/v1/products/?page=2`
    #[default]
    Path,
    /// `?page=2`
    Query,
    /// `http://127.0.0.1:…/marketplaces/v1/products/?page=2`
    Absolute,
}

/// The kind of account Uvygoda's seller has.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seller {
    /// May use the API.
    #[default]
    Pro,
    /// Is told that a PRO account is needed.
    Basic,
}

/// The form of a callback's fields: the document does not say which (N85).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CallbackForm {
    /// `application/x-www-form-urlencoded`
    #[default]
    Urlencoded,
    /// `multipart/form-data`
    Multipart,
}

/// How a card leaves moderation.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moderation {
    /// After the pace of [`Options::pace`].
    #[default]
    Automatic,
    /// When the test says so.
    Manual,
}
