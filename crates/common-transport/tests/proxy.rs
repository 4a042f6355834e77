//! Proxies of the tests' own, in front of a TLS server of the tests' own.
#![cfg(feature = "client")]

mod support;
#[path = "support/tls.rs"]
mod tls;

use common_transport::{BaseUrl, Client, Error, Pool, RetryPolicy, client::Proxy};
use support::{Say, listen, read_request, write};
use tls::{Ca, ca, leaf, serve, trusting};
use tokio::{
    io::{AsyncReadExt, copy_bidirectional},
    net::TcpStream,
};

const PASSWORD: &str = "S3CRET";

/// Joins the client to whom it asked for.
async fn join(mut client: TcpStream, address: String) {
    let mut server = TcpStream::connect(address).await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

/// An HTTP proxy that wants a password.
async fn http_proxy() -> BaseUrl {
    listen(|_, mut client| async move {
        let request = read_request(&mut client).await.unwrap();
        let target = request.split(' ').nth(1).unwrap().to_owned();
        assert!(request.starts_with("CONNECT "), "{request}");
        // user:S3CRET
        if !request.contains("Basic dXNlcjpTM0NSRVQ=") {
            return write(&mut client, b"HTTP/1.1 407 Password\r\n\r\n").await;
        }
        write(&mut client, b"HTTP/1.1 200 OK\r\n\r\n").await;
        join(client, target).await;
    })
    .await
}

/// A SOCKS5 proxy that wants none, and is asked for an IPv4 address.
async fn socks_proxy() -> BaseUrl {
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

async fn call(base: BaseUrl, ca: &Ca, proxy: Proxy) -> Result<String, Error> {
    let pool = Pool::builder().roots(trusting(ca)).proxy(proxy).build();
    let client = Client::builder(base)
        .shared(pool)
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
    let proxy = http_proxy().await;
    let good = Proxy::url(&with_user(&proxy, "http", PASSWORD), "").unwrap();
    assert_eq!(call(base.clone(), &ca, good).await.unwrap(), "ok");
    let wrong = Proxy::url(&with_user(&proxy, "http", "wrong-S3CRET"), "").unwrap();
    let error = call(base, &ca, wrong).await.unwrap_err();
    assert!(error.is_connect() && !error.may_have_landed(), "{error:?}");
    assert!(
        !format!("{error} {error:?}").contains(PASSWORD),
        "{error:?}"
    );
}

#[tokio::test]
async fn x2_https_goes_through_a_socks_proxy() {
    let ca = ca("one");
    let base = serve(leaf(&ca, "127.0.0.1", 2100), None).await;
    let proxy = format!("socks5://{}", socks_proxy().await.authority());
    assert_eq!(
        call(base, &ca, Proxy::url(&proxy, "").unwrap())
            .await
            .unwrap(),
        "ok"
    );
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
