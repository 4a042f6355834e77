//! `cargo xtask vectors`: golden vectors of the signature, and a differential run, both against the
//! real PHP and Python.

mod cases;
mod differential;
mod golden;
mod json;
mod oracle;
mod random;

const USAGE: &str = "usage: cargo xtask vectors [--check]
       cargo xtask vectors differential [--count N] [--seed N]";

/// Writes `crates/nicechat-sign/tests/vectors`, compares it (`--check`), or runs random payloads
/// through every dialect (`differential`).
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [] => golden::write(),
        ["--check"] => golden::check(),
        ["differential", options @ ..] => differential::run(
            number(options, "--count", 100_000)?,
            number(options, "--seed", 1)?,
        ),
        _ => Err(USAGE.into()),
    }
}

/// The value of `--name N` among the options.
fn number(options: &[&str], name: &str, default: u64) -> Result<u64, String> {
    for pair in options.chunks(2) {
        match *pair {
            [option, value] if option == name => return value.parse().map_err(|_| USAGE.into()),
            ["--count" | "--seed", _] => {}
            _ => return Err(USAGE.into()),
        }
    }
    Ok(default)
}
