//! `birdbox explain` beside a real server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use crate::place::{Place, start};

#[test]
fn a_refused_request_is_explained_beside_the_server_alone() {
    let place = Place::new();
    let mut child = start(&mut place.server("--listen 127.0.0.1:0 --sample none"));
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = lines.find_map(|line| Some(line.trim().strip_prefix("address  http://")?.to_owned())).unwrap();
    let refused = |arguments: &str| {
        let output = place.command(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(refused("explain --last").1.contains("no request was refused since the server started"));
    let mut stream = TcpStream::connect(&address).unwrap();
    let request = format!(
        "GET /2/users/1 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer secretive\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let id = reply.lines().find_map(|line| line.strip_prefix("x-request-id: ")).unwrap();
    let shown = place.ok("explain --last");
    assert_eq!(shown, place.ok(&format!("explain {id}")));
    for part in [id, "GET /2/users/1 (getUsersById)", "401", "Nobody has this bearer token"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let json: serde_json::Value = serde_json::from_str(&place.ok(&format!("explain {id} -o json"))).unwrap();
    assert_eq!((json["request_id"].as_str(), json["status"].as_u64()), (Some(id), Some(401)));
    assert!(!shown.contains("secretive") && !json.to_string().contains("secretive"));
    let (code, said) = refused("explain 0000000000000000");
    assert!(code == 2 && said.contains("no request that is remembered has this id"), "{said}");
    let (code, said) = refused("explain nonsense");
    assert!(code == 2 && said.contains("16 digits"), "{said}");
    assert_eq!(refused("explain").0, 2);
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, said) = refused("explain --last");
    assert!(code == 1 && said.contains("no server runs on this data directory"), "{said}");
}
