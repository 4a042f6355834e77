//! Servers that the sandbox does not offer.

use common_transport::{Error, ErrorKind};
use nicechat_sign::{Credentials, Dialect};

use super::*;

/// A server made of a rule for its answers. The count is that of the requests before.
struct Server<F>(F, u32);

impl<F: FnMut(&Attempt, u32) -> Result<Reply, Error>> Ask for Server<F> {
    async fn ask(&mut self, attempt: &Attempt) -> Result<Reply, Error> {
        self.1 += 1;
        assert!(self.1 <= MOST, "one request too many");
        (self.0)(attempt, self.1 - 1)
    }
}

async fn found(
    settings: Signer,
    server: impl FnMut(&Attempt, u32) -> Result<Reply, Error>,
) -> Finding {
    Search::new(Server(server, 0), settings).run().await
}

fn settings() -> Signer {
    Signer::new(Credentials::new("hidden-key", "hidden-secret"))
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where a server answers")]
fn refused(description: &str) -> Result<Reply, Error> {
    Ok(Reply::Refused(Said {
        status: 401,
        description: description.to_owned(),
    }))
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where a server answers")]
fn other(status: u16) -> Result<Reply, Error> {
    Ok(Reply::Other(Said {
        status,
        description: String::new(),
    }))
}

fn in_headers(attempt: &Attempt) -> Option<&Signer> {
    match &attempt.signed {
        Some((signer, Placement::Headers)) => Some(signer),
        _ => None,
    }
}

// N88
#[tokio::test]
async fn n88_a_service_that_refuses_all_alike_leaves_key_and_names_open() {
    let finding = found(settings(), |_, _| refused("non-valid")).await;
    assert_eq!(finding.requests, 5, "none, and two names in two placements");
    let why = finding.failure().expect("nothing works");
    assert!(why.contains("key or the secret may be wrong"), "{why}");
    assert!(
        why.contains("addresses or clocks") && why.contains("NICECHAT_KEY_HEADER"),
        "{why}"
    );
    assert_eq!(finding.refused.len(), 4);
    assert!(finding.configuration().is_empty());
}

// N88
#[tokio::test]
async fn n88_a_service_that_answers_otherwise_to_its_names_has_read_them() {
    let finding = found(settings(), |attempt, _| {
        let names = in_headers(attempt).map(|signer| signer.names().signature_header_name());
        refused(if names == Some("_sing") {
            "bad signature"
        } else {
            "no signature"
        })
    });
    let finding = finding.await;
    let why = finding.failure().expect("nothing works");
    let expected = "when it finds the headers X-API-Key and _sing: it reads these";
    assert!(
        why.contains(expected) && why.contains("probably wrong"),
        "{why}"
    );
}

#[tokio::test]
async fn n27_a_service_that_asks_for_no_signature_tells_nothing() {
    let finding = found(settings(), |_, _| Ok(Reply::Accepted)).await;
    assert_eq!(finding.requests, 1);
    assert!(
        finding
            .failure()
            .expect("nothing is known")
            .contains("without any signature")
    );
}

#[tokio::test]
async fn n1_another_place_than_the_service_is_noticed_at_once() {
    for status in [200, 302, 404] {
        let finding = found(settings(), |_, _| other(status)).await;
        assert_eq!(finding.requests, 1);
        assert!(
            finding
                .failure()
                .expect("nothing is known")
                .contains("NICECHAT_URL")
        );
    }
}

// N91
#[tokio::test]
async fn n91_an_outage_ends_the_search_and_keeps_what_is_known() {
    let finding = found(settings(), |_, count| match count {
        0 => refused(""),
        1 | 2 => Ok(Reply::Accepted),
        _ => other(503),
    });
    let finding = finding.await;
    assert_eq!((finding.requests, finding.failure()), (4, None));
    assert!(finding.notes[0].contains("503"), "{:?}", finding.notes);
    assert!(finding.header.is_some() && finding.rule.is_none());

    let lost = found(settings(), |_, _| {
        Err(Error::new(ErrorKind::Connect, "no connection"))
    })
    .await;
    assert_eq!((lost.requests, lost.failure()), (1, Some("no connection")));
}

// N22, N27
#[tokio::test]
async fn n27_what_no_get_can_tell_stays_unknown() {
    // Takes signed queries, in a canonical form of its own.
    let own = found(settings(), |attempt, _| match &attempt.signed {
        Some((signer, _)) if attempt.query.is_none() => {
            assert_eq!(signer.query_rule(), QueryRule::Unsigned);
            Ok(Reply::Accepted)
        }
        Some((signer, _)) => {
            let plain = attempt.query == Some(PLAIN);
            match plain && signer.query_rule() == QueryRule::Signed {
                true => Ok(Reply::Accepted),
                false => refused(""),
            }
        }
        None => refused(""),
    });
    let own = own.await;
    assert_eq!((own.rule, own.dialect), (Some(QueryRule::Signed), None));
    assert_eq!(own.requests, 9);

    // Refuses parameters that it does not know.
    let strict = found(settings(), |attempt, _| {
        match (&attempt.signed, attempt.query) {
            (None, _) => refused(""),
            (_, None) => Ok(Reply::Accepted),
            (_, Some(_)) => other(400),
        }
    });
    let strict = strict.await;
    assert_eq!(
        (strict.rule, strict.dialect, strict.requests),
        (None, None, 4)
    );
    assert!(
        strict.notes[0].contains("unknown parameter"),
        "{:?}",
        strict.notes
    );
}

// N9, N10
#[tokio::test]
async fn n9_no_settings_and_no_server_bring_more_than_a_dozen() {
    let names = Names::new()
        .key_header("X-Key")
        .signature_header("X-Signature")
        .key_parameter("key")
        .signature_parameter("signature");
    let set = settings().with_names(names).with_dialect(Dialect::Prose);
    // The worst: the last names in each placement, and a query that nothing explains.
    let worst = found(set.clone(), |attempt, _| match &attempt.signed {
        Some((signer, _)) if attempt.query.is_none() => {
            match signer.names().signature_header_name() {
                "_sing" => Ok(Reply::Accepted),
                _ => refused(""),
            }
        }
        _ => refused(""),
    });
    let worst = worst.await;
    assert_eq!((worst.requests, worst.failure()), (MOST, None));
    assert!(worst.notes[0].contains("12 requests"), "{:?}", worst.notes);

    // What is set is tried first.
    let own = found(set, |attempt, _| match &attempt.signed {
        Some(_) => Ok(Reply::Accepted),
        None => refused(""),
    });
    let own = own.await;
    assert_eq!(own.requests, 4);
    let header = own.header.expect("it is taken");
    assert_eq!(header.signature_header_name(), "X-Signature");
}
