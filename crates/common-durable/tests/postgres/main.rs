//! The PostgreSQL engine passes the conformance suite, and keeps its promises when servers and connections are killed.
//!
//! The tests start private servers. Without the programs of PostgreSQL they say that they did not run; with
//! `SHOPWIRE_REQUIRE_POSTGRES` set they fail then.

mod binaries;
mod closure;
mod disk;
mod explain;
mod factory;
mod full_disk;
mod interleave;
mod kills;
mod oracle;
mod server;
mod startup;
mod syncs;
mod tls;

mod conformance {
    use super::factory::PostgresFactory;

    common_durable::conformance_tests!(PostgresFactory);
}
