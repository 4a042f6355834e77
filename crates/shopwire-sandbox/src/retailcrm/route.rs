//! Finding the method behind a path.

use http::Method;

use super::account::Account;
use super::answer::{Failure, Outcome};
use super::call::{Call, PathParameters};
use super::php;

/// What a method does: state and call in, answer out.
pub(super) type Handler = fn(&mut Account, &Call) -> Outcome;

/// One method of the API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    /// As the description's `operationId` says.
    pub(super) name: &'static str,
    verb: Verb,
    /// From the host's root, `{param}` templates.
    pub(super) path: &'static str,
    /// The group of scopes: `order` stands for `order_read` and `order_write`.
    area: &'static str,
    pub(super) handler: Handler,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
}

impl Verb {
    fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl Route {
    pub(super) const fn get(
        name: &'static str,
        path: &'static str,
        area: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            name,
            verb: Verb::Get,
            path,
            area,
            handler,
        }
    }

    pub(super) const fn post(
        name: &'static str,
        path: &'static str,
        area: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            name,
            verb: Verb::Post,
            path,
            area,
            handler,
        }
    }

    /// The scope that a key needs for it (R13); none when every key may.
    pub(super) fn scope(&self) -> Option<String> {
        let suffix = match self.verb {
            Verb::Get => "read",
            Verb::Post => "write",
        };
        (!self.area.is_empty()).then(|| format!("{}_{suffix}", self.area))
    }

    /// The path parameters, when the path is this route's.
    fn parameters(&self, path: &str) -> Option<PathParameters> {
        let mut parameters = Vec::new();
        let (mut actual, mut wanted) = (path.split('/'), self.path.split('/'));
        loop {
            match (actual.next(), wanted.next()) {
                (None, None) => return Some(parameters),
                (Some(actual), Some(wanted)) => match name(wanted) {
                    Some(name) if !actual.is_empty() => {
                        parameters.push((name, php::decode_segment(actual)))
                    }
                    None if actual == wanted => {}
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    /// Which segments are literal, first one highest: `orders/history` goes before `orders/{id}`.
    fn literals(&self) -> Vec<bool> {
        self.path
            .split('/')
            .map(|segment| name(segment).is_none())
            .collect()
    }
}

fn name(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// The route of a request: 404 for an unknown path, 405 for a known one with another verb.
pub(super) fn find<'r>(
    routes: &'r [Route],
    method: &Method,
    path: &str,
) -> Result<(&'r Route, PathParameters), Failure> {
    let fitting = routes
        .iter()
        .filter_map(|route| Some((route, route.parameters(path)?)));
    let (verb_fits, other): (Vec<_>, Vec<_>) =
        fitting.partition(|(route, _)| route.verb.as_str() == method.as_str());
    match (
        verb_fits
            .into_iter()
            .max_by_key(|(route, _)| route.literals()),
        other.first(),
    ) {
        (Some(found), _) => Ok(found),
        (None, Some((route, _))) => Err(Failure::method_not_allowed(route.verb.as_str())),
        (None, None) => Err(Failure::new(
            http::StatusCode::NOT_FOUND,
            "API method not found",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::routes;
    use std::collections::BTreeSet;

    fn found(method: Method, path: &str) -> Result<(&'static str, PathParameters), Failure> {
        let routes = routes();
        find(&routes, &method, path).map(|(route, parameters)| (route.name, parameters))
    }

    #[test]
    fn re1_all_188_methods_have_a_route_of_their_own() {
        let routes = routes();
        let names: BTreeSet<_> = routes.iter().map(|route| route.name).collect();
        let paths: BTreeSet<_> = routes
            .iter()
            .map(|route| (route.verb.as_str(), route.path))
            .collect();
        assert_eq!((routes.len(), names.len(), paths.len()), (188, 188, 188));
    }

    #[test]
    fn re1_the_routes_are_those_of_the_description() {
        let text = crate::retailcrm::described::BUNDLED;
        let description: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in description["paths"].as_object().unwrap() {
            for (verb, operation) in methods.as_object().unwrap() {
                if let Some(name) = operation["operationId"].as_str() {
                    described.insert((name.to_owned(), verb.to_uppercase(), path.clone()));
                }
            }
        }
        let played = routes();
        let played = played.iter();
        let played: BTreeSet<_> = played
            .map(|route| {
                (
                    route.name.to_owned(),
                    route.verb.as_str().to_owned(),
                    route.path.to_owned(),
                )
            })
            .collect();
        assert_eq!(played, described);
    }

    #[test]
    fn literal_segments_go_before_parameters() {
        assert_eq!(
            found(Method::GET, "/api/v5/orders/history").unwrap().0,
            "orders.list_history"
        );
        assert_eq!(
            found(Method::GET, "/api/v5/orders/packs/history")
                .unwrap()
                .0,
            "packs.list_history"
        );
        let (name, parameters) = found(Method::POST, "/api/v5/orders/a%2Fb/edit").unwrap();
        assert_eq!(
            (name, parameters),
            ("orders.edit", vec![("externalId", "a/b".to_owned())])
        );
    }

    #[test]
    fn r2_other_versions_and_unknown_paths_are_not_found() {
        for path in [
            "/api/v4/orders",
            "/api/v5/nothing",
            "/",
            "/api/v5/orders/",
            "/api/v5/credentials",
        ] {
            let text = found(Method::GET, path).unwrap_err().summary();
            assert_eq!(text, "API method not found", "{path}");
        }
        let wrong_verb = found(Method::DELETE, "/api/v5/orders")
            .unwrap_err()
            .into_response();
        assert_eq!(wrong_verb.status(), 405);
        assert_eq!(wrong_verb.headers()["allow"], "GET");
    }
}
