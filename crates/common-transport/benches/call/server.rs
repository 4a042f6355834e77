//! A server that answers everything with the same 4 KiB, on a thread of its own.
//!
//! It never sleeps. Else the send that wakes it would pay for that, in the CPU time of the client, and the more
//! time a client leaves it to fall asleep, the oftener: what is measured then is the system's scheduler.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub(crate) fn start() -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = super::runtime();
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
            tell.send(listener.local_addr().expect("bound"))
                .expect("the bench waits");
            tokio::spawn(stay_awake());
            while let Ok((mut socket, _)) = listener.accept().await {
                socket.set_nodelay(true).expect("an open socket");
                tokio::spawn(async move {
                    let answer = answer();
                    let mut buffer = [0; 4096];
                    // A request comes in one piece: it is small.
                    while socket.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                        if socket.write_all(&answer).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
    });
    told.recv().expect("the server starts")
}

async fn stay_awake() {
    loop {
        tokio::task::yield_now().await;
    }
}

fn answer() -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4096\r\n\r\n";
    let mut answer = head.as_bytes().to_vec();
    answer.resize(head.len() + 4096, b'x');
    answer
}
