//! Routing by verb and path, over the description's operations.

use http::Method;

use super::protocol::answer::Failure;
use super::protocol::call::PathParameters;
use super::protocol::php;
use super::registry::{self, Handler};
use crate::schema::{Description, Operation};

/// One method of the API.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// The description's `operationId`.
    pub(crate) name: &'static str,
    pub(crate) operation: Operation<'static>,
    /// HTTP method in upper case.
    pub(crate) verb: String,
    /// Path template from the host's root, with `{param}`.
    pub(crate) path: String,
    /// The segments of the template: the name of a parameter, or a literal text.
    segments: Vec<Segment>,
    /// Scope that a key needs for the route; `None` if any key may call it.
    pub(crate) scope: Option<String>,
    pub(crate) handler: Handler,
}

/// All routes.
#[derive(Debug)]
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    /// Builds the routes of the described operations that have a handler. A test checks that all have one.
    pub(crate) fn new(description: &'static Description) -> Self {
        Self(description.operations().filter_map(Route::new).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// Returns all scopes, sorted.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = self
            .iter()
            .filter_map(|route| route.scope.clone())
            .collect();
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// Finds the route of a request: 404 for an unknown path, 405 for a known path with another verb.
    pub(crate) fn find(
        &self,
        method: &Method,
        path: &str,
    ) -> Result<(&Route, PathParameters), Failure> {
        let given: Vec<&str> = path.split('/').collect();
        let fitting = self.iter().filter(|route| route.fits(&given));
        let (verb_fits, other): (Vec<_>, Vec<_>) =
            fitting.partition(|route| route.verb == method.as_str());
        let best = verb_fits.into_iter().max_by_key(|route| route.literals());
        match (best, other.first()) {
            (Some(found), _) => Ok((found, found.parameters(&given))),
            (None, Some(route)) => Err(Failure::method_not_allowed(&route.verb)),
            (None, None) => Err(Failure::new(
                http::StatusCode::NOT_FOUND,
                "API method not found",
            )),
        }
    }
}

impl Route {
    fn new(operation: Operation<'static>) -> Option<Self> {
        let name = operation.id();
        Some(Self {
            name,
            operation,
            scope: operation.scope().map(str::to_owned),
            verb: operation.verb().to_ascii_uppercase(),
            path: operation.path().to_owned(),
            segments: operation.path().split('/').map(Segment::of).collect(),
            handler: registry::handler(name)?,
        })
    }

    /// Whether a path with these segments belongs to this route.
    fn fits(&self, given: &[&str]) -> bool {
        let mut pairs = self.segments.iter().zip(given);
        self.segments.len() == given.len()
            && pairs.all(|(wanted, given)| match wanted {
                Segment::Parameter(_) => !given.is_empty(),
                Segment::Literal(text) => text == given,
            })
    }

    /// Returns the path parameters of a path that belongs to this route.
    fn parameters(&self, given: &[&str]) -> PathParameters {
        let pairs = self.segments.iter().zip(given);
        let parameters = pairs.filter_map(|(wanted, given)| match wanted {
            Segment::Parameter(name) => Some((name.clone(), php::decode_segment(given))),
            Segment::Literal(_) => None,
        });
        parameters.collect()
    }

    /// Tells for each segment whether it is literal, to compare routes: `orders/history` goes before `orders/{id}`.
    fn literals(&self) -> Vec<bool> {
        let is_literal = |segment: &Segment| matches!(segment, Segment::Literal(_));
        self.segments.iter().map(is_literal).collect()
    }
}

/// A segment of a path template.
#[derive(Clone, Debug)]
enum Segment {
    Parameter(String),
    Literal(String),
}

impl Segment {
    fn of(text: &str) -> Self {
        let name = text
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(name) => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::described::DESCRIPTION;
    use std::collections::BTreeSet;

    fn found(method: &Method, path: &str) -> Result<(String, PathParameters), Failure> {
        let routes = Routes::new(&DESCRIPTION);
        let (route, parameters) = routes.find(method, path)?;
        Ok((route.name.to_owned(), parameters))
    }

    #[test]
    fn re1_every_described_method_is_played() {
        let described: BTreeSet<_> = DESCRIPTION.operations().map(|one| one.id()).collect();
        let routes = Routes::new(&DESCRIPTION);
        let played: BTreeSet<_> = routes.iter().map(|route| route.name).collect();
        assert_eq!(played, described);
        let places: BTreeSet<_> = routes
            .iter()
            .map(|route| (&route.verb, &route.path))
            .collect();
        assert_eq!(places.len(), described.len());
        assert_eq!(registry::operations().collect::<BTreeSet<_>>(), described);
    }

    #[test]
    fn literal_segments_go_before_parameters() {
        assert_eq!(
            found(&Method::GET, "/api/v5/orders/history").unwrap().0,
            "orders.list_history"
        );
        assert_eq!(
            found(&Method::GET, "/api/v5/orders/packs/history")
                .unwrap()
                .0,
            "packs.list_history"
        );
        let (name, parameters) = found(&Method::POST, "/api/v5/orders/a%2Fb/edit").unwrap();
        assert_eq!(
            (name, parameters),
            (
                "orders.edit".to_owned(),
                vec![("externalId".to_owned(), "a/b".to_owned())]
            )
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
            let text = found(&Method::GET, path).unwrap_err().summary();
            assert_eq!(text, "API method not found", "{path}");
        }
        let wrong_verb = found(&Method::DELETE, "/api/v5/orders")
            .unwrap_err()
            .into_response();
        assert_eq!(wrong_verb.status(), 405);
        assert_eq!(wrong_verb.headers()["allow"], "GET");
    }
}
