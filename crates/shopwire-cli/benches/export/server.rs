//! A server of pages of orders, on a thread of its own. For one key it refuses more than ten requests in any second.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc,
    },
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use super::page;

/// The key whose requests are counted.
pub(crate) const LIMITED_KEY: &str = "limited";
/// Requests in a second.
pub(crate) const LIMIT: usize = 10;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    pages: usize,
    requests: AtomicU64,
    refused: AtomicU64,
    arrivals: Mutex<VecDeque<Instant>>,
    first: OnceLock<Instant>,
}

impl Server {
    /// Serves until the process ends.
    pub(crate) fn start(pages: usize) -> Self {
        let state = Arc::new(State {
            pages,
            requests: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            arrivals: Mutex::default(),
            first: OnceLock::new(),
        });
        let (tell, told) = mpsc::channel();
        let serving = Arc::clone(&state);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
                tell.send(listener.local_addr().expect("bound"))
                    .expect("the bench waits");
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(answer_all(socket, Arc::clone(&serving)));
                }
            });
        });
        Self {
            address: told.recv().expect("the server starts"),
            state,
        }
    }

    /// Number of requests with the counted key.
    pub(crate) fn requests(&self) -> u64 {
        self.state.requests.load(Relaxed)
    }

    /// Time from the first of these to the last. The writing of a Parquet file, which follows, is no part of the pace.
    pub(crate) fn span(&self) -> Duration {
        let arrivals = self.state.arrivals.lock().expect("no panic");
        match (self.state.first.get(), arrivals.back()) {
            (Some(first), Some(last)) => *last - *first,
            _ => Duration::ZERO,
        }
    }

    /// Number of these that were refused.
    pub(crate) fn refused(&self) -> u64 {
        self.state.refused.load(Relaxed)
    }
}

/// A page.
pub(crate) fn body(number: usize, pages: usize) -> String {
    let (first, last) = ((number - 1) * page::ORDERS + 1, number * page::ORDERS);
    page::raw_of(first..=last).replace(
        r#""totalCount":1583,"currentPage":1,"totalPageCount":16"#,
        &format!(
            r#""totalCount":{},"currentPage":{number},"totalPageCount":{pages}"#,
            pages * page::ORDERS
        ),
    )
}

async fn answer_all(mut socket: TcpStream, state: Arc<State>) {
    socket.set_nodelay(true).expect("an open socket");
    let mut buffer = vec![0; 8192];
    // A request comes in one piece: it is small.
    while let Ok(read) = socket.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let (status, body) = state.answer(&request);
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let answer = [head.as_bytes(), body.as_bytes()].concat();
        if socket.write_all(&answer).await.is_err() {
            return;
        }
    }
}

impl State {
    fn answer(&self, request: &str) -> (&'static str, String) {
        if request
            .to_lowercase()
            .contains(&format!("x-api-key: {LIMITED_KEY}"))
            && !self.is_in_time()
        {
            return ("503 Service Unavailable", "{}".to_owned());
        }
        let line = request.lines().next().unwrap_or_default();
        if line.contains("/history") {
            let body = r#"{"success":true,"pagination":{"limit":100,"totalCount":1,"currentPage":1,"totalPageCount":1},"history":[{"id":7}]}"#;
            return ("200 OK", body.to_owned());
        }
        let number = line
            .split(['?', '&', ' '])
            .find_map(|pair| pair.strip_prefix("page="));
        let number = number.and_then(|number| number.parse().ok()).unwrap_or(1);
        ("200 OK", body(number, self.pages))
    }

    /// Counts a request; returns whether it may pass.
    fn is_in_time(&self) -> bool {
        self.requests.fetch_add(1, Relaxed);
        let mut arrivals = self.arrivals.lock().expect("no panic");
        let now = Instant::now();
        self.first.get_or_init(|| now);
        while arrivals
            .front()
            .is_some_and(|first| now - *first >= Duration::from_secs(1))
        {
            arrivals.pop_front();
        }
        arrivals.push_back(now);
        let is_in_time = arrivals.len() <= LIMIT;
        self.refused.fetch_add(u64::from(!is_in_time), Relaxed);
        is_in_time
    }
}
