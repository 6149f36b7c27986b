//! Requests as files, and the whole replies to them as snapshots beside them.
//!
//! A case is `tests/cases/<dialect>/<operation>/<case>.http`: lines that begin with
//! `#` say what it is for, which fixture it runs on, who calls and whether its window is
//! used up; then the request line, headers, and perhaps an empty line and a body. Each begins a
//! window of its own, and one that changes something has a server of its own. New replies
//! are written, and those that changed written anew, by
//! `INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test -p birdbox --test suite`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::UserId;

use crate::callers::{Callers, Credentials};
use crate::harness::{Exchange, Server, normalise};

/// One file.
struct Case {
    path: PathBuf,
    fixture: String,
    caller: String,
    /// For whom the App calls.
    user: Option<UserId>,
    /// Whether the caller has no requests left.
    spent: bool,
    /// How many profiles of Tweet Binder are left.
    balance: Option<u64>,
    /// The request line and headers.
    request: Vec<String>,
    body: String,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap();
        let (notes, request): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        let request: Vec<&str> = request.into_iter().skip_while(|line| line.is_empty()).collect();
        let (head, body) = match request.iter().position(|line| line.is_empty()) {
            Some(end) => request.split_at(end),
            None => (&request[..], &[][..]),
        };
        let note =
            |name: &str| notes.iter().find_map(|line| line.strip_prefix(&format!("# {name}: "))).map(str::to_owned);
        Self {
            fixture: note("fixture").unwrap_or_else(|| panic!("{}: no line `# fixture: NAME`", path.display())),
            spent: note("spent").is_some(),
            balance: note("balance").map(|profiles| profiles.parse().unwrap()),
            caller: note("caller").unwrap_or_else(|| "app".to_owned()),
            user: note("as").map(|id| id.parse().unwrap()),
            request: head.iter().map(|&line| line.to_owned()).collect(),
            body: body.iter().skip(1).copied().collect::<Vec<_>>().join("\n"),
            path,
        }
    }

    /// The name of its folder.
    fn operation(&self) -> &str {
        self.path.parent().and_then(Path::file_name).unwrap().to_str().unwrap()
    }

    /// Whether it only reads.
    fn reads(&self) -> bool {
        self.request.first().is_some_and(|line| !line.starts_with("POST ") && !line.starts_with("DELETE "))
    }

    /// The bytes to send: the file's lines and the headers that every case needs.
    fn bytes(&self, callers: &Callers<'_>) -> Vec<u8> {
        let mut lines = self.request.clone();
        let target = lines.first_mut().unwrap_or_else(|| panic!("{}: no request", self.path.display()));
        target.push_str(" HTTP/1.1");
        let (method, path) = self.request.first().and_then(|line| line.split_once(' ')).unwrap();
        let has = |name: &str, lines: &[String]| lines.iter().any(|line| line.to_ascii_lowercase().starts_with(name));
        if !has("host:", &lines) {
            lines.push("Host: 127.0.0.1".to_owned());
        }
        if !has("authorization:", &lines) {
            let credentials = Credentials::named(&self.caller, self.user, callers);
            let header = if has("content-type: application/x-www-form-urlencoded", &lines) {
                credentials.header_of_form(method, path, &self.body, callers.number())
            } else {
                credentials.header(method, path, callers.number())
            };
            lines.extend(header.map(|value| format!("Authorization: {value}")));
        }
        if !self.body.is_empty() {
            lines.push(format!("Content-Length: {}", self.body.len()));
        }
        lines.push("Connection: close".to_owned());
        format!("{}\r\n\r\n{}", lines.join("\r\n"), self.body).into_bytes()
    }
}

fn cases_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases")
}

fn find_cases(folder: &Path, found: &mut BTreeMap<String, Vec<Case>>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find_cases(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "http") {
            let case = Case::read(path);
            found.entry(case.fixture.clone()).or_default().push(case);
        }
    }
}

#[test]
fn every_case_gets_its_reply() {
    let mut by_fixture = BTreeMap::new();
    find_cases(&cases_folder(), &mut by_fixture);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (fixture, cases) in by_fixture {
        let shared = Server::start(&fixture);
        let shared = (&shared, Callers::of(&shared));
        for case in cases {
            count += 1;
            let own = (!case.reads()).then(|| Server::start(&fixture));
            let own = own.as_ref().map(|own| (own, Callers::of(own)));
            let (server, callers) = own.as_ref().unwrap_or(&shared);
            server.reset_limits();
            if case.balance.is_some() || case.path.components().any(|folder| folder.as_os_str() == "tweetbinder") {
                server.set_balance(case.balance);
            }
            if case.spent {
                server.spend(case.operation(), callers.subject(&case.caller, case.user));
            }
            let reply = normalise(&Exchange::new(server.address()).send(&case.bytes(callers)));
            let folder = case.path.parent().unwrap();
            let name = case.path.file_stem().unwrap().to_str().unwrap().to_owned();
            insta::with_settings!({snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true}, {
                let check = std::panic::AssertUnwindSafe(|| insta::assert_snapshot!(name.clone(), reply));
                if std::panic::catch_unwind(check).is_err() {
                    wrong.push(case.path.strip_prefix(cases_folder()).unwrap().display().to_string());
                }
            });
        }
    }
    println!("{count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases changed: {wrong:#?}", wrong.len());
}
