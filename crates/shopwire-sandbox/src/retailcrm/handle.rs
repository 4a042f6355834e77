//! The handle by which a test controls the emulated RetailCRM.

use std::fmt;
use std::io;
use std::sync::Arc;

use serde_json::Value;

use super::service::Crm;
use super::state::aside::CrmRow;
use super::value;
use crate::fault::Faults;
use crate::invalid::Invalid;
use crate::names::ServiceName;
use crate::options::RetailCrmOptions;
use crate::parts::Parts;
use crate::requests::Requests;
use crate::server::Server;
use crate::webhooks::{Draft, NewWebhook, Webhook, Webhooks, fields, urlencoded};

/// The emulated RetailCRM.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use shopwire_sandbox::{Options, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default()).await?;
/// let crm = sandbox.retailcrm();
/// assert!(crm.url().starts_with("http://127.0.0.1:"));
/// assert_eq!(crm.api_key().len(), 32);
/// # Ok(())
/// # }
/// ```
pub struct RetailCrm {
    server: Server,
    crm: Arc<Crm>,
    webhooks: Webhooks,
}

impl RetailCrm {
    /// The OpenAPI 3.1 description of RetailCRM v5, as JSON. The sandbox checks requests by it.
    pub const OPENAPI: &'static str = crate::bundled::RETAILCRM;

    pub(crate) async fn start(options: &RetailCrmOptions, parts: &Parts) -> io::Result<Self> {
        let origin = &parts.origin;
        let api_key = origin.keys("retailcrm").token(32);
        let crm = Arc::new(Crm::new(api_key, options, origin));
        let faults = parts.faults(ServiceName::RetailCrm);
        let requests = parts.requests(ServiceName::RetailCrm);
        let server = Server::start(options.port, faults, requests, crm.clone()).await?;
        let webhooks = parts.webhooks.clone();
        Ok(Self {
            server,
            crm,
            webhooks,
        })
    }

    /// The state, for the parts of the sandbox.
    pub(crate) fn state(&self) -> &Arc<Crm> {
        &self.crm
    }

    pub(crate) async fn stop(&self) {
        self.server.stop().await;
    }

    /// Returns the base URL, without a trailing slash.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Returns the key of the account, which at the start has the scopes of the options.
    pub fn api_key(&self) -> String {
        self.crm.account().key.text.clone()
    }

    /// Returns the faults.
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// Returns the requests that were received.
    pub fn requests(&self) -> &Requests {
        self.server.requests()
    }

    /// Posts the callback of a module by hand.
    pub(crate) fn send(&self, order: NewWebhook) -> Result<Webhook, Invalid> {
        let url = order.url.ok_or_else(|| Invalid::new("url", "is missing"))?;
        self.webhooks.check_address(&url)?;
        let body = match order.body {
            Some(Value::String(text)) => text,
            Some(Value::Object(members)) => urlencoded(&fields(&members)),
            Some(_) => {
                return Err(Invalid::new(
                    "body",
                    "must be a text or an object of fields",
                ));
            }
            None => return Err(Invalid::new("body", "is missing")),
        };
        let form = || "application/x-www-form-urlencoded".to_owned();
        let draft = Draft {
            event: order.event,
            url,
            content_type: order.content_type.unwrap_or_else(form),
            body,
        };
        let post = self.webhooks.open(ServiceName::RetailCrm, draft);
        let webhook = post.webhook().clone();
        self.webhooks
            .deliver_soon(post, self.server.faults().clone());
        Ok(webhook)
    }

    /// Opens another site and lets the key see it. From then on the methods that need a `site` require the
    /// parameter.
    pub fn open_site(&self, code: &str) {
        self.crm.account().open_site(code);
    }

    /// Sets members of the row with this id, without checks and history. For data that the service knows and no
    /// method writes, such as the receipts of an order or whether a user is online. Filters find rows by such data.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use serde_json::json;
    /// use shopwire_sandbox::{CrmRow, Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start(Options::default()).await?;
    /// let crm = sandbox.retailcrm();
    /// // Now `filter[online]=1` finds the first user.
    /// assert!(crm.arrange(CrmRow::User, 1, &json!({"online": true})));
    /// assert!(!crm.arrange(CrmRow::Order, 1, &json!({"receiptOrderStatus": "done"})), "there is no order");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Returns false if there is no such row.
    pub fn arrange(&self, row: CrmRow, id: i64, members: &Value) -> bool {
        let members = value::object(members.clone());
        self.crm.account().arrange(row, id, members).is_some()
    }

    /// Sets whether the loyalty program asks for an SMS before it activates a membership. The code of every SMS is
    /// 1234, and is valid for ten minutes.
    pub fn confirm_by_sms(&self, asks: bool) {
        self.crm.account().confirm_by_sms(asks);
    }

    /// Replaces the scopes of the key, for example by `["order_read"]`. Other methods then answer 403.
    pub fn restrict_scopes(&self, scopes: &[&str]) {
        self.crm.account().key.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    }
}

/// Hides the key.
impl fmt::Debug for RetailCrm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetailCrm")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
