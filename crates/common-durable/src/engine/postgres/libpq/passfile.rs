//! Files of passwords: lines of `host:port:database:user:password`.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read as _},
    path::PathBuf,
};

use tokio_postgres::{Config, config::Host};

use super::{NamedPath, check_private};
use crate::Error;

/// Maximum size of a file of passwords; a larger file was named by mistake.
const MOST_BYTES: u64 = 1 << 20;

/// The user's own file, which need not exist.
const OWN: &str = "the user's file of passwords";

/// The place of the user's own file.
pub(super) fn of_the_user(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<NamedPath> {
    let path = match cfg!(windows) {
        true => PathBuf::from(variable("APPDATA")?).join("postgresql/pgpass.conf"),
        false => PathBuf::from(variable("HOME")?).join(".pgpass"),
    };
    Some(NamedPath { name: OWN, path })
}

/// The password of the first line that fits.
///
/// # Errors
/// The error names the setting and the file, and shows nothing of the file.
pub(super) fn find(named: &NamedPath, config: &Config) -> Result<Option<String>, Error> {
    let file = match fs::File::open(&named.path) {
        Ok(file) => file,
        Err(error) if named.name == OWN && error.kind() == io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(named.of_system(&error)),
    };
    check_private(named, &file)?;
    let mut text = String::new();
    let read = file.take(MOST_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| named.of_system(&error))?;
    if text.len() as u64 > MOST_BYTES {
        return Err(named.error("it is longer than 1 MiB"));
    }
    Ok(text
        .lines()
        .find_map(|line| password(line, &wanted(config))))
}

/// The first four fields. As libpq, a socket of this machine is `localhost`.
fn wanted(config: &Config) -> [String; 4] {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        _ => match config.get_hostaddrs().first() {
            Some(address) => address.to_string(),
            None => "localhost".to_owned(),
        },
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or_default();
    let database = config.get_dbname().unwrap_or(user);
    [host, port.to_string(), database.to_owned(), user.to_owned()]
}

fn password(line: &str, wanted: &[String; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = fields(line);
    let fits = wanted.iter().all(|wanted| {
        fields
            .next()
            .is_some_and(|(raw, field)| raw == "*" || field == *wanted)
    });
    let (_, password) = fits.then(|| fields.next()).flatten()?;
    (!password.is_empty()).then_some(password)
}

/// The fields of a line, as they stand and without backslashes.
fn fields(line: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut field = String::new();
        let mut letters = text.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                ':' => {
                    rest = Some(&text[at + 1..]);
                    return Some((&text[..at], field));
                }
                '\\' => field.extend(letters.next().map(|(_, escaped)| escaped)),
                letter => field.push(letter),
            }
        }
        rest = None;
        Some((text, field))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d19_the_first_line_that_fits_has_the_password() {
        let wanted = ["db.example", "5432", "shop", "ann"].map(str::to_owned);
        for (line, found) in [
            ("db.example:5432:shop:ann:secret", Some("secret")),
            ("*:*:*:*:a\\:b\\\\c", Some("a:b\\c")),
            ("db.example:*:shop:ann:secret:rest", Some("secret")),
            ("db.example:5433:shop:ann:secret", None),
            ("# db.example:5432:shop:ann:secret", None),
            ("db.example:5432:shop:ann", None),
            ("db.example:5432:shop:ann:", None),
            ("\\*:5432:shop:ann:secret", None),
            ("", None),
        ] {
            assert_eq!(password(line, &wanted).as_deref(), found, "{line}");
        }
    }

    #[test]
    fn d19_the_fields_are_those_of_the_address() {
        let fields = |address: &str| wanted(&address.parse().expect("an address"));
        assert_eq!(
            fields("postgres://ann@db.example:5433/shop"),
            ["db.example", "5433", "shop", "ann"]
        );
        assert_eq!(fields("user=ann"), ["localhost", "5432", "ann", "ann"]);
        assert_eq!(
            fields("host=/run/postgresql user=ann"),
            ["localhost", "5432", "ann", "ann"]
        );
    }
}
