//! Certificates and the proxy, on the command line.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::place::{Place, start};

/// A running `birdbox serve`, and what it prints first.
struct Serving {
    process: Child,
    /// The lines of the banner up to the empty one.
    banner: Vec<String>,
    /// Held open: the rest of the banner comes while tests go on.
    _output: BufReader<ChildStdout>,
    /// What it says on standard error, when it has ended.
    complaints: JoinHandle<String>,
}

impl Serving {
    fn start(place: &Place, arguments: &str) -> Self {
        let arguments = format!("serve --sample none --listen 127.0.0.1:0 {arguments}");
        Self::of(start(&mut place.command(&arguments)))
    }

    fn of(mut process: Child) -> Self {
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let lines = output.by_ref().lines().map(Result::unwrap);
        let banner = lines.take_while(|line| !line.is_empty()).collect();
        let mut stderr = process.stderr.take().unwrap();
        let complaints = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self { process, banner, _output: output, complaints }
    }

    /// What stands in the banner behind a word.
    fn said(&self, word: &str) -> &str {
        let line = self.banner.iter().find_map(|line| line.trim_start().strip_prefix(word));
        line.unwrap_or_else(|| panic!("no {word}: {:?}", self.banner)).trim_start()
    }

    /// All that the proxy answers to these bytes.
    fn ask_proxy(&self, request: &str) -> String {
        let mut stream = self.connect_to_proxy();
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    fn connect_to_proxy(&self) -> TcpStream {
        let address = self.said("proxy").split_whitespace().next().unwrap().replace("http://", "");
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Ends it; what it complained of.
    fn stop(mut self) -> String {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.complaints.join().unwrap()
    }
}

#[test]
fn a_connect_to_another_host_is_refused_and_logged_when_offline() {
    let place = Place::new();
    let server = Serving::start(&place, "--proxy 127.0.0.1:0 --offline");
    let reply = server.ask_proxy("CONNECT example.invalid:8443 HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert!(reply.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{reply}");
    assert!(reply.contains("Birdbox is offline and does not connect to example.invalid:8443."), "{reply}");
    let complaints = server.stop();
    let line = complaints.lines().find(|line| line.contains("--offline")).unwrap();
    assert!(line.contains("WARN") && line.contains("host=example.invalid") && line.contains("port=8443"), "{line}");
}

#[test]
fn nothing_but_the_data_directory_changes() {
    let mut place = Place::new();
    ["home", "tmp", "empty"].iter().for_each(|name| fs::create_dir(place.path(name)).unwrap());
    for (name, dir) in [("HOME", "home"), ("TMPDIR", "tmp"), ("XDG_CONFIG_HOME", "home"), ("XDG_DATA_HOME", "home")] {
        let dir = place.path(dir);
        place.set_variable(name, dir.to_str().unwrap());
    }
    let server = Serving::start(&place, "--tls auto --proxy 127.0.0.1:0");
    assert!(server.said("address").starts_with("https://127.0.0.1:"), "{:?}", server.banner);
    assert!(server.said("trust").ends_with("birdbox-data/ca.pem (birdbox ca show)"), "{:?}", server.banner);
    assert!(server.ask_proxy("GET http://x.com/healthz HTTP/1.0\r\n\r\n").ends_with("ok\n"));
    assert_eq!(place.ok("ca export"), place.read("birdbox-data/ca.pem"));
    let before = place.ok("ca show -o json");
    assert_ne!(place.ok("ca rotate -o json"), before);
    server.stop();
    assert_eq!(place.names(), ["birdbox-data", "empty", "home", "tmp"]);
    for name in ["home", "tmp", "empty"] {
        assert_eq!(fs::read_dir(place.path(name)).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn an_authority_is_shown_exported_and_renewed_without_a_server() {
    let place = Place::with_data();
    let made = place.ok("ca rotate");
    assert_eq!(place.ok("ca show"), made);
    for part in [
        format!("file         {}\n", place.path("birdbox-data/ca.pem").canonicalize().unwrap().display()),
        "\nSHA-256      ".to_owned(),
        "\nnames        api.x.com, api.twitter.com, x.com, ".to_owned(),
        ", localhost, 127.0.0.1, ::1\n\n".to_owned(),
        "curl --cacert FILE".to_owned(),
    ] {
        assert!(made.contains(&part), "no {part:?} in {made}");
    }
    place.ok("ca export -o authority.pem");
    assert_eq!(place.read("authority.pem"), place.read("birdbox-data/ca.pem"));
    let (code, _) = place.run("ca export -o birdbox-data/other.pem").complaint();
    assert_eq!(code, 2);
    fs::remove_file(place.path("birdbox-data/ca.pem")).unwrap();
    assert_ne!(place.ok("ca rotate"), made);
    assert_eq!(place.ok("ca export"), place.read("birdbox-data/ca.pem"));
}

#[test]
fn what_clients_will_not_accept_is_said_with_the_way_out() {
    let mut place = Place::with_data();
    place.ok("ca rotate");
    place.set_variable("BIRDBOX_SERVER__TLS_NAMES", "birdbox.internal");
    let gap = "it does not bear the name birdbox.internal; make a new one with: birdbox ca rotate\n";
    assert!(place.ok("ca show").contains(&format!("\nbut          {gap}")));
    let complaints = Serving::start(&place, "--tls auto").stop();
    assert!(
        complaints.contains("clients will not accept the certificate (it does not bear the name birdbox.internal)")
    );
    assert!(!place.ok("ca rotate").contains("\nbut "));
    assert_eq!(Serving::start(&place, "--tls auto").stop(), "");
}

#[test]
fn a_damaged_or_missing_certificate_is_said_with_the_way_out() {
    let place = Place::with_data();
    place.ok("ca rotate");
    for damage in [&b"-----BEGIN CERTIFICATE-----\n"[..], b"\xff\xfe\x00\x80"] {
        place.write("birdbox-data/tls.pem", damage);
        let said = place.run("serve --tls auto --listen 127.0.0.1:0");
        let (code, line) = said.complaint();
        assert!(code == 1 && line.starts_with("tls.pem in the data directory is damaged ("), "{line}");
        assert!(line.ends_with("make new certificates with: birdbox ca rotate"), "{line}");
    }
    place.ok("ca rotate");
    place.write("birdbox.toml", "[server]\ntls_cert = \"no.pem\"\ntls_key = \"no.key\"\n");
    let said = place.run("serve --tls files --listen 127.0.0.1:0");
    let (code, line) = said.complaint();
    assert!(code == 2 && line.starts_with("server.tls_cert: no.pem cannot be read ("), "{line}");
    place.write("no.pem", place.ok("ca export"));
    place.write("no.key", "no key");
    let said = place.run("serve --tls files --listen 127.0.0.1:0");
    assert_eq!(
        said.complaint().1,
        "server.tls_key: no.key holds no private key without a passphrase in PEM; it begins with -----BEGIN"
    );
    place.write("no.key", place.read("birdbox-data/tls.pem"));
    let said = place.run("serve --tls files --listen 127.0.0.1:0");
    assert!(said.complaint().1.ends_with("give a certificate and its own key"), "{said:?}");
}

/// Whoever opens a pipe waits until somebody writes to it.
#[test]
fn a_certificate_that_is_no_file_is_refused_and_leaves_nothing() {
    let place = Place::new();
    let made = Command::new("mkfifo").arg(place.path("pipe")).status().unwrap();
    assert!(made.success());
    for file in ["pipe", "."] {
        place.write("birdbox.toml", format!("[server]\ntls_cert = \"{file}\"\ntls_key = \"{file}\"\n"));
        let said = place.run("serve --tls files --listen 127.0.0.1:0 --proxy 127.0.0.1:0");
        let (code, line) = said.complaint();
        let expected = format!("server.tls_cert: {file} cannot be read (it is no regular file)");
        assert!(code == 2 && line.starts_with(&expected), "{line}");
        assert!(!place.path("birdbox-data").exists());
    }
}

#[test]
fn an_authority_that_cannot_be_renewed_holds_as_before() {
    let place = Place::with_data();
    place.ok("ca rotate");
    let before = [place.read("birdbox-data/tls.pem"), place.ok("ca export")];
    for file in ["ca.pem", "tls.pem"] {
        // A directory in the place of a file cannot be replaced by one.
        let (data, kept) = (place.path(&format!("birdbox-data/{file}")), place.path("kept"));
        fs::rename(&data, &kept).unwrap();
        fs::create_dir_all(data.join("x")).unwrap();
        assert_eq!(place.run("ca rotate").code, 1);
        fs::remove_dir_all(&data).unwrap();
        fs::rename(&kept, &data).unwrap();
        assert_eq!([place.read("birdbox-data/tls.pem"), place.ok("ca export")], before);
    }
}

/// A tunnel holds two connections open, of which `server.max_connections` counts one.
#[test]
fn there_is_room_for_as_many_tunnels_as_connections() {
    let place = Place::new();
    place.write("birdbox.toml", "[server]\nmax_connections = 150\n");
    let script = "ulimit -Sn 160; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_birdbox"), "serve", "--sample", "none"]);
    command.args(["--listen", "127.0.0.1:0", "--proxy", "127.0.0.1:0"]).current_dir(place.path(".")).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let server = Serving::of(start(&mut command));
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = other.local_addr().unwrap();
    let tunnels: Vec<_> = (0..140)
        .map(|_| {
            let mut stream = server.connect_to_proxy();
            write!(stream, "CONNECT {there} HTTP/1.1\r\n\r\n").unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).unwrap();
            assert_eq!(answer, *b"HTTP/1.1 200");
            (stream, other.accept().unwrap())
        })
        .collect();
    drop(tunnels);
    assert_eq!(server.stop(), "");
}
