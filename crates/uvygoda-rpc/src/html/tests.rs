use proptest::prelude::*;

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
        ("<script>", "<script>"),
        ("<p>x</p><script", "no end"),
        ("x<", "no end"),
        ("<p", "no end"),
        ("</p class=x>", "attributes"),
        ("<\0script>", "NUL"),
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
        ("x<b", "x"),
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

// C16: what the standard's tokenizer makes of odd input, kind by kind.
#[test]
fn c16_odd_html_is_read_as_browsers_read_it() {
    for (html, cleaned) in [
        // Case, whitespace and slashes in tags.
        ("<DIV><P>x</P></DIV>", "<p>x</p>"),
        ("<br><p\n\t/>x</p\n>", "<p>x</p>"),
        ("<br></b/>", "</b>"),
        // Attributes: quotes, `>` and `<` within, duplicates, no space, no value.
        ("<p a='>' b=\">\" c=<>x", "<p>x"),
        ("<p a=1 a=2>x", "<p>x"),
        ("<p a='1'b>x", "<p>x"),
        ("<p =>x", "<p>x"),
        ("<p title=\"</p><script>\">x</p>", "<p>x</p>"),
        ("<p onclick=`>`>x", "<p>`&gt;x"),
        // A quote outside of a value does not open one.
        ("<p'>x'>y", "x'&gt;y"),
        ("<b \"><i>x</i>", "<b><i>x</i>"),
        // Unfinished tags, and text that resembles tags.
        ("x<p class", "x"),
        ("x<p class='", "x"),
        ("x</", "x&lt;/"),
        ("<3 < b <", "&lt;3 &lt; b &lt;"),
        ("<br><>x</>", "&lt;&gt;x"),
        ("<br><<b>>", "&lt;<b>&gt;"),
        ("<br>a<b<i>x", "ax"),
        // Comments, declarations, CDATA and processing instructions.
        ("a<!-->b", "ab"),
        ("a<!--->b", "ab"),
        ("a<!--x--!>b", "ab"),
        ("a<!-- <p> -- > -->b", "ab"),
        ("a<!--x", "a"),
        ("a<!x>b", "ab"),
        ("a</ p>b", "ab"),
        ("a<?php echo '>' ?>b", "a' ?&gt;b"),
        ("a<![CDATA[<p>x]]>b", "ax]]&gt;b"),
        ("<!DOCTYPE html \"x>y", "y"),
        // What a comment had parted is not joined.
        ("<<!-- -->b>", "&lt;b&gt;"),
        ("&l<!-- -->t;b>", "&amp;lt;b&gt;"),
        ("<scr<script></script>ipt>x", "ipt&gt;x"),
        // Character references, also without a semicolon.
        (
            "<br>&lt;p&gt; &amp;lt; &ltp> &#60;p> &#x3c p>",
            "&lt;p&gt; &amp;lt; &lt;p&gt; &lt;p&gt; &lt; p&gt;",
        ),
        (
            "<br>a & b &copy &nbsp; &unknown; &#0; &#x110000;",
            "a &amp; b © &nbsp; &amp;unknown; \u{fffd} \u{fffd}",
        ),
        // Elements without markup inside.
        ("a<script><!--<script></script>--></script>b", "ab"),
        ("a<SCRIPT>x</script foo='>'>b", "ab"),
        ("a<script>x</scriptx></script>b", "ab"),
        ("a<script/>x</script>b", "ab"),
        ("a<style></p><p></style>b", "ab"),
        ("a<iframe><p>x</p></iframe>b", "ab"),
        ("a<noscript><p>x</p></noscript>b", "ab"),
        ("a<template><p>x<template>y</template>z</template>b", "ab"),
        ("a</script>b", "ab"),
        ("a<script>x</style></p>", "a"),
        ("<title><p>x</title>y", "&lt;p&gt;xy"),
        ("<textarea><script>x</textarea>y", "&lt;script&gt;xy"),
        ("<xmp><p></xmp>y<plaintext></p>", "&lt;p&gt;y&lt;/p&gt;"),
        ("<svg><style><p>x</style></svg>y", "y"),
        // NUL and line ends.
        ("<\0p>x</\0p>", "&lt;p&gt;x"),
        ("<p\0>x", "x"),
        ("<b\0r>x<br>", "x"),
        ("<br>a\r\nb\rc", "a\nb\nc"),
    ] {
        assert_eq!(HtmlPolicy::Clean.apply(html).unwrap(), cleaned, "{html:?}");
        HtmlPolicy::Check.apply(cleaned).unwrap();
    }
}

#[test]
fn c16_a_description_that_passes_is_not_rewritten() {
    for html in ["<P>a & b&nbsp;< c\r\n", "<p/>", "&ltp", "</>", ""] {
        assert_eq!(HtmlPolicy::Check.apply(html).unwrap(), html);
        assert_eq!(HtmlPolicy::Clean.apply(html).unwrap(), html);
    }
}

#[test]
fn c16_a_message_shows_the_start_of_a_long_name() {
    let html = format!("<{}>", "ы".repeat(1 << 20).replacen('ы', "y", 1));
    let message = HtmlPolicy::Check.apply(&html).unwrap_err().to_string();
    assert!(message.len() < 256, "{}", message.len());
    assert!(message.contains("<yыы"), "{message}");
}

/// Tags and attributes of a text, read by hand: what the words `<` and a letter begin.
fn opens(html: &str) -> Vec<String> {
    let pieces = html.split('<').skip(1);
    let markup = pieces.map(|piece| piece.split('>').next().unwrap_or(piece));
    markup
        .map(|markup| markup.trim_start_matches('/').to_owned())
        .collect()
}

fn odd_html() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "--!>",
        "<!",
        "<?",
        "<![CDATA[",
        "]]>",
        "'",
        "\"",
        "=",
        "/",
        " ",
        "\n",
        "\r\n",
        "\0",
        "&",
        "&lt",
        "&lt;",
        "&amp;",
        "&#60;",
        "&#x3c",
        "&#0;",
        ";",
        "p",
        "B",
        "h1",
        "h7",
        "script",
        "SCRIPT",
        "style",
        "template",
        "textarea",
        "title",
        "plaintext",
        "svg",
        "noscript",
        "iframe",
        "xmp",
        "<p>",
        "</p>",
        "<B>",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<template>",
        "</template>",
        "<p onclick=",
        "<textarea>",
        "</textarea>",
        "<!DOCTYPE",
        "a",
        "ы",
        "\u{a0}",
        "\u{fffd}",
        "\u{212a}",
    ];
    let piece = prop_oneof![
        9 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    // C16: the output, tokenized again, holds only allowed tags without attributes; cleaning it again changes nothing.
    #[test]
    fn c16_what_was_cleaned_is_allowed_and_stays(html in odd_html()) {
        let cleaned = HtmlPolicy::Clean.apply(&html).unwrap();
        for token in html5gum::Tokenizer::new(&cleaned) {
            let Ok(token) = token;
            match token {
                html5gum::Token::StartTag(tag) => {
                    prop_assert!(ALLOWED_TAGS.iter().any(|it| tag.name == it.as_bytes()));
                    prop_assert!(tag.attributes.is_empty());
                }
                html5gum::Token::EndTag(tag) => {
                    prop_assert!(ALLOWED_TAGS.iter().any(|it| tag.name == it.as_bytes()));
                }
                html5gum::Token::String(text) => prop_assert!(!text.contains(&0)),
                html5gum::Token::Comment(_) | html5gum::Token::Doctype(_) => prop_assert!(false),
                html5gum::Token::Error(_) => {}
            }
        }
        HtmlPolicy::Check.apply(&cleaned).unwrap();
        prop_assert_eq!(HtmlPolicy::Clean.apply(&cleaned).unwrap(), cleaned);
    }

    // C16: the same without any tokenizer. Every `<` of a rewritten text opens an allowed tag, letter by letter.
    #[test]
    fn c16_what_was_rewritten_holds_nothing_but_bare_tags(html in odd_html()) {
        let cleaned = HtmlPolicy::Clean.apply(&format!("{html}<br>")).unwrap();
        for tag in opens(&cleaned) {
            prop_assert!(ALLOWED_TAGS.contains(&tag.as_str()), "{tag} of {cleaned}");
        }
    }

    // C16: text without markup survives as it is shown.
    #[test]
    fn c16_text_is_kept(text in "[^\\x00\r]{0,24}") {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', "&nbsp;");
        let cleaned = HtmlPolicy::Clean.apply(&format!("<br>{escaped}")).unwrap();
        prop_assert_eq!(cleaned, escaped);
    }
}
