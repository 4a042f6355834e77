//! The scopes and shops of an API key.

use common_transport::{Metadata, Scope};

use crate::api::Credentials;

impl Credentials {
    /// Whether the key has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().flatten().any(|known| known == scope)
    }

    /// Returns the scopes of `needed` that the key lacks. An integration checks this once, before it starts,
    /// to avoid [`ErrorKind::AccessDenied`](common_transport::ErrorKind::AccessDenied) in the middle of its
    /// work.
    ///
    /// ```
    /// use retailcrm_v5::api::Credentials;
    ///
    /// let mut credentials = Credentials::default();
    /// credentials.scopes = Some(vec!["order_read".into(), "order_write".into()]);
    /// assert_eq!(credentials.missing_scopes(&["order_read", "customer_read"]), ["customer_read"]);
    /// ```
    pub fn missing_scopes<'s>(&self, needed: &[&'s str]) -> Vec<&'s str> {
        let missing = needed.iter().filter(|scope| !self.has_scope(scope));
        missing.copied().collect()
    }

    /// Returns the scopes that these operations need and the key lacks, each once: a preflight check before a long
    /// job. [`basis`](Scope::basis) tells how sure a scope is. An operation without a known scope counts as
    /// allowed.
    ///
    /// ```
    /// use common_transport::Operation as _;
    /// use retailcrm_v5::{api::Credentials, orders};
    ///
    /// let mut credentials = Credentials::default();
    /// credentials.scopes = Some(vec!["order_read".into()]);
    /// let job = [orders::List::new().metadata(), orders::Create::new(orders::Order::new()).metadata()];
    /// let missing = credentials.missing_scopes_of(job);
    /// assert_eq!(missing.iter().map(|scope| scope.name).collect::<Vec<_>>(), ["order_write"]);
    /// ```
    pub fn missing_scopes_of<'m>(
        &self,
        operations: impl IntoIterator<Item = &'m Metadata>,
    ) -> Vec<Scope> {
        let mut missing: Vec<Scope> = Vec::new();
        for scope in operations.into_iter().filter_map(|one| one.scope) {
            let is_new = missing.iter().all(|other| other.name != scope.name);
            if is_new && !self.has_scope(scope.name) {
                missing.push(scope);
            }
        }
        missing
    }

    /// Whether the key has access to this shop. A key with access to all shops has.
    pub fn sees_site(&self, site: &str) -> bool {
        match self.site_access.as_deref() {
            Some("access_full") => true,
            _ => self
                .sites_available
                .iter()
                .flatten()
                .any(|known| known == site),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r12_scopes_and_sites_are_read() {
        let credentials: Credentials = common_model::from_json(
            r#"{"success":true,"scopes":["order_read"],"siteAccess":"access_selective","sitesAvailable":["main"]}"#,
        )
        .unwrap();
        assert!(credentials.has_scope("order_read") && !credentials.has_scope("order_write"));
        assert!(credentials.sees_site("main") && !credentials.sees_site("other"));
    }

    #[test]
    fn r13_missing_scopes_are_named() {
        let credentials = Credentials::default();
        assert_eq!(credentials.missing_scopes(&["order_read"]), ["order_read"]);
    }

    #[test]
    fn r13_a_job_is_checked_against_the_key_before_it_starts() {
        use common_transport::{Operation as _, ScopeBasis};
        let with = |scopes: &[&str]| Credentials {
            scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
            ..Credentials::default()
        };
        let (list, get) = (crate::orders::List::new(), crate::customers::List::new());
        let versions = crate::api::ListVersions::new();
        // Twice the same is told once; every key may ask for the versions.
        let job = [
            list.metadata(),
            get.metadata(),
            get.metadata(),
            versions.metadata(),
        ];
        let missing = with(&["order_read"]).missing_scopes_of(job);
        let told: Vec<_> = missing
            .iter()
            .map(|scope| (scope.name, scope.basis))
            .collect();
        assert_eq!(told, [("customer_read", ScopeBasis::Stated)]);
        let both = with(&["order_read", "customer_read"]);
        assert_eq!(both.missing_scopes_of(job), []);
    }
}
