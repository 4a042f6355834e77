//! Tests with paused time: the clients and the sandbox count by the clock of their runtime, and by no other.

use std::{thread, time::Duration};

use shopwire::{Shopwire, retailcrm::Client};
use shopwire_sandbox::{Options, Sandbox};
use shopwire_tests::{config, sandbox};
use tokio::{
    runtime::Builder,
    task::JoinSet,
    time::{Instant, sleep},
};

const CALLS: usize = 100;

/// A hundred calls of ten callers, the sandbox with its default limits; gives how long they took.
async fn hundred_calls(sandbox: &Sandbox, client: &Client) -> Duration {
    let begin = Instant::now();
    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let client = client.clone();
        callers.spawn(async move {
            for _ in 0..CALLS / 10 {
                client.users().list().await.expect("it is paced");
            }
        });
    }
    callers.join_all().await;
    assert_eq!(sandbox.retailcrm().requests().answered(503), 0);
    begin.elapsed()
}

fn is_paced(took: Duration) -> bool {
    (Duration::from_millis(9_800)..Duration::from_millis(10_300)).contains(&took)
}

#[tokio::test(start_paused = true)]
async fn f23_a_client_and_a_sandbox_pace_in_the_same_paused_time() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.retailcrm().expect("it is configured");
    let took = hundred_calls(&sandbox, client).await;
    assert!(is_paced(took), "{took:?}");
}

/// Two clients of one process share a limiter, in one paused time too.
#[tokio::test(start_paused = true)]
async fn f23_two_clients_of_one_runtime_share_what_the_service_permits() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let other = Shopwire::new(&config(&sandbox)).expect("the same settings");
    let begin = Instant::now();
    let (one, other) = (shopwire.retailcrm().unwrap(), other.retailcrm().unwrap());
    tokio::join!(hundred_calls(&sandbox, one), hundred_calls(&sandbox, other));
    assert!(
        begin.elapsed() > Duration::from_millis(19_000),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn f23_runtimes_with_clocks_of_their_own_do_not_disturb_each_other() {
    let run = |ahead: u64| {
        let paused = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        paused.expect("a runtime").block_on(async {
            sleep(Duration::from_secs(ahead)).await;
            let (sandbox, shopwire) = sandbox(Options::default()).await;
            let took = hundred_calls(&sandbox, shopwire.retailcrm().unwrap()).await;
            assert!(is_paced(took), "{took:?}");
        });
    };
    // One after the other, and at the same time.
    for ahead in [3_600, 0, 60] {
        run(ahead);
    }
    let threads: Vec<_> = (0..4)
        .map(|n| thread::spawn(move || run(n * 100)))
        .collect();
    for thread in threads {
        thread.join().expect("nothing fails");
    }
}
