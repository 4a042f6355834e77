//! The end of a feed import: what the callback says, and what the service says when it is asked.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use shopwire::nicechat::{
    FeedFormat, FeedState,
    feed::{MemoryStore, PollPolicy, Receiver},
};
use shopwire_sandbox::{Fault, Options};
use shopwire_tests::{foreign, sandbox};
use tokio::net::TcpListener;

const FEED: &str = "id\ttitle\tprice\n1\tOne\t10.50 USD\n2\tTwo\t5 USD\n";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A shop: serves its feed, and receives callbacks. Gives where it is.
async fn shop(receiver: Receiver<MemoryStore>) -> (String, String) {
    let feed = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let hook = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = |listener: &TcpListener| listener.local_addr().expect("an address");
    let feed_url = format!("http://{}/feed.txt", address(&feed));
    let hook_url = format!("http://{}", address(&hook));
    tokio::spawn(async move {
        while let Ok((stream, _)) = feed.accept().await {
            let service = service_fn(async |_: Request<hyper::body::Incoming>| {
                Ok::<_, std::convert::Infallible>(Response::new(Full::new(Bytes::from(FEED))))
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = hook.accept().await {
            let service = TowerToHyperService::new(receiver.clone());
            let mut server = http1::Builder::new();
            server.half_close(true);
            tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
        }
    });
    (feed_url, hook_url)
}

fn quick() -> PollPolicy {
    let wait = Duration::from_millis(20);
    PollPolicy::new()
        .waits(wait, wait)
        .deadline(Duration::from_secs(20))
}

async fn taken(receiver: &Receiver<MemoryStore>, count: u64) {
    let all = async {
        while receiver.counts().taken < count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), all)
        .await
        .expect("a callback");
}

// N84, N83, N77, N76
#[tokio::test]
async fn n84_a_callback_is_a_hint_and_the_result_is_asked_for() {
    let receiver = Receiver::new(SECRET, MemoryStore::new());
    let (feed, hook) = shop(receiver.clone()).await;
    let (_sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    let pushed = client
        .feeds()
        .push(feed, FeedFormat::GoogleCsv)
        .with(|push| push.callback(format!("{hook}/nicechat/{SECRET}")))
        .await
        .expect("queued");
    let token = pushed.token().expect("a token");
    let mut seen = Vec::new();
    let watch = client.watch_feed(token).policy(quick());
    let result = watch
        .on_progress(|result| seen.extend(result.state.clone()))
        .await
        .expect("a result");
    seen.dedup();
    assert!(
        result.is_success() && seen.last() == Some(&FeedState::Success),
        "{seen:?}"
    );
    taken(&receiver, 1).await;
    let [true_one] = &receiver.store().take()[..] else {
        panic!("one callback")
    };
    assert_eq!(true_one.event.imported_elements_count, Some(2));

    // Who knows the address can say anything: it is taken, and asking tells the truth.
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let post = async |path: &str, body: &str| {
        let answer = foreign::send(&hook, "POST", path, &form, body).await;
        answer.expect("an answer").status
    };
    let path = format!("/nicechat/{SECRET}");
    assert_eq!(post(&path, "imported_elements_count=1000000").await, 200);
    let forged = receiver.store().take().remove(0).event;
    let asked = client
        .watch_feed(token)
        .policy(quick())
        .await
        .expect("a result");
    assert_eq!(asked.imported_elements_count, Some(2));
    assert_ne!(
        asked.imported_elements_count,
        forged.imported_elements_count
    );

    // Who does not know it is told nothing, and leaves nothing in the store.
    let wrong = path.replace("0123", "0124");
    assert_eq!(post(&wrong, "imported_elements_count=7").await, 404);
    assert!(receiver.store().events().is_empty());
}

// X8, N83: a callback that never comes is made up for by asking.
#[tokio::test]
async fn x8_a_lost_callback_is_made_up_for_by_asking() {
    let receiver = Receiver::new(SECRET, MemoryStore::new());
    let (feed, hook) = shop(receiver.clone()).await;
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    sandbox.nicechat().faults().push(Fault::lost_callback());
    let client = shopwire.nicechat().expect("it is configured");
    let pushed = client
        .feeds()
        .push(feed, FeedFormat::GoogleCsv)
        .with(|push| push.callback(format!("{hook}/nicechat/{SECRET}")))
        .await
        .expect("queued");
    let watch = client.watch_feed(pushed.token().expect("a token"));
    let result = watch.policy(quick()).await.expect("a result");
    assert_eq!(
        (result.is_success(), result.imported_elements_count),
        (true, Some(2))
    );
    while sandbox.nicechat().callbacks().lost_count() == 0 {
        tokio::task::yield_now().await;
    }
    let counts = receiver.counts();
    assert_eq!((counts.taken, counts.rejected()), (0, 0));
}
