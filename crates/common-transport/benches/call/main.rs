//! What a call costs on loopback, against hyper alone, hyper-util's pool with and without tower's own layers,
//! reqwest and ureq; and what the layers cost over a service that does nothing.
//!
//! `cargo bench -p common-transport --bench call`. CPU time and allocations are those of the client's
//! thread. Each figure is the best of five rounds, the contestants taking turns, so that the noise of the
//! machine falls on all of them; what counts is the ratio.

mod contestants;
mod layers;
mod orders;
mod server;
mod stack;
mod usual;

use std::{net::SocketAddr, time::Duration};

use contestants::{Contestant, Typed};
use cpu_time::ThreadTime;
use server::Server;
use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
};

const ROUNDS: usize = 5;
const CALLS: usize = 8_000;

fn main() {
    let server = Server::start();
    for callers in [1, 32] {
        print(callers, server.address);
    }
    // It would take its share of the machine from what follows.
    drop(server);
    layers::print();
}

fn print(callers: usize, address: SocketAddr) {
    println!("\n{callers} callers, 4 KiB answer, {CALLS} calls");
    println!(
        "{:<36}{:>12}{:>10}{:>16}",
        "client", "CPU µs/call", "ratio", "allocs/call"
    );
    let mut best = [Duration::MAX; contestants::ALL.len()];
    for _ in 0..ROUNDS {
        for (index, contestant) in contestants::ALL.into_iter().enumerate() {
            best[index] = best[index].min(run(contestant, address, callers));
        }
    }
    for (index, contestant) in contestants::ALL.into_iter().enumerate() {
        let micros = best[index].as_secs_f64() * 1e6 / CALLS as f64;
        let ratio = best[index].as_secs_f64() / best[0].as_secs_f64();
        let allocations = allocations(contestant, address);
        println!(
            "{:<36}{micros:>12.2}{ratio:>10.2}{allocations:>16.1}",
            contestant.name()
        );
    }
}

/// The CPU time of all calls, connections made before.
fn run(contestant: Contestant, address: SocketAddr, callers: usize) -> Duration {
    if !contestant.is_blocking() {
        return run_tasks(contestant, address, callers);
    }
    let threads: Vec<_> = (0..callers)
        .map(|_| std::thread::spawn(move || run_thread(contestant, address, CALLS / callers)))
        .collect();
    let ended = threads.into_iter().map(|thread| thread.join());
    ended.map(|time| time.expect("no caller panics")).sum()
}

fn run_thread(contestant: Contestant, address: SocketAddr, calls: usize) -> Duration {
    runtime().block_on(async move {
        let mut caller = Typed::new(&contestant.share(address), address).await;
        caller.call().await;
        let begin = ThreadTime::now();
        for _ in 0..calls {
            caller.call().await;
        }
        begin.elapsed()
    })
}

fn run_tasks(contestant: Contestant, address: SocketAddr, callers: usize) -> Duration {
    runtime().block_on(async move {
        let shared = contestant.share(address);
        let mut ready = Vec::new();
        for _ in 0..callers {
            let mut caller = Typed::new(&shared, address).await;
            caller.call().await;
            ready.push(caller);
        }
        let begin = ThreadTime::now();
        let mut tasks = JoinSet::new();
        for mut caller in ready {
            tasks.spawn(async move {
                for _ in 0..CALLS / callers {
                    caller.call().await;
                }
            });
        }
        while tasks.join_next().await.is_some() {}
        begin.elapsed()
    })
}

fn allocations(contestant: Contestant, address: SocketAddr) -> f64 {
    const COUNTED: u64 = 200;
    let runtime = runtime();
    let shared = contestant.share(address);
    let mut caller = runtime.block_on(async {
        let mut caller = Typed::new(&shared, address).await;
        for _ in 0..50 {
            caller.call().await;
        }
        caller
    });
    let counted = allocation_counter::measure(|| {
        runtime.block_on(async {
            for _ in 0..COUNTED {
                caller.call().await;
            }
        });
    });
    counted.count_total as f64 / COUNTED as f64
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
