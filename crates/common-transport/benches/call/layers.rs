//! The layers over a service that is ready at once: nothing is measured but them.

use std::time::{Duration, Instant};

use bytes::Bytes;
use common_transport::{
    Error, RateClass, RateLimits, RetryPolicy, deadline::DeadlineLayer, limit::LimitLayer,
    retry::RetryLayer,
};
use http::{Request, Response};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

const CALLS: u32 = 100_000;

pub(crate) fn print() {
    println!("\nlayers over a service that does nothing, {CALLS} calls");
    println!("{:<36}{:>12}{:>16}", "stack", "ns/call", "allocs/call");
    let nothing =
        || service_fn(async |_: Request<Bytes>| Ok::<_, Error>(Response::new(Bytes::new())));
    let limits = RateLimits::new().class(RateClass::DEFAULT, 100_000_000);
    line("none", nothing());
    line(
        "deadline",
        ServiceBuilder::new().layer(deadline()).service(nothing()),
    );
    line(
        "retry",
        ServiceBuilder::new().layer(retry()).service(nothing()),
    );
    line(
        "limit",
        ServiceBuilder::new()
            .layer(LimitLayer::new(limits.clone()))
            .service(nothing()),
    );
    line(
        "deadline, retry and limit",
        ServiceBuilder::new()
            .layer(deadline())
            .layer(retry())
            .layer(LimitLayer::new(limits))
            .service(nothing()),
    );
}

fn deadline() -> DeadlineLayer {
    DeadlineLayer::new(Duration::from_secs(60))
}

fn retry() -> RetryLayer {
    RetryLayer::new(RetryPolicy::new())
}

fn line<S>(name: &str, mut service: S)
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Error = Error>,
{
    let runtime = super::runtime();
    let mut run = |calls: u32| {
        runtime.block_on(async {
            for _ in 0..calls {
                let request = Request::get("https://demo.example/api/v5/orders?page=1");
                let request = request.body(Bytes::new()).expect("constants");
                let ready = service.ready().await.expect("always ready");
                ready.call(request).await.expect("nothing fails");
            }
        });
    };
    run(1_000);
    let mut best = Duration::MAX;
    for _ in 0..super::ROUNDS {
        let begin = Instant::now();
        run(CALLS);
        best = best.min(begin.elapsed());
    }
    let counted = allocation_counter::measure(|| run(1_000));
    let nanos = best.as_secs_f64() * 1e9 / f64::from(CALLS);
    println!(
        "{name:<36}{nanos:>12.0}{:>16.2}",
        counted.count_total as f64 / 1_000.0
    );
}
