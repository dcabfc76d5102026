//! Presigned requests over a real connection: what works, and everything that must not.

use super::*;
use crate::platform::outside::storage::presign::{presigning, shown};
use reqwest::StatusCode;
use std::time::SystemTime;

#[actix_web::test]
async fn a_document_goes_up_is_promoted_and_comes_down() {
    let rig = Rig::start().await;
    let (key, content) = (key(), Bytes::from_static(b"the content"));
    let put = rig.presign_put(&key, &content).await;
    assert_eq!(put.method, "PUT");
    assert!(put.headers.contains(&("content-type".to_owned(), PNG.to_owned())), "{:?}", put.headers);
    let answer = rig.send(&put, content.clone()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(rig.send(&rig.presign_get(&key).await, "").await.status(), StatusCode::NOT_FOUND);

    assert_eq!(rig.promote(&key).await.unwrap(), Promoted::Moved);
    let get = rig.storage.presign_get(&key, download("营业执照.png")).await.unwrap();
    let answer = rig.send(&get, "").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let headers = answer.headers().clone();
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"____.png\"; filename*=UTF-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.png"
    );
    assert_eq!(headers["content-type"], PNG);
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-length"], "11");
    assert_eq!(answer.bytes().await.unwrap(), content);
}

#[actix_web::test]
async fn a_part_of_a_document_can_be_read() {
    let rig = Rig::start().await;
    let key = key();
    rig.storage.put_bytes(Bucket::Documents, &key, PNG, Bytes::from_static(b"0123456789")).await.unwrap();
    let get = rig.presign_get(&key).await;
    let answer = rig.http.get(&get.url).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(
        (answer.status(), answer.headers()["content-range"].to_str().unwrap()),
        (StatusCode::PARTIAL_CONTENT, "bytes 2-4/10")
    );
    assert_eq!(answer.text().await.unwrap(), "234");
    let answer = rig.http.get(&get.url).header("range", "bytes=20-30").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[actix_web::test]
async fn what_was_tampered_with_is_refused() {
    let rig = Rig::start().await;
    let (mine, other) = (key(), key());
    let good = rig.presign_put(&mine, b"abc").await;
    let changed = |from: &str, to: &str| {
        assert!(good.url.contains(from), "{} has no {from}", good.url);
        Presigned { url: good.url.replace(from, to), ..good.clone() }
    };
    let mut cases = vec![
        ("another key", changed(&mine.to_string(), &other.to_string())),
        ("a longer life", changed("X-Amz-Expires=60", "X-Amz-Expires=600")),
        ("another access key", changed("Credential=tests", "Credential=guest")),
        ("the readable bucket", changed("zhidan-quarantine", "zhidan-documents")),
        ("a length that is not signed", changed("content-length%3B", "")),
        ("no signature", Presigned { url: good.url.split('?').next().unwrap().to_owned(), ..good.clone() }),
        ("a parameter more", Presigned { url: format!("{}&acl=", good.url), ..good.clone() }),
        (
            "another media type",
            Presigned { headers: vec![("content-type".into(), "text/html".into())], ..good.clone() },
        ),
    ];
    let (start, end) = good.url.split_once("X-Amz-Signature=").unwrap();
    let flipped = if end.starts_with('0') { '1' } else { '0' };
    cases.push((
        "another signature",
        Presigned { url: format!("{start}X-Amz-Signature={flipped}{}", &end[1..]), ..good.clone() },
    ));
    let settings = EmbeddedSettings::new(
        rig.folder.0.join("elsewhere"),
        format!("http://{}", rig.address),
        "tests",
        "another secret altogether",
    );
    let (stranger, _) = Storage::embedded(settings).await.unwrap();
    cases.push(("another secret", stranger.presign_put(&mine, upload(3)).await.unwrap()));
    let hour_ago = SystemTime::now() - Duration::from_secs(3600);
    cases.push(("expired", rig.storage.presign_put_at(&mine, upload(3), hour_ago).await.unwrap()));
    let tomorrow = SystemTime::now() + Duration::from_secs(24 * 3600);
    cases.push(("from the future", rig.storage.presign_put_at(&mine, upload(3), tomorrow).await.unwrap()));

    for (what, request) in cases {
        let answer = rig.send(&request, "abc").await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{what}");
        let text = answer.text().await.unwrap();
        assert!(text.contains("<Code>"), "{what}: {text}");
    }
    for key in [&mine, &other] {
        assert_eq!(rig.get(Bucket::Quarantine, key).await, None);
        assert_eq!(rig.get(Bucket::Documents, key).await, None);
    }
    assert_eq!(rig.send(&good, "abc").await.status(), StatusCode::OK, "the request itself was good");
}

#[actix_web::test]
async fn an_upload_address_does_not_become_a_copy() {
    let rig = Rig::start().await;
    let (mine, secret) = (key(), key());
    rig.storage.put_bytes(Bucket::Documents, &secret, PNG, Bytes::from_static(b"another firm's")).await.unwrap();
    let put = rig.storage.presign_put(&mine, upload(0)).await.unwrap();
    for header in ["x-amz-copy-source", "X-Amz-Copy-Source"] {
        let request = rig.http.put(&put.url).header("content-type", PNG).header("content-length", "0");
        let answer = request.header(header, format!("zhidan-documents/{secret}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(rig.get(Bucket::Quarantine, &mine).await, None);
}

#[actix_web::test]
async fn uploads_land_in_quarantine_and_downloads_come_from_documents_even_if_signed_otherwise() {
    let rig = Rig::start().await;
    let key = key();
    rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, Bytes::from_static(b"unread")).await.unwrap();
    let config = || presigning(Duration::from_secs(60), SystemTime::now()).unwrap();
    let client = &rig.storage.inner.signer;
    let put = client.put_object().bucket("zhidan-documents").key(key.to_string()).content_length(3).content_type(PNG);
    let put = shown(&put.presigned(config()).await.unwrap());
    let get = client.get_object().bucket("zhidan-quarantine").key(key.to_string()).presigned(config()).await.unwrap();
    let delete =
        client.delete_object().bucket("zhidan-quarantine").key(key.to_string()).presigned(config()).await.unwrap();
    assert_eq!(rig.send(&put, "abc").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(rig.send(&shown(&get), "").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(rig.send(&shown(&delete), "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(rig.get(Bucket::Documents, &key).await, None);
    assert_eq!(rig.get(Bucket::Quarantine, &key).await.unwrap(), "unread");
}

#[actix_web::test]
async fn another_length_than_the_signed_one_is_refused() {
    let rig = Rig::with(|s| s.object_bytes_max = 1000).await;
    let key = key();
    let put = rig.presign_put(&key, b"12345").await;
    // of an empty body the client does not even write the length
    let cases = [("", StatusCode::LENGTH_REQUIRED), ("1234", StatusCode::FORBIDDEN), ("123456", StatusCode::FORBIDDEN)];
    for (body, expected) in cases {
        assert_eq!(rig.send(&put, body).await.status(), expected, "{} bytes", body.len());
    }
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
    let put = rig.presign_put(&key, &[0; 1001]).await;
    assert_eq!(rig.send(&put, vec![0; 1001]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let put = rig.presign_put(&key, &[0; 1000]).await;
    assert_eq!(rig.send(&put, vec![0; 1000]).await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_signed_hash_is_held_against_the_content() {
    let rig = Rig::start().await;
    let key = key();
    let with_hash = Upload { sha256: Some(Sha256::digest(b"right").into()), ..upload(5) };
    let put = rig.storage.presign_put(&key, with_hash).await.unwrap();
    assert_eq!(rig.send(&put, "wrong").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
    assert_eq!(rig.folder.files("blobs"), Vec::<PathBuf>::new());
    assert_eq!(rig.send(&put, "right").await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_browser_may_ask_before_it_uploads() {
    let rig = Rig::with(|s| s.allow_origin = "https://app.example".to_owned()).await;
    let url = format!("http://{}/zhidan-quarantine/{}", rig.address, key());
    let answer = rig.http.request(reqwest::Method::OPTIONS, url).header("origin", "https://app.example");
    let answer =
        answer.header("access-control-request-method", "PUT").header("access-control-request-headers", "content-type");
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example");
    assert_eq!(answer.headers()["access-control-allow-headers"], "content-type");
    assert!(answer.headers()["access-control-allow-methods"].to_str().unwrap().contains("PUT"));
}
