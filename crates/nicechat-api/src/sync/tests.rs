use std::collections::BTreeMap;

use common_model::{Decimal, Model as _, Value, from_json, to_json};
use common_transport::Operation;
use proptest::prelude::*;

use super::*;
use crate::{Image, products, products::Product};

/// A service that keeps products and rewrites what it is sent.
#[derive(Debug, Default)]
struct Service {
    products: BTreeMap<String, BTreeMap<String, Value>>,
    /// How many pictures were fetched; each copy gets an address of its own.
    fetched: usize,
    manner: Manner,
    /// Copies that are not made yet: the rounds to wait, and the address.
    copying: BTreeMap<String, (u8, Value)>,
}

/// How the service shows what it was sent.
#[derive(Debug, Default, Clone)]
struct Manner {
    /// So many reads pass before the copy of a picture is shown.
    copy_takes: u8,
    /// Until then it shows what was sent, not what was there before.
    echoes: bool,
    /// Titles lose outer blanks, prices all digits behind the tenths.
    tidies: bool,
}

impl Service {
    fn create(&mut self, create: &products::Create) {
        self.write(&create.id, Value::of(create));
    }

    fn update(&mut self, update: &products::Update) {
        // As it goes over the wire.
        let request = update.request().expect("a request");
        let body = from_json(std::str::from_utf8(request.body()).expect("UTF-8")).expect("JSON");
        self.write(&update.id, body);
    }

    fn write(&mut self, id: &str, fields: Value) {
        let Value::Object(fields) = fields else {
            panic!("an object")
        };
        let product = self.products.entry(id.to_owned()).or_default();
        for (name, value) in fields {
            let text = value.as_str().map(str::to_owned);
            match (name.as_str(), text) {
                ("id", _) => {}
                ("image_url", Some(source)) if matches!(Image::from(&*source), Image::Set(_)) => {
                    self.fetched += 1;
                    let number = self.fetched;
                    let address = Value::from(format!("https://cdn.nice.chat/{number}.jpg"));
                    let (wait, echoes) = (self.manner.copy_takes, self.manner.echoes);
                    if echoes {
                        product.insert(name.clone(), Value::from(source));
                    }
                    self.copying.insert(id.to_owned(), (wait, address));
                }
                ("title", Some(title)) if self.manner.tidies => {
                    product.insert(name, Value::from(title.trim()));
                }
                ("price", None) if self.manner.tidies => {
                    let price = value.as_number().and_then(|price| price.as_decimal());
                    let price = price.expect("a price").trunc_with_scale(1);
                    product.insert(name, Value::from(price));
                }
                _ => {
                    if name == "image_url" {
                        self.copying.remove(id);
                    }
                    product.insert(name, value);
                }
            }
        }
    }

    fn read(&mut self, id: &str) -> Option<Product> {
        let product = self.products.get_mut(id)?;
        match self.copying.get_mut(id) {
            Some((0, address)) => {
                product.insert("image_url".into(), address.clone());
                self.copying.remove(id);
            }
            Some((wait, _)) => *wait -= 1,
            None => {}
        }
        let members = product.iter().map(|(name, value)| (name, value.clone()));
        let mut shown: common_model::Map<Value> = members.collect();
        shown.insert("id", Value::from(id));
        Some(Value::Object(shown).to().expect("a product"))
    }
}

/// One round; gives how many calls were sent.
fn round(service: &mut Service, memory: &mut Memory, catalogue: &[products::Update]) -> usize {
    // It is stored between the rounds.
    *memory = from_json(&to_json(memory)).expect("what was stored");
    let mut calls = 0;
    for wanted in catalogue {
        let read = service.read(&wanted.id);
        let quiet = read
            .as_ref()
            .is_some_and(|read| memory.is_in_step(wanted, read));
        let step = memory.step(wanted, read.as_ref());
        assert_eq!(step == Step::InStep, quiet, "{step:?}");
        match step {
            Step::Create(create) => service.create(&create),
            Step::Update(update) => service.update(&update),
            Step::InStep | Step::Waiting => continue,
        }
        calls += 1;
        memory.sent(wanted, read.as_ref());
    }
    calls
}

fn wanted() -> products::Update {
    products::Update::new("PQ1")
        .title("Плед")
        .price(Decimal::new(1500, 2))
        .currency("USD")
        .image_url("https://shop.example/a.jpg")
}

fn product(json: &str) -> Product {
    from_json(json).unwrap()
}

// N62
#[test]
fn n62_a_memory_ends_the_loop_and_without_one_there_is_one() {
    let mut service = Service::default();
    let mut memory = Memory::new();
    let catalogue = [wanted()];
    let calls: Vec<_> = (0..4)
        .map(|_| round(&mut service, &mut memory, &catalogue))
        .collect();
    assert_eq!((calls, service.fetched), (vec![1, 0, 0, 0], 1));

    // Who forgets what was sent sends each picture in each round.
    for fetched in 2..5 {
        assert_eq!(round(&mut service, &mut Memory::new(), &catalogue), 1);
        assert_eq!(service.fetched, fetched);
    }
}

// N61, N62
#[test]
fn n62_an_edit_holds_what_differs_and_leaves_the_picture_alone() {
    let mut service = Service::default();
    let mut memory = Memory::new();
    round(&mut service, &mut memory, &[wanted()]);
    let read = service.read("PQ1").unwrap();

    let dearer = wanted().price(Decimal::new(1600, 2));
    let Step::Update(update) = memory.step(&dearer, Some(&read)) else {
        panic!("a price differs")
    };
    assert_eq!(
        update,
        products::Update::new("PQ1").price(Decimal::new(1600, 2))
    );

    let other = wanted().image_url("https://shop.example/b.jpg");
    let Step::Update(update) = memory.step(&other, Some(&read)) else {
        panic!("a picture differs")
    };
    let b = Image::Set("https://shop.example/b.jpg".into());
    assert_eq!(update, products::Update::new("PQ1").image_url(b));

    // No picture any more, and no description: both go out as null.
    let mut bare = wanted().image_url(Image::Remove);
    bare.clear("title").unwrap();
    bare.title = None;
    let Step::Update(update) = memory.step(&bare, Some(&read)) else {
        panic!("it is to be emptied")
    };
    let body = update.request().unwrap().into_body();
    assert_eq!(body, r#"{"title":null,"image_url":null}"#.as_bytes());
    service.update(&update);
    memory.sent(&bare, Some(&read));
    assert_eq!(round(&mut service, &mut memory, &[bare]), 0);
}

// N62
#[test]
fn n62_each_field_is_compared_and_sent() {
    let full = products::Update::new("PQ1")
        .category("CQ1")
        .title("t")
        .price(Decimal::ONE)
        .currency("usd")
        .description("d")
        .url("https://shop.example/1")
        .image_url("https://shop.example/a.jpg")
        .in_stock(true);
    let mut full = full;
    full.extra.insert("weight", Value::from(3));
    let Value::Object(fields) = Value::of(&full) else {
        panic!("an object")
    };
    assert_eq!(
        fields.len(),
        10,
        "the id, eight fields and one of one's own"
    );
    for (name, value) in fields.iter().filter(|(name, _)| *name != "id") {
        let mut shown = fields.clone();
        shown.remove(name);
        let read: Product = Value::Object(shown).to().unwrap();
        let mut memory = Memory::new();
        assert!(!memory.is_in_step(&full, &read), "{name}");
        let Step::Update(update) = memory.step(&full, Some(&read)) else {
            panic!("{name} differs")
        };
        let sent = Value::of(&update);
        assert_eq!(sent.get(name), Some(value));
        assert_eq!(sent.as_object().unwrap().len(), 2, "{name} and the id");
    }
    assert_eq!(Value::of(&creation(&full)), Value::of(&full));
}

fn creation(wanted: &products::Update) -> products::Create {
    match Memory::new().step(wanted, None) {
        Step::Create(create) => create,
        step => panic!("{step:?}"),
    }
}

// N59, N62
#[test]
fn n62_another_spelling_is_no_difference() {
    let read = product(
        r#"{"id":"PQ1","title":"Плед","price":"15","currency":"usd","description":"","in_stock":null}"#,
    );
    let mut wanted = wanted();
    wanted.image_url = None;
    wanted.clear("description").unwrap();
    let mut memory = Memory::new();
    assert!(memory.is_in_step(&wanted, &read));
    assert_eq!(memory.step(&wanted, Some(&read)), Step::InStep);
    for (differs, field) in [
        (wanted.clone().title("плед"), "title"),
        (wanted.clone().price(Decimal::new(1501, 2)), "price"),
        (wanted.clone().currency("eur"), "currency"),
        (wanted.clone().in_stock(false), "in_stock"),
    ] {
        let step = memory.step(&differs, Some(&read));
        assert!(matches!(step, Step::Update(_)), "{field}");
    }
}

// N62
#[test]
fn n62_a_picture_that_was_changed_by_hand_is_sent_again_once() {
    let mut service = Service::default();
    let mut memory = Memory::new();
    let catalogue = [wanted()];
    round(&mut service, &mut memory, &catalogue);
    round(&mut service, &mut memory, &catalogue);
    let by_hand = products::Update::new("PQ1").image_url("https://elsewhere.example/x.jpg");
    service.update(&by_hand);
    let calls: Vec<_> = (0..3)
        .map(|_| round(&mut service, &mut memory, &catalogue))
        .collect();
    assert_eq!((calls, service.fetched), (vec![1, 0, 0], 3));
}

// N62
#[test]
fn n62_a_picture_that_the_service_cannot_fetch_is_waited_for() {
    let mut memory = Memory::new();
    let wanted = wanted();
    memory.sent(&wanted, None);
    let read =
        product(r#"{"id":"PQ1","title":"Плед","price":15.00,"currency":"usd","image_url":null}"#);
    for _ in 0..3 {
        let step = memory.step(&wanted, Some(&read));
        assert_eq!(step, Step::Waiting);
        assert!(!memory.is_in_step(&wanted, &read));
    }
    memory.forget("PQ1");
    let image = products::Update::new("PQ1").image_url("https://shop.example/a.jpg");
    assert_eq!(memory.step(&wanted, Some(&read)), Step::Update(image));
}

// N62
#[test]
fn n62_what_left_the_catalogue_is_forgotten() {
    let mut memory = Memory::new();
    memory.sent(&wanted(), None);
    memory.sent(&products::Update::new("0").title("t"), None);
    assert_eq!((memory.len(), memory.is_empty()), (2, false));
    assert_eq!(memory.source("PQ1"), Some("https://shop.example/a.jpg"));
    assert_eq!(memory.source("0"), None);
    assert_eq!(from_json::<Memory>(&to_json(&memory)).unwrap(), memory);
    memory.retain(|id| id != "PQ1");
    assert_eq!((memory.len(), memory.source("PQ1")), (1, None));
}

// N62
#[test]
fn n62_a_picture_that_is_no_longer_wanted_is_taken_back_before_it_shows() {
    let manner = Manner {
        copy_takes: 3,
        ..Manner::default()
    };
    let mut service = Service {
        manner,
        ..Service::default()
    };
    let mut memory = Memory::new();
    let bare = wanted().image_url(Image::Remove);
    // The product has no picture, another one is sent, and then none is wanted again.
    assert_eq!(round(&mut service, &mut memory, &[bare.clone()]), 1);
    assert_eq!(round(&mut service, &mut memory, &[wanted()]), 1);
    assert_eq!(round(&mut service, &mut memory, &[bare.clone()]), 1);
    for _ in 0..6 {
        assert_eq!(round(&mut service, &mut memory, &[bare.clone()]), 0);
    }
    assert_eq!(service.read("PQ1").unwrap().image_url, None);
}

// N62
#[test]
fn n62_what_was_stored_stays_small_and_readable() {
    let mut memory = Memory::new();
    memory.sent(&wanted(), None);
    let read = product(
        r#"{"id":"PQ1","title":"Плед","price":15.0,"currency":"usd","image_url":"https://cdn.nice.chat/1.jpg"}"#,
    );
    assert_eq!(memory.step(&wanted(), Some(&read)), Step::InStep);
    let stored = r#"{"PQ1":{"image_url":{"sent":"https://shop.example/a.jpg","before":null,"shown":"https://cdn.nice.chat/1.jpg"}}}"#;
    assert_eq!(
        to_json(&memory),
        stored,
        "the picture alone is not shown as it was sent"
    );
    assert!(from_json::<Memory>("1").is_err());
}

/// What happens between two rounds.
#[derive(Debug, Clone)]
enum Event {
    /// The catalogue changes.
    Wants { product: u8, field: u8, value: u8 },
    /// Somebody edits the product in the service.
    ByHand { product: u8, field: u8, value: u8 },
    /// The stored memory is lost.
    Lost,
    /// A round passes.
    Round,
    /// A round is sent, and its end is not noted.
    Crash,
}

fn event() -> impl Strategy<Value = Event> {
    let change = (0..3_u8, 0..3_u8, 0..4_u8);
    prop_oneof![
        4 => change.clone().prop_map(|(product, field, value)| Event::Wants { product, field, value }),
        2 => change.prop_map(|(product, field, value)| Event::ByHand { product, field, value }),
        1 => Just(Event::Lost),
        4 => Just(Event::Round),
        1 => Just(Event::Crash),
    ]
}

fn set(update: products::Update, field: u8, value: u8, host: &str) -> products::Update {
    match (field, value) {
        (0, _) => update.title(format!(" title {value} ")),
        (1, _) => update.price(Decimal::new(1000 + i64::from(value), 2)),
        (_, 0) => update.image_url(Image::Remove),
        _ => update.image_url(format!("https://{host}/{value}.jpg")),
    }
}

proptest! {
    // N62: whatever happened and however the service rewrites, one round sends all and the next ones nothing.
    #[test]
    fn n62_after_one_round_nothing_is_left_to_send(
        events in proptest::collection::vec(event(), 0..24),
        (copy_takes, echoes, tidies) in (0..3_u8, any::<bool>(), any::<bool>()),
    ) {
        let manner = Manner { copy_takes, echoes, tidies };
        let mut service = Service { manner, ..Service::default() };
        let mut memory = Memory::new();
        let mut catalogue: Vec<_> =
            (0..3).map(|number| products::Update::new(format!("P{number}"))).collect();
        for event in events {
            match event {
                Event::Wants { product, field, value } => {
                    let wanted = &mut catalogue[usize::from(product)];
                    *wanted = set(wanted.clone(), field, value, "shop.example");
                }
                Event::ByHand { product, field, value } => {
                    let id = format!("P{product}");
                    if service.products.contains_key(&id) {
                        // Not while the service is at work on what was sent: nobody can tell these apart.
                        for _ in 0..4 {
                            round(&mut service, &mut memory, &catalogue);
                        }
                        let update = products::Update::new(id);
                        service.update(&set(update, field, value, "elsewhere.example"));
                        for id in ["P0", "P1", "P2"] {
                            (0..4).for_each(|_| drop(service.read(id)));
                        }
                    }
                }
                Event::Lost => {
                    memory = Memory::new();
                    // A picture that is on its way shows first: without a memory, nothing tells of it.
                    for id in ["P0", "P1", "P2"] {
                        (0..4).for_each(|_| drop(service.read(id)));
                    }
                }
                Event::Round => drop(round(&mut service, &mut memory, &catalogue)),
                Event::Crash => {
                    // As above: what was sent before is to be seen first.
                    for _ in 0..4 {
                        round(&mut service, &mut memory, &catalogue);
                    }
                    let before = memory.clone();
                    round(&mut service, &mut memory, &catalogue);
                    memory = before;
                    for id in ["P0", "P1", "P2"] {
                        (0..4).for_each(|_| drop(service.read(id)));
                    }
                }
            }
        }
        round(&mut service, &mut memory, &catalogue);
        let fetched = service.fetched;
        for _ in 0..6 {
            prop_assert_eq!(round(&mut service, &mut memory, &catalogue), 0);
        }
        prop_assert_eq!(service.fetched, fetched);
        // And what was wanted is what is there.
        for wanted in &catalogue {
            let read = service.read(&wanted.id).expect("it was created");
            if let Some(title) = &wanted.title {
                let title = if tidies { title.trim() } else { title.as_str() };
                prop_assert_eq!(read.title.as_deref(), Some(title));
            }
            match &wanted.image_url {
                Some(Image::Set(source)) => {
                    prop_assert_eq!(memory.source(&wanted.id), Some(source.as_str()));
                    let address = read.image_url.clone().unwrap_or_default();
                    prop_assert!(matches!(Image::from(address), Image::Keep(_)));
                    prop_assert!(memory.is_in_step(wanted, &read));
                }
                Some(_) => prop_assert_eq!(read.image_url, None),
                None => {}
            }
        }
    }
}
