//! How an import fetches its feed: encodings, gzip, redirects, refused items.

use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use shopwire_sandbox::{Options, Sandbox};
use tokio::net::TcpListener;

use crate::support::Signed;

/// What a path answers.
#[derive(Clone)]
struct Page {
    path: &'static str,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

fn page(path: &'static str, headers: &[(&'static str, &str)], body: impl Into<Vec<u8>>) -> Page {
    let owned = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    Page {
        path,
        status: 200,
        headers: owned.collect(),
        body: body.into(),
    }
}

fn moved(path: &'static str, to: impl Into<String>) -> Page {
    Page {
        path,
        status: 302,
        headers: vec![("location", to.into())],
        body: Vec::new(),
    }
}

/// A loopback server of these pages.
async fn serve(pages: Vec<Page>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let pages = pages.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = answer(&pages, request.uri().path());
                async move { Ok::<_, Infallible>(answer) }
            });
            tokio::spawn(
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service),
            );
        }
    });
    address
}

fn answer(pages: &[Page], path: &str) -> Response<Full<Bytes>> {
    let Some(page) = pages.iter().find(|page| page.path == path) else {
        let mut missing = Response::new(Full::default());
        *missing.status_mut() = StatusCode::NOT_FOUND;
        return missing;
    };
    let mut response = Response::builder().status(page.status);
    for (name, value) in &page.headers {
        response = response.header(*name, value);
    }
    let body = Full::from(Bytes::from(page.body.clone()));
    response.body(body).expect("a response")
}

/// Pushes a feed and waits for the end of its import.
async fn imported(client: &Signed<'_>, url: &str, format: &str) -> Value {
    let body = json!({"url": url, "format": format}).to_string();
    let pushed = client.call("POST", "/import-products/", &body).await.json();
    let token = pushed["result"]["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    for _ in 0..100_000 {
        let path = format!("/import-products-result/{token}/");
        let result = client.call("GET", &path, "").await.json()["result"].clone();
        if matches!(result["state"].as_str(), Some("success" | "failed")) {
            return result;
        }
    }
    panic!("the import does not end");
}

async fn sandbox() -> Sandbox {
    let options = Options::default().pace(Duration::from_millis(1));
    Sandbox::start(options).await.expect("a sandbox")
}

fn field(sandbox: &Sandbox, id: &str, name: &str) -> Value {
    let product = sandbox.nicechat().product(id).expect("a product");
    serde_json::from_str::<Value>(&product).expect("JSON")[name].clone()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(body).expect("memory");
    packer.finish().expect("memory")
}

const CSV: &str = "id,title,price\n1,One,5 USD\n";

// F10
#[tokio::test]
async fn f10_feeds_are_read_in_the_encoding_they_declare() {
    let yml = |encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">\n\
            <yml_catalog date=\"2026-01-01 10:00\"><shop><name>S</name><categories><category id=\"1\"><![CDATA[Чай]]></category></categories>\
            <offers><offer id=\"p1\" type=\"vendor.model\" available=\"true\"><price>5430</price><currencyId>UAH</currencyId><categoryId>1</categoryId>\
            <vendor><![CDATA[Завод]]></vendor><model><![CDATA[Чайник]]></model></offer></offers></shop></yml_catalog>"
        )
    };
    let text = yml("windows-1251");
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode(&text);
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(yml("UTF-16").encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let (table, ..) = encoding_rs::WINDOWS_1251.encode("id,title\np1,Завод Чайник\n");
    let address = serve(vec![
        page(
            "/1251",
            &[("content-type", "text/xml")],
            cyrillic.into_owned(),
        ),
        page("/utf-16", &[], wide),
        page(
            "/csv",
            &[("content-type", "text/csv; charset=windows-1251")],
            table.clone().into_owned(),
        ),
        page("/odd", &[("content-type", "text/csv")], table.into_owned()),
    ])
    .await;
    for (path, format) in [("/1251", "yml"), ("/utf-16", "yml"), ("/csv", "google-csv")] {
        let sandbox = sandbox().await;
        let client = Signed::new(sandbox.nicechat());
        let result = imported(&client, &format!("http://{address}{path}"), format).await;
        assert_eq!(result["state"], "success", "{path} {result}");
        assert_eq!(field(&sandbox, "p1", "title"), "Завод Чайник", "{path}");
        if format == "yml" {
            let categories = client.call("GET", "/categories/", "").await.json();
            assert_eq!(categories["result"]["results"][0]["name"], "Чай");
        }
    }
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    let result = imported(&client, &format!("http://{address}/odd"), "google-csv").await;
    assert_eq!(
        (&result["state"], &result["error"]),
        (&json!("failed"), &json!("the feed is not UTF-8"))
    );
}

// F10
#[tokio::test]
async fn f10_a_packed_feed_is_unpacked() {
    let packed = gzip(CSV.as_bytes());
    let address = serve(vec![
        page("/said", &[("content-encoding", "gzip")], packed.clone()),
        page(
            "/feed.csv.gz",
            &[("content-type", "application/gzip")],
            packed.clone(),
        ),
        page("/cut", &[], &packed[..packed.len() / 2]),
        page("/other", &[("content-encoding", "br")], packed),
    ])
    .await;
    for (path, state) in [
        ("/said", "success"),
        ("/feed.csv.gz", "success"),
        ("/cut", "failed"),
        ("/other", "failed"),
    ] {
        let sandbox = sandbox().await;
        let client = Signed::new(sandbox.nicechat());
        let result = imported(&client, &format!("http://{address}{path}"), "google-csv").await;
        assert_eq!(result["state"], state, "{path} {result}");
        assert_eq!(
            sandbox.nicechat().product_count(),
            usize::from(state == "success")
        );
    }
}

// F10
#[tokio::test]
async fn f10_redirects_are_followed_within_the_allowed_hosts() {
    let other = serve(vec![page("/feed", &[], CSV)]).await;
    let address = serve(vec![
        page("/feed", &[], CSV),
        page("/shop/feed", &[], CSV),
        moved("/absolute", format!("http://{other}/feed")),
        moved("/path", "/feed"),
        moved("/shop/beside", "feed"),
        moved("/twice", "/path"),
        moved("/loop", "/loop"),
        moved("/far", "http://example.com/feed"),
        moved("/far-too", "//example.com/feed"),
        moved("/secure", "https://127.0.0.1/feed"),
        moved("/gone", "/nowhere"),
    ])
    .await;
    for (path, why) in [
        ("/absolute", None),
        ("/path", None),
        ("/shop/beside", None),
        ("/twice", None),
        ("/loop", Some("redirects")),
        ("/far", Some("loopback")),
        ("/far-too", Some("loopback")),
        ("/secure", Some("plain http")),
        ("/gone", Some("404")),
    ] {
        let sandbox = sandbox().await;
        let client = Signed::new(sandbox.nicechat());
        let result = imported(&client, &format!("http://{address}{path}"), "google-csv").await;
        match why {
            None => assert_eq!(result["state"], "success", "{path} {result}"),
            Some(why) => {
                let error = result["error"].as_str().expect("a reason");
                assert!(error.contains(why), "{path} {error}");
            }
        }
    }
}

// F10
#[tokio::test]
async fn f10_a_bad_item_is_left_out_and_named_and_the_others_are_imported() {
    let csv = "id,title,price\np1,T,\"3,999.00 USD\"\np2,U,5.00 USD\np2,V,6.00 USD\n";
    let address = serve(vec![page("/feed", &[], csv)]).await;
    let sandbox = sandbox().await;
    let client = Signed::new(sandbox.nicechat());
    let result = imported(&client, &format!("http://{address}/feed"), "google-csv").await;
    assert_eq!(result["state"], "success", "{result}");
    assert_eq!(
        result["imported elements count"], 1,
        "an id that comes again counts once"
    );
    let why = "product p1 (line 2): price: `3,999.00` has a thousands separator";
    assert_eq!(result["refused"], json!([why]));
    assert!(sandbox.nicechat().product("p1").is_none());
    assert_eq!(field(&sandbox, "p2", "title"), "V");
}
