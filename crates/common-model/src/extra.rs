//! The parts of a model beside its fields: unknown fields, and the shapes of known fields.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
};

use crate::{
    Decode, Error, Reader, Value,
    aside::Aside,
    key::Key,
    map::{first_places, keep_last},
    steps, to_json,
};

/// The name under which the shape of the model itself is kept; it is no field's name.
pub(crate) const WHOLE: &str = "";

/// Number of entries up to which look-ups scan; more entries get an index.
const FEW: usize = 64;

/// Bytes that an index takes for each entry.
const INDEXED: usize = 96;

/// The parts of a model beside its fields, kept so that reading and writing loses nothing.
///
/// - Unknown fields, by name, in the order they came: [`get`](Self::get), [`iter`](Self::iter).
/// - The original shapes of known fields that their values do not tell: `null`, `false`, `""` and `[]` for no
///   value, `"12"` for a number, an object for a list. An unchanged field is written in its original shape.
///
/// A model without unknown fields and unusual shapes allocates nothing here. Two values are equal when their
/// unknown fields and their empty shapes are equal; the forms of values do not count.
///
/// ```
/// # use common_model::{Extra, Value};
/// let mut extra = Extra::default();
/// extra.insert("source", Value::from("crm"));
/// assert_eq!(extra.get("source").and_then(Value::as_str), Some("crm"));
/// ```
#[derive(Clone, Default)]
pub struct Extra {
    /// Unknown fields and shapes in one list, so that most models need one allocation.
    entries: Vec<Entry>,
}

#[derive(Clone)]
enum Entry {
    /// The places of the unknown fields, when there are many. This entry stands first.
    #[expect(clippy::box_collection, reason = "the other entries stay small")]
    Index(Box<HashMap<Key, usize>>),
    Unknown(Key, Value),
    Known(&'static str, Kept),
}

/// The original shape of a known field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kept {
    Null,
    False,
    EmptyText,
    EmptyList,
    /// Another text without a value: a date of zeros.
    Other(Value),
    /// A value of the wrong type, as text.
    Odd(Box<str>),
    /// A value in this form.
    Form(Value),
    /// A list that came as an object with these keys.
    Keys(Vec<Box<str>>),
    /// Lists or maps with odd elements; the rest came in this form.
    Aside(Option<Box<Kept>>, Box<Aside>),
    /// A value in the usual form: earlier entries do not count.
    Nothing,
}

impl Kept {
    /// Returns the empty shape as a value, or `None` if there was a value.
    pub(crate) fn empty(&self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::Null),
            Self::False => Some(Value::Bool(false)),
            Self::EmptyText => Some(Value::String(String::new())),
            Self::EmptyList => Some(Value::Array(Vec::new())),
            Self::Other(value) => Some(value.clone()),
            // The reader has checked that it is JSON.
            Self::Odd(text) => text.parse().ok(),
            Self::Form(_) | Self::Keys(_) | Self::Aside(..) | Self::Nothing => None,
        }
    }

    /// Returns the text that stands for no value, or `None` if there was a value.
    pub(crate) fn absent(&self, redacts: bool) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(match self {
            Self::Null => "null",
            Self::False => "false",
            Self::EmptyText => "\"\"",
            Self::EmptyList => "[]",
            // Its content is unknown and may be a secret.
            Self::Odd(_) if redacts => "\"(not of its type)\"",
            Self::Odd(text) => text,
            Self::Other(value) => return Some(Cow::Owned(to_json(value))),
            Self::Form(_) | Self::Keys(_) | Self::Aside(..) | Self::Nothing => return None,
        }))
    }
}

impl Extra {
    /// Returns the value of an unknown field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self.entries.get(self.position(name)?)? {
            Entry::Unknown(_, value) => Some(value),
            _ => None,
        }
    }

    /// Iterates over the unknown fields in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Unknown(key, value) => Some((key.as_str(), value)),
            Entry::Known(..) | Entry::Index(_) => None,
        })
    }

    /// Returns the number of unknown fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no unknown field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Sets an unknown field, which is written with the others; returns its previous value.
    ///
    /// The name must not be one of the model's own fields: the field would be written twice.
    pub fn insert(&mut self, name: impl AsRef<str>, value: Value) -> Option<Value> {
        let name = name.as_ref();
        match self.position(name) {
            Some(at) => self.replace(at, Entry::Unknown(name.into(), value)),
            None => {
                let at = self.entries.len();
                self.entries.push(Entry::Unknown(name.into(), value));
                match self.entries.first_mut() {
                    Some(Entry::Index(index)) => drop(index.insert(name.into(), at)),
                    _ => self.index(),
                }
                None
            }
        }
    }

    /// Removes an unknown field and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.position(name)?;
        let value = self.entries.remove(at).into_value();
        self.forget_index();
        value
    }

    /// Returns the original value of a known field that was read as `None`: `null`, `false`, `""`, `[]`, a
    /// date of zeros, or a value of the wrong type. Returns `null` for a field that was
    /// [cleared](crate::Model::clear). The shape is written as long as the field is `None`.
    #[must_use]
    pub fn empty_shape(&self, name: &str) -> Option<Value> {
        self.kept(name)?.empty()
    }

    /// Forgets the original forms of known fields. A number that came as `"12"` is then written as a number,
    /// and a field that came empty, in any shape, as an explicit `null`. Unknown fields stay.
    ///
    /// For values that are sent elsewhere than where they came from: parameters of a command line, a row of a
    /// queue. It applies to the fields of this model, not to those of models inside of it.
    pub fn forget_forms(&mut self) {
        self.forget_index();
        self.entries.retain_mut(|entry| match entry {
            Entry::Unknown(..) | Entry::Index(_) => true,
            Entry::Known(name, kept) => {
                let is_cleared = *name != WHOLE && kept.empty().is_some();
                *kept = Kept::Null;
                is_cleared
            }
        });
    }

    /// The shape of a known field. Of several the last counts.
    #[inline(never)]
    pub(crate) fn kept(&self, name: &str) -> Option<&Kept> {
        self.known()
            .rev()
            .find(|(known, _)| *known == name)
            .map(|(_, kept)| kept)
            .filter(|kept| **kept != Kept::Nothing)
    }

    pub(crate) fn has_kept(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Iterates over the odd elements of required fields, by field name.
    pub(crate) fn required(&self) -> impl Iterator<Item = (&'static str, &Aside)> {
        self.known().filter_map(|(name, kept)| match kept {
            Kept::Aside(_, aside) if aside.is_required => Some((name, &**aside)),
            _ => None,
        })
    }

    pub(crate) fn keep(&mut self, name: &'static str, kept: Kept) {
        match self.entries.last_mut() {
            Some(Entry::Known(last, before)) if *last == name => *before = kept,
            _ => self.entries.push(Entry::Known(name, kept)),
        }
    }

    /// Keeps the shape of a field while it is read, and counts its memory.
    pub(crate) fn keep_read(
        &mut self,
        name: &'static str,
        kept: Kept,
        reader: &mut Reader<'_>,
    ) -> Result<(), Error> {
        reader.charge_growth(&self.entries)?;
        self.keep(name, kept);
        Ok(())
    }

    /// Reads the value of an unknown field. [`settle`](Self::settle) must follow at the end.
    pub(crate) fn read(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.charge_growth(&self.entries)?;
        let value = Value::decode(reader)?;
        let name = Key::read(name, reader)?;
        self.entries.push(Entry::Unknown(name, value));
        Ok(())
    }

    /// Resolves equal names: the last value wins, at the place of the first.
    pub(crate) fn settle(&mut self, reader: &mut Reader<'_>) -> Result<(), Error> {
        reader.room_to_settle(self.entries.len())?;
        self.forget_index();
        let name = |at: usize| self.entries.get(at).and_then(Entry::name);
        let places = first_places(self.entries.len(), &name, reader.stop_check());
        let places = places.ok_or_else(|| reader.stopped())?;
        keep_last(&places, &mut self.entries);
        if self.entries.len() > FEW {
            reader.charge(self.entries.len().saturating_mul(INDEXED))?;
            self.index();
        }
        Ok(())
    }

    /// Builds an index when there are many entries.
    fn index(&mut self) {
        if self.entries.len() <= FEW {
            return;
        }
        steps::add(self.entries.len());
        let mut index = HashMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if let Entry::Unknown(key, _) = entry {
                index.insert(key.clone(), at + 1);
            }
        }
        self.entries.insert(0, Entry::Index(Box::new(index)));
    }

    /// Drops the index, before or after places change.
    fn forget_index(&mut self) {
        if let Some(Entry::Index(_)) = self.entries.first() {
            self.entries.remove(0);
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        if let Some(Entry::Index(index)) = self.entries.first() {
            return index.get(name.as_bytes()).copied();
        }
        steps::add(self.entries.len());
        let name = Some(name.as_bytes());
        self.entries.iter().position(|entry| entry.name() == name)
    }

    fn replace(&mut self, at: usize, entry: Entry) -> Option<Value> {
        std::mem::replace(&mut self.entries[at], entry).into_value()
    }

    fn known(&self) -> impl DoubleEndedIterator<Item = (&'static str, &Kept)> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Unknown(..) | Entry::Index(_) => None,
            Entry::Known(name, kept) => Some((*name, kept)),
        })
    }

    /// Returns the shapes of known fields without a value, by name.
    fn empty_shapes(&self) -> BTreeMap<&'static str, Value> {
        steps::add(self.entries.len());
        let last: BTreeMap<_, _> = self.known().collect();
        let shapes = last.into_iter();
        shapes
            .filter_map(|(name, kept)| Some((name, kept.empty()?)))
            .collect()
    }

    /// Whether the unknown fields are those of `other`.
    fn has_unknown_of(&self, other: &Self) -> bool {
        let (mut count, mut index) = (0, None);
        let is_same = self.iter().zip(other.iter()).all(|(left, right)| {
            steps::add(1);
            count += 1;
            left == right
        });
        if is_same || self.len() != other.len() {
            return is_same && self.len() == other.len();
        }
        // The names differ in order.
        self.iter().skip(count - 1).all(|(name, value)| {
            let index: &mut HashMap<_, _> = index.get_or_insert_with(|| {
                steps::add(other.len());
                other.iter().collect()
            });
            steps::add(1);
            index.get(name) == Some(&value)
        })
    }
}

impl Entry {
    /// Returns the name of an unknown field.
    fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Unknown(key, _) => Some(key.as_bytes()),
            Self::Known(..) | Self::Index(_) => None,
        }
    }

    fn into_value(self) -> Option<Value> {
        match self {
            Self::Unknown(_, value) => Some(value),
            Self::Known(..) | Self::Index(_) => None,
        }
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let has_kept = |extra: &Self| extra.known().next().is_some();
        self.has_unknown_of(other)
            && (!(has_kept(self) || has_kept(other)) || self.empty_shapes() == other.empty_shapes())
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shapes = self
            .known()
            .filter_map(|(name, kept)| Some((name, kept.absent(true)?)));
        f.debug_map().entries(self.iter()).entries(shapes).finish()
    }
}
