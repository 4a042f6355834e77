//! The operation of a request, told by its method and path.

use common_transport::{Idempotency, Metadata};
use http::{HeaderMap, Method};

use crate::{
    args::Service,
    call::{operations, service_name},
};

/// The header by which Uvygoda's methods are called; all have one path.
pub(super) const RPC: &str = "method";

/// Stands for requests that are not in the description of their service.
static UNKNOWN: [Metadata; 3] = [
    unknown("nicechat"),
    unknown("uvygoda"),
    unknown("retailcrm"),
];

const fn unknown(service: &'static str) -> Metadata {
    Metadata::new(
        service,
        "unknown",
        Method::POST,
        "/",
        Idempotency::NonIdempotent,
    )
}

/// Returns the operation of a request. A literal path wins over one with parameters.
pub(super) fn find(
    service: Service,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> &'static Metadata {
    let rpc = headers.get(RPC).and_then(|value| value.to_str().ok());
    let all = operations(service).iter();
    let fitting = all
        .map(|entry| entry.metadata)
        .filter(|known| known.method == *method && fits(known, path, rpc));
    let literal = |known: &&Metadata| -> Vec<bool> {
        let segments = known.path.split('/');
        segments.map(|segment| segment.starts_with('{')).collect()
    };
    fitting.min_by_key(literal).unwrap_or(match service {
        Service::Nicechat => &UNKNOWN[0],
        Service::Uvygoda => &UNKNOWN[1],
        Service::Retailcrm => &UNKNOWN[2],
    })
}

fn fits(known: &Metadata, path: &str, rpc: Option<&str>) -> bool {
    match known.path.split_once('#') {
        Some((endpoint, name)) => endpoint == path && rpc == Some(name),
        None => is_of(known.path, path),
    }
}

/// Whether a path is one of a template's.
fn is_of(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(segment)) => {
                let is_parameter = part.starts_with('{') && part.ends_with('}');
                if !(part == segment || (is_parameter && !segment.is_empty())) {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// The service that a recorded operation belongs to.
pub(super) fn service_of(operation: Option<&str>) -> Option<Service> {
    let (name, _) = operation?.split_once('.')?;
    Service::ALL
        .into_iter()
        .find(|service| service_name(*service) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_a_request_is_told_by_its_operation() {
        let name = |service, method, path, rpc: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            if let Some(rpc) = rpc {
                headers.insert(RPC, http::HeaderValue::from_static(rpc));
            }
            find(service, &method, path, &headers).name
        };
        let crm = |method, path| name(Service::Retailcrm, method, path, None);
        assert_eq!(crm(Method::GET, "/api/v5/orders"), "orders.list");
        assert_eq!(
            crm(Method::GET, "/api/v5/orders/history"),
            "orders.list_history"
        );
        assert_eq!(crm(Method::GET, "/api/v5/orders/7"), "orders.get");
        assert_eq!(crm(Method::DELETE, "/api/v5/orders"), "unknown");
        assert_eq!(crm(Method::GET, "/api/v5/orders/"), "unknown");
        let rpc = |rpc| name(Service::Uvygoda, Method::POST, "/local/api/api.php", rpc);
        assert_eq!(
            (rpc(Some("getStages")), rpc(None)),
            ("getStages", "unknown")
        );
        let product = "/marketplaces/v1/products/7/";
        assert_eq!(
            name(Service::Nicechat, Method::PUT, product, None),
            "products.replace"
        );
    }

    #[test]
    fn s7_the_service_is_the_first_word_of_a_recorded_operation() {
        for service in Service::ALL {
            let unknown = find(service, &Method::GET, "/nowhere", &HeaderMap::new());
            let recorded = format!("{}.{}", unknown.service, unknown.name);
            assert_eq!(service_of(Some(&recorded)), Some(service));
        }
        assert_eq!(service_of(Some("demo.ping")), None);
        assert_eq!(service_of(None), None);
    }
}
