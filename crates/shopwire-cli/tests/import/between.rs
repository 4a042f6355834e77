//! A server between the command and the account, which answers some requests itself.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use super::{
    shop::Shop,
    support::{Run, run},
};

/// A request: its first line and its body.
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) body: String,
    whole: Vec<u8>,
}

impl Request {
    pub(crate) fn is_write(&self) -> bool {
        self.line.starts_with("POST")
    }
}

/// An answer: its status and its body.
pub(crate) type Answer = (u16, String);

/// Makes the answer to a request, perhaps of the one that `account` gives when it is called.
type Rule = dyn Fn(&Request, &dyn Fn() -> Answer) -> Answer + Send + Sync;

pub(crate) struct Between {
    url: String,
}

impl Between {
    pub(crate) fn new(
        shop: &Shop,
        rule: impl Fn(&Request, &dyn Fn() -> Answer) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let account = shop.sandbox.retailcrm().url().to_owned();
        let account = account.trim_start_matches("http://").to_owned();
        let rule: Arc<Rule> = Arc::new(rule);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (rule, account) = (Arc::clone(&rule), account.clone());
                // The command may have gone.
                thread::spawn(move || drop(answer(socket, &account, &*rule)));
            }
        });
        Self { url }
    }

    /// `shopwire import retailcrm … --yes --json`
    pub(crate) fn import(&self, shop: &Shop, args: &[&str]) -> Run {
        self.run(shop, &[args, &["--yes", "--json"]].concat())
    }

    pub(crate) fn run(&self, shop: &Shop, args: &[&str]) -> Run {
        let mut command = shop.command(&["import", "retailcrm"]);
        run(command.args(args).env("RETAILCRM_URL", &self.url), "")
    }
}

fn answer(mut socket: TcpStream, account: &str, rule: &Rule) -> std::io::Result<()> {
    let whole = read(&mut socket)?;
    let text = String::from_utf8_lossy(&whole).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let request = Request {
        line: head.lines().next().unwrap_or_default().to_owned(),
        body: body.to_owned(),
        whole,
    };
    let (status, body) = rule(&request, &|| forward(&request, account));
    let head = format!(
        "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all((head + &body).as_bytes())
}

/// Reads a request with a declared length whole.
fn read(socket: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 65536];
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.lines().next()?.trim().parse().ok());
            if request.len() >= head.len() + 4 + length.unwrap_or(0) {
                return Ok(request);
            }
        }
        match socket.read(&mut piece)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => request.extend_from_slice(&piece[..read]),
        }
    }
}

fn forward(request: &Request, account: &str) -> Answer {
    let mut socket = TcpStream::connect(account).expect("the sandbox");
    let at = request.whole.windows(2).position(|pair| pair == b"\r\n");
    let (line, rest) = request.whole.split_at(at.expect("a first line"));
    let whole = [line, b"\r\nConnection: close", rest].concat();
    socket.write_all(&whole).expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.expect("a status"), body.to_owned())
}
