//! A server that answers everything with the same 4 KiB, on a thread of its own.
//!
//! It never sleeps. Else the send that wakes it would pay for that, in the CPU time of the client, and the more
//! time a client leaves it to fall asleep, the oftener: what is measured then is the system's scheduler.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::yield_now,
};

/// It serves until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let (tell, told) = mpsc::channel();
        let stopped = Arc::new(AtomicBool::new(false));
        let is_stopped = Arc::clone(&stopped);
        let thread = thread::spawn(move || {
            super::runtime().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
                let address = listener.local_addr().expect("bound");
                tell.send(address).expect("the bench waits");
                tokio::spawn(accept(listener));
                while !is_stopped.load(Relaxed) {
                    yield_now().await;
                }
            });
        });
        Self {
            address: told.recv().expect("the server starts"),
            stopped,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Relaxed);
        let thread = self.thread.take().expect("dropped once");
        thread.join().expect("the server does not panic");
    }
}

async fn accept(listener: TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        socket.set_nodelay(true).expect("an open socket");
        tokio::spawn(answer_all(socket));
    }
}

async fn answer_all(mut socket: TcpStream) {
    let answer = answer();
    let mut buffer = [0; 4096];
    // A request comes in one piece: it is small.
    while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {
        if socket.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn answer() -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4096\r\n\r\n";
    let mut answer = head.as_bytes().to_vec();
    answer.resize(head.len() + 4096, b'x');
    answer
}
