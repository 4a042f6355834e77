//! The state of the account behind the API.

use http::StatusCode;
use serde_json::json;

use super::answer::{Answer, Failure, Outcome};
use super::call::Call;
use super::catalog::Catalog;
use super::customers::Directory;
use super::orders::Orders;
use super::records::Records;
use super::references::References;
use super::route::Route;
use super::telephony::Telephony;

/// Everything that the account holds.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) key: Key,
    pub(super) orders: Orders,
    pub(super) customers: Directory,
    pub(super) companies: Directory,
    pub(super) references: References,
    pub(super) catalog: Catalog,
    pub(super) telephony: Telephony,
    pub(super) records: Records,
}

/// What the API key may do.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) scopes: Vec<String>,
    pub(super) sites: Vec<String>,
}

/// The site that a new account has.
pub(super) const FIRST_SITE: &str = "simple-site";

impl Account {
    /// A new account: references, a small catalogue, users; no orders, no customers.
    pub(super) fn new() -> Self {
        Self {
            key: Key {
                scopes: scopes(),
                sites: vec![FIRST_SITE.to_owned()],
            },
            orders: Orders::default(),
            customers: Directory::new(&super::customers::PERSONS),
            companies: Directory::new(&super::customers::COMPANIES),
            references: References::seeded(),
            catalog: Catalog::seeded(),
            telephony: Telephony::default(),
            records: Records::seeded(),
        }
    }

    /// The site that a new entity goes to: the one named, or the only one the key sees (R11).
    pub(super) fn site(&self, call: &Call) -> Result<String, Failure> {
        match (self.named_site(call)?, self.key.sites.as_slice()) {
            (Some(site), _) => Ok(site),
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(Failure::missing("site")),
        }
    }

    /// The site that narrows a search by external id; needed when the key sees several.
    pub(super) fn narrowing_site(&self, call: &Call) -> Result<Option<String>, Failure> {
        use super::call::By;
        match self.named_site(call)? {
            Some(site) => Ok(Some(site)),
            None if self.key.sites.len() > 1 && call.by()? == By::ExternalId => {
                Err(Failure::missing("site"))
            }
            None => Ok(None),
        }
    }

    fn named_site(&self, call: &Call) -> Result<Option<String>, Failure> {
        let Some(site) = call.text("site") else {
            return Ok(None);
        };
        if !self.references.has("sites", site) {
            return Err(Failure::input(
                "site",
                format!("Site with code \"{site}\" does not exist."),
            ));
        }
        if !self.key.sites.iter().any(|granted| granted == site) {
            return Err(Failure::new(StatusCode::FORBIDDEN, "Access denied."));
        }
        Ok(Some(site.to_owned()))
    }
}

/// Every scope there is, sorted.
fn scopes() -> Vec<String> {
    let mut scopes: Vec<String> = super::routes().iter().filter_map(Route::scope).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// Methods about the account itself; they live outside of the version (RE4).
pub(super) const ROUTES: &[Route] = &[
    Route::get("api.list_versions", "/api/api-versions", "", |_, _| {
        Ok(Answer::ok(json!({"versions": ["5"]})))
    }),
    Route::get(
        "api.get_credentials",
        "/api/credentials",
        "",
        |account, _| credentials(account),
    ),
    Route::get("api.get_system_info", "/api/system-info", "", |_, _| {
        Ok(Answer::ok(json!({
            "systemVersion": "8.0.0",
            "publicUrl": "https://sandbox.example",
            "technicalUrl": "https://sandbox.example",
        })))
    }),
];

fn credentials(account: &Account) -> Outcome {
    let paths: Vec<&str> = super::routes().iter().map(|route| route.path).collect();
    Ok(Answer::ok(json!({
        "credentials": paths,
        "scopes": account.key.scopes,
        "siteAccess": "access_selective",
        "sitesAvailable": account.key.sites,
    })))
}
