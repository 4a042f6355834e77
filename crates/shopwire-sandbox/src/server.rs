//! A loopback server, which accepts connections, serves them and makes faults happen.

mod body;
mod exchange;
mod limits;
mod shared;
mod socket;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

use crate::background::Background;
use crate::fault::Faults;
use crate::requests::Requests;
use crate::service::Service;
use shared::Shared;

pub(crate) use limits::Budget;
#[cfg(feature = "admin")]
pub(crate) use limits::{BODY_TIMEOUT, HEAD_TIMEOUT, MAX_CONNECTIONS, MAX_HEAD};

/// Pause after a failed accept, long enough for file descriptors to become free.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A running server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    faults: Faults,
    requests: Requests,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Server {
    /// Binds 127.0.0.1 (port 0: the system chooses) and serves until it is stopped or dropped. `faults` is shared
    /// with the service, which takes the faults of callbacks.
    pub(crate) async fn start(
        port: u16,
        faults: Faults,
        requests: Requests,
        service: Arc<dyn Service>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            service,
            faults: faults.clone(),
            requests: requests.clone(),
            late: Background::new(),
            open: Budget::default(),
        });
        let accepting = Mutex::new(Some(tokio::spawn(accept(listener, shared))));
        Ok(Self {
            address,
            faults,
            requests,
            accepting,
        })
    }

    /// Returns `http://127.0.0.1:<port>`, without a trailing slash.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Closes the port and all connections, and waits until they are closed.
    pub(crate) async fn stop(&self) {
        if let Some(task) = self.take_task() {
            task.abort();
            // The only possible error of an aborted task is that it was aborted.
            let _ = task.await;
        }
    }

    fn take_task(&self) -> Option<JoinHandle<()>> {
        self.accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = self.take_task() {
            task.abort();
        }
    }
}

/// Accepts connections. They are in a set of their own, so that they end with this task.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(limits::MAX_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(place) = places.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        // A failed accept concerns one peer, which is gone already, or file descriptors have run out for now.
        match listener.accept().await {
            Ok((stream, peer)) => {
                shared.requests.connected();
                let serving = serve(stream, peer, shared.clone());
                connections.spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    // Without it, an answer in two segments waits for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let (socket, reset) = socket::Socket::new(stream);
    let respond = service_fn(move |request| {
        let (shared, reset) = (shared.clone(), reset.clone());
        async move { exchange::respond(&shared, &reset, peer, request).await }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEAD_TIMEOUT)
        .max_buf_size(limits::MAX_HEAD)
        .serve_connection(TokioIo::new(socket), respond);
    // Errors are broken peers and our own faults. Both have ended the connection, so nothing is left to do.
    let _ = connection.await;
}
