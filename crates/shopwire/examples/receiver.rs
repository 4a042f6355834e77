//! A receiver with a store of your own, in an axum router that hyper serves.
//!
//! `axum::serve` cannot set `half_close`, and without it a sender that closes with its last byte may lose its event.
//!
//! `cargo run -p shopwire --example receiver`

use std::sync::Mutex;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use shopwire::transport::BoxError;
use shopwire::uvygoda::events::{
    Event, EventKind, Receipt, Received, Receiver, Rule, Rules, Store,
};
use tokio::net::TcpListener;

/// A table of the shop's database: the id of the delivery is its key.
#[derive(Default)]
struct Table(Mutex<Vec<(String, EventKind, String)>>);

impl Store<Event> for Table {
    async fn store(&self, received: &Received<Event>) -> Result<Receipt, BoxError> {
        // An error here answers the sender with 503.
        let body = std::str::from_utf8(&received.delivery.body)?;
        let row = (
            received.id().to_string(),
            received.event.kind.clone(),
            body.to_owned(),
        );
        self.0.lock().expect("no holder panics").push(row);
        Ok(Receipt::new(received.id()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let rules = Rules::new([Rule::new(EventKind::NewOrder, "/event").equals("order.new")]);
    let receiver = Receiver::new("path-secret-1", Table::default()).format(rules);
    let router = Router::new().route_service("/hooks/{secret}", receiver.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection = http1::Builder::new().half_close(true).serve_connection(
                TokioIo::new(stream),
                TowerToHyperService::new(router.clone()),
            );
            tokio::spawn(connection);
        }
    });

    let url = format!("http://{address}/hooks/path-secret-1");
    let (status, text) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 200);
    let rows = receiver.store().0.lock().expect("no holder panics").clone();
    assert_eq!(rows[0].1, EventKind::NewOrder);
    println!("{status} {text}");

    // A wrong path gets 404 and no details.
    let url = format!("http://{address}/hooks/guess");
    let (status, _) = tokio::task::spawn_blocking(move || post(&url)).await??;
    assert_eq!(status, 404);

    // Call it before the program ends.
    receiver.drain().await;
    Ok(())
}

/// What the service does.
fn post(url: &str) -> Result<(u16, String), BoxError> {
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let body = r#"{"event":"order.new","order":{"ID":7}}"#;
    let request = agent.post(url).header("content-type", "application/json");
    let mut response = request.send(body)?;
    Ok((
        response.status().as_u16(),
        response.body_mut().read_to_string()?,
    ))
}

#[test]
fn it_runs() -> Result<(), BoxError> {
    main()
}
