//! The remote door, over real connections, against the embedded storage served whole by a plain handler.

use super::*;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::TryStreamExt;

async fn serve(request: HttpRequest, body: Bytes, s3: web::Data<EmbeddedS3>) -> HttpResponse {
    let mut out = http::Request::builder().method(request.method().as_str()).uri(request.uri().to_string());
    for (name, value) in request.headers() {
        out = out.header(name.as_str(), value.as_bytes());
    }
    let body = if body.is_empty() { s3s::Body::empty() } else { s3s::Body::from(body) };
    let (parts, body) = s3.service().call(out.body(body).unwrap()).await.unwrap().into_parts();
    let mut answer = HttpResponse::build(parts.status.as_u16().try_into().unwrap());
    for (name, value) in &parts.headers {
        answer.append_header((name.as_str(), value.as_bytes()));
    }
    let body: Vec<Bytes> = body.try_collect().await.unwrap();
    answer.body(body.concat())
}

fn settings(endpoint: String) -> S3Settings {
    S3Settings {
        endpoint,
        public_endpoint: Some("https://files.example".to_owned()),
        region: "ap-shanghai".to_owned(),
        bucket_prefix: "zhidan".to_owned(),
        access_key: "tests".to_owned(),
        secret_key: SECRET.to_owned(),
        force_path_style: true,
    }
}

#[actix_web::test]
async fn a_storage_elsewhere_does_the_same() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (_, s3) =
        Storage::embedded(EmbeddedSettings::new(&folder.0, endpoint.as_str(), "tests", SECRET)).await.unwrap();
    let server = actix_web::HttpServer::new(move || {
        actix_web::App::new()
            .app_data(web::Data::new(s3.clone()))
            .app_data(web::PayloadConfig::new(1 << 20))
            .default_service(web::to(serve))
    });
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());

    let storage = Storage::remote(settings(endpoint)).unwrap();
    storage.check().await.unwrap();
    let (key, content) = (key(), Bytes::from(vec![5; 300_000]));
    let etag = storage.put_bytes(Bucket::Quarantine, &key, PNG, content.clone()).await.unwrap();
    let (head, got) = storage.get_bytes(Bucket::Quarantine, &key, 1 << 20).await.unwrap();
    assert_eq!((head.etag.as_str(), got), (etag.as_str(), content.clone()));
    let inspection = Inspection { etag: &etag, sha256: Sha256::digest(&content).into(), content_type: PNG };
    let stale = Inspection { etag: "\"0\"", ..inspection };
    assert!(matches!(storage.promote(&key, stale).await, Err(StorageError::Changed)));
    assert_eq!(storage.promote(&key, inspection).await.unwrap(), Promoted::Moved);
    assert_eq!(storage.promote(&key, inspection).await.unwrap(), Promoted::Already);
    assert!(matches!(storage.head(Bucket::Quarantine, &key).await, Err(StorageError::NotFound)));
    let listed = storage.list_older_than(Bucket::Documents, "", Duration::ZERO, 10).await.unwrap();
    assert_eq!(listed.iter().map(|s| s.key.as_str()).collect::<Vec<_>>(), [key.to_string()]);
    storage.delete(Bucket::Documents, &key).await.unwrap();
    assert!(matches!(storage.get_bytes(Bucket::Documents, &key, 1).await.err(), Some(StorageError::NotFound)));
    let put = storage.presign_put(&key, upload(3)).await.unwrap();
    assert!(put.url.starts_with(&format!("https://files.example/zhidan-quarantine/{key}?")), "{}", put.url);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let good = || settings("https://s3.example".to_owned());
    assert!(Storage::remote(good()).is_ok());
    let wrong = [
        S3Settings { endpoint: "s3.example".into(), ..good() },
        S3Settings { public_endpoint: Some("ftp://x".into()), ..good() },
        S3Settings { region: String::new(), ..good() },
        S3Settings { bucket_prefix: "-a".into(), ..good() },
        S3Settings { secret_key: String::new(), ..good() },
    ];
    for settings in wrong {
        assert!(!format!("{settings:?}").contains(SECRET));
        assert!(matches!(Storage::remote(settings).err(), Some(StorageError::Invalid(_))));
    }
}
