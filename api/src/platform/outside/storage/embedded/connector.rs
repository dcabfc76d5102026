//! The way from the SDK to the storage in the same process: a call, no socket.

use aws_sdk_s3::primitives::SdkBody;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use s3s::service::S3Service;

/// Hands the SDK's requests to the embedded storage.
#[derive(Debug, Clone)]
pub(in super::super) struct InProcess(pub(in super::super) S3Service);

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = self.0.clone();
        HttpConnectorFuture::new(async move { call(service, request).await })
    }
}

async fn call(service: S3Service, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let mut request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
    if !request.headers().contains_key(http::header::HOST) {
        // an HTTP client would have written it from the address, and the signature covers it
        let host = request.uri().authority().map(|a| a.as_str().to_owned()).unwrap_or_default();
        let host = http::HeaderValue::try_from(host).map_err(|e| ConnectorError::user(e.into()))?;
        request.headers_mut().insert(http::header::HOST, host);
    }
    let head = request.method() == http::Method::HEAD;
    let response =
        service.call(request.map(s3s::Body::http_body)).await.map_err(|e| ConnectorError::other(e.into(), None))?;
    // HTTP would have stripped the body of an error that answers HEAD; with it the SDK misreads the error
    let response = response.map(|body| if head { SdkBody::empty() } else { SdkBody::from_body_1_x(body) });
    response.try_into().map_err(|e: aws_smithy_runtime_api::http::HttpError| ConnectorError::other(e.into(), None))
}
