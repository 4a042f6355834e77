//! Reasons for refusals, as the journal shows them.

use http::Method;

use super::failure::Failure;
use crate::journal::{Reason, ReasonKind};
use crate::schema::{self, Violation};

/// The reason of another path than that of the endpoint.
pub(super) fn path(endpoint: &str) -> Reason {
    let text = format!("no operation has this path; all methods are at POST {endpoint}");
    Reason::new(ReasonKind::Route, text)
}

/// The reason of another HTTP method.
pub(super) fn post_only(method: &Method) -> Reason {
    Reason::new(
        ReasonKind::Route,
        format!("the path takes POST, not {method}"),
    )
}

/// The reason of an absent or unknown method of the API.
pub(super) fn method<'m>(given: Option<&str>, known: impl Iterator<Item = &'m str>) -> Reason {
    let text = match given.map(|given| (given, schema::nearest(given, known))) {
        None => "there is no method: its name stands in the header method".to_owned(),
        Some((_, Some(nearest))) => format!("there is no such method; the nearest is {nearest}"),
        Some((_, None)) => "there is no such method".to_owned(),
    };
    Reason::new(ReasonKind::Route, text).at("method")
}

/// The reason of a token that is not right.
pub(super) fn token(failure: &Failure, given: Option<&str>) -> Reason {
    let text = match (failure, given) {
        (Failure::NoAuthExpected, _) => "must be NO_AUTH for getToken",
        (_, None) => "there is no token",
        (_, Some(_)) => "the token is not that of the account; a call of getToken replaces it",
    };
    Reason::new(ReasonKind::Key, text).at("Token")
}

/// The reason of a parameter of a method that has none.
pub(super) fn no_parameters(name: &str) -> Reason {
    Reason::new(
        ReasonKind::Schema,
        "is unknown: the method has no parameters",
    )
    .at(name)
}

/// The reason of a parameter that the description does not allow.
pub(super) fn violation(violation: &Violation) -> Reason {
    let field = match violation.path.as_str() {
        "" => "body",
        path => path,
    };
    Reason::new(ReasonKind::Schema, violation.message.as_str()).at(field)
}

/// The reason of a refusal by the market itself.
pub(super) fn refused(failure: &Failure) -> Reason {
    let field = match failure {
        Failure::Markup(_) => Some("DESCRIPTION"),
        Failure::NotThirdLevel | Failure::NoSection => Some("SECTION_ID"),
        Failure::Webhook(_) => Some("URL"),
        Failure::WrongLogin => return login(),
        _ => None,
    };
    let reason = match failure {
        Failure::NoProperty(id) | Failure::NotInList(id) => {
            let reason = Reason::new(ReasonKind::Refused, failure.to_string());
            return reason.at(format!("PROPERTIES.{id}"));
        }
        failure => Reason::new(ReasonKind::Refused, failure.to_string()),
    };
    match field {
        Some(field) => reason.at(field),
        None => reason,
    }
}

fn login() -> Reason {
    let text = "the login or the password is not that of the seller";
    Reason::new(ReasonKind::Key, text).at("LOGIN")
}
