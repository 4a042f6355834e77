//! Reads ICML and YML. The elements may come in any order. Ill-formed parts are told and passed over, as far as one
//! can tell how to go on; a document type that declares anything ends the reading, and nothing outside of the feed is
//! ever fetched.

use std::io;

use quick_xml::{Reader, events::Event};

use super::{
    super::{
        Format,
        rules::RuleId,
        text::{Noise, Text},
        visit::{Ended, Fault, Offers, Visit},
    },
    state::{State, Step},
};

/// Reads a feed.
///
/// # Errors
/// The feed cannot be read, or the visitor has ended it.
pub(crate) fn read(
    text: Text<'_>,
    format: Format,
    offers: Offers,
    visit: &mut dyn Visit,
) -> io::Result<Ended> {
    let mut reader = Reader::from_reader(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut state = State::new(format, offers);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let line = reader.get_ref().line();
        if !state.is_in_item() {
            reader.get_mut().begin();
        }
        let event = reader.read_event_into(&mut buffer);
        let step = match event {
            Ok(Event::Eof) => {
                state.end(line, visit)?;
                tell_noises(reader.get_mut(), visit)?;
                return Ok(Ended::Complete);
            }
            Ok(event) => state.take(event, line, visit),
            Err(error) => {
                let text = reader.get_mut();
                tell_noises(text, visit)?;
                if let quick_xml::Error::Io(error) = &error
                    && !text.is_too_long()
                {
                    return Err(io::Error::new(error.kind(), error.to_string()));
                }
                let (rule, detail) = match text.is_too_long() {
                    true => (
                        RuleId::Size,
                        "an element, a tag or a text is longer than 1 MiB".to_owned(),
                    ),
                    false => (RuleId::XmlStopped, error.to_string()),
                };
                // A tag that does not end is reported where it begins.
                return stopped(visit, rule, line, detail);
            }
        };
        if reader.get_ref().has_noises() {
            tell_noises(reader.get_mut(), visit)?;
        }
        state.tell_flaws(line, visit)?;
        match step {
            Ok(()) => {}
            Err(Step::Io(error)) => return Err(error),
            Err(Step::Stop((rule, detail))) => return stopped(visit, rule, line, detail),
        }
    }
}

fn stopped(visit: &mut dyn Visit, rule: RuleId, line: u64, detail: String) -> io::Result<Ended> {
    visit.fault(Fault {
        rule,
        line,
        offer: None,
        detail: format!("{detail}; reading stopped here"),
    })?;
    Ok(Ended::Stopped)
}

/// Tells what was found while decoding.
pub(in super::super) fn tell_noises(text: &mut Text<'_>, visit: &mut dyn Visit) -> io::Result<()> {
    let encoding = text.encoding();
    for (line, noise) in text.take_noises() {
        let rule = match noise {
            Noise::Malformed => RuleId::Encoding,
            Noise::Control => RuleId::XmlCharacter,
        };
        let detail = noise.told(encoding);
        visit.fault(Fault {
            rule,
            line,
            offer: None,
            detail,
        })?;
    }
    Ok(())
}
