//! Search for the fewest mistakes that give a signature.

use std::cell::Cell;

use super::{
    bodies,
    ends::{ENDS, Ends},
    found::{Explained, Found, seen},
    parts,
    received::Received,
    recipe::{Recipe, State},
    request::Request,
    variant::{Kind, Mistake, Variant, Variants, mistake, same_kinds},
};

/// Maximum number of mistakes at once.
const MOST: usize = 3;

/// Maximum number of bytes hashed in the search for several mistakes at once. It is enough for all combinations with a
/// body of 10 KB; a larger body is searched for the likelier ones. Single mistakes are always tried.
const MOST_HASHED: u64 = 96 << 20;

/// Searches for the fewest mistakes with which a client that has this secret and key gets the received signature.
pub fn search(request: &Request, secret: &str, key: &str, received: &Received) -> Found {
    let search = Search {
        recipes: Recipe::variants(),
        secrets: parts::secrets(secret, key),
        paths: parts::paths(request),
        methods: parts::methods(&request.method),
        bodies: bodies::variants(request, key),
        given: *received.signature.as_bytes(),
        hashed: Cell::new(0),
    };
    let sets = search.fewest(request, key);
    Found {
        is_cut: sets.is_empty() && search.is_spent(),
        seen: seen(request, received),
        sets,
        #[cfg(test)]
        hashed: search.hashed.get(),
    }
}

/// The variants of all hashed parts.
struct Search {
    recipes: Variants<Recipe>,
    secrets: Variants<Vec<u8>>,
    paths: Variants<String>,
    methods: Variants<String>,
    bodies: Variants<Vec<u8>>,
    given: [u8; 32],
    hashed: Cell<u64>,
}

/// The hashed parts except the method, the body and the white space around it.
#[derive(Clone, Copy)]
struct Head<'s> {
    recipe: &'s Variant<Recipe>,
    secret: &'s Variant<Vec<u8>>,
    path: &'s Variant<String>,
}

impl Head<'_> {
    fn count(&self) -> usize {
        self.recipe.mistakes.len() + self.secret.mistakes.len() + self.path.mistakes.len()
    }
}

impl Search {
    fn fewest(&self, request: &Request, key: &str) -> Vec<Explained> {
        for count in 0..=MOST {
            let mut found: Vec<Explained> = Vec::new();
            for body in self.bodies.common(count) {
                for mut one in self.around(body, count - body.mistakes.len(), count) {
                    one.mistakes.extend(body.mistakes.iter().cloned());
                    let is_known = |known: &Explained| same_kinds(&known.mistakes, &one.mistakes);
                    if !found.iter().any(is_known) {
                        found.push(one);
                    }
                }
            }
            if found.is_empty() && count == 1 {
                found.extend(self.rare());
            }
            if found.is_empty() && (1..=2).contains(&count) {
                found.extend(self.other_order(request, key, count - 1));
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Searches for another order of the body's parts. There are too many orders to combine all
    /// with all other mistakes.
    fn other_order(&self, request: &Request, key: &str, beside: usize) -> Option<Explained> {
        let is_it = |body: &[u8], most: usize| {
            let body = Variant {
                mistakes: Vec::new(),
                value: body.to_vec(),
                is_rare: false,
            };
            (0..=most).find_map(|count| self.around(&body, count, beside + 1).into_iter().next())
        };
        bodies::other_order(request, key, beside, &is_it)
    }

    /// The sets of exactly `count` mistakes outside of the body with which this body gives the signature; `all` is
    /// the number including those of the body.
    fn around(&self, body: &Variant<Vec<u8>>, count: usize, all: usize) -> Vec<Explained> {
        let mut found = Vec::new();
        for head in self.heads(count) {
            if all > 1 && self.is_spent() {
                break;
            }
            let left = count - head.count();
            if left <= 1 {
                let methods = self.methods.common(left);
                let methods = methods.filter(|method| method.mistakes.len() == left);
                self.check(
                    head,
                    &body.value,
                    "",
                    methods.map(|method| (None, method)),
                    &mut found,
                );
            }
            let is_spaced = |mistake: &Mistake| mistake.kind == Kind::WhiteSpace;
            if (1..=2).contains(&left) && !body.mistakes.iter().any(is_spaced) {
                self.ends(head, &body.value, left - 1, false, &mut found);
            }
        }
        found
    }

    /// The variants of the part before the body, with at most `most` mistakes.
    fn heads(&self, most: usize) -> impl Iterator<Item = Head<'_>> {
        self.recipes.common(most).flat_map(move |recipe| {
            let most = most - recipe.mistakes.len();
            self.secrets.common(most).flat_map(move |secret| {
                let most = most - secret.mistakes.len();
                let paths = self.paths.common(most);
                paths.map(move |path| Head {
                    recipe,
                    secret,
                    path,
                })
            })
        })
    }

    /// The body with white space around it, together with mistakes in the method.
    fn ends(
        &self,
        head: Head<'_>,
        body: &[u8],
        others: usize,
        is_rare: bool,
        found: &mut Vec<Explained>,
    ) {
        let body = body.trim_ascii();
        let ends = || ENDS.iter().filter(|ends| ends.is_rare == is_rare);
        let mut befores: Vec<&str> = Vec::new();
        for before in ends().map(|ends| ends.before.as_str()) {
            if !befores.contains(&before) {
                befores.push(before);
            }
        }
        let methods = || {
            let methods = self.methods.common(others);
            methods.filter(|method| method.mistakes.len() == others)
        };
        for before in befores {
            let same = ends().filter(|ends| ends.before == before);
            let tails = same.flat_map(|ends| methods().map(move |method| (Some(ends), method)));
            self.check(head, body, before, tails, found);
        }
    }

    /// Searches for mistakes that are only tried alone.
    fn rare(&self) -> Option<Explained> {
        let right = self.heads(0).next()?;
        let body = self.bodies.iter().next()?;
        let method = self.methods.iter().next()?;
        let mut found = Vec::new();
        let heads = self.recipes.iter().filter(|part| part.is_rare);
        let heads = heads.map(|recipe| Head { recipe, ..right });
        let paths = self.paths.iter().filter(|part| part.is_rare);
        let heads = heads.chain(paths.map(|path| Head { path, ..right }));
        let secrets = self.secrets.iter().filter(|part| part.is_rare);
        let heads = heads.chain(secrets.map(|secret| Head { secret, ..right }));
        self.ends(right, &body.value, 0, true, &mut found);
        for body in self.bodies.iter().filter(|body| body.is_rare) {
            let mut hits = Vec::new();
            let tails = [(None, method)].into_iter();
            self.check(right, &body.value, "", tails, &mut hits);
            found.extend(hits.into_iter().map(|mut hit| {
                hit.mistakes.extend(body.mistakes.iter().cloned());
                hit
            }));
        }
        for head in heads {
            if !found.is_empty() || self.is_spent() {
                break;
            }
            self.check(
                head,
                &body.value,
                "",
                [(None, method)].into_iter(),
                &mut found,
            );
        }
        found.into_iter().next()
    }

    /// Hashes the text up to the end of the body once, then each tail.
    fn check<'s>(
        &self,
        head: Head<'_>,
        body: &[u8],
        before: &str,
        tails: impl Iterator<Item = (Option<&'s Ends>, &'s Variant<String>)>,
        found: &mut Vec<Explained>,
    ) {
        let (recipe, secret) = (head.recipe.value, &head.secret.value);
        let mut begun: Option<(Vec<u8>, State)> = None;
        for (ends, method) in tails {
            let [front, back] =
                recipe.around(secret, head.path.value.as_bytes(), method.value.as_bytes());
            let state = match begun.take() {
                Some((known, state)) if known == front => state,
                _ => {
                    let mut state = recipe.state(secret);
                    [&front[..], before.as_bytes(), body]
                        .into_iter()
                        .for_each(|part| self.hash(&mut state, part));
                    state
                }
            };
            let mut whole = state.clone();
            begun = Some((front, state));
            let after = ends.map_or("", |ends| ends.after.as_str());
            self.hash(&mut whole, after.as_bytes());
            self.hash(&mut whole, &back);
            if whole.digest() == self.given {
                let spaced = ends
                    .map(|ends| mistake(Kind::WhiteSpace, format!("with {} the body", ends.what)));
                let parts = [
                    &head.recipe.mistakes,
                    &head.secret.mistakes,
                    &head.path.mistakes,
                    &method.mistakes,
                ];
                let mistakes = parts.into_iter().flatten().cloned().chain(spaced).collect();
                // The front is in the state; it is not kept beside it, since hits are rare.
                let [front, _] =
                    recipe.around(secret, head.path.value.as_bytes(), method.value.as_bytes());
                let text = [&front[..], before.as_bytes(), body, after.as_bytes(), &back].concat();
                found.push(Explained { mistakes, text });
            }
        }
    }

    fn hash(&self, state: &mut State, bytes: &[u8]) {
        state.update(bytes);
        self.hashed.set(self.hashed.get() + bytes.len() as u64);
    }

    fn is_spent(&self) -> bool {
        self.hashed.get() > MOST_HASHED
    }
}

#[cfg(test)]
mod tests {
    use super::{super::request::Input, *};

    fn hashed(method: &str, body: String) -> Found {
        let wrong = "07".repeat(32).parse().expect("a signature");
        let input = Input::Body(body.into_bytes());
        let address = "https://account.nice.chat/marketplaces/v1/products/?page=2";
        let request = Request::new(method, address, None, input, &Default::default());
        search(&request.expect("a request"), "s3cret", "k-1", &wrong)
    }

    // F20
    #[test]
    fn f20_a_wrong_signature_costs_a_bounded_number_of_bytes() {
        let long = |bytes: usize| {
            let unit = r#"{"title":"Товар <b>&","id":"a/b","price":10.50},"#;
            format!("[{}0]", unit.repeat(bytes / unit.len()))
        };
        for (bytes, most) in [
            (0, MOST_HASHED),
            (10_000, MOST_HASHED + (8 << 20)),
            (40_000, 160 << 20),
        ] {
            let found = hashed("POST", long(bytes));
            assert!(found.sets.is_empty());
            assert!(found.hashed <= most, "{bytes}: {}", found.hashed);
        }
        // Single mistakes are looked for whatever the length: some hundred texts.
        let found = hashed("POST", long(300_000));
        assert!(
            found.is_cut && found.hashed <= 300 << 20,
            "{}",
            found.hashed
        );
        let form: Vec<String> = (0..900).map(|at| format!("k{at}=v{at}")).collect();
        assert!(hashed("POST", form.join("&")).hashed <= 200 << 20);
    }
}
