//! The page and the description: files of this crate, served as they are.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{self, HeaderValue};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::description::OPENAPI;
use super::handled::Handled;
use super::page::PAGE;

/// The policy of the page: only its own scripts and styles run, named by their hashes.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let (scripts, styles) = (hashes(PAGE, "script"), hashes(PAGE, "style"));
    let policy = format!(
        "default-src 'none'; script-src{scripts}; style-src{styles}; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a header of ASCII")
});

/// `GET /`: the page.
pub(super) fn page(_: &Context, _: &Call) -> Handled {
    let mut response = with_type("text/html; charset=utf-8", PAGE);
    let policy = POLICY.clone();
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(Answer::Whole(response))
}

/// `GET /api/openapi.json`: the description, as it is in the repository.
pub(super) fn description(_: &Context, _: &Call) -> Handled {
    Ok(Answer::Whole(with_type("application/json", OPENAPI)))
}

fn with_type(content_type: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    let content_type = HeaderValue::from_static(content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

/// The hashes of all elements of this name that have a content.
fn hashes(page: &str, name: &str) -> String {
    let (opened, closed) = (format!("<{name}"), format!("</{name}>"));
    let mut hashes = String::new();
    for part in page.split(&opened).skip(1) {
        let content = part.split_once('>').map_or("", |(_, rest)| rest);
        let content = content.split(&closed).next().unwrap_or_default();
        hashes.push_str(&format!(
            " 'sha256-{}'",
            STANDARD.encode(Sha256::digest(content))
        ));
    }
    if hashes.is_empty() {
        hashes.push_str(" 'none'");
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_scripts_and_styles_are_named_by_their_hashes() {
        let page =
            "<style>a</style><p><script>\nalert(1)\n</script><script type=\"module\">b</script>";
        let scripts = hashes(page, "script");
        assert_eq!(scripts.matches("sha256-").count(), 2);
        // `printf '\nalert(1)\n' | openssl dgst -sha256 -binary | base64`
        assert!(
            scripts.contains("'sha256-J8+4/wmqNoqVGih0Xof49bzVEIwR8aHhR5HvZK1wlzY='"),
            "{scripts}"
        );
        assert_eq!(hashes("<p>", "script"), " 'none'");
        let policy = POLICY.to_str().expect("ASCII");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
