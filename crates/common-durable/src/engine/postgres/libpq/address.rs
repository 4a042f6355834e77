//! The address: what `tokio_postgres` does not know is taken out of it.

use std::str::FromStr as _;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;

use super::{Given, Setting};
use crate::{Error, ErrorKind};

/// Parameters whose value can be wrong, by the names of `tokio_postgres`. Any other word of an address that cannot be
/// read may be a part of a password.
const NAMED: [&str; 14] = [
    "channel_binding",
    "connect_timeout",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "port",
    "sslmode",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// Reads an address: a URL or a list of `key=value`.
///
/// # Errors
/// [`ErrorKind::InvalidInput`]. It names the parameter and shows nothing of the address.
pub(in super::super) fn split(address: &str) -> Result<(Config, Given), Error> {
    let mut given = Given::default();
    let prefix = ["postgres://", "postgresql://"]
        .into_iter()
        .find(|prefix| address.starts_with(prefix));
    let rest = match prefix {
        Some(prefix) => of_url(address, prefix.len(), &mut given)?,
        None => of_list(address, &mut given)?,
    };
    let config = Config::from_str(&rest).map_err(|error| unreadable(&error))?;
    Ok((config, given))
}

fn of_url(address: &str, start: usize, given: &mut Given) -> Result<String, Error> {
    // A question mark in a password comes before the `@`.
    let host = address[start..]
        .find('@')
        .map_or(start, |at| start + at + 1);
    let Some(query) = address[host..].find('?').map(|at| host + at) else {
        return is_plain(&address[host..]).map(|()| address.to_owned());
    };
    is_plain(&address[host..query])?;
    let mut kept = Vec::new();
    for pair in address[query + 1..].split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match Setting::of_parameter(name) {
            Some(setting) => {
                let value = percent_decode_str(value).decode_utf8();
                let value = value.map_err(|_| wrong(setting.parameter(), "it is not UTF-8"))?;
                given.set(setting, setting.parameter(), value.into_owned().into())?;
            }
            None => kept.push(pair),
        }
    }
    let rest = &address[..query];
    Ok(match kept.is_empty() {
        true => rest.to_owned(),
        false => format!("{rest}?{}", kept.join("&")),
    })
}

/// With a second `@` it would be open where the password ends, and a part of it would be taken for the host.
fn is_plain(host: &str) -> Result<(), Error> {
    match host.contains('@') {
        true => Err(Error::new(
            ErrorKind::InvalidInput,
            "the address of the database has more than one `@`: write those of a user or password as %40",
        )),
        false => Ok(()),
    }
}

fn of_list(address: &str, given: &mut Given) -> Result<String, Error> {
    let (mut kept, mut rest) = (String::new(), address);
    while let Some(parameter) = Parameter::next(rest) {
        match Setting::of_parameter(parameter.name) {
            Some(setting) => given.set(setting, setting.parameter(), parameter.value.into())?,
            None => kept.push_str(&rest[..rest.len() - parameter.rest.len()]),
        }
        rest = parameter.rest;
    }
    // What cannot be read stays for the error.
    kept.push_str(rest);
    Ok(kept)
}

/// One `key = value` of a list.
struct Parameter<'a> {
    name: &'a str,
    value: String,
    rest: &'a str,
}

impl<'a> Parameter<'a> {
    /// Reads the first one; `None` at the end, or where the list is wrong.
    fn next(text: &'a str) -> Option<Self> {
        let (name, text) = text.split_once('=')?;
        let text = text.trim_start();
        let (is_quoted, text) = match text.strip_prefix('\'') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let mut value = String::new();
        let mut letters = text.char_indices();
        let end = loop {
            match letters.next() {
                Some((_, '\\')) => value.extend(letters.next().map(|(_, escaped)| escaped)),
                Some((at, '\'')) if is_quoted => break at + 1,
                Some((at, letter)) if !is_quoted && letter.is_whitespace() => break at,
                Some((_, letter)) => value.push(letter),
                None if is_quoted => return None,
                None => break text.len(),
            }
        };
        Some(Self {
            name: name.trim(),
            value,
            rest: &text[end..],
        })
    }
}

fn unreadable(error: &tokio_postgres::Error) -> Error {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let cause = cause.unwrap_or_default();
    let quoted = cause.split('`').nth(1).unwrap_or_default();
    match NAMED.into_iter().find(|name| *name == quoted) {
        Some(name) => wrong(name, "its value is wrong"),
        None if cause.starts_with("unknown option") => Error::new(
            ErrorKind::InvalidInput,
            format!(
                "the address of the database has an unknown parameter; known are user, password, dbname, options, \
                 application_name, {} and {}",
                NAMED.join(", "),
                Setting::ALL.map(Setting::parameter)[1..].join(", ")
            ),
        ),
        None => Error::new(
            ErrorKind::InvalidInput,
            "the address of the database cannot be read: write postgres://user@host/database",
        ),
    }
}

fn wrong(parameter: &str, why: &str) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("`{parameter}` of the address of the database: {why}"),
    )
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::{Host, SslMode};

    use super::*;

    fn path(named: Option<&super::super::NamedPath>) -> &str {
        named.and_then(|named| named.path.to_str()).unwrap_or("")
    }

    #[test]
    fn d19_certificates_and_modes_are_taken_from_both_forms() {
        for address in [
            "postgres://u:p%40w?x@h:7/d?sslmode=verify-full&connect_timeout=3&sslrootcert=/a%20b/ca.pem&sslcert=c&sslkey=k",
            "host=h port = 7 sslrootcert = '/a b/ca.pem' user=u\n password='p@w?x' sslmode=verify-full dbname=d \
             sslcert=c connect_timeout=3 sslkey=k",
        ] {
            let (config, given) = split(address).expect(address);
            assert_eq!(config.get_hosts(), [Host::Tcp("h".to_owned())]);
            assert_eq!(config.get_ports(), [7]);
            assert_eq!(config.get_user(), Some("u"));
            assert_eq!(config.get_password(), Some(&b"p@w?x"[..]));
            assert_eq!(config.get_dbname(), Some("d"));
            assert_eq!(
                config.get_connect_timeout().map(|wait| wait.as_secs()),
                Some(3)
            );
            assert_eq!(given.mode(true), SslMode::Require);
            assert_eq!(path(given.root.as_ref()), "/a b/ca.pem");
            assert_eq!(path(given.certificate.as_ref()), "c");
            assert_eq!(path(given.key.as_ref()), "k");
        }
    }

    #[test]
    fn d19_values_with_the_names_of_parameters_are_left_alone() {
        let (config, given) =
            split(r"user=u password='a sslmode=disable \' b' host=h").expect("it can be read");
        assert_eq!(config.get_password(), Some(&b"a sslmode=disable ' b"[..]));
        assert_eq!(given.mode(false), SslMode::Require);
    }

    #[test]
    fn d19_a_wrong_parameter_is_named_and_no_value_is_shown() {
        for (address, named) in [
            ("postgres://u:hunter2@h/d?sslmode=hunter2", "sslmode"),
            ("postgres://u:hunter2@h:hunter2/d", "port"),
            ("host=h password=hunter2 sslmode=hunter2", "sslmode"),
            (
                "host=h password=hunter2 connect_timeout=hunter2",
                "connect_timeout",
            ),
            ("postgres://u:hunter2@h/d?hunter2=1", "unknown parameter"),
            ("postgres://u:x@hunter2@h/d", "%40"),
            ("postgres://u:x@hunter2/hunter2@h/d?a=b", "%40"),
            ("host=h password='hunter2", "cannot be read"),
            ("hunter2", "cannot be read"),
            ("postgres://u:hunter2@h/d?hunter2", "cannot be read"),
            ("postgres://u@h/d?sslcert=%ffhunter2", "sslcert"),
        ] {
            let error = split(address).expect_err(address);
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(named), "{address}: {shown}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
