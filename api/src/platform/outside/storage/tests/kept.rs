//! What is stored stays whole: overwriting, reading meanwhile, promoting twice, uploads in parts.

use super::*;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use futures_util::{StreamExt, future::join_all};

#[actix_web::test]
async fn readers_never_see_half_of_an_overwrite() {
    let rig = Rig::start().await;
    let key = key();
    let content = |n: u8| Bytes::from(vec![n; 40_000 + usize::from(n) * 1000]);
    rig.storage.put_bytes(Bucket::Documents, &key, PNG, content(0)).await.unwrap();
    let writes = (1..=24u8).map(|n| rig.storage.put_bytes(Bucket::Documents, &key, PNG, content(n)));
    let reads = (0..200).map(|_| async {
        let (head, bytes) = rig.storage.get_bytes(Bucket::Documents, &key, 1 << 20).await.unwrap();
        assert_eq!(bytes, content(bytes[0]));
        assert_eq!(head.bytes, bytes.len() as u64);
    });
    let (written, _) = tokio::join!(join_all(writes), join_all(reads));
    assert!(written.iter().all(Result::is_ok));
    assert_eq!(rig.folder.files("blobs").len(), 1, "replaced blobs are gone");
}

#[actix_web::test]
async fn promoting_twice_is_promoting_once() {
    let rig = Rig::start().await;
    let key = key();
    let content = Bytes::from_static(b"inspected");
    let etag = rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, content.clone()).await.unwrap();
    let inspection =
        Inspection { etag: &etag, sha256: Sha256::digest(&content).into(), content_type: "application/pdf" };
    assert_eq!(rig.storage.promote(&key, inspection).await.unwrap(), Promoted::Moved);
    assert_eq!(rig.storage.promote(&key, inspection).await.unwrap(), Promoted::Already);
    let head = rig.storage.head(Bucket::Documents, &key).await.unwrap();
    assert_eq!(head.content_type.as_deref(), Some("application/pdf"));
    assert_eq!(head.sha256, Some(hex::encode(inspection.sha256)));
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
    // as after a crash between copy and delete
    rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, content.clone()).await.unwrap();
    assert_eq!(rig.storage.promote(&key, inspection).await.unwrap(), Promoted::Already);
    assert_eq!(rig.get(Bucket::Quarantine, &key).await, None);
    assert_eq!(rig.get(Bucket::Documents, &key).await.unwrap(), content);
}

#[actix_web::test]
async fn only_what_was_inspected_is_promoted() {
    let rig = Rig::start().await;
    let key = key();
    let etag = rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, Bytes::from_static(b"good")).await.unwrap();
    let inspection = Inspection { etag: &etag, sha256: Sha256::digest(b"good").into(), content_type: PNG };
    // the upload's address still works, and somebody uses it
    let put = rig.presign_put(&key, b"evil").await;
    assert_eq!(rig.send(&put, "evil").await.status(), 200);
    assert!(matches!(rig.storage.promote(&key, inspection).await, Err(StorageError::Changed)));
    assert_eq!(rig.get(Bucket::Documents, &key).await, None);
    rig.storage.delete(Bucket::Quarantine, &key).await.unwrap();
    assert!(matches!(rig.storage.promote(&key, inspection).await, Err(StorageError::NotFound)));
}

#[actix_web::test]
async fn a_limit_on_reading_holds() {
    let rig = Rig::start().await;
    let key = key();
    rig.storage.put_bytes(Bucket::Documents, &key, PNG, Bytes::from_static(b"12345")).await.unwrap();
    let refused = rig.storage.get_bytes(Bucket::Documents, &key, 4).await;
    assert!(matches!(refused, Err(StorageError::TooLarge { limit_bytes: 4 })));
    let mut object = rig.storage.get_stream(Bucket::Documents, &key).await.unwrap();
    let mut all = Vec::new();
    while let Some(piece) = object.stream.next().await {
        all.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(all, b"12345");
    rig.storage.delete(Bucket::Documents, &key).await.unwrap();
    rig.storage.delete(Bucket::Documents, &key).await.unwrap();
    assert!(matches!(rig.storage.head(Bucket::Documents, &key).await, Err(StorageError::NotFound)));
}

#[actix_web::test]
async fn what_rotted_on_the_disk_is_not_promoted() {
    let rig = Rig::start().await;
    let key = key();
    rig.storage.put_bytes(Bucket::Quarantine, &key, PNG, Bytes::from_static(b"12345")).await.unwrap();
    let inspection = rig.storage.head(Bucket::Quarantine, &key).await.unwrap();
    std::fs::write(&rig.folder.files("blobs")[0], b"12346").unwrap();
    let inspection = Inspection { etag: &inspection.etag, sha256: Sha256::digest(b"12345").into(), content_type: PNG };
    assert!(matches!(rig.storage.promote(&key, inspection).await, Err(StorageError::Unavailable { .. })));
    assert_eq!(rig.get(Bucket::Documents, &key).await, None);
}

#[actix_web::test]
async fn an_upload_in_parts_goes_on_where_it_stopped() {
    let rig = Rig::start().await;
    let (key, client) = (key().to_string(), &rig.storage.inner.client);
    let bucket = "zhidan-quarantine";
    let begun = client.create_multipart_upload().bucket(bucket).key(&key).content_type(PNG).send().await.unwrap();
    let id = begun.upload_id().unwrap();
    let part = |number, content: Vec<u8>| {
        client.upload_part().bucket(bucket).key(&key).upload_id(id).part_number(number).body(content.into()).send()
    };
    let large = 5 << 20;
    part(1, vec![9; 100]).await.unwrap();
    part(1, vec![1; large]).await.unwrap();
    part(2, vec![2; 3]).await.unwrap();
    assert_eq!(rig.folder.files("blobs").len(), 2, "a part sent again replaces the first");
    let there = client.list_parts().bucket(bucket).key(&key).upload_id(id).send().await.unwrap();
    let sizes: Vec<_> = there.parts().iter().map(|p| (p.part_number().unwrap(), p.size().unwrap())).collect();
    assert_eq!(sizes, [(1, large as i64), (2, 3)]);
    let parts = there
        .parts()
        .iter()
        .map(|p| CompletedPart::builder().part_number(p.part_number().unwrap()).e_tag(p.e_tag().unwrap()).build());
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build();
    let complete = client.complete_multipart_upload().bucket(bucket).key(&key).upload_id(id).multipart_upload(parts);
    complete.send().await.unwrap();
    let content = rig.get(Bucket::Quarantine, &key.parse().unwrap()).await.unwrap();
    assert_eq!((content.len(), content[0], content[large]), (large + 3, 1, 2));
    assert_eq!(rig.folder.files("blobs").len(), 1, "the parts are gone");
    let begun = client.create_multipart_upload().bucket(bucket).key(&key).send().await.unwrap();
    let id = begun.upload_id().unwrap();
    client
        .upload_part()
        .bucket(bucket)
        .key(&key)
        .upload_id(id)
        .part_number(1)
        .body(vec![1].into())
        .send()
        .await
        .unwrap();
    client.abort_multipart_upload().bucket(bucket).key(&key).upload_id(id).send().await.unwrap();
    assert_eq!(rig.folder.files("blobs").len(), 1);
}

#[actix_web::test]
async fn what_was_never_finished_is_found() {
    let rig = Rig::start().await;
    let tenant = Uuid::now_v7();
    let mut keys: Vec<_> = (0..5).map(|n| ObjectKey::new(tenant, Uuid::now_v7(), n)).collect();
    keys.sort_by_key(ToString::to_string);
    for key in &keys {
        rig.storage.put_bytes(Bucket::Quarantine, key, PNG, Bytes::from_static(b"1")).await.unwrap();
    }
    rig.storage.put_bytes(Bucket::Quarantine, &key(), PNG, Bytes::from_static(b"1")).await.unwrap();
    let prefix = ObjectKey::tenant_prefix(tenant);
    let list = async |prefix: &str, age, limit| {
        let found =
            rig.storage.list_older_than(Bucket::Quarantine, prefix, Duration::from_secs(age), limit).await.unwrap();
        found.into_iter().map(|s| s.key).collect::<Vec<_>>()
    };
    let all: Vec<_> = keys.iter().map(ToString::to_string).collect();
    assert_eq!(list(&prefix, 0, 100).await, all);
    assert_eq!(list(&prefix, 0, 2).await, all[..2]);
    assert_eq!(list("", 0, 100).await.len(), 6);
    assert_eq!(list(&prefix, 3600, 100).await, Vec::<String>::new());
}
