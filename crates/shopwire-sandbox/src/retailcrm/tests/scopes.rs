//! The permissions of a key, for every described method.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::harness::{Crm, KEY};
use crate::retailcrm::described::DESCRIPTION;
use crate::retailcrm::routes::{Route, Routes};

/// Whether the method, called without its parameters, is refused for lack of a scope.
fn is_denied(crm: &Crm, route: &Route) -> bool {
    let segments = route.path.split('/').map(|segment| match segment {
        name if name.starts_with('{') => "1",
        literal => literal,
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let method: Method = route.verb.parse().unwrap();
    let response = crm.send(method, &path, Bytes::new(), Some(KEY));
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let is_denied = body == json!({"success": false, "errorMsg": "Access denied."});
    assert_eq!(
        is_denied,
        response.status() == 403,
        "{}: {body}",
        route.name
    );
    is_denied
}

// R12, R13
#[test]
fn r13_every_method_asks_for_its_own_scope_and_no_other() {
    let (crm, routes) = (Crm::new(), Routes::new(&DESCRIPTION));
    let all = routes.scopes();
    assert!(all.len() > 20, "{all:?}");
    for route in routes.iter() {
        let others = all
            .iter()
            .filter(|scope| Some(*scope) != route.scope.as_ref());
        crm.restrict_scopes(others.cloned());
        assert_eq!(
            is_denied(&crm, route),
            route.scope.is_some(),
            "{}",
            route.name
        );
        crm.restrict_scopes(route.scope.clone());
        assert!(!is_denied(&crm, route), "{}", route.name);
    }
}
