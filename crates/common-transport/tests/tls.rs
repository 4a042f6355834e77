//! TLS against a server of the tests' own, with certificates made on the spot.
#![cfg(feature = "client")]

mod support;
#[path = "support/tls.rs"]
mod tls;

use common_transport::{
    BaseUrl, Client, Error, Pool, RetryPolicy,
    client::{Identity, Provider, Proxy, Roots},
};
use support::{Say, listen, write};
use tls::{ca, leaf, serve, trusting};
use tokio::io::AsyncReadExt;
use tokio_rustls::rustls;

async fn call(base: BaseUrl, roots: Roots, identity: Option<Identity>) -> Result<String, Error> {
    let mut pool = Pool::builder().roots(roots).proxy(Proxy::none());
    if let Some(identity) = identity {
        pool = pool.identity(identity);
    }
    let client = Client::builder(base)
        .pool(pool.build())
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
    // Some say so by an alert (fatal, protocol version), others by choosing what they have.
    let alert = vec![21, 3, 2, 0, 2, 2, 70];
    for reply in [alert, hello([3, 2]), hello([3, 1])] {
        let base = listen(move |_, mut socket| {
            let reply = reply.clone();
            async move {
                let _ = socket.read(&mut [0; 4096]).await;
                write(&mut socket, &reply).await;
                // Whatever the client thinks of it.
                let _ = socket.read(&mut [0; 4096]).await;
            }
        });
        let base = base.await.to_string().replace("http://", "https://");
        let result = call(base.parse().unwrap(), trusting(&ca("one")), None);
        let result = tokio::time::timeout(std::time::Duration::from_secs(30), result);
        let says = "with the server: it offers nothing newer than TLS 1.1";
        is_refused(result.await.unwrap(), says);
    }
}

/// The record by which a server chooses this version (3, 2 is TLS 1.1) and a cipher of its time.
fn hello(version: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]); // Random.
    body.push(0); // No session.
    body.extend([0x00, 0x2f]); // TLS_RSA_WITH_AES_128_CBC_SHA.
    body.push(0); // No compression, and no extensions.
    let length = body.len() as u8;
    let mut record = vec![22, version[0], version[1], 0, length + 4, 2, 0, 0, length];
    record.extend(body);
    record
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

#[tokio::test]
async fn r3_each_provider_that_is_built_in_works_on_its_own() {
    let ca = ca("one");
    assert!(!Provider::ALL.is_empty());
    for provider in Provider::ALL {
        let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
        let pool = Pool::builder().roots(trusting(&ca)).proxy(Proxy::none());
        let client = Client::builder(base).pool(pool.provider(*provider).build());
        let answer = client.build().unwrap().send(&Say::get()).await;
        assert_eq!(answer.unwrap(), "ok", "{provider:?}");
    }
    let default = format!("{:?}", Provider::ALL[0]);
    assert_eq!(default, "Ring", "whatever else is built in");
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
