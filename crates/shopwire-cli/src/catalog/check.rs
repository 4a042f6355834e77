//! `shopwire catalog check`.

use std::io::{self, BufWriter, Write};

use super::{
    feed::{
        self, Category, Offer, Shop,
        check::{Checker, Counts},
        visit::{Ended, Fault, Offers, Visit},
    },
    input::{Input, Readings},
    progress::Progress,
    report,
    stop::{Stop, is_stopped},
};
use crate::{
    args::CatalogCheck,
    failure::{Failure, INTERRUPTED},
};

/// Checks a feed, and tells each fault as it is found.
pub(super) fn run(args: &CatalogCheck, stop: &Stop) -> Result<(), Failure> {
    let mut input = Input::open(&args.feed, Readings::Once)?;
    let format = match input.format(args.format, args.encoding()) {
        Ok(format) => format,
        Err(error) => return Err(input.failed(&error)),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        report::written(write!(out, r#"{{"format":"{format}","faults":["#))?;
    }
    let name = input.name.clone();
    let mut is_first = true;
    let mut lost: Option<io::Error> = None;
    let mut tell = |fault: &Fault| {
        let text = match (args.json, std::mem::take(&mut is_first)) {
            (true, true) => format!("\n{}", report::json(fault)),
            (true, false) => format!(",\n{}", report::json(fault)),
            (false, _) => report::line(&name, fault),
        };
        out.write_all(text.as_bytes()).map_err(|error| {
            // An error of the output must not be taken for one of the feed.
            let kind = error.kind();
            lost = Some(error);
            io::Error::from(kind)
        })
    };
    let outcome = checked(args, &mut input, format, stop, &mut tell);
    let (counts, ended) = match (outcome, lost) {
        (_, Some(error)) => return report::written(Err(error)),
        (Err(error), None) if is_stopped(&error) => {
            let _ = out.flush();
            let what = "interrupted: the rest of the feed was not checked; run the command again";
            return Err(Failure::interrupted(what, INTERRUPTED));
        }
        (Err(error), None) => {
            let _ = out.flush();
            return Err(input.failed(&error));
        }
        (Ok(done), None) => done,
    };
    let is_complete = ended == Ended::Complete;
    if args.json {
        let Counts {
            categories,
            offers,
            errors,
            warnings,
        } = counts;
        let end = format!(
            "],\"complete\":{is_complete},\"categories\":{categories},\"offers\":{offers},\"errors\":{errors},\
             \"warnings\":{warnings}}}\n"
        );
        report::written(out.write_all(end.as_bytes()))?;
    }
    report::written(out.flush())?;
    if !args.json && !args.quiet {
        report::note(&summary(&input.name, format, counts, is_complete));
    }
    match counts.errors > 0 || (args.strict && counts.warnings > 0) {
        true => Err(Failure::silent()),
        false => Ok(()),
    }
}

fn summary(name: &str, format: feed::Format, counts: Counts, is_complete: bool) -> String {
    let Counts {
        categories,
        offers,
        errors,
        warnings,
    } = counts;
    let end = if is_complete {
        ""
    } else {
        ", not read to its end"
    };
    format!(
        "{name} ({format}): {offers} offers, {categories} categories, {errors} errors, {warnings} warnings{end}\n"
    )
}

fn checked(
    args: &CatalogCheck,
    input: &mut Input,
    format: feed::Format,
    stop: &Stop,
    tell: &mut dyn FnMut(&Fault) -> io::Result<()>,
) -> io::Result<(Counts, Ended)> {
    let mut check = Check {
        checker: Checker::new(format, tell),
        progress: Progress::new(args.quiet),
        offers: 0,
        stop,
    };
    let ended = feed::read::read(
        input.reader()?,
        format,
        args.encoding(),
        Offers::Read,
        &mut check,
    )?;
    check.progress.clear();
    Ok((check.checker.finish()?, ended))
}

/// Hands the parts of a feed on to the checker.
struct Check<'r> {
    checker: Checker<'r>,
    progress: Progress,
    offers: u64,
    stop: &'r Stop,
}

impl Visit for Check<'_> {
    fn shop(&mut self, shop: &Shop, line: u64) -> io::Result<()> {
        self.checker.shop(shop, line)
    }

    fn category(&mut self, category: Category, line: u64) -> io::Result<()> {
        self.stop.check()?;
        self.checker.category(category, line)
    }

    fn offer(&mut self, offer: Offer, line: u64) -> io::Result<()> {
        self.stop.check()?;
        self.offers += 1;
        self.progress.offers(self.offers);
        self.checker.offer(offer, line)
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.checker.fault(fault)
    }
}
