//! Finds the fewest mistakes that give a signature.

use nicechat_sign::Signature;

use super::{
    bodies, parts,
    recipe::Recipe,
    request::Request,
    variant::{Mistake, Variants, same_kinds},
};

/// So many mistakes at once are looked for.
const MOST: usize = 3;

/// The sets of mistakes that give this signature, all of the smallest size that does. One empty set: it is right.
/// None: no mistake that is known gives it.
pub(super) fn mistakes(
    request: &Request,
    secret: &str,
    key: &str,
    given: &Signature,
) -> Vec<Vec<Mistake>> {
    let search = Search {
        recipes: Recipe::variants(),
        secrets: parts::secrets(secret, key),
        paths: parts::paths(request),
        methods: parts::methods(&request.method),
        bodies: bodies::variants(request, key),
        given: *given.as_bytes(),
    };
    for count in 0..=MOST {
        let mut found = Vec::new();
        for body in search
            .bodies
            .iter()
            .filter(|body| body.mistakes.len() <= count)
        {
            for others in search.around(&body.value, count - body.mistakes.len()) {
                let mistakes = [others, body.mistakes.clone()].concat();
                let is_known = |known: &Vec<Mistake>| same_kinds(known, &mistakes);
                if !found.iter().any(is_known) {
                    found.push(mistakes);
                }
            }
        }
        if found.is_empty() && (1..=2).contains(&count) {
            // There are too many orders to go through all of them with everything else.
            let is_it = |body: &[u8], most: usize| {
                (0..=most).find_map(|count| search.around(body, count).into_iter().next())
            };
            let order = bodies::other_order(request, key, count - 1, &is_it);
            found.extend(order.map(|order| order.0));
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The ways to build everything that is hashed.
struct Search {
    recipes: Variants<Recipe>,
    secrets: Variants<Vec<u8>>,
    paths: Variants<String>,
    methods: Variants<String>,
    bodies: Variants<Vec<u8>>,
    given: [u8; 32],
}

impl Search {
    /// The sets of exactly so many mistakes outside of the body that make this body give the signature.
    fn around(&self, body: &[u8], count: usize) -> Vec<Vec<Mistake>> {
        let mut found = Vec::new();
        for recipe in self
            .recipes
            .iter()
            .filter(|part| part.mistakes.len() <= count)
        {
            let left = count - recipe.mistakes.len();
            for secret in self
                .secrets
                .iter()
                .filter(|part| part.mistakes.len() <= left)
            {
                let left = left - secret.mistakes.len();
                for path in self.paths.iter().filter(|part| part.mistakes.len() <= left) {
                    let left = left - path.mistakes.len();
                    for method in self
                        .methods
                        .iter()
                        .filter(|part| part.mistakes.len() == left)
                    {
                        let digest = recipe.value.digest(
                            &secret.value,
                            path.value.as_bytes(),
                            body,
                            method.value.as_bytes(),
                        );
                        if digest == self.given {
                            let parts = [
                                &recipe.mistakes,
                                &secret.mistakes,
                                &path.mistakes,
                                &method.mistakes,
                            ];
                            found.push(parts.into_iter().flatten().cloned().collect());
                        }
                    }
                }
            }
        }
        found
    }
}
