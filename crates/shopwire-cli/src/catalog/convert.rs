//! `shopwire catalog convert`.

use std::io;

use super::{
    feed::{
        self, Format, Shop,
        rules::Severity,
        visit::{Ended, Fault, Offers, Visit},
    },
    input::{Input, Readings},
    prelude::Prelude,
    progress::Progress,
    report,
    stop::{Stop, is_stopped},
    target::Target,
    transfer::{Beginning, Outcome, Transfer},
};
use crate::{
    args::{CatalogConvert, CatalogOutput},
    failure::{Failure, INTERRUPTED},
    output,
};

/// Reads the feed twice: for what comes before the offers, then for the offers.
pub(super) fn run(args: &CatalogConvert, stop: &Stop) -> Result<(), Failure> {
    let mut input = Input::open(&args.feed, Readings::Several)?;
    let name = input.name.clone();
    let target = Target::open(args.output.path.as_deref(), stop)?;
    let is_beside = target.is_beside();
    let mut tell = teller(&name);
    let done = converted(args, &mut input, target, stop, &mut tell);
    finish(&name, args.to, is_beside, &args.output, stop, done)
}

/// Tells errors on standard error; warnings are the checker's to tell.
pub(super) fn teller(name: &str) -> impl FnMut(&Fault) -> io::Result<()> {
    move |fault| {
        if fault.rule.severity() == Severity::Error {
            report::note(&report::line(name, fault));
        }
        Ok(())
    }
}

fn converted(
    args: &CatalogConvert,
    input: &mut Input,
    target: Target,
    stop: &Stop,
    tell: &mut dyn FnMut(&Fault) -> io::Result<()>,
) -> io::Result<Outcome> {
    let encoding = args.encoding();
    let from = input.format(args.from, encoding)?;
    let mut prelude = Prelude::new(stop);
    // The offers of XML have nothing that must be known before, unless their currencies must be declared.
    let offers = match from.is_xml() && (args.to != Format::Yml || from == Format::Yml) {
        true => Offers::Skipped,
        false => Offers::Read,
    };
    feed::read::read(input.reader()?, from, encoding, offers, &mut prelude)?;
    if let Some(currency) = &args.output.currency {
        prelude.currency(currency);
    }
    let Prelude {
        mut shop,
        categories,
        currencies,
        ..
    } = prelude;
    args.output.shop(&mut shop);
    let beginning = Beginning {
        from: Some(from),
        to: args.to,
        shop,
        categories,
        currencies,
        currency: args.output.currency.clone(),
        target,
        progress: Progress::new(args.output.quiet),
        stop,
    };
    let transfer = Transfer::begin(beginning, tell)?;
    let mut offers_alone = OffersAlone(transfer);
    let ended = feed::read::read(
        input.reader()?,
        from,
        encoding,
        Offers::Read,
        &mut offers_alone,
    )?;
    let mut outcome = offers_alone.0.finish()?;
    outcome.is_fatal |= ended == Ended::Stopped;
    Ok(outcome)
}

/// The shop and the categories are written already.
struct OffersAlone<'r>(Transfer<'r>);

impl Visit for OffersAlone<'_> {
    fn offer(&mut self, offer: feed::Offer, line: u64) -> io::Result<()> {
        self.0.offer(offer, line)
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.0.fault(fault)
    }
}

impl CatalogOutput {
    /// Puts what was given as flags into the shop.
    pub(super) fn shop(&self, shop: &mut Shop) {
        for (place, given) in [
            (&mut shop.name, &self.shop_name),
            (&mut shop.company, &self.company),
            (&mut shop.url, &self.shop_url),
            (&mut shop.date, &self.date),
        ] {
            if given.is_some() {
                place.clone_from(given);
            }
        }
        if shop.date.is_none() {
            let now = jiff::Timestamp::now();
            shop.date = Some(now.strftime("%Y-%m-%d %H:%M:%S").to_string());
        }
    }
}

/// Replaces the file if all is well, and tells what was written, refused and lost.
pub(super) fn finish(
    name: &str,
    to: Format,
    is_beside: bool,
    args: &CatalogOutput,
    stop: &Stop,
    done: io::Result<Outcome>,
) -> Result<(), Failure> {
    let unchanged = match (is_beside, &args.path) {
        (true, Some(path)) => format!("{} is unchanged", path.display()),
        _ => "what was written is not complete".to_owned(),
    };
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(error) if is_stopped(&error) => {
            let what = format_args!("interrupted: {unchanged}; run the command again");
            return Err(Failure::interrupted(what, INTERRUPTED));
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Failure::closed()),
        Err(error) => return Err(Failure::new(format_args!("{name}: {error}; {unchanged}"))),
    };
    let is_good = outcome.counts.errors == 0 || (args.skip_bad && !outcome.is_fatal);
    let committed = match is_good || !is_beside {
        true => outcome.target.commit(stop),
        false => Ok(()),
    };
    match committed {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Failure::closed()),
        Err(error) => return Err(Failure::new(format_args!("{error}; {unchanged}"))),
    }
    let losses = &outcome.adapter.losses;
    if !losses.is_empty() && !args.json {
        output::warning(&format!(
            "{to} has no place for {}",
            report::losses_text(losses)
        ));
    }
    if args.json {
        output::json_line(&format!(
            "{{\"format\":\"{to}\",\"written\":{},\"refused\":{},\"categories\":{},\"errors\":{},\"warnings\":{},\"lost\":{}}}",
            outcome.written,
            outcome.refused,
            outcome.counts.categories,
            outcome.counts.errors,
            outcome.counts.warnings,
            report::losses_json(losses)
        ))?;
    } else if is_good && !args.quiet {
        report::note(&format!(
            "{} offers written, {} refused\n",
            outcome.written, outcome.refused
        ));
    }
    match (is_good, outcome.is_fatal) {
        (true, _) => Ok(()),
        (false, true) => Err(Failure::new(format_args!(
            "{name} has faults that leaving out offers does not mend; {unchanged}"
        ))),
        (false, false) => Err(Failure::new(format_args!(
            "{} errors, {} offers refused; {unchanged}; leave bad offers out with --skip-bad",
            outcome.counts.errors, outcome.refused
        ))),
    }
}
