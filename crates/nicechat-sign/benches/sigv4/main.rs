//! The cost of signing, compared to crates that sign with AWS Signature Version 4.
//!
//! They do more work: they hash the body separately, build a canonical form of headers and query, and
//! derive a key by four HMACs. The table compares our signature with the usual cost of a general
//! signer.

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
