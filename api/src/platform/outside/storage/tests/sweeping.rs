//! What a crash leaves behind, and who may tidy it.

use super::*;

async fn open(folder: &Folder) -> (Storage, EmbeddedS3) {
    Storage::embedded(EmbeddedSettings::new(&folder.0, "http://127.0.0.1:1", "tests", SECRET)).await.unwrap()
}

#[actix_web::test]
async fn orphans_are_swept_at_start_and_losses_are_named() {
    let folder = Folder::new();
    let (kept, lost) = (key(), key());
    let (storage, s3) = open(&folder).await;
    assert_eq!(s3.swept(), Some(&SweepReport::default()));
    storage.put_bytes(Bucket::Documents, &lost, PNG, Bytes::from_static(b"lost")).await.unwrap();
    std::fs::remove_file(&folder.files("blobs")[0]).unwrap();
    storage.put_bytes(Bucket::Documents, &kept, PNG, Bytes::from_static(b"kept")).await.unwrap();
    let orphan = Uuid::new_v4().to_string();
    std::fs::write(folder.0.join("blobs").join(&orphan[34..]).join(&orphan), b"orphan").unwrap();
    std::fs::write(folder.0.join("tmp").join("half"), b"half").unwrap();

    let (_beside, s3_beside) = open(&folder).await;
    assert_eq!(s3_beside.swept(), None, "another has the folder open, so nothing is taken for left over");
    assert_eq!(folder.files("tmp").len(), 1);
    drop((storage, s3, _beside, s3_beside));

    let (storage, s3) = open(&folder).await;
    let expected =
        SweepReport { temporary: 1, orphans: 1, uploads: 0, missing: vec![format!("zhidan-documents/{lost}")] };
    assert_eq!(s3.swept(), Some(&expected));
    let (_, bytes) = storage.get_bytes(Bucket::Documents, &kept, 100).await.unwrap();
    assert_eq!(bytes, "kept", "what was stored outlasts a restart");
    assert_eq!(folder.files("blobs").len(), 1);
    storage.check().await.unwrap();
}

#[actix_web::test]
async fn a_disk_that_takes_no_file_is_noticed() {
    let rig = Rig::start().await;
    rig.storage.check().await.unwrap();
    std::fs::remove_dir(rig.folder.0.join("tmp")).unwrap();
    assert!(matches!(rig.storage.check().await, Err(StorageError::Unavailable { .. })));
    assert!(rig.s3.probe().await.is_err());
    let put = rig.presign_put(&key(), b"abc").await;
    let answer = rig.send(&put, "abc").await;
    assert_eq!(answer.status(), 500);
    let text = answer.text().await.unwrap();
    assert!(!text.contains("tmp") && !text.contains("os error"), "{text}");
}
