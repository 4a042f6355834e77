//! The SQLite engine passes the conformance suite, and the suite finds engines that are broken on purpose.

mod broken;
mod engine;
mod factory;
mod folder;
mod model;
mod restart;

mod conformance {
    use super::factory::SqliteFactory;

    common_durable::conformance_tests!(SqliteFactory::sound());
}
