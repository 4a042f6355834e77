//! The operations of the three services by id, in a form that is small and quick to search.

use std::sync::LazyLock;

use http::Method;

use crate::bundled;
use crate::names::ServiceName;
use crate::schema::{self, Description};

/// The operations of one service.
#[derive(Debug)]
pub(crate) struct Operations {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: String,
    verb: String,
    /// Path from the host's root, with `{param}`.
    template: String,
}

impl Operations {
    /// Returns the operations of a service. The description is read on first use.
    pub(crate) fn of(service: ServiceName) -> &'static Self {
        static NICECHAT: LazyLock<Operations> = LazyLock::new(|| read(bundled::NICECHAT));
        static UVYGODA: LazyLock<Operations> = LazyLock::new(|| read(bundled::UVYGODA));
        static RETAILCRM: LazyLock<Operations> = LazyLock::new(|| read(bundled::RETAILCRM));
        match service {
            ServiceName::NiceChat => &NICECHAT,
            ServiceName::Uvygoda => &UVYGODA,
            ServiceName::RetailCrm => &RETAILCRM,
        }
    }

    /// Iterates over the ids, in the description's order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.id.as_str())
    }

    /// Returns the id of a request's operation. Uvygoda names it in the header `method`, given here as `rpc`; all
    /// its methods have one path. A literal path wins over one with parameters.
    pub(crate) fn find(&self, method: &Method, path: &str, rpc: Option<&str>) -> Option<&str> {
        let fits = |entry: &&Entry| match entry.template.split_once('#') {
            Some((endpoint, name)) => {
                endpoint == path && rpc == Some(name) && entry.verb == method.as_str()
            }
            None => {
                entry.verb == method.as_str() && schema::match_path(&entry.template, path).is_some()
            }
        };
        self.entries
            .iter()
            .filter(fits)
            .min_by_key(|entry| parameters(&entry.template))
            .map(|entry| entry.id.as_str())
    }
}

/// Tells for each segment whether it is a parameter, to compare templates.
fn parameters(template: &str) -> Vec<bool> {
    template
        .split('/')
        .map(|segment| segment.starts_with('{'))
        .collect()
}

fn read(text: &str) -> Operations {
    let description = Description::bundled(text);
    let entries = description.operations().map(|operation| Entry {
        id: operation.id().to_owned(),
        verb: operation.verb().to_ascii_uppercase(),
        template: operation.path().to_owned(),
    });
    Operations {
        entries: entries.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_a_request_is_told_by_its_operation() {
        let crm = Operations::of(ServiceName::RetailCrm);
        let find = |method: Method, path| crm.find(&method, path, None);
        assert_eq!(find(Method::GET, "/api/v5/orders"), Some("orders.list"));
        assert_eq!(
            find(Method::GET, "/api/v5/orders/history"),
            Some("orders.list_history"),
            "a literal wins"
        );
        assert_eq!(find(Method::GET, "/api/v5/orders/7"), Some("orders.get"));
        assert_eq!(find(Method::DELETE, "/api/v5/orders"), None);
        assert_eq!(find(Method::GET, "/nowhere"), None);

        let uvygoda = Operations::of(ServiceName::Uvygoda);
        let endpoint = "/local/api/api.php";
        let find = |rpc| uvygoda.find(&Method::POST, endpoint, rpc);
        assert_eq!(find(Some("getStages")), Some("getStages"));
        assert_eq!((find(Some("getstages")), find(None)), (None, None));
        assert_eq!(uvygoda.find(&Method::POST, "/", Some("getStages")), None);

        let nicechat = Operations::of(ServiceName::NiceChat);
        let path = "/marketplaces/v1/products/7/";
        let found = nicechat.find(&Method::PUT, path, None);
        assert_eq!(found, Some("products.replace"));
        assert_eq!(nicechat.find(&Method::GET, path, None), None);
    }
}
