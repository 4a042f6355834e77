//! One limit for two programs, against the sandbox that counts as the service does.

use common_limit_redis::{RedisLimits, RedisLimitsOptions};
use common_transport::RateClass;
use shopwire::{Config, Shopwire};
use shopwire_sandbox::Sandbox;

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../../crates/common-limit-redis/tests/support/redis.rs"]
mod redis;

// D17: two clients with a limiter each stay below one limit; with limiters of their own they do not.
#[tokio::test]
async fn d17_clients_with_one_redis_draw_no_refusal() {
    let Some(redis) = redis::Redis::start() else {
        return;
    };
    for shares in [true, false] {
        let sandbox = Sandbox::start(Default::default()).await.unwrap();
        let mut limiters = Vec::new();
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let options = RedisLimitsOptions::new(&redis.address()).unwrap();
            let options = options.class(RateClass::DEFAULT, 10);
            let limits = match shares {
                true => RedisLimits::new(options),
                // Under prefixes of their own they do not meet.
                false => RedisLimits::new(options.prefix(format!("apart-{}", limiters.len()))),
            };
            limiters.push(limits.clone());
            let (url, key) = (sandbox.retailcrm().url(), sandbox.retailcrm().api_key());
            let config = Config::new()
                .retailcrm(url.parse().unwrap(), key)
                .retailcrm_client(|client| {
                    client
                        .limits(limits)
                        .retry(common_transport::RetryPolicy::none())
                });
            let shopwire = Shopwire::new(&config).unwrap();
            for _ in 0..15 {
                let crm = shopwire.retailcrm().unwrap().clone();
                calls.spawn(async move { crm.orders().list().await.map(drop) });
            }
        }
        let ended = calls.join_all().await;
        let refused = ended
            .iter()
            .filter(|call| call.as_ref().is_err_and(|error| error.is_throttled()));
        assert_eq!(refused.count() > 0, !shares);
        for limits in limiters {
            limits.close().await;
        }
    }
}
