//! Every setting there is, for `--help`, for the operations guide and to refuse what is misspelt.

/// One setting.
#[derive(Debug)]
pub struct Setting {
    /// Its name without `ZHIDAN_`.
    pub name: &'static str,
    /// What it is, with its default.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($($name:literal $meaning:literal;)*) => {
        /// All settings.
        pub const SETTINGS: &[Setting] = &[$(Setting { name: $name, meaning: $meaning }),*];
    };
}

settings! {
    "DATA_DIR" "folder for database, files and keys (./data)";
    "DATABASE__URL" "sqlite://FILE or postgres://ROLE:PASSWORD@HOST/DATABASE (SQLite in the data folder)";
    "DATABASE__OWNER_URL" "PostgreSQL role that owns the tables; `migrate` only";
    "DATABASE__MAX_CONNECTIONS" "most connections of one process (16)";
    "HTTP__LISTEN" "address and port (127.0.0.1:8080)";
    "HTTP__PUBLIC_URL" "how clients reach the API (http://LISTEN)";
    "HTTP__WEB_URL" "how staff reach the web admin, for links in mails (http://LISTEN)";
    "HTTP__HEAD_WAIT_MS" "longest wait for a request's head, milliseconds (10000)";
    "HTTP__BODY_WAIT_MS" "longest wait for a whole body, milliseconds (10000)";
    "HTTP__DRAIN_MS" "how long a server that is told to stop goes on answering, with /ready at 503, so that a balancer sends nobody more, milliseconds (0)";
    "HTTP__WORKERS" "HTTP worker threads (2)";
    "HTTP__TRUSTED_PROXIES" "proxies whose X-Forwarded-For is believed, as addresses or networks: 10.0.0.1,10.1.0.0/16 (none)";
    "HTTP__RATE_PER_MINUTE" "requests per minute and address; of IPv6, per /64 (1200)";
    "HTTP__LOGIN_RATE_PER_MINUTE" "log-ins and codes per minute and address (60)";
    "MASTER_KEY" "64 hexadecimal digits from which every key follows (made under the data folder)";
    "MASTER_KEYS_ALSO" "other master keys, separated by commas, that only open what they wrapped: while one takes another's place (none)";
    "OPERATOR_KEY" "the platform operator's key (made under the data folder)";
    "METRICS_TOKEN" "what whoever reads /metrics must bear as `Authorization: Bearer`; without it /metrics is for this machine alone, and not there where others can connect";
    "AUDIT__HEADS_DIR" "folder, best on another machine, where each firm's signed audit head is added every day (none)";
    "SOURCES_DIR" "where the file adapter finds tax data and invoices (DATA_DIR/sources)";
    "DOCUMENTS__BYTES_MAX" "largest document, bytes (20971520)";
    "CLAMD__ADDRESS" "where ClamAV's daemon listens, host:port or unix:/path; every file is shown to it before anybody may read it (none)";
    "SECURITY__CAPTCHA" "whether a challenge is to be answered before an SMS is asked for: off or work (off on loopback, work elsewhere)";
    "SECURITY__CAPTCHA_WORK" "the largest number that may have to be tried for it (100000)";
    "SMS__PER_DAY" "SMS a tenant may send in a day, codes and progress together (5000)";
    "SMS__PROVIDER" "print (loopback only), tencent or aliyun (print)";
    "SMS__ENDPOINT" "the provider's address, if not its public one";
    "SMS__REGION" "the provider's region";
    "SMS__SECRET_ID" "Tencent's SecretId";
    "SMS__SECRET_KEY" "Tencent's SecretKey";
    "SMS__SDK_APP_ID" "Tencent's SdkAppId";
    "SMS__ACCESS_KEY_ID" "Aliyun's AccessKey id";
    "SMS__ACCESS_KEY_SECRET" "Aliyun's AccessKey secret";
    "SMS__SIGN_NAME" "the approved signature";
    "SMS__TEMPLATES" "approved template ids, as login_code=ID,progress=ID";
    "MAIL__HOST" "SMTP server; without it mails are printed (loopback only)";
    "MAIL__PORT" "SMTP port (465)";
    "MAIL__TLS" "implicit, starttls or none (implicit)";
    "MAIL__USERNAME" "SMTP user";
    "MAIL__PASSWORD" "SMTP password";
    "MAIL__FROM" "sender, such as 智担 <no-reply@example.com>";
    "OUTSIDE__ALLOWED" "host:port, separated by commas, that addresses which tenants name may lead to though they are not of the public Internet (none)";
    "S3__ENDPOINT" "an S3 server; without it the product keeps files in the data folder and answers S3 itself";
    "S3__PUBLIC_ENDPOINT" "how clients reach the S3 server, if otherwise";
    "S3__REGION" "its region (us-east-1)";
    "S3__ACCESS_KEY" "its access key";
    "S3__SECRET_KEY" "its secret key";
    "S3__BUCKET_PREFIX" "the buckets are PREFIX-quarantine and PREFIX-documents (zhidan)";
    "S3__FORCE_PATH_STYLE" "true for servers without bucket host names (true)";
    "TELEMETRY__RATE_PER_SECOND" "messages of one source of readings per second (50)";
    "TELEMETRY__BURST" "messages of one source at once, after a pause (200)";
    "TELEMETRY__AT_ONCE" "messages of one firm in work at the same time, in one process (4)";
    "TELEMETRY__RETENTION_DAYS" "days for which readings are kept, at least 400 (1100)";
    "TELEMETRY__FULL_DAYS" "days for which every one of them is kept, at least 400 (400)";
    "TELEMETRY__THIN_MINUTES" "of how many minutes one reading is left after that, 0 for all (15)";
    "MQTT__URL" "broker that readings are also listened to at, such as mqtts://name:password@host:8883; for one process with a worker alone, unless filters are shared (none)";
    "MQTT__TOPICS" "which topics belong to which source: TENANT/SOURCE=FILTER, several with commas between; $share/GROUP/FILTER where several processes listen (none)";
    "MQTT__NAME" "what this process is called at the broker, where several listen: one of its own for each (none)";
    "NATS__URL" "servers of NATS JetStream that keep what the webhook accepts until it is in the tables, such as tls://name:password@host:4222, several with commas between (none)";
    "NATS__STREAM" "the stream's name there (zhidan-readings)";
    "NATS__PARTITIONS" "parts of the stream, each with one durable consumer (4)";
    "NATS__REPLICAS" "servers that hold a copy of the stream (1)";
    "NATS__MAX_BYTES" "most that the stream holds (4294967296)";
    "NATS__TENANT_MESSAGES" "most messages of one firm that the stream holds (1000)";
    "NATS__ACK_WAIT_S" "seconds after which what a silent worker has in hand goes to another (30)";
    "SECURITY__SECOND_FACTOR" "of whom a second factor is asked in every firm: off, privileged (who administers, decides or sees personal data) or all; firms may ask for more (privileged; off on loopback)";
    "LOG" "filter such as info or debug (info)";
    "LOG_FORMAT" "text or json (text)";
    "DEMO" "false to start without the demonstration tenant (true on loopback)";
}
