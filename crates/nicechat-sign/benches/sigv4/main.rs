//! What signing costs next to crates that sign with AWS Signature Version 4.
//!
//! They do more: they hash the body by itself, put headers and query in a canonical form and derive a
//! key by four HMACs. The table shows what a merchant pays who takes a general signer as the measure
//! of the cost of signing.

#[path = "../sign/inputs.rs"]
mod inputs;
#[path = "../sign/measure.rs"]
mod measure;
#[path = "../sign/own.rs"]
mod own;
mod peers;
#[path = "../sign/table.rs"]
mod table;

use inputs::Payload;

fn main() {
    table::run(
        |input| match &input.payload {
            Payload::Body(body) => vec![
                own::bound(input),
                own::ours(input),
                peers::aws_sigv4(input.method, body),
                peers::reqsign(input.method, body),
            ],
            // Signature Version 4 has no canonical form of a body.
            Payload::Form(_) => Vec::new(),
        },
        |_| Vec::new(),
    );
}
