//! What the generator is expected to write compiles: its recorded outputs, built against this crate.
//!
//! Left out is `pages`: it brings a `Pagination` of its own, and pages take the crate's.
//!
//! That they are what it writes is shown beside it, by `cargo test -p xtask codegen`.
#![allow(missing_docs, dead_code, unreachable_pub, clippy::all)]

#[path = "../../../xtask/src/codegen/testdata"]
mod testdata {
    #[path = "types/expected/things.rs"]
    mod types;

    #[path = "recursion/expected/trees.rs"]
    mod recursion;

    #[path = "boxes/expected/things.rs"]
    mod boxes;

    #[path = "names/expected/odd.rs"]
    mod names;

    #[path = "params/expected/calls.rs"]
    mod calls;

    #[path = "webhooks/expected/events.rs"]
    mod webhooks;

    #[path = "shared/expected"]
    mod several {
        mod callbacks;
        mod customers;
        mod orders;
        mod shared;
    }

    // The hand-written half of a parameter that says what an id is, as `By` has it.
    impl calls::Kind {
        fn id(id: impl Into<common_model::Id>) -> crate::ObjectRef<Self> {
            crate::ObjectRef::by(id, Self::Id)
        }
    }
}
