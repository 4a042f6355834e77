//! The fields of a form, as each dialect reads them.

use crate::{Dialect, Error, Form, Names, Value, canonical};

/// Fields of a form. Typed fields are the same in every dialect. In a urlencoded text PHP nests fields with
/// brackets in their names, other dialects do not; and each dialect refuses other texts.
#[derive(Clone, Debug)]
pub struct Fields {
    nested: Result<Form, Error>,
    flat: Result<Form, Error>,
}

impl Fields {
    /// Fields with types, which are the same in every dialect.
    pub fn typed(form: Form) -> Self {
        Self {
            nested: Ok(form.clone()),
            flat: Ok(form),
        }
    }

    /// The fields of a urlencoded text.
    pub fn received(text: &[u8]) -> Self {
        Self {
            nested: Form::parse_urlencoded(text),
            flat: Form::parse_urlencoded_flat(text),
        }
    }

    /// The form as the dialect reads it.
    ///
    /// # Errors
    /// The dialect cannot read the text, or not in one way only.
    pub fn of(&self, dialect: Dialect) -> Result<&Form, Error> {
        let form = match dialect {
            Dialect::Php | Dialect::Php81 => &self.nested,
            _ => &self.flat,
        };
        form.as_ref().map_err(Clone::clone)
    }

    /// The canonical text in the dialect.
    ///
    /// # Errors
    /// The dialect cannot read the text, or does not define a value.
    pub fn canonical(&self, dialect: Dialect) -> Result<String, Error> {
        canonical(dialect, self.of(dialect)?)
    }

    /// Whether there are no fields in any dialect that can read the text.
    pub fn is_empty(&self) -> bool {
        let mut forms = [&self.nested, &self.flat].into_iter().flatten();
        forms.all(Form::is_empty)
    }

    /// The indices of the fields in the dialect's order, without those that it does not write.
    ///
    /// # Errors
    /// The dialect cannot read the text.
    pub fn sorted(&self, dialect: Dialect) -> Result<Vec<usize>, Error> {
        sorted(self.of(dialect)?, dialect)
    }

    /// Removes key and signature, which are not signed but part of a pasted form.
    ///
    /// A name from the settings may also be the name of another field, so key and signature are removed
    /// only together. A documented name is removed by itself, the signature under either of its two names.
    // N18
    pub(super) fn leave_out_signature(&mut self, names: &Names) -> LeftOut {
        let (key, signature) = (names.key_parameter_name(), names.signature_parameter_name());
        let mut left_out = LeftOut::default();
        for form in [&mut self.nested, &mut self.flat].into_iter().flatten() {
            let is_pair = form.get(key).is_some() && form.get(signature).is_some();
            let is_documented = |name: &str| ["_key", "_sign", "_sing"].contains(&name);
            let mut found = LeftOut::default();
            for (at, (name, value)) in form.iter().enumerate() {
                let is_theirs =
                    is_documented(name) || (is_pair && (name == key || name == signature));
                if is_theirs {
                    found.names.push(name.to_owned());
                }
                match value {
                    Value::Text(text) if is_theirs && name == key => {
                        found.key = Some((at, text.clone()))
                    }
                    _ => {}
                }
            }
            found.names.iter().for_each(|name| drop(form.remove(name)));
            found.signature_under = SIGNATURES
                .into_iter()
                .find(|name| *name != signature && found.names.iter().any(|left| left == name))
                .filter(|_| !found.names.iter().any(|left| left == signature));
            if !found.names.is_empty() {
                left_out = found;
            }
        }
        left_out
    }
}

/// The documented names of the signature: in the samples and in the prose.
const SIGNATURES: [&str; 2] = ["_sign", "_sing"];

/// The removed fields, which are not signed.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    pub(super) names: Vec<String>,
    /// The index of the key among the fields, and its text.
    pub(super) key: Option<(usize, String)>,
    /// The signature's name, if it differs from the settings.
    pub(super) signature_under: Option<&'static str>,
}

impl LeftOut {
    /// The names of the fields, in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// The indices of a form's fields in the dialect's order, without those that it does not write.
pub(super) fn sorted(form: &Form, dialect: Dialect) -> Result<Vec<usize>, Error> {
    // A mark as the value of each field shows its place, whatever the encoding.
    let marks: Form = form
        .iter()
        .enumerate()
        .map(|(at, (key, _))| (key, format!("mark{at}")))
        .collect();
    let text = canonical(dialect, &marks)?;
    let mut places: Vec<(usize, usize)> = (0..form.len())
        .filter_map(|at| Some((mark(&text, at)?, at)))
        .collect();
    places.sort_unstable();
    Ok(places.into_iter().map(|(_, at)| at).collect())
}

/// The place of `=mark<at>` as a whole value.
fn mark(text: &str, at: usize) -> Option<usize> {
    let mark = format!("=mark{at}");
    text.match_indices(&mark)
        .map(|(place, _)| place)
        .find(|place| matches!(text.as_bytes().get(place + mark.len()), None | Some(b'&')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n21_brackets_nest_for_php_alone() {
        let mut fields = Fields::received(b"_sign=0&a[1]=x&a[0]=y&_key=k");
        let left_out = fields.leave_out_signature(&Names::new());
        assert_eq!(left_out.names, ["_sign", "_key"]);
        assert_eq!(
            (left_out.key, left_out.signature_under),
            (Some((3, "k".into())), None)
        );
        for (dialect, text) in [
            (Dialect::Php, "a%5B1%5D=x&a%5B0%5D=y"),
            (Dialect::Python, "a[0]=y&a[1]=x"),
            (Dialect::Prose, "a%5B0%5D=y&a%5B1%5D=x"),
        ] {
            assert_eq!(fields.canonical(dialect).as_deref(), Ok(text));
        }
    }

    // F20, N18
    #[test]
    fn f20_a_signature_under_the_other_name_is_left_out_and_told() {
        for (form, names, left, under) in [
            ("_key=k&_sing=0&a=1", Names::new(), 2, Some("_sing")),
            ("_sing=0&a=1", Names::new(), 1, Some("_sing")),
            ("_key=k&a=1", Names::new(), 1, None),
            (
                "_sign=0&a=1",
                Names::new().signature_parameter("_sing"),
                1,
                Some("_sign"),
            ),
            ("key=k&a=1", Names::new().key_parameter("key"), 0, None),
            (
                "key=k&_sign=0&a=1",
                Names::new().key_parameter("key"),
                2,
                None,
            ),
        ] {
            let mut fields = Fields::received(form.as_bytes());
            let left_out = fields.leave_out_signature(&names);
            assert_eq!(
                (left_out.names.len(), left_out.signature_under),
                (left, under),
                "{form}"
            );
        }
    }

    #[test]
    fn n30_each_dialect_reads_for_itself() {
        let fields = Fields::received(b"a.b=1");
        assert!(fields.of(Dialect::Php).is_err() && fields.of(Dialect::Prose).is_ok());
        let fields = Fields::received(b"a[]=1&a[]=2");
        assert!(fields.of(Dialect::Php).is_ok() && fields.of(Dialect::Prose).is_err());
        assert!(!fields.is_empty() && Fields::received(b"").is_empty());
    }
}
