//! Elements of lists and maps that have the wrong type: their texts and their places.

use crate::{Reader, Value, Writer, to_json};

/// The parts of one field that were set aside: its value does not write them on its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aside {
    /// The lists and maps with odd elements. Lists inside of an element stand together, in the order of the
    /// elements and before the list around them.
    pub(crate) lists: Vec<OddElements>,
    /// Whether the field is required.
    pub(crate) is_required: bool,
}

/// The odd elements of one list or map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OddElements {
    /// The places of the enclosing elements, outermost first.
    pub(crate) path: Vec<usize>,
    /// Number of elements that came, odd ones included.
    pub(crate) total: usize,
    /// Whether it came as an object.
    pub(crate) is_keyed: bool,
    /// The odd elements, in order.
    pub(crate) elements: Vec<OddElement>,
    /// The keys and values of all odd elements, concatenated.
    pub(crate) texts: String,
}

/// An odd element. Its texts begin at the end of the previous element's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OddElement {
    /// Its place among all elements.
    pub(crate) place: usize,
    /// End of its key, as JSON, in the texts. An element of a list has no key.
    pub(crate) key_end: usize,
    /// End of its value in the texts.
    pub(crate) end: usize,
}

impl Aside {
    /// The places of the odd elements of the outermost list.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> {
        let outermost = self.lists.last().filter(|list| list.path.is_empty());
        outermost.into_iter().flat_map(OddElements::places)
    }

    /// Takes the odd elements out of the value they came in.
    pub(crate) fn remove_from(&self, value: &mut Value) {
        // From the inside out, so that removing an element does not move a place that is still to be used.
        for list in &self.lists {
            let mut inside = Some(&mut *value);
            for place in &list.path {
                inside = inside.and_then(|value| element(value, *place));
            }
            let mut odd = list.places().peekable();
            let mut place = 0;
            let mut is_good = || {
                let is_good = odd.next_if_eq(&place).is_none();
                place += 1;
                is_good
            };
            match inside {
                Some(Value::Array(items)) => items.retain(|_| is_good()),
                Some(Value::Object(map)) => map.retain(&mut is_good),
                _ => {}
            }
        }
    }

    /// Puts the elements back into the value that was written after `start`.
    pub(crate) fn put_back(&self, start: usize, out: &mut Writer) {
        let mut text = String::new();
        if weave(&out.as_str()[start..], &self.lists, 0, &mut text).is_some() {
            out.replace(start, &text);
        }
    }
}

/// An element as JSON, with its key in an object.
type Member<'t> = (Option<String>, &'t str);

/// Writes `written` with the odd elements at their places. `lists` are the odd lists in it, `level` is the
/// depth in their paths. A list whose number of elements has changed since stays as it is.
fn weave(written: &str, lists: &[OddElements], level: usize, out: &mut String) -> Option<()> {
    let (own, mut inner) = match lists.split_last()? {
        (own, inner) if own.path.len() == level => (Some(own), inner),
        _ => (None, lists),
    };
    let good = members(written)?;
    let odd = own.map_or(&[][..], |own| &own.elements);
    let total = good.len() + odd.len();
    if own.is_some_and(|own| own.total != total) {
        out.push_str(written);
        return Some(());
    }
    let is_object = written.starts_with('{') && !own.is_some_and(|own| own.was_list(&good));
    let (mut good, mut odd) = (
        good.into_iter(),
        own.into_iter().flat_map(OddElements::texts),
    );
    let mut next_odd = odd.next();
    out.push(if is_object { '{' } else { '[' });
    for place in 0..total {
        if place > 0 {
            out.push(',');
        }
        if let Some((_, key, value)) = next_odd.take_if(|(odd, ..)| *odd == place) {
            next_odd = odd.next();
            if is_object {
                push_key(key, place, out);
            }
            out.push_str(value);
            continue;
        }
        let (key, value) = good.next()?;
        if is_object {
            push_key(key.as_deref().unwrap_or_default(), place, out);
        }
        let is_inside = |list: &&OddElements| list.path.get(level) == Some(&place);
        let count = inner.iter().take_while(is_inside).count();
        let (inside, after) = inner.split_at(count);
        inner = after;
        match inside {
            [] => out.push_str(value),
            _ => weave(value, inside, level + 1, out)?,
        }
    }
    out.push(if is_object { '}' } else { ']' });
    Some(())
}

fn push_key(key: &str, place: usize, out: &mut String) {
    match key {
        "" => out.push_str(&format!("\"{place}\"")),
        key => out.push_str(key),
    }
    out.push(':');
}

/// The elements of a list or object.
pub(crate) fn members(written: &str) -> Option<Vec<Member<'_>>> {
    let mut members = Vec::new();
    let mut reader = Reader::new(written);
    let walked = if written.starts_with('{') {
        reader.object(&mut |key, reader| {
            members.push((Some(to_json(key)), reader.raw()?));
            Ok(())
        })
    } else {
        reader.array(&mut |reader| {
            members.push((None, reader.raw()?));
            Ok(())
        })
    };
    walked.ok().map(|()| members)
}

/// The element at a place of a list or object.
fn element(value: &mut Value, place: usize) -> Option<&mut Value> {
    match value {
        Value::Array(items) => items.get_mut(place),
        Value::Object(map) => map.iter_mut().nth(place).map(|(_, value)| value),
        _ => None,
    }
}

impl OddElements {
    fn places(&self) -> impl Iterator<Item = usize> {
        self.elements.iter().map(|element| element.place)
    }

    /// Yields place, key and value of each odd element.
    fn texts(&self) -> impl Iterator<Item = (usize, &str, &str)> {
        let mut start = 0;
        self.elements.iter().map(move |element| {
            let key = &self.texts[start..element.key_end];
            start = element.end;
            (
                element.place,
                key,
                &self.texts[element.key_end..element.end],
            )
        })
    }

    /// Whether the members of an object are the good elements of a list, keyed by their original places.
    fn was_list(&self, good: &[Member<'_>]) -> bool {
        if self.is_keyed {
            return false;
        }
        let mut odd = self.places().peekable();
        let places = (0..self.total).filter(|place| odd.next_if_eq(place).is_none());
        let keys = good.iter().map(|(key, _)| key.as_deref());
        places
            .zip(keys)
            .all(|(place, key)| key == Some(&format!("\"{place}\"")))
    }
}
