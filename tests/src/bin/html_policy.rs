//! Applies Uvygoda's HTML policies to each line of standard input, a JSON text, for `tests/foreign/html.py`. Answers
//! each with a line of JSON: the cleaned text, and whether the check refuses the original.

use std::io::{self, BufRead as _, Write as _};

use shopwire::{
    model::{from_json, to_json},
    uvygoda::HtmlPolicy,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let html: String = from_json(&line?)?;
        let cleaned = HtmlPolicy::Clean.apply(&html)?;
        let is_refused = HtmlPolicy::Check.apply(&html).is_err();
        writeln!(out, "[{},{is_refused}]", to_json(&cleaned))?;
    }
    out.flush()?;
    Ok(())
}
