//! The examples that X's guides have had, signature for signature.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use oauth::oauth1::{BaseUrl, Secrets, SignedRequest, sign};

use super::sent::{CONSUMER_KEY, NONCE, SECRETS, Sent, TIMESTAMP, TOKEN};

#[test]
fn the_documented_example_has_its_documented_base_string_and_signature() {
    let sent = Sent::documented();
    let signed = SignedRequest::read(&sent.request()).unwrap();
    let base_string = signed.base_string(&sent.request(), BaseUrl { scheme: "https", host: "api.x.com" });
    assert_eq!(
        base_string,
        "POST&https%3A%2F%2Fapi.x.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue%26\
         oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg%26\
         oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958%26\
         oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0%26\
         status%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521"
    );
    assert_eq!(BASE64_STANDARD.encode(sign(&base_string, SECRETS)), "Ls93hJiZbQ3akF3HF3x1Bz8/zU4=");
    assert!(sent.header.as_deref().unwrap().contains("oauth_signature=\"Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D\""));
    assert_eq!(sent.outcome(), Ok(true));
}

#[test]
fn the_older_example_has_its_signature() {
    let mut sent = Sent::documented();
    sent.path = "/1/statuses/update.json".to_owned();
    sent.bases = vec![("https", "api.twitter.com")];
    assert_eq!(sent.outcome(), Ok(false));
    sent.in_header("Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D", "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D");
    assert_eq!(sent.outcome(), Ok(true));
}

/// RFC 5849, 1.2: the protected resource that Jane asks for.
#[test]
fn the_example_of_the_rfc_has_its_signature() {
    let mut sent = Sent::get("/photos", Some("file=vacation.jpg&size=original"), &[]);
    sent.header = Some(
        r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk",
           oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH",
           oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D""#
            .to_owned(),
    );
    sent.bases = vec![("http", "photos.example.net")];
    sent.secrets = Secrets { consumer: "kd94hf93k423kf44", token: "pfkkdhi9sl3r4s00" };
    assert_eq!(sent.outcome(), Ok(true));
}

#[test]
fn what_a_request_says_of_itself_is_decoded() {
    let sent = Sent::documented();
    let signed = SignedRequest::read(&sent.request()).unwrap();
    assert_eq!(signed.consumer_key(), CONSUMER_KEY);
    assert_eq!(signed.token(), Some(TOKEN));
    assert_eq!((signed.timestamp(), signed.nonce()), (TIMESTAMP, NONCE));
    assert_eq!((signed.callback(), signed.verifier()), (None, None));
    let status = signed.parameter("status");
    assert_eq!(status.as_deref(), Some("Hello Ladies + Gentlemen, a signed OAuth request!"));
    assert_eq!(signed.parameter("oauth_signature"), None);
    assert_eq!(signed.parameter("statu"), None);
}
