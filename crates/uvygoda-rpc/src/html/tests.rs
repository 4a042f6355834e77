use super::*;

#[test]
fn u40_the_documented_tags_pass() {
    let html = "<h1>Плед</h1><H6>x</H6><p>Тёплый, <b>2 &lt; 3</b> и <i>мягкий</i></p> a < b";
    assert_eq!(HtmlPolicy::Check.apply(html).unwrap(), html);
}

#[test]
fn u40_other_tags_attributes_and_comments_are_refused_by_name() {
    for (html, named) in [
        ("<p>x</p><br>", "<br>"),
        ("<h7>x</h7>", "<h7>"),
        ("<p onclick=\"x()\">y</p>", "<p>"),
        ("x</div>", "</div>"),
        ("<!-- x -->", "comment"),
        ("<!DOCTYPE html>", "declaration"),
        ("<script", "<script>"),
    ] {
        let error = HtmlPolicy::Check.apply(html).unwrap_err();
        assert_eq!(error.field(), Some("DESCRIPTION"));
        assert!(error.to_string().contains(named), "{html}: {error}");
    }
}

#[test]
fn u40_cleaning_keeps_the_text_and_what_is_allowed() {
    for (html, cleaned) in [
        (
            "<div>Плед<br/> и <B>подушка</B></div>",
            "Плед и <b>подушка</b>",
        ),
        ("<p title='a > b'>x</p>", "<p>x</p>"),
        ("x<script>if (a < b) { '</p>' }</script>y", "xy"),
        ("<style>p{}</style>", ""),
        ("a < b <!-- c --> d", "a &lt; b  d"),
        ("x<b", "x<b>"),
        ("<script>never closed", ""),
    ] {
        assert_eq!(HtmlPolicy::Clean.apply(html).unwrap(), cleaned, "{html}");
    }
}

#[test]
fn u40_what_was_cleaned_passes_the_check() {
    for html in [
        "<<p>>", "<a <b>c", "<p/ x>", "<!-- <p>", "a<b<c>", "</ p><", "<ы>",
    ] {
        let cleaned = HtmlPolicy::Clean.apply(html).unwrap();
        HtmlPolicy::Check.apply(&cleaned).unwrap();
    }
}

#[test]
fn u40_a_cards_description_is_checked_or_cleaned_on_its_way() {
    use common_transport::Operation;

    let update = crate::products::Update::new(1)
        .price(common_model::Decimal::new(17750, 2))
        .description("<p>x<br></p>");
    let send = |policy: HtmlPolicy| {
        let mut request = update.request().unwrap();
        policy
            .apply_to(update.metadata(), &mut request)
            .map(|()| request.into_body())
    };
    assert_eq!(
        send(HtmlPolicy::Check).unwrap_err().field(),
        Some("DESCRIPTION")
    );
    assert_eq!(
        send(HtmlPolicy::Clean).unwrap(),
        r#"{"PRODUCT_ID":1,"PRICE":177.50,"DESCRIPTION":"<p>x</p>"}"#
    );
    assert_eq!(
        send(HtmlPolicy::Pass).unwrap(),
        update.request().unwrap().into_body()
    );
}

#[test]
fn u40_pass_changes_nothing() {
    assert_eq!(HtmlPolicy::Pass.apply("<br>").unwrap(), "<br>");
}
