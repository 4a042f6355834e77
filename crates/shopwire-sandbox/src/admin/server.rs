//! The loopback port of the admin API.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

use crate::server::{ACCEPT_PAUSE, HEAD_TIMEOUT, MAX_CONNECTIONS, MAX_HEAD};

/// Time after which a connection is closed whose peer takes no byte of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(60);

/// The running port. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

impl Server {
    /// Binds 127.0.0.1 (port 0: the system chooses) and serves what `router` builds for the port.
    pub(super) async fn start(port: u16, router: impl FnOnce(u16) -> Router) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let router = router(address.port());
        Ok(Self {
            address,
            accepting: Mutex::new(Some(tokio::spawn(accept(listener, router)))),
        })
    }

    /// Returns `http://127.0.0.1:<port>`, without a trailing slash.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Closes the port and all connections, and waits until they are closed.
    pub(super) async fn stop(&self) {
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
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(place) = places.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let serving = serve(stream, router.clone());
                connections.spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            // The peer is gone already, or file descriptors have run out for now.
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    // A peer that takes nothing would keep its connection for ever.
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let respond = service_fn(move |request| router.clone().call(request));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), respond);
    // Errors are broken peers, which are gone.
    let _ = connection.await;
}
