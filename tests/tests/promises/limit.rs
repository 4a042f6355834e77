//! RetailCRM counts by address: what several clients and several processes do about it.

use std::{fs, path::PathBuf, time::Duration};

use common_transport::{
    Error, RateClass, RateLimits,
    limit::{Acquire, Key, Limiter, Permit},
};
use shopwire::retailcrm::Client;
use shopwire_sandbox::{Options, Sandbox};
use shopwire_tests::sandbox;
use tokio::{task::JoinSet, time::Instant};

/// Four a second for all processes that know the file. It holds when the next permit is due, in milliseconds of a
/// clock that they share.
#[derive(Debug)]
struct SharedFile {
    file: PathBuf,
    clock: Instant,
}

impl Limiter for SharedFile {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        let now = u64::try_from(self.clock.elapsed().as_millis()).expect("a test is short");
        // A real store does these three in one step.
        let due: u64 = fs::read_to_string(&self.file)
            .expect("the file")
            .parse()
            .expect("a number");
        let turn = due.max(now);
        fs::write(&self.file, (turn + 250).to_string()).expect("the file");
        let at = self.clock + Duration::from_millis(turn);
        Acquire::waiting(async move {
            tokio::time::sleep_until(at).await;
            Ok::<_, Error>(Permit::unlimited())
        })
    }
}

/// The client of another process: it shares nothing with the others but its limiter's store.
fn process(sandbox: &Sandbox, limits: impl Limiter + 'static) -> Client {
    let crm = sandbox.retailcrm();
    let url = crm.url().parse().expect("a URL");
    let builder = Client::builder(url, crm.api_key()).limits(limits);
    builder.build().expect("a client")
}

/// How many requests were refused, and how many calls failed.
async fn burst(sandbox: &Sandbox, clients: [Client; 3]) -> (usize, usize) {
    let before = sandbox.retailcrm().requests().answered(503);
    let mut calls = JoinSet::new();
    for number in 0..36 {
        let client = clients[number % 3].clone();
        calls.spawn(async move { client.api().get_credentials().await.map(drop) });
    }
    // A call that is refused is repeated, and fails when it is refused each time.
    let failed = calls.join_all().await.into_iter().filter(Result::is_err);
    let failed = failed.count();
    (
        sandbox.retailcrm().requests().answered(503) - before,
        failed,
    )
}

// R19
#[tokio::test(start_paused = true)]
async fn r19_processes_that_share_a_store_keep_the_limit_of_their_address() {
    let (sandbox, _) = sandbox(Options::default()).await;
    let file = std::env::temp_dir().join(format!("shopwire-limit-{}", std::process::id()));
    fs::write(&file, "0").expect("the file");
    let clock = Instant::now();
    let shared = [(); 3].map(|()| {
        let file = file.clone();
        process(&sandbox, SharedFile { file, clock })
    });
    assert_eq!(burst(&sandbox, shared).await, (0, 0));
    fs::remove_file(&file).expect("the file");

    // As the Go client counts, each for itself, the service has to refuse.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let own = || RateLimits::new().class(RateClass::DEFAULT, 10);
    let alone = [(); 3].map(|()| process(&sandbox, own()));
    assert!(burst(&sandbox, alone).await.0 > 0);
}
