//! Spans and events of the clients on standard error.

use std::io;

use tracing_subscriber::{filter::LevelFilter, fmt::format::FmtSpan};

/// Starts logging: nothing by default, the end of each call and attempt with `-v`, more with `-vv`, everything
/// with `-vvv`.
pub(crate) fn start(verbose: u8) {
    if verbose > 0 {
        at(level(verbose));
    }
}

/// Starts the log of a command that runs for long: warnings by default, more with `-v`.
pub(crate) fn start_service(verbose: u8) {
    at(level(verbose));
}

fn level(verbose: u8) -> LevelFilter {
    match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

fn at(level: LevelFilter) {
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
}
