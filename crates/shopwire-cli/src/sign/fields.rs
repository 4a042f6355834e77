//! The fields of a form, as each dialect reads them.

use nicechat_sign::{Dialect, Error, Form, Names, canonical};

/// Typed fields are the same to every dialect. Of those of a urlencoded text PHP nests the ones with brackets in
/// their names, while the others leave the brackets where they are; and each refuses other texts.
#[derive(Debug)]
pub(super) struct Fields {
    nested: Result<Form, Error>,
    flat: Result<Form, Error>,
}

impl Fields {
    pub(super) fn typed(form: Form) -> Self {
        Self {
            nested: Ok(form.clone()),
            flat: Ok(form),
        }
    }

    pub(super) fn received(text: &[u8]) -> Self {
        Self {
            nested: Form::parse_urlencoded(text),
            flat: Form::parse_urlencoded_flat(text),
        }
    }

    /// The form that the dialect sees.
    pub(super) fn of(&self, dialect: Dialect) -> Result<&Form, Error> {
        let form = match dialect {
            Dialect::Php | Dialect::Php81 => &self.nested,
            _ => &self.flat,
        };
        form.as_ref().map_err(Clone::clone)
    }

    pub(super) fn canonical(&self, dialect: Dialect) -> Result<String, Error> {
        canonical(dialect, self.of(dialect)?)
    }

    /// Whether there are none, to whoever can read them.
    pub(super) fn is_empty(&self) -> bool {
        let mut forms = [&self.nested, &self.flat].into_iter().flatten();
        forms.all(Form::is_empty)
    }

    /// Takes out key and signature, which are not signed (N18), where both are among the fields: whoever pastes a
    /// whole form has them in it. Gives their names.
    pub(super) fn leave_out_signature(&mut self, names: &Names) -> Vec<String> {
        let names = [names.key_parameter_name(), names.signature_parameter_name()];
        let mut left_out = Vec::new();
        for form in [&mut self.nested, &mut self.flat].into_iter().flatten() {
            if names.iter().all(|name| form.get(name).is_some()) {
                names.iter().for_each(|name| drop(form.remove(name)));
                left_out = names.map(ToOwned::to_owned).into();
            }
        }
        left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n21_brackets_nest_for_php_alone() {
        let mut fields = Fields::received(b"_sign=0&a[1]=x&a[0]=y&_key=k");
        let left_out = fields.leave_out_signature(&Names::new());
        assert_eq!(left_out, ["_key", "_sign"]);
        for (dialect, text) in [
            (Dialect::Php, "a%5B1%5D=x&a%5B0%5D=y"),
            (Dialect::Python, "a[0]=y&a[1]=x"),
            (Dialect::Prose, "a%5B0%5D=y&a%5B1%5D=x"),
        ] {
            assert_eq!(fields.canonical(dialect).as_deref(), Ok(text));
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
