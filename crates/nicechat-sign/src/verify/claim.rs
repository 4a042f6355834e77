//! The claim of a request: its key, its signature, and the texts that may have been signed.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use http::request::Parts;
use http::{HeaderMap, Method};

use super::guard::{form_is_unambiguous, path_is_plain};
use super::rules::Rules;
use super::trace::{self, Mismatch, Refused, Tried};
use super::verify_error::{Kind, VerifyError};
use crate::error::Ambiguity;
use crate::http::{Content, Placement, declares_charset, multipart_fields};
use crate::signer::sign;
use crate::{
    Credentials, Dialect, Error, Form, Names, QueryRule, Signature, canonical, json, urlencoded,
};

type Pair = (String, String);
type Pairs = Vec<Pair>;
/// A text that may have been signed, and its dialect.
type Candidate = (Option<Dialect>, Vec<u8>);

/// A request that names the key of its signer, not verified yet. Next, find that account's secret
/// and call [`verify`](Self::verify).
#[derive(Debug)]
pub struct Claim {
    key: String,
    signature: Signature,
    placement: Placement,
    method: Method,
    path: String,
    /// The texts that may have been signed: one for each dialect with a text of its own.
    candidates: Vec<Candidate>,
    tried: Tried,
}

/// Proof that the signature of a request is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    key: String,
    signature: Signature,
    placement: Placement,
    dialect: Option<Dialect>,
}

impl Verified {
    /// The API-Key of the signer's account.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The signature. Equal requests have equal signatures, so it is the key of a replay store.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The place of key and signature in the request.
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// The dialect of the form; `None` for JSON and for empty payloads.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }
}

impl Claim {
    /// The API-Key that the request names.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The place of key and signature in the request.
    pub fn placement(&self) -> Placement {
        self.placement
    }

    /// Checks the signature with the account's secret. `None` stands for an unknown key and takes
    /// the same time as a wrong secret.
    ///
    /// # Errors
    /// `account` is `None`, or its secret gives another signature.
    pub fn verify(self, account: Option<&Credentials>) -> Result<Verified, VerifyError> {
        let secret = account.map_or("", Credentials::secret).as_bytes();
        let known = account.is_some_and(|account| account.key() == self.key && !secret.is_empty());
        let mut dialect = None;
        // All candidates are hashed, so that the time does not show which one matched.
        for (candidate, text) in &self.candidates {
            let expected = sign(secret, &self.path, text, self.method.as_str());
            if expected.verify(&self.signature) && dialect.is_none() {
                dialect = Some(*candidate);
            }
        }
        match dialect {
            Some(dialect) if known => Ok(Verified {
                key: self.key,
                signature: self.signature,
                placement: self.placement,
                dialect,
            }),
            dialect => {
                self.tell_mismatch(account.is_some(), dialect.is_some());
                Err(VerifyError::UNAUTHORIZED)
            }
        }
    }

    /// `is_known`: the look-up found an account. `is_right`: the signature fits what it found.
    fn tell_mismatch(&self, is_known: bool, is_right: bool) {
        let why = match (is_known, is_right) {
            (false, _) => "no account has the key",
            (true, false) => "the signature is not right for the account's secret",
            (true, true) => "the look-up returned the account of another key, or an empty secret",
        };
        trace::mismatch(&Mismatch {
            why,
            method: &self.method,
            path: &self.path,
            placement: self.placement,
            tried: &self.tried,
            signed_texts: &self.candidates,
        });
    }

    pub(super) fn read(rules: &Rules, parts: &Parts, body: &[u8]) -> Result<Self, VerifyError> {
        Self::read_or_why(rules, parts, body).map_err(|refused| {
            trace::refused(&refused, rules, parts, body.len());
            refused.error
        })
    }

    pub(super) fn read_or_why(rules: &Rules, parts: &Parts, body: &[u8]) -> Result<Self, Refused> {
        if !rules.methods.contains(&parts.method) {
            return Err(VerifyError::new(Kind::Method).into());
        }
        if body.len() > rules.max_body {
            return Err(VerifyError::new(Kind::TooLarge).into());
        }
        if !path_is_plain(parts.uri.path()) {
            return Err(VerifyError::new(Kind::Path).into());
        }
        if !rules.knows(parts.uri.path()) {
            return Err(VerifyError::new(Kind::UnknownPath).into());
        }
        let mut payload = Payload::read(rules, parts, body)?;
        let mut found = None;
        for names in &rules.names {
            let header = in_headers(names, &parts.headers)?.map(|pair| (pair, Placement::Headers));
            let field = payload
                .take(names)?
                .map(|pair| (pair, Placement::Parameters));
            for pair in [header, field].into_iter().flatten() {
                if found.replace((pair, names)).is_some() {
                    return Err(Refused::unauthorized(
                        "key and signature are there more than once",
                    ));
                }
            }
        }
        if rules.names.iter().any(|names| payload.holds(names)) {
            return Err(Refused::unauthorized(
                "a parameter for key or signature is there without the other, or twice",
            ));
        }
        let Some((((key, signature), placement), names)) = found else {
            return Err(Refused::unauthorized(
                "neither the headers nor the parameters have a key with a signature",
            ));
        };
        Ok(Self {
            key,
            signature: signature.parse().map_err(|_| {
                Refused::unauthorized("the signature is not 64 lower-case hexadecimal digits")
            })?,
            placement,
            method: parts.method.clone(),
            path: parts.uri.path().into(),
            candidates: payload.candidates(rules)?,
            tried: Tried {
                dialects: Arc::clone(&rules.dialects),
                names: names.clone(),
            },
        })
    }
}

/// The part of the hash between path and method.
enum Payload<'a> {
    /// A query that is not signed; only key and signature matter.
    Unsigned(Pairs),
    Fields(Pairs),
    Raw(&'a [u8]),
}

impl<'a> Payload<'a> {
    fn read(rules: &Rules, parts: &Parts, body: &'a [u8]) -> Result<Self, VerifyError> {
        let malformed = |error: Error| {
            let kind = error.ambiguity().map_or(Kind::Malformed, Kind::Ambiguous);
            VerifyError::new(kind)
        };
        if parts.method == Method::GET && body.is_empty() {
            let query = parts.uri.query().unwrap_or_default().as_bytes();
            let pairs = urlencoded::pairs(query).map_err(malformed)?;
            return Ok(match rules.query {
                QueryRule::Unsigned => Self::Unsigned(pairs),
                QueryRule::Signed => Self::Fields(pairs),
            });
        }
        if parts.method == Method::GET && rules.query == QueryRule::Signed {
            // With a query and a body, one of the two would be unsigned.
            return Err(VerifyError::new(Kind::Malformed));
        }
        match Content::of(&parts.headers) {
            Content::Form => {
                let pairs = urlencoded::pairs(body).map_err(malformed)?;
                match declares_charset(&pairs) {
                    true => Err(VerifyError::new(Kind::Ambiguous(Ambiguity::Charset))),
                    false => Ok(Self::Fields(pairs)),
                }
            }
            Content::Multipart { boundary } => multipart_fields(body, &boundary)
                .map(Self::Fields)
                .map_err(malformed),
            _ if body.is_empty() => Ok(Self::Raw(body)),
            Content::Ambiguous(ambiguity) => Err(VerifyError::new(Kind::Ambiguous(ambiguity))),
            Content::Json if json::is_document(body) => Ok(Self::Raw(body)),
            Content::Json => Err(VerifyError::new(Kind::Malformed)),
            Content::Unnamed | Content::Other => Err(VerifyError::new(Kind::MediaType)),
        }
    }

    /// Removes key and signature from the fields and returns them, if both are there.
    fn take(&mut self, names: &Names) -> Result<Option<Pair>, Refused> {
        let (Self::Unsigned(pairs) | Self::Fields(pairs)) = self else {
            return Ok(None);
        };
        let place = |name: &str| pairs.iter().position(|(key, _)| key == name);
        let key = place(names.key_parameter_name());
        let (Some(key), Some(signature)) = (key, place(names.signature_parameter_name())) else {
            return Ok(None);
        };
        if key == signature {
            return Err(Refused::unauthorized(
                "key and signature are configured with the same name",
            ));
        }
        let taken = (pairs[key].1.clone(), pairs[signature].1.clone());
        let mut at = 0;
        pairs.retain(|_| {
            at += 1;
            at - 1 != key && at - 1 != signature
        });
        Ok(Some(taken))
    }

    /// Whether a key or a signature is left: a duplicate, or one without the other.
    fn holds(&self, names: &Names) -> bool {
        let (Self::Unsigned(pairs) | Self::Fields(pairs)) = self else {
            return false;
        };
        pairs.iter().any(|(key, _)| {
            [names.key_parameter_name(), names.signature_parameter_name()].contains(&key.as_str())
        })
    }

    fn candidates(self, rules: &Rules) -> Result<Vec<Candidate>, VerifyError> {
        let pairs = match self {
            Self::Unsigned(_) => return Ok([(None, Vec::new())].into()),
            Self::Raw(body) => return Ok([(None, body.to_vec())].into()),
            Self::Fields(pairs) if pairs.is_empty() => return Ok([(None, Vec::new())].into()),
            Self::Fields(pairs) => pairs,
        };
        let mut out: Vec<Candidate> = Vec::new();
        for &dialect in &*rules.dialects {
            if let Some(text) = signed_text(dialect, &pairs)
                && !out.iter().any(|(_, known)| *known == text)
            {
                out.push((Some(dialect), text));
            }
        }
        if out.is_empty() {
            Err(VerifyError::new(Kind::Malformed))
        } else {
            Ok(out)
        }
    }
}

/// The canonical form of the fields, if they have only one reading in the dialect.
fn signed_text(dialect: Dialect, pairs: &Pairs) -> Option<Vec<u8>> {
    // Some handlers read `a[]` as `a[0]`, others as a field named `a[]`.
    if pairs.iter().any(|(key, _)| key.contains("[]")) {
        return None;
    }
    let form = Form::received(dialect, pairs.clone()).ok()?;
    if !form_is_unambiguous(dialect, &form) {
        return None;
    }
    canonical(dialect, &form).ok().map(String::into_bytes)
}

fn in_headers(names: &Names, headers: &HeaderMap) -> Result<Option<Pair>, Refused> {
    let key = one_header(headers, names.key_header_name())?;
    let signature = one_header(headers, names.signature_header_name())?;
    Ok(key.zip(signature))
}

fn one_header(headers: &HeaderMap, name: &str) -> Result<Option<String>, Refused> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let value = value.to_str().map_err(|_| {
                Refused::unauthorized("the header of key or signature is not visible ASCII")
            })?;
            Ok(Some(value.into()))
        }
        (Some(_), Some(_)) => Err(Refused::unauthorized(
            "the header of key or signature is there twice",
        )),
    }
}
