//! The values that were sent for each product, and the values that the service showed afterwards.

use std::collections::BTreeMap;

use common_model::{Absent, Decode, Encode, Error, Map, Reader, Value, Writer};

use super::fields::{creation, edit, same, shown, wanted};
use crate::{
    Image,
    products::{Create, Product, Update},
};

/// The field that the service works on after its answer: for a while it may show what was sent, or what was
/// there before.
const IMAGE: &str = "image_url";

/// The values that were sent for each product and the values that the service showed afterwards, when the two differ.
///
/// Store it between rounds, as JSON ([`to_json`](common_model::to_json), [`from_json`](common_model::from_json)) or
/// through serde. It holds an entry for each field that is shown in another form than it was sent: usually the picture
/// of each product, about 200 bytes. The [module](super) has an example of a round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    products: BTreeMap<String, Traces>,
}

type Traces = BTreeMap<String, Trace>;

/// A field that was sent.
#[derive(Debug, Clone, PartialEq)]
struct Trace {
    sent: Value,
    /// The value shown until then.
    before: Value,
    /// The value shown since then; `None` while it is still the previous value.
    shown: Option<Value>,
}

/// The next step for a product: see [`Memory::step`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Nothing to do: the product shows the values that were sent.
    InStep,
    /// Nothing to do for now: the picture was sent, and the service still shows the previous one. It may still be
    /// making the copy, or it may have failed to fetch the picture. After [`Memory::forget`], the picture is sent
    /// again.
    Waiting,
    /// Create the product.
    Create(Create),
    /// Change these fields. If a PATCH is not enough, [`Update::rewriting`] builds a PUT.
    Update(Update),
}

/// The state of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It shows the wanted value.
    Equal,
    /// It shows the wanted value as rewritten by the service.
    Rewritten,
    /// It was sent and does not show yet.
    Unseen,
    /// It is to be sent.
    Differs,
}

impl Memory {
    /// Nothing was sent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the step that brings the product to the wanted state, and stores the values that it shows.
    ///
    /// Only the fields that are set in `wanted` are compared. `read` is the product as a list shows it; `None` when no
    /// list has it.
    #[must_use = "it has to be sent"]
    pub fn step(&mut self, wanted: &Update, read: Option<&Product>) -> Step {
        let Some(read) = read else {
            return Step::Create(creation(wanted));
        };
        let shown = shown(read);
        self.learn(&wanted.id, &shown);
        self.expect_copy(wanted, &shown);
        let (mut differing, mut is_waiting) = (Map::new(), false);
        for (field, value, state) in self.states(wanted, &shown) {
            match state {
                State::Differs => drop(differing.insert(field, value)),
                State::Unseen => is_waiting = true,
                State::Equal | State::Rewritten => {}
            }
        }
        match (differing.is_empty(), is_waiting) {
            (false, _) => Step::Update(edit(&wanted.id, differing)),
            (true, true) => Step::Waiting,
            (true, false) => Step::InStep,
        }
    }

    /// Whether the product shows what is wanted, apart from what the service rewrote.
    #[must_use]
    pub fn is_in_step(&self, wanted: &Update, read: &Product) -> bool {
        let shown = shown(read);
        let mut states = self.states(wanted, &shown);
        states.all(|(.., state)| matches!(state, State::Equal | State::Rewritten))
    }

    /// Notes that a step was sent and succeeded, with the same arguments that [`step`](Self::step) had.
    pub fn sent(&mut self, wanted: &Update, read: Option<&Product>) {
        if read.is_none() {
            self.forget(&wanted.id);
        }
        let shown = read.map(shown).unwrap_or_default();
        let sent: Vec<_> = self
            .states(wanted, &shown)
            .filter(|(.., state)| *state == State::Differs)
            .map(|(field, sent, _)| {
                let trace = Trace::new(sent, value(&shown, &field));
                (field, trace)
            })
            .collect();
        if !sent.is_empty() {
            let traces = self.products.entry(wanted.id.clone()).or_default();
            traces.extend(sent);
        }
    }

    /// The address of the picture that was sent last; none if none is remembered.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&str> {
        self.products.get(id)?.get(IMAGE)?.sent.as_str()
    }

    /// Forgets a product: what differs is sent again.
    pub fn forget(&mut self, id: &str) {
        self.products.remove(id);
    }

    /// Forgets the products that are not to be kept: those that left the catalogue.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.products.retain(|id, _| keep(id));
    }

    /// Of how many products something is remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    fn states(
        &self,
        update: &Update,
        shown: &Map<Value>,
    ) -> impl Iterator<Item = (String, Value, State)> {
        let traces = self.products.get(&update.id);
        wanted(update).into_iter().map(move |(field, wanted)| {
            let trace = traces.and_then(|traces| traces.get(&field));
            let state = state(&field, &wanted, value(shown, &field), trace);
            (field, wanted, state)
        })
    }

    /// Records a picture that shows the wanted address, since the address will change when the service has made its
    /// copy. This also covers a picture that the memory has no record of.
    fn expect_copy(&mut self, wanted: &Update, shown: &Map<Value>) {
        let Some(Image::Set(source)) = &wanted.image_url else {
            return;
        };
        let shown = value(shown, IMAGE);
        if shown.as_str() == Some(source) && self.source(&wanted.id) != Some(source) {
            let trace = Trace::new(shown.clone(), &Value::Null);
            let traces = self.products.entry(wanted.id.clone()).or_default();
            traces.insert(IMAGE.to_owned(), trace);
        }
    }

    /// Takes what is shown now for what became of the fields that were sent.
    fn learn(&mut self, id: &str, shown: &Map<Value>) {
        let Some(traces) = self.products.get_mut(id) else {
            return;
        };
        traces.retain(|field, trace| {
            let now = value(shown, field);
            if same(field, now, &trace.sent) {
                // A picture is shown as it was sent for a while; then its copy is. A removal has none.
                return field == IMAGE && trace.sent.as_str().is_some();
            }
            if trace.shown.is_none() && !trace.is_unseen(field, now) {
                trace.shown = Some(now.clone());
            }
            true
        });
        if traces.is_empty() {
            self.products.remove(id);
        }
    }
}

/// The value of a field; null when it is not shown.
fn value<'f>(shown: &'f Map<Value>, field: &str) -> &'f Value {
    const NOTHING: &Value = &Value::Null;
    shown.get(field).unwrap_or(NOTHING)
}

impl Trace {
    /// A field that was sent and does not show yet.
    fn new(sent: Value, before: &Value) -> Self {
        Self {
            sent,
            before: before.clone(),
            shown: None,
        }
    }

    /// Whether a field that was sent does not show yet. Pictures alone take their time: any other field shows
    /// what the service made of it, be it what it was before.
    fn is_unseen(&self, field: &str, shown: &Value) -> bool {
        field == IMAGE && same(field, &self.before, shown)
    }

    /// Whether a picture was sent that may still show. A removal needs no time.
    fn is_coming(&self, field: &str, shown: &Value) -> bool {
        self.shown.is_none() && self.sent.as_str().is_some() && self.is_unseen(field, shown)
    }
}

fn state(field: &str, wanted: &Value, shown: &Value, trace: Option<&Trace>) -> State {
    if same(field, wanted, shown) {
        // Another picture was sent, and its copy will take the place of what is shown now.
        let is_overtaken = trace.is_some_and(|trace| {
            trace.is_coming(field, shown) && !same(field, &trace.sent, wanted)
        });
        return match is_overtaken {
            true => State::Differs,
            false => State::Equal,
        };
    }
    let Some(trace) = trace.filter(|trace| same(field, &trace.sent, wanted)) else {
        return State::Differs;
    };
    match &trace.shown {
        Some(rewritten) if same(field, rewritten, shown) => State::Rewritten,
        Some(_) => State::Differs,
        None if trace.is_unseen(field, shown) => State::Unseen,
        None => State::Rewritten,
    }
}

/// An object of the products by id, of their fields by name.
impl Encode for Memory {
    fn encode(&self, out: &mut Writer) {
        self.products.encode(out);
    }
}

impl Encode for Trace {
    fn encode(&self, out: &mut Writer) {
        out.object(&mut |object| {
            self.sent.encode(object.key("sent"));
            self.before.encode(object.key("before"));
            if let Some(shown) = &self.shown {
                shown.encode(object.key("shown"));
            }
        });
    }
}

impl Decode for Memory {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        BTreeMap::decode(reader).map(|products| Self { products })
    }
}

impl Decode for Trace {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut members = Map::<Value>::decode(reader)?;
        Ok(Self {
            sent: members.remove("sent").unwrap_or_default(),
            before: members.remove("before").unwrap_or_default(),
            shown: members.remove("shown"),
        })
    }
}

common_model::__serde!(Memory);
