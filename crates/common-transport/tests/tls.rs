//! TLS against a server of the tests' own, with certificates made on the spot.
#![cfg(feature = "client")]

mod support;
#[path = "support/tls.rs"]
mod tls;

use common_transport::{
    BaseUrl, Client, Error, Pool, RetryPolicy,
    client::{Identity, Proxy, Roots},
};
use support::{Say, listen, write};
use tls::{ca, leaf, serve, trusting};
use tokio::io::AsyncReadExt;

async fn call(base: BaseUrl, roots: Roots, identity: Option<Identity>) -> Result<String, Error> {
    let mut pool = Pool::builder().roots(roots).proxy(Proxy::none());
    if let Some(identity) = identity {
        pool = pool.identity(identity);
    }
    let client = Client::builder(base)
        .shared(pool.build())
        .retry(RetryPolicy::new().waits(Default::default(), Default::default()))
        .build()
        .unwrap();
    client.send(&Say::get()).await
}

/// Refused for good, before anything was sent, and not tried again.
fn is_refused(result: Result<String, Error>, says: &str) {
    let error = result.unwrap_err();
    assert!(error.is_connect() && !error.is_retryable(), "{error:?}");
    assert!(
        !error.may_have_landed() && error.attempts() == 1,
        "{error:?}"
    );
    assert!(error.to_string().contains(says), "{error}");
}

#[tokio::test]
async fn r3_the_right_certificate_is_accepted() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    assert_eq!(call(base, trusting(&ca), None).await.unwrap(), "ok");
}

#[tokio::test]
async fn r3_wrong_name_expired_and_unknown_issuer_are_refused() {
    let (ca, other) = (ca("one"), ca("other"));
    let base = serve(leaf(&ca, "demo.example", 2100), None).await;
    is_refused(call(base, trusting(&ca), None).await, "not valid for name");
    let base = serve(leaf(&ca, "127.0.0.1", 2020), None).await;
    is_refused(call(base, trusting(&ca), None).await, "expired");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    is_refused(call(base, trusting(&other), None).await, "UnknownIssuer");
}

#[tokio::test]
async fn r3_a_peer_with_old_protocols_alone_is_refused() {
    let base = listen(|_, mut socket| async move {
        // The client's hello, then a fatal alert in a TLS 1.1 record: protocol version.
        let _ = socket.read(&mut [0; 4096]).await;
        write(&mut socket, &[21, 3, 2, 0, 2, 2, 70]).await;
    });
    let base = base.await.to_string().replace("http://", "https://");
    // The client's hello is no HTTP request; the alert answers whatever comes before the client gives up.
    let base: BaseUrl = base.parse().unwrap();
    let ca = ca("one");
    let result = tokio::time::timeout(
        std::time::Duration::from_secs(30),
        call(base, trusting(&ca), None),
    );
    is_refused(result.await.unwrap(), "ProtocolVersion");
}

#[tokio::test]
async fn r3_a_client_certificate_is_shown_where_it_is_asked_for() {
    let (ca, clients) = (ca("servers"), ca("clients"));
    let own = leaf(&clients, "client.example", 2100);
    let identity = Identity::new(vec![own.certificate.to_vec()], own.key).unwrap();
    assert_eq!(format!("{identity:?}"), "Identity { certificates: 1, .. }");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), Some(&clients)).await;
    assert_eq!(
        call(base.clone(), trusting(&ca), Some(identity))
            .await
            .unwrap(),
        "ok"
    );
    assert!(call(base, trusting(&ca), None).await.is_err());
    assert!(
        Identity::new(Vec::new(), b"no key".to_vec())
            .unwrap_err()
            .is_invalid_input()
    );
}
