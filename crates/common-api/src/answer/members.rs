//! The members of an envelope, as texts.

use common_model::{Error, Options, Reader, to_json};

/// Bytes of JSON of a failed answer up to which its members and errors are kept. Of a longer answer only the body is
/// kept.
pub const KEPT_BYTES: usize = 256 * 1024;

/// Returns the texts of the named members of a JSON object, in one pass. When a member is repeated the last one
/// counts, as in PHP. Their order does not matter.
///
/// ```
/// use common_api::answer::members;
///
/// let [success, message] = members(r#"{"a":[],"success": true,"success":0}"#, ["success", "errorMsg"]).unwrap();
/// assert_eq!((success, message), (Some("0"), None));
/// ```
///
/// # Errors
/// The text is not a JSON object.
pub fn members<'t, const N: usize>(
    text: &'t str,
    names: [&str; N],
) -> Result<[Option<&'t str>; N], Error> {
    members_with(text, names, &Options::new())
}

/// As [`members`], by settings with a stop check.
pub(super) fn members_with<'t, const N: usize>(
    text: &'t str,
    names: [&str; N],
    options: &Options<'_>,
) -> Result<[Option<&'t str>; N], Error> {
    let mut found = [None; N];
    let mut reader = Reader::with_options(text, options);
    reader.object(&mut |key, reader| {
        let raw = reader.raw()?;
        if let Some(place) = names.iter().position(|name| *name == key) {
            // Sliced from the text itself, which lives longer than the settings.
            let end = reader.offset();
            found[place] = text.get(end - raw.len()..end);
        }
        Ok(())
    })?;
    reader.end()?;
    Ok(found)
}

/// Returns a JSON object without these members, as JSON. Returns `None` if the text is not an object, or is very
/// long.
pub fn others(text: &str, names: &[&str]) -> Option<String> {
    if text.len() > KEPT_BYTES {
        return None;
    }
    let mut out = String::from("{");
    let mut reader = Reader::new(text);
    let read = reader.object(&mut |key, reader| {
        let raw = reader.raw()?;
        if !names.contains(&key) {
            if out.len() > 1 {
                out.push(',');
            }
            out.push_str(&to_json(key));
            out.push(':');
            out.push_str(raw);
        }
        Ok(())
    });
    read.and_then(|()| reader.end()).ok()?;
    out.push('}');
    Some(out)
}
