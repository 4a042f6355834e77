//! A hyper server on loopback, with the receiver as its service.

use std::net::SocketAddr;

use hyper::{
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tower_service::Service;

use super::GatedReceiver;

/// What the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// A connection ends when its sender has closed its sending side. hyper may see that before it
    /// polls the service's future for the first time, so the receiver is called before that.
    Http1,
    /// Such a connection is still answered. The receiver is called at the future's first poll.
    Http1HalfClose,
    Http2,
}

/// A server for one connection after the other.
pub(crate) struct Server {
    listener: TcpListener,
    protocol: Protocol,
    receiver: GatedReceiver,
}

impl Server {
    pub(crate) async fn start(protocol: Protocol, receiver: &GatedReceiver) -> Self {
        Self {
            listener: TcpListener::bind("127.0.0.1:0").await.expect("a port"),
            protocol,
            receiver: receiver.clone(),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("an address")
    }

    /// Serves the next connection; the task ends when the connection does.
    pub(crate) async fn accept(&self) -> JoinHandle<()> {
        let (stream, _) = self.listener.accept().await.expect("a connection");
        let protocol = self.protocol;
        let receiver = self.receiver.clone();
        tokio::spawn(async move { serve(stream, protocol, receiver).await })
    }
}

/// How the connection ends is not of interest: that is what the receiver must not depend on.
async fn serve(stream: TcpStream, protocol: Protocol, receiver: GatedReceiver) {
    let stream = TokioIo::new(stream);
    let lazy = TowerToHyperService::new(receiver.clone());
    match protocol {
        Protocol::Http1 => {
            let eager = service_fn(move |request| receiver.clone().call(request));
            let server = http1::Builder::new();
            let _ = server.serve_connection(stream, eager).await;
        }
        Protocol::Http1HalfClose => {
            let mut server = http1::Builder::new();
            let _ = server.half_close(true).serve_connection(stream, lazy).await;
        }
        Protocol::Http2 => {
            let server = http2::Builder::new(TokioExecutor::new());
            let _ = server.serve_connection(stream, lazy).await;
        }
    }
}
