//! Fields of a model, and of models inside of it, that no description knows.

use crate::{Error, Kind, Model, Reader, Writer, write_object};

/// A field that came with a model, or with a model inside of it, and that this model does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownField {
    /// Path of the field: `order.items[0].quantty`.
    pub path: String,
    /// Name of the field: `quantty`.
    pub name: String,
    /// Names of the fields that the model at this place knows, in the order in which it writes them.
    pub known: Vec<String>,
}

/// Finds unknown fields at any depth. In a model that was read from handwritten input, most are misspelt names.
///
/// Maps with free keys and [`Value`](crate::Value)s have no unknown fields. The model is not changed, and still
/// writes its unknown fields.
///
/// ```
/// use common_model::{Error, Extra, Model, ObjectWriter, Reader, from_json, unknown_fields};
///
/// #[derive(Clone, Default, PartialEq)]
/// struct Customer {
///     first_name: Option<String>,
///     parent: Option<Box<Customer>>,
///     extra: Extra,
/// }
///
/// impl Model for Customer {
///     fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error> {
///         match key {
///             "firstName" => reader.field("firstName", &mut self.first_name, &mut self.extra),
///             "parent" => reader.field("parent", &mut self.parent, &mut self.extra),
///             _ => Ok(false),
///         }
///     }
///     fn write_fields(&self, object: &mut ObjectWriter<'_>) {
///         object.field("firstName", &self.first_name, &self.extra);
///         object.field("parent", &self.parent, &self.extra);
///     }
///     fn extra(&self) -> &Extra {
///         &self.extra
///     }
///     fn extra_mut(&mut self) -> &mut Extra {
///         &mut self.extra
///     }
/// }
///
/// common_model::model!(Customer);
///
/// let customer: Customer = from_json(r#"{"parent":{"firstNme":"Anna"}}"#)?;
/// let unknown = unknown_fields(&customer);
/// assert_eq!(unknown[0].path, "parent.firstNme");
/// assert_eq!(unknown[0].known, ["firstName", "parent"]);
/// # Ok::<(), Error>(())
/// ```
#[must_use]
pub fn unknown_fields(model: &dyn Model) -> Vec<UnknownField> {
    let mut out = Writer::surveying();
    write_object(model, &mut out);
    let (text, places) = out.into_survey();
    let mut survey = Survey {
        places: &places,
        found: Vec::new(),
    };
    if !places.is_empty() {
        // A model writes JSON. A faulty implementation ends the search at the place where its text stops being JSON.
        let _ = survey.value(&mut Reader::new(&text), &mut String::new());
    }
    survey.found
}

/// Walks the text of a model in which every known field is written, as `null` if it has no value.
struct Survey<'p> {
    places: &'p [usize],
    found: Vec<UnknownField>,
}

impl Survey<'_> {
    fn value(&mut self, reader: &mut Reader<'_>, path: &mut String) -> Result<(), Error> {
        match reader.peek()? {
            Kind::Object => self.object(reader, path),
            Kind::Array => {
                let mut index = 0;
                reader.array(&mut |reader| {
                    let end = path.len();
                    path.push_str(&format!("[{index}]"));
                    index += 1;
                    let read = self.value(reader, path);
                    path.truncate(end);
                    read
                })
            }
            _ => reader.raw().map(drop),
        }
    }

    fn object(&mut self, reader: &mut Reader<'_>, path: &mut String) -> Result<(), Error> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        reader.object(&mut |key, reader| {
            let end = path.len();
            if end > 0 {
                path.push('.');
            }
            path.push_str(key);
            let read = if self.places.binary_search(&reader.offset()).is_ok() {
                unknown.push((path.clone(), key.to_owned()));
                reader.raw().map(drop)
            } else {
                known.push(key.to_owned());
                self.value(reader, path)
            };
            path.truncate(end);
            read
        })?;
        let fields = unknown.into_iter().map(|(path, name)| UnknownField {
            path,
            name,
            known: known.clone(),
        });
        self.found.extend(fields);
        Ok(())
    }
}
