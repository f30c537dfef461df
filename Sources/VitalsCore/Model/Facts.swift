/// Something a probe learned of its target, whatever the outcome; the names are those of the JSON.
package enum FactName: String, Sendable, CaseIterable {
    case serverVersion = "server_version"
    /// `primary` or `replica`.
    case role
    case systemIdentifier = "system_identifier"
    /// `on` of a server that follows nobody and refuses what is written.
    case readOnly = "read_only"
    /// What was read: `heartbeat`, or `shallow` where that row cannot be.
    case read
    /// What became of the write probe: `done`, or why it was left out.
    case write
    /// `pgbouncer`: its own console answered; `in_between`: a pooler of some kind hides the server's process,
    /// so that role, identity, locks and sessions are the server's, connecting and logging in the pooler's.
    case pooler
    /// Every address the name stood for, in the order in which they were tried.
    case addresses
    case httpStatus = "http_status"
    /// As agreed on in the TLS handshake: `1.1` or `2`.
    case httpVersion = "http_version"
    /// How many were followed.
    case redirects
    case tlsProtocol = "tls_protocol"
    case tlsCipher = "tls_cipher"
    case certificateSubject = "certificate_subject"
    /// The names the certificate is for.
    case certificateNames = "certificate_names"
    /// Whole days until it ends; negative when it has ended.
    case certificateDaysLeft = "certificate_days_left"
    /// Who vouches for it.
    case certificateIssuer = "certificate_issuer"
    /// The kind of its key and how long it is: `RSA 2048`.
    case certificateKey = "certificate_key"
    /// How many there are from the server's own up to the authority that is trusted.
    case certificateChainLength = "certificate_chain_length"
    /// Whole days until the first of them ends.
    case certificateChainDaysLeft = "certificate_chain_days_left"
    /// What a name server answered, as in a zone file.
    case answers
    /// `NOERROR`, `NXDOMAIN` ...
    case responseCode = "response_code"
    /// For how long the answer may be kept at most.
    case minimumTTL = "minimum_ttl_seconds"
    case authorityRecords = "authority_records"
    case additionalRecords = "additional_records"
    /// Echo requests, and the replies to them.
    case packetsSent = "packets_sent"
    case packetsReceived = "packets_received"
    case lossPercent = "loss_percent"
    case roundTripMinimum = "round_trip_min_us"
    case roundTripAverage = "round_trip_avg_us"
    case roundTripMaximum = "round_trip_max_us"
    /// Of a database file, without what lies beside it.
    case fileBytes = "file_bytes"
    case journalMode = "journal_mode"
    case pageCount = "page_count"
    /// In bytes.
    case pageSize = "page_size"
    /// The number that the application keeps in the file.
    case userVersion = "user_version"
    /// Of the library here that read it.
    case libraryVersion = "library_version"
    /// The first line that a program printed.
    case output
    /// Whose server it is, of those that speak one protocol: `MySQL`, `MariaDB`, `Percona` ...
    case serverFlavour = "server_flavour"
    /// How long a query took inside the database, without the way there.
    case queryTime = "query_us"
    /// How large the database is.
    case databaseBytes = "database_bytes"
    /// How often the provider tried a query before it went through, the first time included.
    case attempts
    /// Where it is, as the provider calls it.
    case region
    /// For how long the server has been running: what calls itself something else each time that it is
    /// started is no other one for that.
    case uptime = "uptime_seconds"
    /// Of a WebSocket, as the server chose it.
    case subprotocol
    /// With which the server closed a WebSocket (RFC 6455, 7.4); 1006 where it did so without one.
    case closeCode = "close_code"
    /// How far a Supabase Realtime server was asked: `heartbeat`, `join` or `broadcast`.
    case realtimeChecked = "realtime_checked"
    /// What the health address of a Realtime tenant says: `yes` or `no`.
    case tenantHealthy = "tenant_healthy"
    /// Whether Realtime holds a connection to the tenant's database: `no` is well while no client is there.
    case databaseConnected = "db_connected"
    case connectedClients = "connected_clients"
}

/// What a fact says; a list may be empty.
package enum FactValue: Sendable, Equatable {
    case text(String)
    case number(Int)
    case list([String])
}

/// The facts of one run, each name at most once, in the order in which they were learned.
package struct Facts: Sendable, Equatable {
    package private(set) var entries: [(name: FactName, value: FactValue)] = []

    package init() {}

    package subscript(name: FactName) -> FactValue? {
        get { entries.first { $0.name == name }?.value }
        set {
            entries.removeAll { $0.name == name }
            if let newValue { entries.append((name, newValue)) }
        }
    }

    package static func == (left: Facts, right: Facts) -> Bool {
        left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
    }
}
