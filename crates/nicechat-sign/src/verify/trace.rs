//! Why a request was refused, as a `tracing` event for the operator of the server. The answer to the sender does not
//! tell.
//!
//! The events hold no key, no signature, neither sent nor expected, and no field of the request: only its method and
//! path, names from the configuration, and lengths.

use alloc::sync::Arc;
use alloc::vec::Vec;

use http::request::Parts;

use super::rules::Rules;
use super::verify_error::VerifyError;
use crate::http::Placement;
use crate::{Dialect, Names};

/// A refusal with its reason.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) error: VerifyError,
    why: Option<&'static str>,
}

impl Refused {
    pub(super) const fn unauthorized(why: &'static str) -> Self {
        Self {
            error: VerifyError::UNAUTHORIZED,
            why: Some(why),
        }
    }

    /// The reason as a sentence.
    #[cfg(feature = "explain")]
    pub(super) fn reason(&self) -> &'static str {
        self.why.unwrap_or(self.error.description())
    }
}

impl From<VerifyError> for Refused {
    fn from(error: VerifyError) -> Self {
        Self { error, why: None }
    }
}

/// The dialects and names of a claim.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) dialects: Arc<[Dialect]>,
    /// The names under which key and signature were found.
    pub(super) names: Names,
}

/// A signature that was checked and is not right.
pub(super) struct Mismatch<'a> {
    pub(super) why: &'static str,
    pub(super) method: &'a http::Method,
    pub(super) path: &'a str,
    pub(super) placement: Placement,
    pub(super) tried: &'a Tried,
    /// The texts between path and method in the hash.
    pub(super) signed_texts: &'a [(Option<Dialect>, Vec<u8>)],
}

#[cfg(feature = "tower")]
pub(crate) use events::refused_by_layer;
#[cfg(feature = "tower")]
pub(super) use events::{mismatch, refused};

/// Without the feature `tower` nothing is told.
#[cfg(not(feature = "tower"))]
pub(super) fn refused(refused: &Refused, _: &Rules, _: &Parts, _: usize) {
    let _ = refused.why;
}

#[cfg(not(feature = "tower"))]
pub(super) fn mismatch(it: &Mismatch<'_>) {
    let _ = (it.why, it.method, it.path, it.placement, it.signed_texts);
    let _ = (&it.tried.dialects, &it.tried.names);
}

#[cfg(feature = "tower")]
mod events {
    use core::fmt::{self, Write as _};

    use http::HeaderMap;
    use tracing::debug;

    use super::*;

    /// The target of the events.
    const TARGET: &str = "nicechat_sign::verify";

    /// Maximum number of characters of a path or method in an event.
    const MAX_SHOWN: usize = 256;

    pub(in super::super) fn refused(
        refused: &Refused,
        rules: &Rules,
        parts: &Parts,
        body_bytes: usize,
    ) {
        debug!(
            target: TARGET,
            status = refused.error.status().as_u16(),
            method = %Shown(parts.method.as_str()),
            path = %Shown(parts.uri.path()),
            names = %NamesOf(&rules.names),
            headers_present = %Present { names: &rules.names, headers: &parts.headers },
            dialects = ?rules.dialects,
            query = ?rules.query,
            body_bytes,
            max_body_bytes = rules.max_body,
            "refused before the check of the signature: {}",
            Why(refused),
        );
    }

    pub(in super::super) fn mismatch(it: &Mismatch<'_>) {
        debug!(
            target: TARGET,
            status = VerifyError::UNAUTHORIZED.status().as_u16(),
            method = %Shown(it.method.as_str()),
            path = %Shown(it.path),
            placement = ?it.placement,
            names = %NamesOf(core::slice::from_ref(&it.tried.names)),
            dialects = ?it.tried.dialects,
            signed_bytes = %Lengths(it.signed_texts),
            "refused: {}",
            it.why,
        );
    }

    /// A refusal by the layer itself, around the check.
    pub(crate) fn refused_by_layer(error: VerifyError, parts: Option<&Parts>) {
        debug!(
            target: TARGET,
            status = error.status().as_u16(),
            method = parts.map(|parts| tracing::field::display(Shown(parts.method.as_str()))),
            path = parts.map(|parts| tracing::field::display(Shown(parts.uri.path()))),
            "refused: {error}",
        );
    }

    struct Why<'a>(&'a Refused);

    impl fmt::Display for Why<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.0.why {
                Some(why) => f.write_str(why),
                None => self.0.error.fmt(f),
            }
        }
    }

    /// Text of the sender: escaped, and cut after some length.
    struct Shown<'a>(&'a str);

    impl fmt::Display for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for letter in self.0.chars().take(MAX_SHOWN) {
                match letter {
                    '\\' => f.write_str("\\\\")?,
                    letter if letter.is_control() => write!(f, "{}", letter.escape_default())?,
                    letter => f.write_char(letter)?,
                }
            }
            match self.0.chars().nth(MAX_SHOWN) {
                Some(_) => f.write_str("…"),
                None => Ok(()),
            }
        }
    }

    /// Names of headers and parameters: `x-api-key+x-api-sign or _key+_sign`.
    struct NamesOf<'a>(&'a [Names]);

    impl fmt::Display for NamesOf<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (at, names) in self.0.iter().enumerate() {
                let (key, signature) = (names.key_header_name(), names.signature_header_name());
                let separator = if at == 0 { "" } else { " or " };
                write!(f, "{separator}{key}+{signature}")?;
                let (key, signature) =
                    (names.key_parameter_name(), names.signature_parameter_name());
                write!(f, " or {key}+{signature}")?;
            }
            Ok(())
        }
    }

    /// Which of the headers that were looked for the request has, and how often.
    struct Present<'a> {
        names: &'a [Names],
        headers: &'a HeaderMap,
    }

    impl fmt::Display for Present<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let names = self.names.iter();
            let names = names.flat_map(|it| [it.key_header_name(), it.signature_header_name()]);
            let mut list = f.debug_list();
            for name in names {
                match self.headers.get_all(name).iter().count() {
                    0 => {}
                    1 => drop(list.entry(&name)),
                    count => drop(list.entry(&format_args!("{name} ({count} times)"))),
                }
            }
            list.finish()
        }
    }

    /// The length of each text that may have been signed: `php: 12, python: 10`. Dialects that give the same text
    /// share the entry of the first.
    struct Lengths<'a>(&'a [(Option<Dialect>, Vec<u8>)]);

    impl fmt::Display for Lengths<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for (at, (dialect, text)) in self.0.iter().enumerate() {
                let separator = if at == 0 { "" } else { ", " };
                let dialect = dialect.map_or("body as sent", Dialect::as_str);
                write!(f, "{separator}{dialect}: {}", text.len())?;
            }
            Ok(())
        }
    }
}
