import VitalsCore

/// Which facts the runs of each kind may tell; those of a single run depend on how far it came.
enum DeclaredFacts {
    static let tcp = route + secured
    static let http = route + secured + [.httpStatus, .httpVersion, .redirects]
    static let webSocket = route + secured + [.httpStatus, .subprotocol, .closeCode]
    static let supabase =
        webSocket + [.realtimeChecked, .tenantHealthy, .databaseConnected, .connectedClients]
    static let postgres =
        route + secured + [.serverVersion, .role, .systemIdentifier, .pooler, .readOnly, .read, .write]
    static let mysql =
        route + secured + [
            .serverVersion, .serverFlavour, .role, .systemIdentifier, .readOnly, .read, .write,
        ]
    static let redis =
        route + secured + [
            .serverVersion, .serverFlavour, .role, .systemIdentifier, .uptime, .write,
        ]
    static let tls =
        route + secured + [
            .certificateIssuer, .certificateKey, .certificateChainLength, .certificateChainDaysLeft,
        ]
    static let dns: [FactName] =
        route + [.responseCode, .answers, .authorityRecords, .additionalRecords, .minimumTTL]
    static let icmp: [FactName] =
        route + [
            .packetsSent, .packetsReceived, .lossPercent, .roundTripMinimum, .roundTripAverage,
            .roundTripMaximum,
        ]
    static let sqlite: [FactName] = [
        .fileBytes, .journalMode, .pageCount, .pageSize, .userVersion, .libraryVersion, .write,
    ]
    static let exec: [FactName] = [.output]
    static let d1 =
        route + secured + [.httpStatus, .httpVersion, .queryTime, .databaseBytes, .attempts, .region]
    static let convex = route + secured + [.httpStatus, .httpVersion, .serverVersion]
    static let s3 = route + secured + [.httpStatus, .serverFlavour, .region, .write]
    static let sqlServer =
        route + secured + [
            .serverVersion, .serverFlavour, .role, .systemIdentifier, .readOnly, .read, .write,
        ]

    private static let route: [FactName] = [.addresses]
    private static let secured: [FactName] = [
        .tlsProtocol, .tlsCipher, .certificateSubject, .certificateNames, .certificateDaysLeft,
    ]
}
