//! What was sent of each product, and what the service showed afterwards.

use std::collections::BTreeMap;

use common_model::{Absent, Decode, Encode, Error, Map, Reader, Value, Writer};

use super::fields::{creation, only, same, shown, wanted};
use crate::{
    Image, Product,
    products::{Create, Update},
};

/// The field that the service works on after its answer: for a while it may show what was sent, or what was
/// there before.
const IMAGE: &str = "image_url";

/// What was sent of each product and what the service showed afterwards, where that is not the same.
///
/// It is a value for you to keep from round to round, as JSON
/// ([`to_json`](common_model::to_json), [`from_json`](common_model::from_json)) or through serde.
/// It holds an entry for each field that is shown in another way than it was sent: as a rule the
/// picture of each product, about 200 bytes. See the [module](super) for a round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Memory {
    products: BTreeMap<String, Traces>,
}

type Traces = BTreeMap<String, Trace>;

/// A field that was sent.
#[derive(Debug, Clone, PartialEq)]
struct Trace {
    sent: Value,
    /// What was shown until then.
    before: Value,
    /// What has been shown since; none while it is what was shown before.
    shown: Option<Value>,
}

/// What is to be done for a product: [`Memory::step`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Nothing: what is shown is what was sent.
    InStep,
    /// Nothing for now: the picture was sent, and the service shows what it showed before. It may be at work
    /// on the copy, or it may have failed to fetch the picture. [`Memory::forget`] has it sent again.
    Waiting,
    /// The product is to be created.
    Create(Create),
    /// These fields are to be changed. Where PATCH does not do, [`Update::rewriting`] makes a PUT of it.
    Update(Update),
}

/// What is known of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is shown as it is wanted.
    Equal,
    /// It is shown as the service rewrote it.
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

    /// What is to be done so that the product is as it is wanted, and remembers what it is shown.
    ///
    /// The fields that are set in `wanted` are compared; the others are left alone. `read` is the product
    /// as a list shows it, none when it is in no list.
    #[must_use = "it has to be sent"]
    pub fn step(&mut self, wanted: &Update, read: Option<&Product>) -> Step {
        let Some(read) = read else {
            return Step::Create(creation(wanted));
        };
        self.learn(&wanted.id, read);
        self.expect_copy(wanted, read);
        let (mut differing, mut is_waiting) = (Vec::new(), false);
        for (field, value, state) in self.states(wanted, Some(read)) {
            match state {
                State::Differs => differing.push((field, value)),
                State::Unseen => is_waiting = true,
                State::Equal | State::Rewritten => {}
            }
        }
        match (differing.is_empty(), is_waiting) {
            (false, _) => Step::Update(only(wanted, &differing)),
            (true, true) => Step::Waiting,
            (true, false) => Step::InStep,
        }
    }

    /// Whether the product shows what is wanted, apart from what the service rewrote.
    #[must_use]
    pub fn is_in_step(&self, wanted: &Update, read: &Product) -> bool {
        let mut states = self.states(wanted, Some(read));
        states.all(|(.., state)| matches!(state, State::Equal | State::Rewritten))
    }

    /// Notes that a step was sent and succeeded, with the same arguments that [`step`](Self::step) had.
    pub fn sent(&mut self, wanted: &Update, read: Option<&Product>) {
        if read.is_none() {
            self.forget(&wanted.id);
        }
        let sent: Vec<_> = self
            .states(wanted, read)
            .filter(|(.., state)| *state == State::Differs)
            .map(|(field, sent, _)| {
                let before = read.map(|read| shown(read, &field)).unwrap_or_default();
                let trace = Trace {
                    sent,
                    before,
                    shown: None,
                };
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
        read: Option<&Product>,
    ) -> impl Iterator<Item = (String, Value, State)> {
        let traces = self.products.get(&update.id);
        wanted(update).into_iter().map(move |(field, value)| {
            let shown = read.map(|read| shown(read, &field)).unwrap_or_default();
            let trace = traces.and_then(|traces| traces.get(&field));
            let state = state(&field, &value, &shown, trace);
            (field, value, state)
        })
    }

    /// A picture that is shown as it is wanted will have another address when its copy is made, also where
    /// nobody remembers that it was sent.
    fn expect_copy(&mut self, wanted: &Update, read: &Product) {
        let Some(Image::Set(source)) = &wanted.image_url else {
            return;
        };
        if read.image_url.as_ref() == Some(source) && self.source(&wanted.id) != Some(source) {
            let trace = Trace {
                sent: Value::from(source.as_str()),
                before: Value::Null,
                shown: None,
            };
            let traces = self.products.entry(wanted.id.clone()).or_default();
            traces.insert(IMAGE.to_owned(), trace);
        }
    }

    /// Takes what is shown now for what became of the fields that were sent.
    fn learn(&mut self, id: &str, read: &Product) {
        let Some(traces) = self.products.get_mut(id) else {
            return;
        };
        traces.retain(|field, trace| {
            let now = shown(read, field);
            if same(field, &now, &trace.sent) {
                // A picture is shown as it was sent for a while; then its copy is. A removal has none.
                return field == IMAGE && trace.sent.as_str().is_some();
            }
            if trace.shown.is_none() && !trace.is_unseen(field, &now) {
                trace.shown = Some(now);
            }
            true
        });
        if traces.is_empty() {
            self.products.remove(id);
        }
    }
}

impl Trace {
    /// Whether a field that was sent does not show yet. Pictures alone take their time: any other field shows
    /// what the service made of it, be it what it was before.
    fn is_unseen(&self, field: &str, shown: &Value) -> bool {
        field == IMAGE && same(field, &self.before, shown)
    }
}

fn state(field: &str, wanted: &Value, shown: &Value, trace: Option<&Trace>) -> State {
    if same(field, wanted, shown) {
        return State::Equal;
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
        out.object(&mut |object| {
            for (id, traces) in &self.products {
                object.key(id).object(&mut |object| {
                    for (field, trace) in traces {
                        trace.encode(object.key(field));
                    }
                });
            }
        });
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
        let products = Map::<Map<Trace>>::decode(reader)?.into_iter();
        Ok(Self {
            products: products
                .map(|(id, traces)| (id, traces.into_iter().collect()))
                .collect(),
        })
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
