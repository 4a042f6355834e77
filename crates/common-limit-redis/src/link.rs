//! The connection to Redis, which all queues of a limiter share.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use redis::{AsyncConnectionConfig, RedisError, Script, aio::MultiplexedConnection};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    sync::Mutex,
    task::JoinHandle,
    time::{Instant, timeout},
};

use crate::{address::Address, protocol::Answer};

/// The clock of Redis, and one step of the algorithm by it.
static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(concat!(
        include_str!("script/clock.lua"),
        include_str!("script/step.lua")
    ))
});

/// How long a connection to one address may take, and as long again the login with TLS.
const LONGEST_CONNECT: Duration = Duration::from_secs(2);

/// Time after which the attempt to connect is begun anew. It ends earlier by itself, unless its runtime stands still.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(15);

/// Time after a failed attempt in which it stands for all keys, so that each of a hundred keys does not connect.
const FAILURE_LASTS: Duration = Duration::from_millis(50);

/// A connection that is made when it is needed, and made anew after a failure.
#[derive(Clone)]
pub(crate) struct Link {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    connection: Mutex<Connection>,
    next: AtomicU64,
}

#[derive(Default)]
struct Connection {
    open: Option<Open>,
    connecting: Option<Connecting>,
    /// The last attempt that failed, and when.
    failed: Option<(Instant, String)>,
}

#[derive(Clone)]
struct Open {
    number: u64,
    connection: MultiplexedConnection,
    reader: Arc<Task<()>>,
}

impl Open {
    /// Whether the server has closed it, or the runtime that reads it has ended.
    fn is_dead(&self) -> bool {
        self.reader.0.is_finished()
    }
}

/// An attempt to connect. It goes on when the ask that began it is given up: a name server may be slower than an ask
/// may take.
struct Connecting {
    begin: Instant,
    task: Task<Result<Open, String>>,
}

/// A task that ends with its owner.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    pub(crate) fn new(address: Address) -> Self {
        Self {
            shared: Arc::new(Shared {
                address,
                connection: Mutex::default(),
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
        let shared = &self.shared;
        let mut connection = shared.connection.lock().await;
        connection.open.take_if(|open| open.is_dead());
        if let Some(open) = &connection.open {
            return Ok(open.clone());
        }
        if let Some((at, failure)) = &connection.failed
            && at.elapsed() < FAILURE_LASTS
        {
            return Err(failure.clone());
        }
        let is_new = |connecting: &Connecting| connecting.begin.elapsed() < LONGEST_ATTEMPT;
        connection.connecting = connection.connecting.take().filter(is_new);
        let connecting = connection.connecting.get_or_insert_with(|| {
            let number = shared.next.fetch_add(1, Relaxed);
            let task = tokio::spawn(connect(shared.address.clone(), number));
            Connecting {
                begin: Instant::now(),
                task: Task(task),
            }
        });
        let made = (&mut connecting.task.0).await;
        let made = made.unwrap_or_else(|error| Err(format!("{}: {error}", shared.address)));
        connection.connecting = None;
        connection.open = made.as_ref().ok().cloned();
        connection.failed = made
            .as_ref()
            .err()
            .map(|failure| (Instant::now(), failure.clone()));
        made
    }

    /// The failure of an ask that was given up.
    pub(crate) fn silence(&self) -> String {
        format!("{}: no answer in time", self.shared.address)
    }

    fn failure(&self, error: &RedisError) -> String {
        format!("{}: {error}", self.shared.address)
    }
}

async fn connect(address: Address, number: u64) -> Result<Open, String> {
    let opened = match reach(&address).await {
        Ok(stream) => timeout(LONGEST_CONNECT, log_in(&address, stream, number)).await,
        Err(failure) => Ok(Err(failure)),
    };
    opened
        .unwrap_or_else(|_| Err("no answer to the login in time".to_owned()))
        .map_err(|failure| format!("{address}: {failure}"))
}

/// Connects to the first address of the host that answers.
async fn reach(address: &Address) -> Result<TcpStream, String> {
    let found = lookup_host((address.host.as_str(), address.port)).await;
    let mut failure = "the host has no address".to_owned();
    for one in found.map_err(text)? {
        match timeout(LONGEST_CONNECT, TcpStream::connect(one)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = text(error),
            Err(_) => failure = format!("{one} does not answer"),
        }
    }
    Err(failure)
}

async fn log_in(address: &Address, stream: TcpStream, number: u64) -> Result<Open, String> {
    stream.set_nodelay(true).map_err(text)?;
    #[cfg(feature = "tls")]
    if address.is_secure {
        let stream = crate::tls::secure(&address.host, stream).await;
        return log_in_over(stream.map_err(text)?, address, number).await;
    }
    log_in_over(stream, address, number).await
}

async fn log_in_over(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: &Address,
    number: u64,
) -> Result<Open, String> {
    // The keeper gives up by itself.
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let made = MultiplexedConnection::new_with_config(&address.login, stream, config).await;
    let (connection, reading) = made.map_err(text)?;
    Ok(Open {
        number,
        connection,
        reader: Arc::new(Task(tokio::spawn(reading))),
    })
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// An ask without an answer.
struct Unanswered<'a> {
    link: &'a Link,
    number: u64,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        // Somebody who opens a connection now does not use this one.
        if let Ok(mut connection) = self.link.shared.connection.try_lock() {
            connection.open.take_if(|open| open.number == self.number);
        }
    }
}
