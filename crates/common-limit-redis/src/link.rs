//! The connection to Redis, which all queues of a limiter share.

use std::sync::{
    Arc, LazyLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use redis::{AsyncConnectionConfig, RedisError, Script, aio::MultiplexedConnection};
use tokio::{net::TcpStream, sync::Mutex, task::JoinHandle};

use crate::{address::Address, protocol::Answer};

/// The clock of Redis, and one step of the algorithm by it.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(concat!(
        include_str!("script/clock.lua"),
        include_str!("script/step.lua")
    ))
});

/// A connection that is made when it is needed, and made anew after a failure.
#[derive(Clone)]
pub(crate) struct Link {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    open: Mutex<Option<Open>>,
    next: AtomicU64,
}

#[derive(Clone)]
struct Open {
    number: u64,
    connection: MultiplexedConnection,
    _reader: Arc<Reader>,
}

/// The task that reads answers; it ends with the connection.
struct Reader(JoinHandle<()>);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    pub(crate) fn new(address: Address) -> Self {
        Self {
            shared: Arc::new(Shared {
                address,
                open: Mutex::new(None),
                next: AtomicU64::new(0),
            }),
        }
    }

    /// Asks once. An ask that fails, or that is given up, ends the connection: its answer would come before the next one.
    pub(crate) async fn ask(&self, key: &str, arguments: [String; 4]) -> Result<Answer, String> {
        let mut open = self.open().await?;
        let unanswered = Unanswered {
            link: self,
            number: open.number,
        };
        let mut call = SCRIPT.key(key);
        for argument in arguments {
            call.arg(argument);
        }
        let numbers: Vec<i64> = call
            .invoke_async(&mut open.connection)
            .await
            .map_err(|error| self.failure(&error))?;
        let answer = Answer::read(&numbers)
            .ok_or_else(|| format!("an unexpected answer of {} numbers", numbers.len()))?;
        std::mem::forget(unanswered);
        Ok(answer)
    }

    async fn open(&self) -> Result<Open, String> {
        let mut open = self.shared.open.lock().await;
        if let Some(open) = &*open {
            return Ok(open.clone());
        }
        let new = self.connect().await?;
        *open = Some(new.clone());
        Ok(new)
    }

    async fn connect(&self) -> Result<Open, String> {
        let address = &self.shared.address;
        let stream = TcpStream::connect((address.host.as_str(), address.port)).await;
        let stream = stream.map_err(|error| format!("{address}: {error}"))?;
        stream
            .set_nodelay(true)
            .map_err(|error| format!("{address}: {error}"))?;
        #[cfg(feature = "tls")]
        if address.is_secure {
            let stream = crate::tls::secure(&address.host, stream).await;
            return self
                .log_in(stream.map_err(|error| format!("{address}: {error}"))?)
                .await;
        }
        self.log_in(stream).await
    }

    async fn log_in(
        &self,
        stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Open, String> {
        let login = self.shared.address.login.clone();
        // The keeper gives up by itself.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let made = MultiplexedConnection::new_with_config(&login, stream, config).await;
        let (connection, reading) = made.map_err(|error| self.failure(&error))?;
        Ok(Open {
            number: self.shared.next.fetch_add(1, Relaxed),
            connection,
            _reader: Arc::new(Reader(tokio::spawn(reading))),
        })
    }

    fn failure(&self, error: &RedisError) -> String {
        format!("{}: {error}", self.shared.address)
    }
}

/// An ask without an answer.
struct Unanswered<'a> {
    link: &'a Link,
    number: u64,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        // Somebody who opens a connection now does not use this one.
        if let Ok(mut open) = self.link.shared.open.try_lock()
            && open.as_ref().is_some_and(|open| open.number == self.number)
        {
            *open = None;
        }
    }
}
