//! The members of an envelope, as their texts.

use common_model::{Error, Options, Reader, to_json};

/// How much JSON of a failed answer is kept as members and errors; of a longer one the body alone is.
pub const KEPT_BYTES: usize = 256 * 1024;

/// The texts of these members of a JSON object, in one pass. Where a member stands twice the last one counts, as in
/// PHP; their order does not matter.
///
/// ```
/// use common_api::answer::members;
///
/// let [success, message] = members(r#"{"a":[],"success": true,"success":0}"#, ["success", "errorMsg"]).unwrap();
/// assert_eq!((success, message), (Some("0"), None));
/// ```
///
/// # Errors
/// The text is no JSON object.
pub fn members<'t, const N: usize>(
    text: &'t str,
    names: [&str; N],
) -> Result<[Option<&'t str>; N], Error> {
    members_with(text, names, &Options::new())
}

/// The same, until the settings say to stop.
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
            // From the text itself, which lives longer than the settings.
            let end = reader.offset();
            found[place] = text.get(end - raw.len()..end);
        }
        Ok(())
    })?;
    reader.end()?;
    Ok(found)
}

/// A JSON object without these members, as JSON; none where the text is no object, or a very long one.
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
