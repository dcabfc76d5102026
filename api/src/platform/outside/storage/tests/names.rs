//! Keys are values, never paths; and what a key looks like.

use super::*;
use crate::platform::outside::storage::presign::attachment;

#[actix_web::test]
async fn no_key_becomes_a_path() {
    let rig = Rig::start().await;
    let client = &rig.storage.inner.client;
    let long = "k".repeat(1000);
    let chinese = "营业执照".repeat(40);
    let keys = [
        "../zhidan-documents/n",
        "../../index.db",
        "/etc/passwd",
        "a/../../b",
        "n",
        "n/b",
        "n/",
        ".",
        "..",
        "a//b",
        "%2e%2e/x",
        "a\\..\\b",
        &long,
        &chinese,
    ];
    for (n, key) in keys.iter().enumerate() {
        let put = client.put_object().bucket("zhidan-quarantine").key(*key).body(n.to_string().into_bytes().into());
        put.send().await.unwrap_or_else(|e| panic!("{key}: {e:?}"));
    }
    for (n, key) in keys.iter().enumerate() {
        let got = client.get_object().bucket("zhidan-quarantine").key(*key).send().await.unwrap();
        assert_eq!(got.body.collect().await.unwrap().to_vec(), n.to_string().into_bytes(), "{key}");
        assert!(client.get_object().bucket("zhidan-documents").key(*key).send().await.is_err(), "{key}");
    }
    for file in rig.folder.files("blobs") {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(name.parse::<Uuid>().is_ok(), "{name}");
    }
    assert_eq!(rig.folder.files("blobs").len(), keys.len());
    assert!(client.get_object().bucket("zhidan-else").key("n").send().await.is_err());
}

#[test]
fn keys_have_one_spelling() {
    let key = ObjectKey::new(Uuid::from_u128(1), Uuid::from_u128(0xAB), 7);
    let text = "00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-0000000000ab/7";
    assert_eq!(key.to_string(), text);
    assert_eq!(text.parse(), Ok(key));
    assert!(text.starts_with(&ObjectKey::tenant_prefix(key.tenant())));
    for wrong in [
        "",
        "a/b/1",
        &text.to_uppercase(),
        &format!("{text}/1"),
        &text.replace("/7", "/+7"),
        &text.replace("/7", "/07"),
        &text.replace("-", ""),
    ] {
        assert!(wrong.parse::<ObjectKey>().is_err(), "{wrong}");
    }
}

#[test]
fn file_names_cannot_break_out_of_their_header() {
    let table = [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("合 同.pdf", "attachment; filename=\"_ _.pdf\"; filename*=UTF-8''%E5%90%88%20%E5%90%8C.pdf"),
        (
            "a\"; x=\"b\r\nset-cookie: c",
            "attachment; filename=\"a_; x=_bset-cookie: c\"; filename*=UTF-8''a%22%3B%20x%3D%22bset-cookie%3A%20c",
        ),
        ("../../etc", "attachment; filename=\".._.._etc\"; filename*=UTF-8''.._.._etc"),
        ("", "attachment; filename=\"document\"; filename*=UTF-8''document"),
        ("..", "attachment; filename=\"document\"; filename*=UTF-8''document"),
    ];
    for (name, expected) in table {
        assert_eq!(attachment(name), expected);
    }
}

#[actix_web::test]
async fn settings_that_cannot_work_are_refused() {
    let folder = Folder::new();
    let good = || EmbeddedSettings::new(&folder.0, "http://127.0.0.1:8080", "tests", SECRET);
    let wrong = [
        EmbeddedSettings { public_url: "127.0.0.1:8080".into(), ..good() },
        EmbeddedSettings { public_url: "https://host/path".into(), ..good() },
        EmbeddedSettings { bucket_prefix: "files".into(), ..good() },
        EmbeddedSettings { bucket_prefix: "zhidan-Ä".into(), ..good() },
        EmbeddedSettings { secret_key: "short".into(), ..good() },
        EmbeddedSettings { access_key: "a/b".into(), ..good() },
    ];
    for settings in wrong {
        let text = format!("{settings:?}");
        assert!(matches!(Storage::embedded(settings).await, Err(StorageError::Invalid(_))), "{text}");
        assert!(!text.contains(SECRET));
    }
    assert!(!folder.0.exists(), "nothing was made");
    assert!(Storage::embedded(good()).await.is_ok());
}
