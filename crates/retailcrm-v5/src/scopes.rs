//! What a key may do (acceptance rows R12, R13).

use crate::api::Credentials;

impl Credentials {
    /// Whether the key has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().flatten().any(|known| known == scope)
    }

    /// The scopes of `needed` that the key lacks: what an integration asks once, before it starts, instead of
    /// meeting [`ErrorKind::AccessDenied`](common_transport::ErrorKind::AccessDenied) half-way.
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

    /// Whether the key sees this shop; a key with access to all shops sees every one.
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
}
