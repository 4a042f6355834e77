//! Proxies of the tests' own, in front of a TLS server of the tests' own.
#![cfg(feature = "client")]

use std::{
    env,
    future::ready,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

mod support;
#[path = "support/tls.rs"]
mod tls;

use common_transport::{
    BaseUrl, Client, Error, Pool, RetryPolicy,
    client::{Identity, Proxy},
};
use support::{Say, listen, write};
use tls::{Ca, ca, leaf, serve, trusting};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::TcpStream,
};

const PASSWORD: &str = "S3CRET";

/// Joins the client to whom it asked for.
async fn join(mut client: impl Stream, address: String) {
    let mut server = TcpStream::connect(address).await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// What an HTTP proxy does that wants a password.
async fn tunnel(mut client: impl Stream) {
    let mut request = String::new();
    while !request.ends_with("\r\n\r\n") {
        request.push(client.read_u8().await.unwrap().into());
    }
    let target = request.split(' ').nth(1).unwrap().to_owned();
    assert!(request.starts_with("CONNECT "), "{request}");
    // user:S3CRET
    let answer = match request.contains("Basic dXNlcjpTM0NSRVQ=") {
        true => "HTTP/1.1 200 OK\r\n\r\n",
        false => "HTTP/1.1 407 Password\r\n\r\n",
    };
    client.write_all(answer.as_bytes()).await.unwrap();
    if answer.contains("200") {
        join(client, target).await;
    }
}

async fn http_proxy() -> BaseUrl {
    listen(|_, client| tunnel(client)).await
}

/// The same over TLS.
async fn https_proxy(ca: &Ca) -> BaseUrl {
    tls::listen(tls::config(leaf(ca, "127.0.0.1", 2100), None), tunnel).await
}

/// A SOCKS5 proxy that wants none, and is asked for an IPv4 address.
async fn socks5_proxy() -> BaseUrl {
    listen(|_, mut client| async move {
        let mut greeting = [0; 3];
        client.read_exact(&mut greeting).await.unwrap();
        assert_eq!(greeting, [5, 1, 0]);
        write(&mut client, &[5, 0]).await;
        let mut request = [0; 10];
        client.read_exact(&mut request).await.unwrap();
        assert_eq!(request[..4], [5, 1, 0, 1]);
        write(&mut client, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await;
        let port = u16::from_be_bytes([request[8], request[9]]);
        join(client, format!("127.0.0.1:{port}")).await;
    })
    .await
}

/// A SOCKS4 proxy, asked for an IPv4 address.
async fn socks4_proxy() -> BaseUrl {
    listen(|_, mut client| async move {
        let mut request = [0; 9];
        client.read_exact(&mut request).await.unwrap();
        assert_eq!((request[..2].to_vec(), request[8]), (vec![4, 1], 0));
        write(&mut client, &[0, 90, 0, 0, 0, 0, 0, 0]).await;
        let port = u16::from_be_bytes([request[2], request[3]]);
        join(client, format!("127.0.0.1:{port}")).await;
    })
    .await
}

async fn call(base: BaseUrl, ca: &Ca, proxy: Proxy) -> Result<String, Error> {
    let pool = Pool::builder().roots(trusting(ca)).proxy(proxy).build();
    let client = Client::builder(base)
        .pool(pool)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    client.send(&Say::get()).await
}

fn with_user(proxy: &BaseUrl, scheme: &str, password: &str) -> String {
    format!("{scheme}://user:{password}@{}", proxy.authority())
}

#[tokio::test]
async fn x2_https_goes_through_the_tunnel_of_an_http_proxy() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    for (scheme, proxy) in [
        ("http", http_proxy().await),
        ("https", https_proxy(&ca).await),
    ] {
        let good = Proxy::url(&with_user(&proxy, scheme, PASSWORD), "").unwrap();
        assert_eq!(call(base.clone(), &ca, good).await.unwrap(), "ok");
        let wrong = Proxy::url(&with_user(&proxy, scheme, "wrong-S3CRET"), "").unwrap();
        let error = call(base.clone(), &ca, wrong).await.unwrap_err();
        assert!(error.is_connect() && !error.may_have_landed(), "{error:?}");
        // Accounts are locked when a wrong password is tried often.
        assert!(!error.is_retryable(), "{error:?}");
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("wants another user name or password"),
            "{shown}"
        );
        assert!(!shown.contains(PASSWORD), "{shown}");
    }
}

/// Who calls is the server's business.
#[tokio::test]
async fn x2_the_clients_certificate_is_not_shown_to_a_proxy() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), Some(&ca)).await;
    let shown = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&shown);
    let asking = tls::config_asking(leaf(&ca, "127.0.0.1", 2100), &ca);
    let proxy = tls::listen(asking, move |client: tls::Socket| {
        let certificates = client.get_ref().1.peer_certificates();
        seen.fetch_add(u32::from(certificates.is_some()), Relaxed);
        tunnel(client)
    });
    let proxy = Proxy::url(&with_user(&proxy.await, "https", PASSWORD), "").unwrap();
    let own = leaf(&ca, "client", 2100);
    let identity = Identity::new(vec![own.certificate.to_vec()], own.key).unwrap();
    let pool = Pool::builder().roots(trusting(&ca)).proxy(proxy);
    let client = Client::builder(base).pool(pool.identity(identity).build());
    let answer = client.build().unwrap().send(&Say::get()).await;
    assert_eq!(answer.unwrap(), "ok", "the server is shown it");
    assert_eq!(shown.load(Relaxed), 0);
}

/// The password does not go to a proxy that cannot show who it is.
#[tokio::test]
async fn x2_the_certificate_of_a_proxy_is_checked() {
    let ca_of_server = ca("one");
    let base = serve(leaf(&ca_of_server, "127.0.0.1", 2100), None).await;
    let proxy = https_proxy(&ca("other")).await;
    let proxy = Proxy::url(&with_user(&proxy, "https", PASSWORD), "").unwrap();
    let error = call(base, &ca_of_server, proxy).await.unwrap_err();
    assert!(error.is_connect() && !error.is_retryable(), "{error:?}");
    let says = "no secure connection with the proxy: ";
    assert!(error.to_string().contains(says), "{error}");
}

#[tokio::test]
async fn x2_https_goes_through_a_socks_proxy() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    for (scheme, proxy) in [
        ("socks5", socks5_proxy().await),
        ("socks4", socks4_proxy().await),
    ] {
        let url = format!("{scheme}://{}", proxy.authority());
        let proxy = Proxy::url(&url, "").unwrap();
        assert_eq!(call(base.clone(), &ca, proxy).await.unwrap(), "ok");
    }
}

#[tokio::test]
async fn x2_an_exception_is_connected_to_directly() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    // Nobody listens there.
    let proxy = "http://127.0.0.1:1";
    let error = call(base.clone(), &ca, Proxy::url(proxy, "").unwrap())
        .await
        .unwrap_err();
    assert!(error.is_connect() && !error.may_have_landed(), "{error:?}");
    let answer = call(base, &ca, Proxy::url(proxy, "127.0.0.1").unwrap()).await;
    assert_eq!(answer.unwrap(), "ok");
}

/// Set in the process whose environment is tried: where it is to connect to.
const CHILD: &str = "COMMON_TRANSPORT_TEST_BASE";

/// Runs the next test once more, in a process with this environment; it makes one call and ends.
fn child(base: &BaseUrl, environment: &[(&str, &str)]) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "x2_the_environment_names_proxy_and_exceptions"]);
    for name in ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.envs(environment.iter().copied());
    let output = command.env(CHILD, base.to_string()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Hangs up on everybody, and counts them.
async fn counting() -> (BaseUrl, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let base = listen(move |_, _| {
        counted.fetch_add(1, Relaxed);
        ready(())
    });
    (base.await, count)
}

#[tokio::test(flavor = "multi_thread")]
async fn x2_the_environment_names_proxy_and_exceptions() {
    if let Ok(base) = env::var(CHILD) {
        let client = Client::builder(base.parse().unwrap()).retry(RetryPolicy::none());
        let error = client.build().unwrap().send(&Say::get()).await.unwrap_err();
        return assert!(!error.may_have_landed(), "{error:?}");
    }
    let (proxy, by_proxy) = counting().await;
    let (server, directly) = counting().await;
    let server: BaseUrl = format!("https://{}", server.authority()).parse().unwrap();
    let proxy = proxy.to_string();
    for (environment, expected) in [
        (&[][..], (0, 1)),
        (&[("HTTPS_PROXY", proxy.as_str())], (1, 0)),
        (&[("https_proxy", &proxy)], (1, 0)),
        (&[("ALL_PROXY", &proxy)], (1, 0)),
        (
            &[("HTTPS_PROXY", &proxy), ("NO_PROXY", "127.0.0.1")],
            (0, 1),
        ),
        (
            &[("HTTPS_PROXY", &proxy), ("no_proxy", "127.0.0.0/8")],
            (0, 1),
        ),
        (&[("HTTPS_PROXY", &proxy), ("NO_PROXY", ".example")], (1, 0)),
    ] {
        child(&server, environment);
        let seen = (by_proxy.swap(0, Relaxed), directly.swap(0, Relaxed));
        assert_eq!(seen, expected, "{environment:?}");
    }
}
