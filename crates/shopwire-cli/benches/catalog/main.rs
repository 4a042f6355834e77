//! Feeds of a million offers through the command: offers a second of CPU, memory over idle, and the parsers of Python
//! and PHP on the same file in the same run.
//!
//! `SHOPWIRE_BENCH_OFFERS` sets another number of offers. The peers only parse, without checking or converting
//! anything: `xml.etree` of Python and XMLReader of PHP read each offer's price; XMLWriter of PHP writes the same offers.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

const PYTHON: &str = "
import sys
from decimal import Decimal
from xml.etree.ElementTree import iterparse
total = Decimal(0)
for event, element in iterparse(sys.argv[1]):
    if element.tag == 'offer':
        total += Decimal(element.findtext('price'))
        element.clear()
    elif element.tag == 'offers':
        element.clear()
";

const PHP_READ: &str = r#"
$reader = new XMLReader(); $reader->open($argv[1]); $count = 0;
while ($reader->read()) {
    if ($reader->nodeType === XMLReader::ELEMENT && $reader->name === 'offer') {
        $offer = simplexml_load_string($reader->readOuterXml()); $count += strlen((string)$offer->price);
    }
}
"#;

const PHP_WRITE: &str = r#"
$writer = new XMLWriter(); $writer->openUri('php://stdout'); $writer->setIndent(true);
$writer->startDocument('1.0', 'UTF-8'); $writer->startElement('yml_catalog'); $writer->startElement('shop'); $writer->startElement('offers');
$lines = fopen($argv[1], 'r');
while (($line = fgets($lines)) !== false) {
    $row = json_decode($line, true);
    $writer->startElement('offer'); $writer->writeAttribute('id', $row['id']);
    foreach (['name', 'price', 'currency', 'url', 'picture', 'description', 'category'] as $name) { $writer->writeElement($name, (string)$row[$name]); }
    $writer->endElement(); $writer->flush();
}
"#;

fn main() {
    let offers = std::env::var("SHOPWIRE_BENCH_OFFERS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-catalog");
    std::fs::create_dir_all(&folder).expect("a directory");
    let (feed, lines) = (folder.join("feed.xml"), folder.join("rows.jsonl"));
    let (small, few) = (folder.join("small.xml"), folder.join("few.jsonl"));
    make(&small, &few, 10);
    make(&feed, &lines, offers);
    let icml = folder.join("icml.xml");
    let shopwire = env!("CARGO_BIN_EXE_shopwire");
    let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let (feed, lines, small, few, icml) = (
        path(&feed),
        path(&lines),
        path(&small),
        path(&few),
        path(&icml),
    );
    let size = std::fs::metadata(&feed).expect("a file").len();
    println!("{offers} offers, {} MiB of YML", size >> 20);
    let run = |what: &str, args: &[&str]| Measured::of(what, shopwire, args);
    let idle = run("idle", &["catalog", "check", &small, "--quiet"]).peak_kib;
    let idle = idle.min(
        run(
            "idle",
            &["catalog", "write", &few, "--to", "icml", "--quiet"],
        )
        .peak_kib,
    );
    let mut all = vec![
        run("catalog check", &["catalog", "check", &feed, "--quiet"]),
        run(
            "catalog convert to icml",
            &[
                "catalog", "convert", &feed, "--to", "icml", "--quiet", "--output", &icml,
            ],
        ),
        run(
            "catalog convert to google-csv",
            &["catalog", "convert", &feed, "--to", "google-csv", "--quiet"],
        ),
        run(
            "catalog write icml from JSON",
            &["catalog", "write", &lines, "--to", "icml", "--quiet"],
        ),
    ];
    all.push(Measured::of(
        "Python xml.etree, parse alone",
        "python3",
        &["-c", PYTHON, &feed],
    ));
    all.push(Measured::of(
        "PHP XMLReader, parse alone",
        "php",
        &["-r", PHP_READ, "--", &feed],
    ));
    all.push(Measured::of(
        "PHP XMLWriter from JSON",
        "php",
        &["-r", PHP_WRITE, "--", &lines],
    ));
    println!("idle: {:.1} MiB", idle as f64 / 1024.0);
    println!(
        "{:34} {:>8} {:>12} {:>10} {:>16}",
        "", "CPU s", "offers/CPU s", "ratio", "MiB over idle"
    );
    let base = all[0].cpu;
    for each in all.iter().filter(|each| each.has_run) {
        println!(
            "{:34} {:8.2} {:12.0} {:10.2} {:16.1}",
            each.what,
            each.cpu,
            offers as f64 / each.cpu,
            each.cpu / base,
            each.peak_kib.saturating_sub(idle) as f64 / 1024.0
        );
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// A run of a program.
struct Measured {
    what: String,
    cpu: f64,
    peak_kib: u64,
    has_run: bool,
}

impl Measured {
    /// Runs a program under the shell's clock, and looks at the peak of its memory while it runs.
    fn of(what: &str, program: &str, args: &[&str]) -> Self {
        let mut child = Command::new("bash")
            .args([
                "-c",
                "TIMEFORMAT='%U %S'; time \"$0\" \"$@\" >/dev/null",
                program,
            ])
            .args(args)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("bash runs");
        let mut peak_kib = 0;
        while child.try_wait().expect("a child").is_none() {
            peak_kib = peak_kib.max(peak_of_child(child.id()).unwrap_or(0));
            std::thread::park_timeout(Duration::from_millis(1));
        }
        let done = child.wait_with_output().expect("ended");
        let said = String::from_utf8_lossy(&done.stderr);
        let times = said.lines().last().unwrap_or_default();
        let cpu = times
            .split(' ')
            .filter_map(|time| time.parse::<f64>().ok())
            .sum();
        if !done.status.success() {
            eprintln!("{what} did not run: {said}");
        }
        Self {
            what: what.to_owned(),
            cpu,
            peak_kib,
            has_run: done.status.success(),
        }
    }
}

/// The peak of the program that the shell runs, in KiB.
fn peak_of_child(shell: u32) -> Option<u64> {
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).ok()?;
    let child = children.split_whitespace().next()?;
    let status = std::fs::read_to_string(format!("/proc/{child}/status")).ok()?;
    // Before it becomes the program, the child is a copy of the shell.
    if status.starts_with("Name:\tbash") {
        return None;
    }
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn make(feed: &Path, lines: &Path, offers: u64) {
    let mut xml = BufWriter::new(File::create(feed).expect("a file"));
    let mut jsonl = BufWriter::new(File::create(lines).expect("a file"));
    write!(xml, "<yml_catalog date=\"2026-01-01 10:00\"><shop><name>S</name><currencies><currency id=\"UAH\" rate=\"1\"/></currencies><categories>").expect("written");
    for id in 0..1000 {
        write!(xml, "<category id=\"{id}\">Category {id}</category>").expect("written");
    }
    writeln!(xml, "</categories><offers>").expect("written");
    for id in 0..offers {
        let category = id % 1000;
        writeln!(
            xml,
            "<offer id=\"offer-{id}\" available=\"true\"><url>http://shop.example/{id}</url><price>{id}.99</price>\
             <currencyId>UAH</currencyId><categoryId>{category}</categoryId><picture>http://shop.example/{id}.jpg</picture>\
             <name>Чайник {id}</name><description>What one says about offer {id} &amp; its colours</description>\
             <param name=\"Size\">L</param></offer>"
        )
        .expect("written");
        writeln!(
            jsonl,
            "{{\"id\":\"offer-{id}\",\"name\":\"Чайник {id}\",\"price\":{id}.99,\"currency\":\"UAH\",\"url\":\"http://shop.example/{id}\",\
             \"picture\":\"http://shop.example/{id}.jpg\",\"description\":\"What one says about offer {id} & its colours\",\
             \"category\":\"All > {category}\"}}"
        )
        .expect("written");
    }
    writeln!(xml, "</offers></shop></yml_catalog>").expect("written");
    xml.flush().expect("written");
    jsonl.flush().expect("written");
}
