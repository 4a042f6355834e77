//! A private server: in a temporary folder, on a free port of this machine, gone when the test process is gone.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use common_durable::{
    Token,
    postgres::{PostgresOptions, tokio_postgres},
};
use rustix::process::{Pid, Signal, kill_process};

use crate::binaries::{Binaries, give, not_run};

pub(crate) const PASSWORD: &str = "a-password-that-no-message-shows";

/// A running server with a folder of its own.
pub(crate) struct Server {
    binaries: Binaries,
    folder: PathBuf,
    port: u16,
    databases: AtomicU32,
    /// It stops the server and removes the folder when this process is gone, however it went.
    _guard: Guard,
}

struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// The server that all tests of this program share, unless they kill it.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| Binaries::find().map(|binaries| Server::of(binaries, &[])));
    if server.is_none() {
        not_run();
    }
    server.as_ref()
}

impl Server {
    /// Makes a cluster and starts it with these settings. Without the programs it says that the test did not run.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        let Some(binaries) = Binaries::find() else {
            not_run();
            return None;
        };
        Some(Self::of(binaries, settings))
    }

    fn of(binaries: Binaries, settings: &[&str]) -> Self {
        let folder = new_folder();
        let guard = guard(&folder);
        let password = folder.join("password");
        fs::write(&password, PASSWORD).expect("a file can be written");
        give(&password);
        let mut initdb = binaries.command("initdb");
        initdb
            .args([
                "-N",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "-A",
                "scram-sha-256",
                "--pwfile",
            ])
            .arg(&password)
            .arg("-D")
            .arg(folder.join("data"));
        assert!(
            initdb.status().is_ok_and(|status| status.success()),
            "a cluster can be made"
        );
        let mut server = Self {
            binaries,
            folder,
            port: 0,
            databases: AtomicU32::new(0),
            _guard: guard,
        };
        // Somebody else can take the port between the look and the start.
        for _ in 0..10 {
            server.port = free_port();
            server.configure(settings);
            if server.run() {
                return server;
            }
        }
        panic!("the server does not start: {}", server.log());
    }

    /// Changes settings that are read at the next start or reload.
    pub(crate) fn configure(&self, settings: &[&str]) {
        let mut text = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\nmax_connections = 300\n\
             shared_buffers = 64MB\nmax_wal_size = 256MB\nlogging_collector = off\n",
            self.port
        );
        for setting in settings {
            text.push_str(setting);
            text.push('\n');
        }
        let path = self.data().join("postgresql.auto.conf");
        fs::write(path, text).expect("settings can be written");
    }

    /// Starts the server process and waits until it takes connections. `false` if it ended.
    pub(crate) fn run(&self) -> bool {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("a log can be opened");
        let mut child = self
            .binaries
            .command("postgres")
            .arg("-D")
            .arg(self.data())
            .stderr(log)
            .process_group(0)
            .spawn()
            .expect("the server starts");
        for _ in 0..600 {
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                return false;
            }
            if block_on(async { self.connect("postgres").await.is_ok() }) {
                // The guard ends it; here it is only reaped.
                std::thread::spawn(move || child.wait());
                return true;
            }
            pause(Duration::from_millis(25));
        }
        panic!("the server takes no connections: {}", self.log());
    }

    /// Ends all processes of the server at once, as a power cut does, and starts it again.
    pub(crate) fn kill_and_restart(&self) {
        self.kill();
        for _ in 0..100 {
            // The system frees the memory that the processes shared a moment later.
            if self.run() {
                return;
            }
            pause(Duration::from_millis(50));
        }
        panic!("the server does not start again: {}", self.log());
    }

    /// Ends all processes of the server at once.
    pub(crate) fn kill(&self) {
        let Some(main) = main_process(&self.data()) else {
            return;
        };
        // The main process first, or it starts to mend what its children left.
        let all = [main].into_iter().chain(children(main));
        for process in all {
            if let Some(process) = Pid::from_raw(process) {
                let _ = kill_process(process, Signal::KILL);
            }
        }
        while std::path::Path::new(&format!("/proc/{main}")).exists() {
            pause(Duration::from_millis(5));
        }
    }

    /// Stops the server in good order.
    pub(crate) fn stop(&self) {
        let Some(main) = main_process(&self.data()) else {
            return;
        };
        if let Some(process) = Pid::from_raw(main) {
            let _ = kill_process(process, Signal::INT);
        }
        while std::path::Path::new(&format!("/proc/{main}")).exists() {
            pause(Duration::from_millis(5));
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The folder for a small disk. The guard unmounts it.
    pub(crate) fn small_disk(&self) -> PathBuf {
        self.folder.join("small")
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Makes a new empty database and returns its name.
    pub(crate) async fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Relaxed));
        self.admin(&format!("create database {name} template template0"))
            .await;
        name
    }

    /// Runs a statement as the operator.
    pub(crate) async fn admin(&self, sql: &str) {
        let client = self
            .connect("postgres")
            .await
            .expect("the server takes connections");
        client.batch_execute(sql).await.expect(sql);
    }

    /// Connects without the engine.
    pub(crate) async fn connect(
        &self,
        database: &str,
    ) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let address = format!("{} connect_timeout=5", self.address(database));
        let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    pub(crate) fn address(&self, database: &str) -> String {
        let port = self.port;
        format!("host=127.0.0.1 port={port} user=postgres dbname={database} password={PASSWORD}")
    }

    pub(crate) fn options(&self, database: &str) -> PostgresOptions {
        PostgresOptions::new(&self.address(database)).expect("the address can be read")
    }
}

/// Runs work on a runtime of its own, for callers that have none.
pub(crate) fn block_on<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let joined = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(3)
                .enable_all()
                .build();
            runtime.expect("a runtime starts").block_on(work)
        });
        joined.join().expect("the work ends")
    })
}

// Servers take real time to start.
#[allow(clippy::disallowed_methods)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn new_folder() -> PathBuf {
    let name: String = Token::random().as_bytes()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let path = std::env::temp_dir().join(format!("common-durable-postgres-{name}"));
    fs::create_dir(&path).expect("a new folder can be made");
    give(&path);
    path
}

/// Starts a shell that waits until this process is gone, then stops the server and removes the folder.
fn guard(folder: &Path) -> Guard {
    const SCRIPT: &str = r#"
        cat > /dev/null
        if read -r main < "$1/data/postmaster.pid" 2> /dev/null; then
            kill -QUIT "$main"
            while kill -0 "$main" 2> /dev/null; do sleep 0.02; done
        fi
        umount -l "$1/small" 2> /dev/null
        rm -rf "$1""#;
    let child = Command::new("sh")
        .args(["-c", SCRIPT, "guard"])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // An interrupt from the terminal must not end it first.
        .process_group(0)
        .spawn();
    let mut child = child.expect("a shell starts");
    if let Some(input) = &mut child.stdin {
        let _ = input.flush();
    }
    Guard(child)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn main_process(data: &Path) -> Option<i32> {
    let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// Processes that were started by this one.
fn children(parent: i32) -> Vec<i32> {
    let is_child = |process: &i32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // The name of the program stands in brackets and can hold spaces.
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().nth(1) == Some(&parent.to_string())
    };
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(is_child)
        .collect()
}
