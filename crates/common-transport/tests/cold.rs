//! Requests that wait for connections arrive no closer together than those that do not.
//!
//! Servers, proxies and handshakes are real and slow; time is not, but for the last test.
#![cfg(feature = "client")]

mod support;
#[path = "support/tls.rs"]
mod tls;

use std::sync::{Arc, Mutex};

use common_transport::{BaseUrl, Client, Pool, RateClass, RateLimits, RetryPolicy, client::Proxy};
use support::{Say, listen};
use tls::{Ca, ca, leaf, trusting};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{Duration, Instant, sleep},
};
use tokio_rustls::TlsAcceptor;

const CAP: u32 = 10;
const HANDSHAKE: Duration = Duration::from_millis(900);

/// When heads arrived.
#[derive(Clone, Default)]
struct Arrivals(Arc<Mutex<Vec<Instant>>>);

impl Arrivals {
    /// Answers so many requests, then closes.
    async fn serve(self, mut socket: impl AsyncRead + AsyncWrite + Unpin, answers: usize) {
        for _ in 0..answers {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = socket.read_u8().await else {
                    return;
                };
                head.push(byte);
            }
            self.0.lock().unwrap().push(Instant::now());
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            let _ = socket.write_all(answer).await;
            let _ = socket.flush().await;
        }
        let _ = socket.shutdown().await;
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// The most in any window of this length.
    fn most_in(&self, window: Duration) -> usize {
        let mut arrivals = self.0.lock().unwrap().clone();
        arrivals.sort_unstable();
        let within = |first: usize| {
            let is_in = |arrival: &&Instant| arrival.duration_since(arrivals[first]) < window;
            arrivals[first..].iter().take_while(is_in).count()
        };
        (0..arrivals.len()).map(within).max().unwrap_or(0)
    }
}

/// A server whose TLS handshake takes its time, and that closes after some answers.
async fn slow_handshakes(ca: &Ca, arrivals: &Arrivals, answers: usize) -> BaseUrl {
    let acceptor = TlsAcceptor::from(Arc::new(tls::config(leaf(ca, "127.0.0.1", 2100), None)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let arrivals = arrivals.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            socket.set_nodelay(true).unwrap();
            let (acceptor, arrivals) = (acceptor.clone(), arrivals.clone());
            tokio::spawn(async move {
                sleep(HANDSHAKE).await;
                if let Ok(socket) = acceptor.accept(socket).await {
                    arrivals.serve(socket, answers).await;
                }
            });
        }
    });
    format!("https://{address}").parse().unwrap()
}

/// A proxy that takes its time to open a tunnel.
async fn slow_proxy() -> BaseUrl {
    listen(|_, mut client| async move {
        let mut request = String::new();
        while !request.ends_with("\r\n\r\n") {
            let Ok(byte) = client.read_u8().await else {
                return;
            };
            request.push(byte.into());
        }
        let target = request.split(' ').nth(1).unwrap().to_owned();
        sleep(HANDSHAKE).await;
        let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        let mut server = TcpStream::connect(target).await.unwrap();
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
    })
    .await
}

fn client(base: BaseUrl, ca: &Ca, proxy: Proxy) -> Client {
    let pool = Pool::builder().roots(trusting(ca)).proxy(proxy).build();
    Client::builder(base)
        .pool(pool)
        .limits(RateLimits::new().class(RateClass::DEFAULT, CAP))
        .retry(RetryPolicy::none())
        .build()
        .unwrap()
}

/// Twenty callers with some calls each; gives how long all took.
async fn call(client: &Client, calls: usize) -> Duration {
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for number in 0..20 {
        let client = client.clone();
        callers.spawn(async move {
            for _ in 0..calls {
                // With and without a body: hyper writes their heads at different moments.
                let operation = match number % 2 {
                    0 => Say::get(),
                    _ => Say::post("text"),
                };
                client.send(&operation).await.unwrap();
            }
        });
    }
    callers.join_all().await;
    begin.elapsed()
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn h5_slow_handshakes_do_not_make_requests_arrive_together() {
    for answers in [usize::MAX, 5, 1] {
        let (ca, arrivals) = (ca("one"), Arrivals::default());
        let base = slow_handshakes(&ca, &arrivals, answers).await;
        call(&client(base, &ca, Proxy::none()), 5).await;
        assert_eq!(arrivals.len(), 100);
        assert!(
            arrivals.most_in(SECOND) <= 10,
            "{}",
            arrivals.most_in(SECOND)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn h5_a_slow_proxy_does_not_make_requests_arrive_together() {
    let (ca, arrivals) = (ca("one"), Arrivals::default());
    let base = {
        let arrivals = arrivals.clone();
        let config = tls::config(leaf(&ca, "127.0.0.1", 2100), None);
        tls::listen(config, move |socket| arrivals.clone().serve(socket, 5)).await
    };
    let proxy = Proxy::url(&slow_proxy().await.to_string(), "").unwrap();
    call(&client(base, &ca, proxy), 3).await;
    assert_eq!(arrivals.len(), 60);
    assert!(
        arrivals.most_in(SECOND) <= 10,
        "{}",
        arrivals.most_in(SECOND)
    );
}

/// A call that is given up before its connection is there frees its place.
#[tokio::test(start_paused = true)]
async fn h5_a_call_that_never_left_gives_its_place_back() {
    // Accepts, and never shakes hands.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: BaseUrl = format!("https://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let client = Client::builder(base)
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1))
        .retry(RetryPolicy::none())
        .connect_timeout(Duration::from_secs(4))
        .build()
        .unwrap();
    let get = Say::get();
    for dropped in [false, true] {
        let begin = Instant::now();
        if dropped {
            let call = client.send(&get);
            assert!(tokio::time::timeout(SECOND * 2, call).await.is_err());
        } else {
            let error = client.send(&get).await.unwrap_err();
            assert!(error.is_connect() || error.is_timeout(), "{error:?}");
            assert!(!error.may_have_landed());
        }
        let waited = begin.elapsed();
        let error = client.send(&Say::post("next")).await.unwrap_err();
        assert!(!error.may_have_landed());
        let next = begin.elapsed() - waited;
        assert!(
            next < Duration::from_millis(4_100),
            "it waited for nobody: {next:?}"
        );
    }
}

/// The same by this machine's clock. A busy machine may bring arrivals closer together than they were sent, so a
/// little less than a second is looked at; counted from the permits there were 19 within a tenth of that.
#[tokio::test]
async fn h5_no_more_heads_than_the_cap_arrive_in_a_second_of_real_time() {
    let (ca, arrivals) = (ca("one"), Arrivals::default());
    let base = slow_handshakes(&ca, &arrivals, 5).await;
    call(&client(base, &ca, Proxy::none()), 2).await;
    assert_eq!(arrivals.len(), 40);
    let most = arrivals.most_in(Duration::from_millis(850));
    assert!(most <= 10, "{most}");
}
