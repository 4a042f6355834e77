//! `shopwire sandbox`: the emulated services, and recordings of the real ones.
//!
//! `serve` runs the emulation. `record` stands in front of the real services and `play` in their place; both serve by
//! `loopback`. `compare` sends the requests of a recording to an emulation and compares the answers.

mod compare;
mod loopback;
mod operation;
mod play;
mod record;
mod refusal;
mod serve;

use std::io;

use crate::{
    args::{Sandbox, Service},
    call::service_name,
    failure::Failure,
};

/// Runs what the options ask for.
pub(crate) async fn run(args: &Sandbox) -> Result<(), Failure> {
    let recording = &args.recording;
    if let Some(file) = &recording.record {
        record::run(args, file).await
    } else if let Some(file) = &recording.play {
        play::run(args, file).await
    } else if let Some(file) = &recording.compare {
        compare::run(args, file).await
    } else {
        serve::run(args).await
    }
}

/// The failure of a port that cannot be bound; it names the option.
fn cannot_listen(service: Service, error: &io::Error) -> Failure {
    let name = service_name(service);
    Failure::new(format_args!(
        "{name} cannot listen: {error}; choose a port with --{name}-port (0: any free one)"
    ))
}
