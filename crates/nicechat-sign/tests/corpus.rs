//! The fuzz targets' corpora, replayed.

#[path = "../fuzz/checks/canonical.rs"]
mod canonical;
#[path = "../fuzz/checks/parser.rs"]
mod parser;
#[path = "../fuzz/checks/verifier.rs"]
mod verifier;

fn replay(target: &str, run: fn(&[u8])) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let inputs: Vec<_> = std::fs::read_dir(root.join("fuzz/corpus").join(target))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(inputs.len() >= 20, "{target} has {} inputs", inputs.len());
    for input in inputs {
        run(&std::fs::read(&input).unwrap());
    }
}

#[test]
fn n21_the_canonicaliser_takes_its_corpus() {
    replay("canonical", canonical::run);
}

#[test]
fn n30_the_parser_takes_its_corpus() {
    replay("parser", parser::run);
}

#[test]
fn n31_the_verifier_takes_its_corpus() {
    replay("verifier", verifier::run);
}
